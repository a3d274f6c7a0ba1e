#include "explain.hpp"

#include <cstddef>
#include <string_view>
#include <system_error>

#include <nlohmann/json.hpp>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/reasons.hpp>
#include <tlsrpt/vocabulary.hpp>

#include "input/files.hpp"

namespace cli {

namespace {

using tlsrpt::reason_id;
using tlsrpt::reason_match;
using tlsrpt::result_type;

/// One of the things that a text may mean.
struct meaning {
  std::string_view name;  ///< Of the cause, or of the result type.
  std::string_view certainty;
  tlsrpt::party party;
  std::string explanation;
  std::string_view remedy;
};

/// The sentence of a cause. Those at web servers share it with mail hosts, and say <host>.
std::string explain_cause(reason_id id) {
  std::string text(explanation(id));
  const std::size_t host =
      party_of(id) == tlsrpt::party::policy_host ? text.find("<host>") : text.npos;
  return host == text.npos ? text : text.replace(host, 6, "mta-sts.<domain>");
}

meaning meaning_of(reason_id id, tlsrpt::certainty certainty) {
  return {name(id), name(certainty), party_of(id), explain_cause(id), remedy(id)};
}

/// What a text may mean. The same words have another cause where a mail host was connected to, and
/// where a policy was fetched; the text alone does not say which it was.
std::vector<meaning> meanings_of(std::string_view text) {
  std::vector<meaning> found;
  if (const auto id = tlsrpt::find_reason(text); id && !explanation(*id).empty())
    return {meaning_of(*id, tlsrpt::certainty::sure)};
  for (auto type : {result_type::validation_failure, result_type::sts_policy_fetch_error}) {
    const reason_match match = tlsrpt::match_reason(type, text);
    const bool is_known =
        !explanation(match.id).empty() && match.certainty != tlsrpt::certainty::guess;
    if (is_known && (found.empty() || found.front().name != name(match.id)))
      found.push_back(meaning_of(match.id, match.certainty));
  }
  const result_type type = tlsrpt::match_result_type(text).value;
  if (type != result_type::unknown) {
    const tlsrpt::party acts = party_of(reason_id::none, {.type = type});
    found.push_back({name(type), "sure", acts, std::string(explanation(type)), remedy(type)});
  }
  return found;
}

std::string_view words_for(tlsrpt::party party) {
  using enum tlsrpt::party;
  switch (party) {
    case certificate:
      return "the receiver: the certificate of the mail host";
    case mail_host:
      return "the receiver: the mail host";
    case dns:
      return "the receiver: DNS";
    case policy_host:
      return "the receiver: the web server of the MTA-STS policy";
    case policy_text:
      return "the receiver: the MTA-STS policy";
    case sender:
      return "the sender";
    case network:
      return "whoever runs the network between the two";
    default:
      return "nobody";
  }
}

std::string text_of(std::string_view text, const std::vector<meaning>& meanings,
                    const output_style& output) {
  constexpr std::size_t indent = 10;
  page out(output);
  out.fill("", 0, printable(text), style::heading);
  if (meanings.empty()) out.fill("  ", 2, "Not known. Look it up with the sender of the report.");
  for (const meaning& one : meanings) {
    out.fill("  Cause", indent,
             std::string(one.name) + (one.certainty == "sure" ? "" : ", probably"));
    out.fill("", indent, one.explanation);
    out.fill("  To do", indent, one.remedy);
    out.fill("  Acts", indent, words_for(one.party));
  }
  out.line();
  return out.text();
}

std::string json_of(std::string_view text, const std::vector<meaning>& meanings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const meaning& one : meanings)
    list.push_back({{"reason", one.name},
                    {"certainty", one.certainty},
                    {"party", name(one.party)},
                    {"explanation", one.explanation},
                    {"remedy", one.remedy}});
  const nlohmann::ordered_json shown = {{"text", text}, {"meanings", std::move(list)}};
  return shown.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

/// The lines of standard input that are not empty.
std::vector<std::string> read_lines() {
  constexpr std::size_t max_text_bytes = std::size_t{1} << 20;
  source_file from("-");
  std::string text;
  from.fill(text, max_text_bytes + 1);
  if (from.code()) throw std::system_error(from.code(), "standard input");
  if (text.size() > max_text_bytes)
    throw std::system_error(std::make_error_code(std::errc::file_too_large), "standard input");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
    at = end + 1;
  }
  return lines;
}

}  // namespace

bool explain(const std::vector<std::string>& arguments, output_style output) {
  const bool is_input = arguments.size() == 1 && arguments.front() == "-";
  bool all_known = true;
  for (const std::string& text : is_input ? read_lines() : arguments) {
    const std::vector<meaning> meanings = meanings_of(text);
    all_known = all_known && !meanings.empty();
    write_out(output.format == output_format::json ? json_of(text, meanings)
                                                   : text_of(text, meanings, output));
  }
  return all_known;
}

}  // namespace cli
