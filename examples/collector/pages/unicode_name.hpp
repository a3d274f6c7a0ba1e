/// @file
/// Domains as their owners read them (RFC 5890).

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_UNICODE_NAME
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_UNICODE_NAME

#include <string>
#include <string_view>

namespace collector {

/// A domain with its A-labels as U-labels, in UTF-8: that of "xn--bcher-kva.example" has an umlaut.
/// Empty where it has none, where one of them is of several scripts, since letters of different
/// scripts look the same, or has letters that no language uses today, and when built without ICU.
std::string unicode_name(std::string_view domain);

}  // namespace collector

#endif
