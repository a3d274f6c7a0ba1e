/// @file
/// Reads the text form of a ledger: exactly what line_writer writes.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_LINE_READER
#define TLSRPT_HPP_DETAIL_LEDGER_LINE_READER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/ledger/entry_store.hpp>
#include <tlsrpt/detail/ledger/lines.hpp>
#include <tlsrpt/detail/ledger/names.hpp>
#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/detail/ledger/policy_normal.hpp>
#include <tlsrpt/detail/ledger/receipts.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger_entry.hpp>

namespace tlsrpt::detail {

/// Takes JSON without whitespace from the front of a text. What is not there as it would be written
/// gives false, or nothing.
class json_taker {
 public:
  explicit json_taker(std::string_view text) noexcept : text_(text) {}

  std::string_view text() const noexcept { return text_; }
  std::size_t offset() const noexcept { return at_; }
  bool is_at_end() const noexcept { return at_ == text_.size(); }
  void go_back(std::size_t offset) noexcept { at_ = offset; }

  bool begins_with(std::string_view expected) const noexcept {
    return text_.substr(at_, expected.size()) == expected;
  }
  bool take(std::string_view expected) noexcept {
    if (!begins_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  bool number(std::uint64_t& value, std::uint64_t most) noexcept {
    const std::size_t begin = at_;
    value = 0;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (value > (most - digit) / 10) return false;
      value = value * 10 + digit;
    }
    const std::size_t digits = at_ - begin;
    return digits == 1 || (digits > 1 && text_[begin] != '0');
  }

  /// A string; the view lives as long as the text and until clear(). Octets that are not UTF-8 are
  /// not taken.
  bool string(std::string_view& value) noexcept {
    if (!take("\"")) return false;
    const std::size_t begin = at_;
    bool is_ascii = true;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) >= 0x80) is_ascii = false;
      if (!escaped_json_octet(c)) continue;
      if (c == '\\') return escaped_string(begin, value);
      if (c != '"') return false;
      value = text_.substr(begin, at_ - begin);
      ++at_;
      return is_ascii || is_utf8(value);
    }
    return false;
  }

  /// Ends the life of strings that had escapes.
  void clear() noexcept { unescaped_.clear(); }

  bool has_memory() const noexcept { return has_memory_; }

 private:
  bool escaped_string(std::size_t begin, std::string_view& value) noexcept {
    // What comes out is not longer.
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return false;
    char* const room = unescaped_.room(end - begin);
    if (room == nullptr) {
      has_memory_ = false;
      return false;
    }
    char* to = std::copy_n(text_.data() + begin, at_ - begin, room);
    while (at_ < end) {
      char c = text_[at_++];
      if (c == '\\' ? !escape(c) : escaped_json_octet(c)) return false;
      *to++ = c;
    }
    ++at_;
    const auto size = static_cast<std::size_t>(to - room);
    unescaped_.keep(size);
    value = {room, size};
    return is_utf8(value);
  }

  /// What follows a backslash.
  bool escape(char& c) noexcept {
    constexpr std::string_view octets = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const char letter = text_[at_++];
    if (const std::size_t place = letters.find(letter); place != std::string_view::npos) {
      c = octets[place];
      return true;
    }
    if (letter != 'u' || !take("00") || text_.size() - at_ < 2) return false;
    const char high = text_[at_], low = text_[at_ + 1];
    if (lower_case(low) != low) return false;
    const int value = hex_value(high) * 16 + hex_value(low);
    if (hex_value(high) < 0 || hex_value(low) < 0 || value >= 0x20) return false;
    c = static_cast<char>(value);
    at_ += 2;
    return octets.find(c) == std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  block_store unescaped_;
  bool has_memory_ = true;
};

/// What the header says.
struct ledger_header {
  std::uint32_t version = 0, reasons = 0, details = 0, elements = 0;

  friend constexpr bool operator==(const ledger_header&, const ledger_header&) = default;
};

/// Reads one line after the other.
class line_reader {
 public:
  explicit line_reader(std::string_view text) noexcept : json_(text) {}

  std::size_t offset() const noexcept { return json_.offset(); }
  bool is_at_end() const noexcept { return json_.is_at_end(); }
  bool has_memory() const noexcept { return has_memory_ && json_.has_memory(); }

  bool header(ledger_header& header) noexcept {
    return member("{\"_ledger\":", header.version) && member(",\"reasons\":", header.reasons) &&
           member(",\"details\":", header.details) && member(",\"elements\":", header.elements) &&
           json_.take("}\n");
  }

  bool is_at_entry() const noexcept { return json_.begins_with("{\"d"); }

