/// @file
/// TXT records of names, out of what people have: records, zone files, the output of tools.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK_DNS_TEXT
#define TLSRPT_EXAMPLES_CLI_CHECK_DNS_TEXT

#include <string>
#include <vector>

#include <tlsrpt/diagnostic.hpp>

namespace cli {

/// The TXT records of one name.
struct name_records {
  std::string name{};   ///< Empty where nothing says it.
  std::string alias{};  ///< The name that the records are at, if the other is an alias for it.
  std::vector<std::string> records{};
  /// What is wrong with their form; where.element is the index of the text it is in.
  std::vector<tlsrpt::diagnostic> faults{};
};

/// A record of TLSRPT that is where no sender looks.
struct misplaced_record {
  name_records at{};
  std::string right_name{};
};

/// What texts from DNS say.
struct dns_text {
  std::vector<name_records> names{};
  std::vector<misplaced_record> misplaced{};
  /// What is said in place of an answer; empty where there is an answer, or nothing at all.
  std::string failure{};
};

/// Reads texts, each as tlsrpt::read_zone_text() does, or as JSON of DNS over HTTPS. Aliases are
/// followed to the name that was asked for. Records of other names than senders ask for are left
/// out, unless they are records of TLSRPT. The texts must outlive the result.
dns_text read_dns_text(const std::vector<std::string>& texts);

}  // namespace cli

#endif
