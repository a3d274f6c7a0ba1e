/// @file
/// The normal form of the text of a policy, by which policies are the same.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_POLICY_NORMAL
#define TLSRPT_HPP_DETAIL_LEDGER_POLICY_NORMAL

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/sha256.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/ledger_row.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/policy_text.hpp>

namespace tlsrpt::detail {

/// Octets of a policy that are kept of a report.
inline constexpr std::size_t longest_policy_text = 4096;

/// The id of a text in normal form, lines with LF between them; none for an empty one. Two texts
/// have the same id by chance never, and by intent only where one sender makes both.
constexpr policy_id id_of_policy(policy_type kind, std::string_view text) noexcept {
  if (text.empty()) return policy_id::none;
  sha256 hash;
  hash.append(kind_name(kind));
  hash.append("\n");
  hash.append(text);
  hash.append("\n");
  const std::array<std::uint8_t, 32> octets = hash.finish();
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | octets[i];
  return policy_id{std::max<std::uint64_t>(bits, 1)};
}

/// Makes normal forms, one at a time (AG-15): lines of an MTA-STS policy without what trails them;
/// TLSA records in lower case, in the order of what they say, each once.
class policy_normalizer {
 public:
  explicit policy_normalizer(std::size_t longest = longest_policy_text) noexcept
      : longest_(longest) {}

  /// The normal form of policy-string, cut to the longest text. Lives until the next call. False
  /// when there is no memory.
  bool read(const policy_view& policy) noexcept {
    mode_ = sts_mode::unknown;
    room_ = nullptr;
    size_ = 0;
    is_begun_ = false;
    if (policy.policy_string.empty()) return true;
    if (!form_.reserve(longest_)) return false;
    room_ = form_.data();
    bool has_memory = true;
    if (policy.policy_type.value == policy_type::sts)
      read_sts(policy.policy_string);
    else if (policy.policy_type.value == policy_type::tlsa)
      has_memory = read_tlsa(policy.policy_string);
    else
      for (std::string_view line : policy.policy_string) add_line(line);
    make_utf8(room_, size_);
    return has_memory;
  }

  std::string_view text() const noexcept { return {room_, size_}; }
  /// Of an MTA-STS policy.
  sts_mode mode() const noexcept { return mode_; }

 private:
  void add_line(std::string_view line) noexcept {
    if (is_begun_) add("\n");
    add(line);
    is_begun_ = true;
  }
  void add(std::string_view text) noexcept {
    text = cut_at_character(text, longest_ - size_);
    std::copy_n(text.data(), text.size(), room_ + size_);
    size_ += text.size();
  }

  void read_sts(std::span<const std::string_view> lines) noexcept {
    const auto policy = parse_sts_policy(lines);
    mode_ = policy->mode().value;
    for (std::string_view line : policy->lines()) {
      if (size_ == longest_) break;
      add_line(trim_back(line, whitespace_octet));
    }
  }

  bool read_tlsa(std::span<const std::string_view> elements) noexcept {
    std::size_t octets = 0;
    for (std::string_view element : elements) octets += element.size();
    // What no DNS message has room for is no RRset; its order stays.
    const bool is_rrset = elements.size() <= max_tlsa_records && octets <= max_tlsa_octets;
    records_.clear();
    scratch_.clear();
    // All at once, so that nothing moves.
    if (is_rrset && !scratch_.reserve(octets + elements.size() * longest_numbers)) return false;
    for (std::string_view element : elements) {
      if (is_rrset) {
        if (!records_.push(normal_record(element))) return false;
        continue;
      }
      if (size_ == longest_) break;
      scratch_.clear();
      if (!scratch_.reserve(element.size() + longest_numbers)) return false;
      add_line(normal_record(element).text);
    }
    const std::span<tlsa_record_view> records(records_.data(), records_.size());
    std::ranges::sort(records, [](const tlsa_record_view& a, const tlsa_record_view& b) {
      const auto order = compare_tlsa_records(a, b);
      return order != 0 ? order < 0 : a.text < b.text;
    });
    std::string_view before;
    for (const tlsa_record_view& record : records) {
      // The first one is never left out, not even without octets.
      if (is_begun_ && record.text == before) continue;
      add_line(record.text);
      before = record.text;
    }
    return true;
  }

  /// The record with the text "3 1 1 0f..." when it is readable, in the scratch memory that is
  /// reserved for it; else with its own.
  tlsa_record_view normal_record(std::string_view element) noexcept {
    auto record = parse_tlsa_record(element);
    if (!record->readable()) return {.text = element};
    const std::size_t begin = scratch_.size();
    short_text<longest_numbers> numbers;
    for (const auto number :
         {static_cast<unsigned>(record->usage), static_cast<unsigned>(record->selector),
          static_cast<unsigned>(record->matching_type)}) {
      put_number(numbers, number);
      numbers.append(" ");
    }
    scratch_.append(numbers.view());
    scratch_.append(record->data);
    char* const data = scratch_.data() + begin + numbers.size();
    std::transform(data, data + record->data.size(), data, lower_case);
    record->data = {data, record->data.size()};
    record->text = {scratch_.data() + begin, scratch_.size() - begin};
    return *record;
  }

  static constexpr std::size_t longest_numbers = 12;

  std::size_t longest_;
  arena<char> form_, scratch_;
  arena<tlsa_record_view> records_;
  char* room_ = nullptr;
  std::size_t size_ = 0;
  bool is_begun_ = false;
  sts_mode mode_ = sts_mode::unknown;
};

}  // namespace tlsrpt::detail

#endif
