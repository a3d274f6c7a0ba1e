// The view would borrow a string that is gone at the end of the statement.
// expect: deleted

#include <tlsrpt/policy_text.hpp>

#include <string>

std::string fetch();

int main() { return tlsrpt::parse_sts_policy(fetch()).has_value() ? 0 : 1; }
