// `->` points into the result, and the views of short texts into them.
// expect: deleted
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/record.hpp>

#include <string_view>

bool read(std::string_view text) {
#if REJECT == 1
  return tlsrpt::parse_record(text)->text().empty();
#elif REJECT == 2
  return tlsrpt::canonical_host(text).view().empty();
#elif REJECT == 3
  const std::string_view host = tlsrpt::canonical_host(text);
  return host.empty();
#else
  const auto record = tlsrpt::parse_record(text);
  const auto host = tlsrpt::canonical_host(text);
  return record->text().empty() && host.view().empty();
#endif
}
