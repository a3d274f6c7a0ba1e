// Prints where reports go, by a TXT record. Needs the standard library only.

#include <cstddef>
#include <iostream>
#include <string_view>

#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/record.hpp>

int main() {
  constexpr std::string_view wanted[] = {"mailto:reports@example.com",
                                         "https://reports.example.net/v1"};
  const auto record = tlsrpt::parse_record(
      "v=TLSRPTv1; rua=mailto:reports@example.com,https://reports.example.net/v1;");
  if (!record) {
    std::cerr << message(record.error().code) << '\n';
    return 1;
  }
  std::size_t right = 0, count = 0;
  for (const tlsrpt::rua_view& endpoint : record->endpoints()) {
    std::cout << endpoint.uri << '\n';
    if (count < 2 && endpoint.uri == wanted[count]) ++right;
    ++count;
  }
  return count == 2 && right == 2 ? 0 : 1;
}
