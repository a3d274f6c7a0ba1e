/// @file
/// The JSON that other programs read. Its shape stays as it is; members may be added.

#ifndef TLSRPT_EXAMPLES_CLI_JSON_OUTPUT
#define TLSRPT_EXAMPLES_CLI_JSON_OUTPUT

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <tlsrpt/model.hpp>
#include <tlsrpt/record.hpp>

#include "findings.hpp"

namespace cli {

using json = nlohmann::ordered_json;

/// What the commands write, each as one line.
json report_object(std::string_view file, const tlsrpt::report_view& report,
                   const findings& diagnostics);
json failed_report_object(std::string_view file, const failure& error, const findings& diagnostics);
json record_object(const tlsrpt::record_view& record, const findings& diagnostics);
json failed_record_object(const failure& error, const findings& diagnostics);

/// One line of ASCII: everything else is escaped, octets that are not UTF-8 become U+FFFD.
std::string to_line(const json& object);

}  // namespace cli

#endif