  /// A report; its values are in values(), totals() and failures() until the next one.
  bool entry(const ledger_header& limits) noexcept {
    json_.clear();
    values_ = {};
    return head() && receipt() && flags() && totals(limits) && failures(limits) &&
           json_.take("}\n");
  }
  const entry_values& values() const noexcept { return values_; }
  std::span<const ledger_total> totals() const noexcept { return {totals_.data(), totals_.size()}; }
  std::span<const ledger_failure> failures() const noexcept {
    return {failures_.data(), failures_.size()};
  }

  /// A policy; its text lives until the next one.
  bool policy(policy_of_id& policy) noexcept;

 private:
  bool member(std::string_view before, std::uint32_t& value) noexcept {
    std::uint64_t number = 0;
    if (!json_.take(before) || !json_.number(number, 0xffffffffu)) return false;
    value = static_cast<std::uint32_t>(number);
    return true;
  }
  bool member(std::string_view before, std::string_view& value,
              std::size_t longest = longest_entry_text) noexcept {
    return json_.take(before) && json_.string(value) && value.size() <= longest;
  }

  bool head() noexcept;
  bool receipt() noexcept;
  bool submitters() noexcept;
  bool is_contact(std::string_view text) const noexcept;
  bool flags() noexcept;
  bool flag(std::string_view name) noexcept;
  bool totals(const ledger_header& limits) noexcept;
  bool failures(const ledger_header& limits) noexcept;
  template <class Row>
  bool begin_row(Row& row) noexcept;
  bool sum(session_sum& sum) noexcept {
    return json_.take(",") && json_.number(sum.sessions, largest_sessions) && json_.take(",") &&
           json_.number(sum.unknown, largest_sessions);
  }
  bool name(std::string_view& name) noexcept {
    return json_.take(",") && json_.string(name) && !name.empty() &&
           name.size() <= longest_entry_text;
  }

  json_taker json_;
  entry_values values_;
  std::string_view reporter_{};
  tlsrpt::trust trust_ = trust::claimed;
  bool has_contact_ = false;
  std::size_t flag_count_ = 0;
  arena<ledger_total> totals_;
  arena<ledger_failure> failures_;
  block_store policy_text_;
  bool has_memory_ = true;
};

// ---- normal forms

/// A name by canonical_host() of a text that is not empty.
constexpr bool is_normal_host(std::string_view text) noexcept {
  constexpr std::size_t longest_other = 65;
  return is_canonical_host_name(text) ||
         (text.size() > 1 && text[0] == '!' && text.size() <= longest_other);
}

constexpr bool is_normal_domain(std::string_view text) noexcept {
  return text == absent_domain || is_normal_host(text);
}

constexpr bool is_normal_node(std::string_view text) noexcept {
  if (text == absent_name || is_normal_host(text)) return true;
  const auto address = ip_address::parse(text);
  return address && to_text(*address) == text;
}

/// Gives the value of a result type in normal form; false for other texts.
constexpr bool read_normal_result(token<result_type>& result) noexcept {
  const std::string_view text = result.text;
  const auto match = match_result_type(text);
  result.value = match.exact ? match.value : result_type::unknown;
  constexpr std::size_t longest_other = 65;
  return match.exact || text == absent_name || text == any_name ||
         (text.size() > 1 && text[0] == '?' && text.size() <= longest_other);
}

/// Whether the names of a failure can be such; `is_rest` for those beyond the limit.
constexpr bool is_normal_failure(const ledger_failure& row, bool is_rest) noexcept {
  if (row.is_likely && find_reason(row.reason).value_or(reason_id::none) == reason_id::none)
    return false;
  if (is_rest)
    return row.node == any_name && row.reason == any_name &&
           (row.result.known() || row.result.text == any_name);
  return row.result.text != any_name && (row.host == absent_name || is_normal_host(row.host)) &&
         is_normal_node(row.node) && is_normal_reason(row.reason);
}

constexpr std::optional<policy_type> read_kind(std::string_view text) noexcept {
  for (const policy_type kind :
       {policy_type::sts, policy_type::tlsa, policy_type::no_policy_found, policy_type::unknown})
    if (text == kind_name(kind)) return kind;
  return std::nullopt;
}

constexpr std::optional<sts_mode> read_mode(policy_type kind, std::string_view text) noexcept {
  for (const sts_mode mode :
       {sts_mode::unknown, sts_mode::enforce, sts_mode::testing, sts_mode::none})
    if (text == mode_name(kind, mode)) return mode;
  return std::nullopt;
}

