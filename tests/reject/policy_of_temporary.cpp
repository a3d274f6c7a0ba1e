// The view of an MTA-STS policy borrows its text.
// expect: deleted
#include <tlsrpt/policy_text.hpp>

#include <string>

std::string text();

bool read() {
#ifdef REJECT
  return tlsrpt::parse_sts_policy(text()).has_value();
#else
  const std::string kept = text();
  return tlsrpt::parse_sts_policy(kept).has_value();
#endif
}
