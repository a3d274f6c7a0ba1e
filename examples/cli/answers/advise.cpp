#include "advise.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/write_advice.hpp>

#include "../output/terminal.hpp"
#include "known.hpp"

namespace cli {

namespace {

using tlsrpt::finding;

constexpr std::size_t indent = 10;

/// "a, b and 3 more"
std::string some_of(std::span<const std::string_view> names) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    (text += i == 0 ? "" : ", ") += printable(names[i], 253);
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

std::string_view words_for(tlsrpt::impact impact) {
  switch (impact) {
    case tlsrpt::impact::refused:
      return "the mail waits, and bounces in the end";
    case tlsrpt::impact::clear:
      return "the mail arrives in clear text";
    case tlsrpt::impact::unprotected:
      return "the mail arrives, but unprotected";
    case tlsrpt::impact::fallback:
      return "the mail arrives by the policy from before";
    default:
      return "the mail arrives";
  }
}

std::string_view words_for(tlsrpt::change change) {
  switch (change) {
    case tlsrpt::change::first_seen:
      return "first seen then";
    case tlsrpt::change::fresh:
      return "new";
    case tlsrpt::change::back:
      return "it is back";
    case tlsrpt::change::gone:
      return "gone";
    case tlsrpt::change::unconfirmed:
      return "no longer reported, but its reporters are silent";
    default:
      return "continuing";
  }
}

std::string_view words_for(int severity) {
  constexpr std::string_view words[] = {"Act now", "Today", "This week", "Tell the sender",
                                        "For information"};
  return words[std::clamp(severity, 1, 5) - 1];
}

std::string when(const finding& one) {
  std::string text = "since " + std::string(to_text(one.since));
  if (one.code == "stopped") return text;
  if (one.since != one.last) text += ", last on " + std::string(to_text(one.last));
  return text + " (" +
         (one.is_spike ? "far more than before" : std::string(words_for(one.change))) + ')';
}

std::string sessions_of(const finding& one) {
  if (one.noted == 0 && one.failed_at_least == 0) return "how many failed is not known";
  return (one.noted != 0 ? std::to_string(one.noted) + " mention it; the same reports count "
                         : "") +
         "at least " + std::to_string(one.failed_at_least) + " failed; " +
         std::string(words_for(one.impact));
}

void write_finding(page& out, const finding& one) {
  out.fill("  * ", 4, printable(one.text, tlsrpt::escape::any_length), style::plain);
  const auto line = [&out](std::string_view label, const std::string& text) {
    out.fill("    " + std::string(label), 4 + indent, text);
  };
  if (one.domains.size() > 1 || one.host.empty()) line("Domains", some_of(one.domains));
  if (!one.node.empty()) line("Machine", printable(one.node, 253));
  line("When", when(one));
  if (one.code != "stopped") {
    std::string seen = counted(one.reporters.size(), "reporter") + ": " + some_of(one.reporters);
    if (!one.others.empty()) seen += "; not by " + counted(one.others.size(), "other");
    line("Seen by", seen);
    if (one.code != "ready") line("Sessions", sessions_of(one));
    if (one.without_reason != 0)
      line("", "Of " + std::to_string(one.without_reason) +
                   " more the sender does not say why; they are at the same host.");
    if (one.noted != 0 && one.unexplained != 0)
      line("", "Of " + std::to_string(one.unexplained) +
                   " more failed sessions there is no detail; perhaps for the same reason.");
  }
  line("Do first", printable(one.do_first, tlsrpt::escape::any_length));
  line("Key", printable(one.key, tlsrpt::escape::any_length));
}

std::string text_of(const tlsrpt::advice& advice, const collection& all, bool is_assumed,
                    std::size_t most, const output_style& output) {
  page out(output);
  const auto to_do = std::ranges::count_if(advice.findings(),
                                           [](const finding& one) { return one.severity <= 3; });
  out.fill("", 0,
           counted(static_cast<std::size_t>(to_do), "thing") + " to do; " +
               counted(all.ledger.size(), "report") + ", as of " +
               std::string(to_text(advice.today())) +
               (is_assumed ? ", the day after the newest report" : ""),
           style::heading);
  if (!all.undated.empty())
    out.fill("", 0,
             counted(all.undated.size(), "report") +
                 " of which nothing says the day not counted; tlsrpt sum shows them apart.");
  if (all.returned != 0)
    out.fill("", 0, counted(all.returned, "report") + " that came back not counted.");
  int severity = 0;
  const auto shown = advice.findings().first(std::min(most, advice.findings().size()));
  for (const finding& one : shown) {
    out.line();
    if (one.severity != severity) {
      severity = one.severity;
      out.line(words_for(severity), severity == 1 ? style::bad : style::heading);
    }
    write_finding(out, one);
  }
  if (const std::size_t more = advice.findings().size() - shown.size(); more != 0) {
    out.line();
    out.line(counted(more, "more finding") + ": see tlsrpt advise.");
  }
  if (advice.left_out() != 0) {
    out.line();
    out.line(counted(advice.left_out(), "more finding") + " with fewer sessions.");
  }
  if (!advice.silent().empty()) {
    out.line();
    out.line("Silent", style::heading);
    std::vector<tlsrpt::silent_reporter> silent(advice.silent().begin(), advice.silent().end());
    const auto is_before = [](const auto& a, const auto& b) {
      return a.domain != b.domain ? a.domain < b.domain : a.last < b.last;
    };
    std::ranges::stable_sort(silent, is_before);
    for (std::span<const tlsrpt::silent_reporter> rest = silent; !rest.empty();) {
      const tlsrpt::silent_reporter& first = rest.front();
      std::vector<std::string_view> together;
      for (const auto& one : rest) {
        if (is_before(first, one)) break;
        together.push_back(one.reporter);
      }
      out.fill("  * ", 4,
               some_of(together) + " about " + printable(first.domain, 253) + ": nothing since " +
                   std::string(to_text(first.last)) + ", for " + std::to_string(first.days) +
                   " days");
      rest = rest.subspan(together.size());
    }
  }
  return out.text();
}

tlsrpt::summary summary_of(const collection& all, std::optional<tlsrpt::day> today) {
  const tlsrpt::day asked = today.value_or(tlsrpt::day_after(all.ledger).value_or(tlsrpt::day{}));
  return value_of(make_summary(all.ledger, {.now = first_second_of(asked)}));
}

}  // namespace

std::string advice_text(const collection& all, std::optional<tlsrpt::day> today, std::size_t most,
                        const output_style& output) {
  const tlsrpt::summary summary = summary_of(all, today);
  return text_of(value_of(make_advice(summary)), all, !today, most, output);
}

advise_outcome advise(const advise_options& options, output_style output) {
  const known_file known(options.known);
  const collection all = collect(options.from);
  const tlsrpt::summary summary = summary_of(all, options.today);
  std::vector<std::string> domains;
  for (const std::string& domain : options.domains)
    domains.emplace_back(tlsrpt::canonical_host(domain));
  const std::vector<std::string_view> wanted(domains.begin(), domains.end());
  const tlsrpt::advice advice =
      value_of(make_advice(summary, {.known = known.list(), .domains = wanted}));
  known.judge(advice);
  std::string text;
  if (output.format == output_format::json) {
    tlsrpt::write_advice_json(text, advice);
    // What the advice cannot know.
    text.back() = ',';
    text += "\"returned\":" + std::to_string(all.returned) + "}\n";
  } else {
    text = text_of(advice, all, !options.today, advice.findings().size(), output);
  }
  write_out(text);
  const auto is_to_do = [&options](const finding& one) {
    return one.severity <= options.fail_on && one.code != "ready";
  };
  return {all.unusable == 0, std::ranges::any_of(advice.findings(), is_to_do)};
}

}  // namespace cli
