// The view of an MTA-STS policy borrows the array of its lines.
// expect: deleted
#include <tlsrpt/sts_policy.hpp>

#include <array>
#include <string_view>
#include <vector>

std::vector<std::string_view> lines();

bool read() {
#if REJECT == 1
  return tlsrpt::parse_sts_policy(lines()).has_value();
#elif REJECT == 2
  return tlsrpt::parse_sts_policy(std::array<std::string_view, 1>{"mode: none"}).has_value();
#elif REJECT == 3
  return tlsrpt::parse_sts_policy({"version: STSv1", "mode: none"}).has_value();
#elif REJECT == 4
  return tlsrpt::parse_sts_policy(lines(), tlsrpt::strict{}).has_value();
#else
  const std::vector<std::string_view> kept = lines();
  return tlsrpt::parse_sts_policy(kept).has_value();
#endif
}
