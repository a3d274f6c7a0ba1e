// Needs the standard library only.
#include <tlsrpt/record.hpp>

int main() { return tlsrpt::parse_record("v=TLSRPTv1;rua=mailto:reports@example.com") ? 0 : 1; }