/// Reads the text of an id, "-" included.
constexpr std::optional<policy_id> read_policy_id(std::string_view text) noexcept {
  std::uint64_t bits = 0;
  if (text.size() == 16)
    for (char c : text) bits = bits << 4 | static_cast<unsigned>(std::max(hex_value(c), 0));
  const policy_id id{bits};
  if (to_text(id) != text) return std::nullopt;
  return id;
}

// ---- lines

inline bool line_reader::head() noexcept {
  std::string_view first, digest_text, trust_text;
  std::uint64_t days = 0;
  if (!member("{\"day\":", first) || !json_.take(",\"days\":") ||
      !json_.number(days, longest_period) || days == 0 || !member(",\"digest\":", digest_text) ||
      !member(",\"report-id\":", values_.report_id) || !member(",\"org\":", values_.organization) ||
      !member(",\"reporter\":", reporter_))
    return false;
  values_.contact = reporter_;
  has_contact_ = json_.begins_with(",\"contact\"");
  if (has_contact_ && !member(",\"contact\":", values_.contact)) return false;
  if (!member(",\"trust\":", trust_text)) return false;
  const auto first_day = day::parse(first);
  const auto digest = tlsrpt::digest::parse(digest_text);
  if (!first_day || !digest || !is_contact(values_.contact)) return false;
  values_.first = *first_day;
  values_.days = static_cast<std::int32_t>(days);
  values_.digest = *digest;
  trust_ = trust_text == tlsrpt::name(trust::verified) ? trust::verified : trust::claimed;
  return trust_text == tlsrpt::name(trust_);
}

/// Whether a report can name this contact.
inline bool line_reader::is_contact(std::string_view text) const noexcept {
  if (is_canonical_host_name(text)) return true;
  const auto name = name_maker::organization_name(values_.organization);
  return name.empty() ? text == absent_domain : text == name;
}

inline bool line_reader::receipt() noexcept {
  joined_receipt& receipt = values_.receipt;
  std::string_view letters;
  if (!member(",\"via\":", letters) || letters.empty()) return false;
  for (const auto& [way, letter] : channel_letters) {
    if (!letters.starts_with(letter)) continue;
    receipt.via = static_cast<std::uint8_t>(receipt.via | 1u << static_cast<unsigned>(way));
    letters.remove_prefix(1);
  }
  std::uint64_t seen = 0;
  if (!letters.empty() || !json_.take(",\"seen\":")) return false;
  const bool is_negative = json_.take("-");
  constexpr auto most = static_cast<std::uint64_t>(INT64_MAX);
  if (!json_.number(seen, most + (is_negative ? 1 : 0)) || (is_negative && seen == 0)) return false;
  receipt.seen = static_cast<std::int64_t>(is_negative ? 0 - seen : seen);
  return submitters() && member(",\"about\":", values_.about) && is_normal_domain(values_.about) &&
         member(",\"inferred\":", receipt.inferred) &&
         (receipt.inferred.empty() || is_normal_host(receipt.inferred));
}

/// Those of `by`, which decide whose report it is.
inline bool line_reader::submitters() noexcept {
  joined_receipt& receipt = values_.receipt;
  if (!json_.take(",\"by\":[")) return false;
  while (receipt.size < most_submitters && !json_.begins_with("]")) {
    std::string_view& name = receipt.by[receipt.size];
    if ((receipt.size != 0 && !json_.take(",")) || !json_.string(name) ||
        !is_canonical_host_name(name) ||
        (receipt.size != 0 && !comes_before(receipt.by[receipt.size - 1], name, values_.contact)))
      return false;
    ++receipt.size;
  }
  const std::string_view reporter = receipt.reporter(values_.contact);
  return json_.take("]") && receipt.trust() == trust_ && reporter == reporter_ &&
         has_contact_ == (reporter != values_.contact);
}

inline bool line_reader::flags() noexcept {
  ledger_flags& flags = values_.flags;
  joined_receipt& receipt = values_.receipt;
  if (!json_.take(",\"flags\":[")) return false;
  flag_count_ = 0;
  flags.approximate = flag("approximate\"");
  flags.clipped = flag("clipped\"");
  if (flag("cut:") && (!json_.number(flags.cut, UINT64_MAX) || flags.cut == 0 || !json_.take("\"")))
    return false;
  receipt.inferred_claimed = flag("inferred_claimed\"");
  receipt.more = flag("more\"");
  flags.period_unknown = flag("period_unknown\"");
  flags.repeated = flag("repeated_element\"");
  if (!json_.take("]")) return false;
  if (receipt.inferred_claimed && (trust_ == trust::claimed || receipt.inferred.empty()))
    return false;
  if (trust_ == trust::claimed) receipt.inferred_claimed = !receipt.inferred.empty();
  if (receipt.more && receipt.size != most_submitters) return false;
  // The day on which it came first, or came first from somebody who vouches for it.
  receipt.first = values_.first;
  const day earliest = day_of(receipt.seen);
  return !flags.period_unknown ||
         (values_.days == 1 &&
          (trust_ == trust::verified ? values_.first >= earliest : values_.first == earliest));
}

