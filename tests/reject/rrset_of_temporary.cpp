// A TLSA record borrows its text, and an RRset the array of texts.
// expect: deleted
#include <tlsrpt/tlsa_record.hpp>

#include <string>
#include <string_view>
#include <vector>

std::string text();
std::vector<std::string_view> texts();

bool read() {
#if REJECT == 1
  return tlsrpt::parse_tlsa_rrset(texts()).has_value();
#elif REJECT == 2
  return tlsrpt::parse_tlsa_rrset({"3 1 1 8f3a1c5e"}).has_value();
#elif REJECT == 3
  return tlsrpt::tlsa_rrset_view(texts()).elements().empty();
#elif REJECT == 4
  return tlsrpt::tlsa_rrset_view({"3 1 1 8f3a1c5e"}).elements().empty();
#elif REJECT == 5
  return tlsrpt::parse_tlsa_record(text()).has_value();
#else
  const std::vector<std::string_view> kept = texts();
  const std::string one = text();
  return tlsrpt::parse_tlsa_rrset(kept).has_value() && tlsrpt::parse_tlsa_record(one).has_value() &&
         tlsrpt::tlsa_rrset_view(kept).elements().empty();
#endif
}
