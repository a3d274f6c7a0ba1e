#include "policy_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tlsrpt/tlsa_record.hpp>

#include "words.hpp"

namespace cli {

namespace {

/// Texts of a list that are shown.
constexpr std::size_t max_shown = 10;

std::string meaning(tlsrpt::sts_mode mode) {
  switch (mode) {
    case tlsrpt::sts_mode::enforce:
      return ": mail goes to hosts that match and have a valid certificate, or is not delivered";
    case tlsrpt::sts_mode::testing:
      return ": failures are reported, and mail is delivered all the same";
    case tlsrpt::sts_mode::none:
      return ": mail is delivered as without a policy";
    default:
      return ", which senders do not know";
  }
}

std::string age(std::uint64_t seconds) {
  constexpr std::uint64_t hour = 3600, day = 24 * hour;
  std::string text = plural(seconds, "second", "seconds");
  if (seconds >= day) return text + ", " + plural(seconds / day, "day", "days");
  if (seconds >= hour) return text + ", " + plural(seconds / hour, "hour", "hours");
  return text;
}

/// "a, b and 3 more".
std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < std::min(texts.size(), max_shown); ++i)
    (list += i == 0 ? "" : ", ") += texts[i];
  if (texts.size() > max_shown)
    list += " and " + std::to_string(texts.size() - max_shown) + " more";
  return list;
}

/// The words of RFC 7218 for a record; empty when one of its numbers has none.
std::string mnemonics(const tlsrpt::tlsa_record_view& record) {
  const std::string_view words[] = {name(record.usage), name(record.selector),
                                    name(record.matching_type)};
  if (!record.readable() ||
      std::any_of(std::begin(words), std::end(words), [](auto word) { return word.empty(); }))
    return {};
  return " (" + std::string(words[0]) + ' ' + std::string(words[1]) + ' ' + std::string(words[2]) +
         ')';
}

void write_tlsa_records(page& out, std::span<const std::string_view> texts, std::size_t indent) {
  std::string_view label = "  TLSA";
  std::size_t shown = 0;
  for (const tlsrpt::tlsa_record_view& record : tlsrpt::tlsa_rrset_view(texts).records()) {
    if (shown++ == max_shown) break;
    out.fill(label, indent, printable(record.text) + mnemonics(record));
    label = "";
  }
  if (texts.size() > max_shown)
    out.fill("", indent, "and " + std::to_string(texts.size() - max_shown) + " more");
}

}  // namespace

void write_sts_policy(page& out, const tlsrpt::sts_policy_view& policy, std::size_t indent) {
  const tlsrpt::token<tlsrpt::sts_mode> mode = policy.mode();
  out.fill("  Mode", indent,
           mode.text.empty() ? "not given" : printable(mode.text, 80) + meaning(mode.value));
  if (policy.max_age()) out.fill("  Max age", indent, age(*policy.max_age()));
  std::vector<std::string> patterns;
  for (const std::string_view pattern : policy.mx()) patterns.push_back(printable(pattern, 253));
  if (!patterns.empty()) out.fill("  mx", indent, listed(patterns));
}

void write_policy_string(page& out, const tlsrpt::policy_head_view& policy, std::size_t indent) {
  const std::span<const std::string_view> texts = policy.policy_string;
  if (texts.empty()) return;
  if (policy.policy_type.value == tlsrpt::policy_type::sts)
    write_sts_policy(out, *tlsrpt::parse_sts_policy(texts), indent);
  else if (policy.policy_type.value == tlsrpt::policy_type::tlsa)
    write_tlsa_records(out, texts, indent);
}

}  // namespace cli
