// The findings in a temporary could not be read.
// expect: keeps_findings
#include <tlsrpt/record.hpp>

#include <string_view>
#include <vector>

struct collector {
  std::vector<tlsrpt::errc> all{};
  void operator()(const tlsrpt::diagnostic& d) { all.push_back(d.code); }
};

bool read(std::string_view text) {
#if REJECT == 1
  return tlsrpt::parse_record(text, tlsrpt::diagnostic_list<4>{}).has_value();
#elif REJECT == 2
  return tlsrpt::parse_record(text, collector{}).has_value();
#else
  collector found;
  return tlsrpt::parse_record(text, found).has_value();
#endif
}
