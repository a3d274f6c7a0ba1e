/// @file
/// Looks at a TLSRPT record: where reports go, and what is wrong with it.

#include <iostream>

#include <tlsrpt/record.hpp>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: inspect_record 'v=TLSRPTv1; rua=mailto:tls@example.com'\n";
    return 2;
  }
  tlsrpt::diagnostic_list<16> diagnostics;
  const auto record = tlsrpt::parse_record(argv[1], diagnostics);
  for (const tlsrpt::diagnostic& d : diagnostics)
    std::cout << name(grade_of(d.code)) << " at octet " << d.where.offset << ": " << message(d.code)
              << '\n';
  if (!record) {
    std::cout << "unusable: " << message(record.error().code) << '\n';
    if (record.error().hint != tlsrpt::errc::ok)
      std::cout << "probably: " << message(record.error().hint) << '\n';
    return 1;
  }
  for (const tlsrpt::rua_view& rua : record->endpoints())
    std::cout << (rua.scheme == tlsrpt::uri_scheme::mailto ? "mail to " : "POST to ")
              << rua.target() << '\n';
}