/// Takes the beginning of a flag, if it is there.
inline bool line_reader::flag(std::string_view name) noexcept {
  const std::size_t before = json_.offset();
  const bool is_there = json_.take(flag_count_ == 0 ? "\"" : ",\"") && json_.take(name);
  if (is_there)
    ++flag_count_;
  else
    json_.go_back(before);
  return is_there;
}

template <class Row>
bool line_reader::begin_row(Row& row) noexcept {
  std::string_view kind_text, mode_text;
  if (!json_.take("[") || !json_.string(row.domain) || row.domain.size() > longest_entry_text ||
      !(row.domain == any_name || is_normal_domain(row.domain)) || !name(kind_text) ||
      !name(mode_text))
    return false;
  const auto kind = read_kind(kind_text);
  const auto mode = read_mode(kind.value_or(policy_type::unknown), mode_text);
  if (!kind || !mode) return false;
  row.kind = *kind;
  row.mode = *mode;
  return true;
}

inline bool line_reader::totals(const ledger_header& limits) noexcept {
  totals_.clear();
  if (!json_.take(",\"T\":[")) return false;
  std::size_t named = 0;
  while (!json_.begins_with("]")) {
    ledger_total row;
    std::string_view id_text;
    if ((totals_.size() != 0 && !json_.take(",")) || !begin_row(row) || !name(id_text) ||
        !sum(row.ok) || !sum(row.failed) || !json_.take(",") ||
        !json_.number(row.elements, largest_sessions) || row.elements == 0 || !json_.take("]"))
      return false;
    const auto id = read_policy_id(id_text);
    if (!id || (row.domain == any_name && *id != policy_id::none)) return false;
    row.policy = *id;
    if (row.domain != any_name && ++named > limits.elements) return false;
    if (totals_.size() != 0 && compare_keys(totals_.data()[totals_.size() - 1], row) >= 0)
      return false;
    if (!totals_.push(row)) return has_memory_ = false;
  }
  return json_.take("]");
}

inline bool line_reader::failures(const ledger_header& limits) noexcept {
  failures_.clear();
  if (!json_.take(",\"F\":[")) return false;
  std::size_t named = 0;  // of one kind of policy of a domain
  while (!json_.begins_with("]")) {
    ledger_failure row;
    if ((failures_.size() != 0 && !json_.take(",")) || !begin_row(row) || !name(row.result.text) ||
        !name(row.host) || !name(row.node) || !name(row.reason) || !sum(row.noted))
      return false;
    row.is_likely = json_.take(",\"likely\"");
    if (!json_.take("]")) return false;
    const bool is_rest = row.host == any_name;
    if (!read_normal_result(row.result) || !is_normal_failure(row, is_rest)) return false;
    if (failures_.size() != 0) {
      const ledger_failure& last = failures_.data()[failures_.size() - 1];
      if (compare_keys(last, row) >= 0) return false;
      if (compare_policies_of(last, row) != 0) named = 0;
    }
    if (!is_rest && ++named > limits.details) return false;
    if (!failures_.push(row)) return has_memory_ = false;
  }
  return json_.take("]");
}

inline bool line_reader::policy(policy_of_id& policy) noexcept {
  json_.clear();
  policy_text_.clear();
  std::string_view id_text, kind_text, line;
  if (!member("{\"policy\":", id_text) || !member(",\"kind\":", kind_text) ||
      !json_.take(",\"text\":["))
    return false;
  const auto id = read_policy_id(id_text);
  const auto kind = read_kind(kind_text);
  if (!id || !kind || *id == policy_id::none) return false;
  char* const room = policy_text_.room(longest_policy_text);
  if (room == nullptr) return has_memory_ = false;
  std::size_t size = 0;
  const auto add = [&](std::string_view text) {
    if (text.size() > longest_policy_text - size) return false;
    std::copy_n(text.data(), text.size(), room + size);
    size += text.size();
    return true;
  };
  while (true) {
    if (!json_.string(line) || line.find('\n') != std::string_view::npos || !add(line))
      return false;
    if (!json_.take(",")) break;
    if (!add("\n")) return false;
  }
  policy = {*id, *kind, {room, size}};
  return json_.take("]}\n") && id_of_policy(policy.kind, policy.text) == policy.id;
}

}  // namespace tlsrpt::detail

#endif
