#include "verdict.hpp"

#include <algorithm>
#include <cstddef>

#include "../output/policy_text.hpp"

namespace cli {

namespace {

/// Where reports go, and what has no effect.
void write_record(page& out, const tlsrpt::record_view& record) {
  out.line("This record can be used. Reports go to", style::good);
  for (const tlsrpt::rua_view& rua : record.endpoints())
    out.fill("  ", 4,
             rua.scheme == tlsrpt::uri_scheme::mailto ? printable(rua.target()) + " by mail"
                                                      : printable(rua.target()) + " by HTTPS");
  bool first = true;
  for (const tlsrpt::extension_view& extension : record.extensions()) {
    if (first) out.line("Fields that senders ignore");
    first = false;
    out.fill("  ", 4, printable(extension.name) + '=' + printable(extension.value));
  }
}

/// All records of a name that has several, so that it shows which one is too many.
void write_list(page& out, std::span<const std::string> records) {
  out.line();
  out.line("The records", style::heading);
  for (const std::string& record : records) out.fill("  ", 4, '"' + printable(record) + '"');
}

}  // namespace

std::string text_of(const record_verdict& verdict, const output_style& output) {
  page out(output);
  if (!verdict.name.empty()) out.fill("== ", 3, printable(verdict.name), style::heading);
  if (!verdict.alias.empty())
    out.fill("", 0, "The name is an alias for " + printable(verdict.alias) + '.');
  if (verdict.record) {
    write_record(out, *verdict.record);
  } else {
    out.line("Senders cannot use this: no reports will be sent.");
    tlsrpt::diagnostic error = verdict.record.error();
    // What is probably the reason needs to be said but once.
    if (std::ranges::any_of(verdict.found.kept(),
                            [&error](const finding& one) { return one.what.code == error.hint; }))
      error.hint = tlsrpt::errc::ok;
    write_error(out, error, verdict.text_of);
    if (!verdict.right_name.empty())
      out.fill("  ", 2, "The right name is " + printable(verdict.right_name) + '.');
  }
  if (verdict.records.size() > 1) write_list(out, verdict.records);
  write_remarks(out, verdict.found, verdict.text_of);
  if (!verdict.to_do.empty()) {
    out.line();
    out.line("To do", style::heading);
    for (std::string_view sentence : verdict.to_do) out.fill("  ", 2, std::string(sentence));
  }
  return out.text();
}

std::string text_of(const policy_verdict& verdict, const output_style& output) {
  constexpr std::size_t indent = 12;
  page out(output);
  // What is missing is nowhere.
  const auto text = [&verdict](const tlsrpt::diagnostic& what) {
    return what.subject.empty() ? std::string_view() : verdict.text;
  };
  if (verdict.policy) {
    out.line("This policy can be used.", style::good);
    write_sts_policy(out, *verdict.policy, indent);
  } else {
    out.line("Senders cannot use this policy: they continue as without one.");
    write_error(out, verdict.policy.error(), text);
  }
  write_remarks(out, verdict.found, text);
  return out.text();
}

}  // namespace cli
