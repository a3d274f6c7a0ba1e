/// @file
/// The library with a C interface; compiled without exceptions and without RTTI.

#include "embed_in_c.h"

#include <new>

#include <tlsrpt/report.hpp>

struct tls_report_reader {
  tlsrpt::report_parser<> parser;
};

tls_report_reader* tls_report_reader_new() { return new (std::nothrow) tls_report_reader; }

void tls_report_reader_free(tls_report_reader* reader) { delete reader; }

const char* tls_report_read(tls_report_reader* reader, const void* bytes, size_t size,
                            tls_report_summary* summary) {
  const auto report = reader->parser.parse({static_cast<const std::byte*>(bytes), size});
  if (!report) return message(report.error().code).data();  // a literal, so it ends with a NUL

  *summary = {};
  const std::string_view name = report->organization_name.substr(0, 127);
  name.copy(summary->organization_name, name.size());
  summary->start = report->date_range.start_datetime.seconds;
  summary->end = report->date_range.end_datetime.seconds;
  summary->policies = report->policies.size();
  for (const tlsrpt::policy_view& policy : report->policies) {
    summary->successful_sessions = tlsrpt::saturating_sum(
        summary->successful_sessions, policy.total_successful_session_count.value());
    summary->failed_sessions = tlsrpt::saturating_sum(summary->failed_sessions,
                                                      policy.total_failure_session_count.value());
  }
  return nullptr;
}
