/// @file
/// The rows that a report becomes: a pure function of the report.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_REPORT_ROWS
#define TLSRPT_HPP_DETAIL_LEDGER_REPORT_ROWS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/names.hpp>
#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/detail/ledger/policy_normal.hpp>
#include <tlsrpt/detail/ledger/receipts.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt::detail {

/// A total, and an element of the report with its policy; null for a total of several policies.
struct total_of_policy : ledger_total {
  const policy_view* source = nullptr;
};

/// Reads reports one after the other. Views in the rows live until the next one, and as long as
/// those of the report.
class report_rows {
 public:
  /// Continues with its rows. Of a domain, kind and mode there are at most `most_details` failures,
  /// and those of any_name; of the report at most `most_elements` totals, and those of any_name.
  /// False when there is no memory.
  bool read(const report_view& report, std::size_t most_details,
            std::size_t most_elements) noexcept {
    flags_ = {};
    about_ = absent_domain;
    names_recipient_ = false;
    elements_.clear();
    totals_.clear();
    failures_.clear();
    for (const policy_view& policy : report.policies)
      if (!add_element(policy)) return false;
    drop_repeated_elements();
    if (!add_totals(most_elements) || !add_failures(most_details)) return false;
    report_id_ = names_.text(report.report_id);
    organization_ = names_.text(report.organization_name);
    contact_ = names_.contact(report.contact_info, organization_);
    flags_.cut += names_.cut();
    return !lacks(report_id_) && !lacks(organization_) && !lacks(contact_);
  }

  /// Begins with a report. Gives its receipt, whose names live until the next one; nothing when
  /// there is no memory.
  std::optional<joined_receipt> receipt_of(const receipt& receipt) noexcept {
    names_.clear();
    return joined(receipt, names_);
  }
  /// The text of the policy of a total, until the next call; its data are null when there
  /// is no memory.
  std::string_view text_of(const total_of_policy& row) noexcept {
    if (row.policy != normalized_) {
      normalized_ = policy_id::none;
      if (!normalizer_.read(*row.source)) return {};
      normalized_ = row.policy;
    }
    return normalizer_.text();
  }

  std::span<const total_of_policy> totals() const noexcept {
    return {totals_.data(), totals_.size()};
  }
  std::span<const ledger_failure> failures() const noexcept {
    return {failures_.data(), failures_.size()};
  }
  std::string_view report_id() const noexcept { return report_id_; }
  std::string_view organization() const noexcept { return organization_; }
  std::string_view contact() const noexcept { return contact_; }
  std::string_view about() const noexcept { return about_; }
  const ledger_flags& flags() const noexcept { return flags_; }

 private:
  /// An element of `policies`.
  struct element {
    ledger_total total{};
    const policy_view* policy = nullptr;
    std::uint64_t hash = 0;  ///< Of what else has to be equal for a repetition.
    std::size_t place = 0;   ///< In the report.
    bool is_cut = false;     ///< Its domain counts as any_name.
  };

  static bool lacks(std::string_view name) noexcept { return name.data() == nullptr; }

  // ---- elements

  bool add_element(const policy_view& policy) noexcept {
    element* const added = elements_.extend();
    if (added == nullptr || !read_policy(policy)) return false;
    added->policy = &policy;
    added->place = elements_.size();
    ledger_total& total = added->total;
    total.domain = names_.host(policy.policy_domain, absent_domain);
    total.kind = policy.policy_type.value;
    total.mode = last_mode_;
    total.policy = last_id_;
    total.ok = sum_of(policy.total_successful_session_count);
    total.failed = sum_of(policy.total_failure_session_count);
    if (total.failed.unknown != 0)
      for (const failure_details_view& failure : policy.failure_details)
        total.failed.sessions =
            std::max(total.failed.sessions, sum_of(failure.failed_session_count).sessions);
    total.elements = 1;
    if (lacks(total.domain)) return false;
    // What the report is about, whoever asks: the envelope is not looked at, so that a signed copy
    // and an anonymous one meet (AG-10).
    const bool names_recipient =
        total.kind == policy_type::sts || total.kind == policy_type::no_policy_found;
    if (elements_.size() == 1 || (names_recipient && !names_recipient_)) about_ = total.domain;
    names_recipient_ = names_recipient_ || names_recipient;
    return true;
  }

  /// Makes `last_id_` and `last_mode_` those of a policy. Most have the text of the one before:
  /// they are about the same domain. False when there is no memory.
  bool read_policy(const policy_view& policy) noexcept {
    const policy_type kind = policy.policy_type.value;
    if (has_last_ && kind == last_kind_ && is_last_text(policy.policy_string)) return true;
    has_last_ = false;
    normalized_ = policy_id::none;
    if (!normalizer_.read(policy)) return false;
    last_kind_ = kind;
    last_mode_ = normalizer_.mode();
    last_id_ = normalized_ = id_of_policy(kind, normalizer_.text());
    return keep_text(policy.policy_string);
  }
  bool is_last_text(std::span<const std::string_view> lines) const noexcept {
    if (lines.size() != last_sizes_.size()) return false;
    std::string_view rest(last_text_.data(), last_text_.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t size = lines[i].size();
      if (size != last_sizes_.data()[i] || !same_octets(rest.substr(0, size), lines[i]))
        return false;
      rest.remove_prefix(size);
    }
    return true;
  }
  /// Keeps a text for the policy after it, unless it is too long. False when there is no memory.
  bool keep_text(std::span<const std::string_view> lines) noexcept {
    last_text_.clear();
    last_sizes_.clear();
    for (std::string_view line : lines) {
      if (line.size() > longest_policy_text - last_text_.size() ||
          last_sizes_.size() == longest_policy_text)
        return true;
      if (!last_text_.append(line) || !last_sizes_.push(line.size())) return false;
    }
    return has_last_ = true;
  }

  session_sum sum_of(session_count count) noexcept {
    if (!count.known()) return {0, 1};
    if (count.value() > largest_sessions) flags_.clipped = true;
    return {std::min(count.value(), largest_sessions), 0};
  }

  /// Elements that say the same in all respects count once (AG-09).
  void drop_repeated_elements() noexcept {
    if (elements_.size() < 2) return;
    const std::span hashed = elements();
    for (element& e : hashed) e.hash = hash_of_rest(*e.policy);
    std::ranges::sort(hashed, [](const element& a, const element& b) {
      if (const auto order = compare_values(a, b); order != 0) return order < 0;
      return a.place < b.place;
    });
    std::size_t size = 1;
    for (std::size_t i = 1; i < hashed.size(); ++i) {
      if (compare_values(hashed[size - 1], hashed[i]) == 0)
        flags_.repeated = true;
      else
        hashed[size++] = hashed[i];
    }
    while (elements_.size() > size) elements_.drop_last();
  }

  static std::strong_ordering compare_values(const element& a, const element& b) noexcept {
    if (const auto order = compare_keys(a.total, b.total); order != 0) return order;
    if (const auto order = compare_sums(a.total.ok, b.total.ok); order != 0) return order;
    if (const auto order = compare_sums(a.total.failed, b.total.failed); order != 0) return order;
    return a.hash <=> b.hash;
  }
  static std::strong_ordering compare_sums(const session_sum& a, const session_sum& b) noexcept {
    if (const auto order = a.unknown <=> b.unknown; order != 0) return order;
    return a.sessions <=> b.sessions;
  }

  /// Of the patterns in their order, and of the details in any order. Whoever makes two hashes
  /// meet takes away from his own report only.
  static std::uint64_t hash_of_rest(const policy_view& policy) noexcept {
    fnv1a patterns;
    for (std::string_view pattern : policy.mx_host) add_part(patterns, pattern);
    std::uint64_t sum = patterns.mixed();
    for (const failure_details_view& failure : policy.failure_details) {
      fnv1a hash;
      add_part(hash, to_text(failure.result_type));
      for (std::string_view part :
           {failure.sending_mta_ip.text, failure.receiving_ip.text, failure.receiving_mx_hostname,
            failure.receiving_mx_helo, failure.additional_information, failure.failure_reason_code})
        add_part(hash, part);
      const session_count count = failure.failed_session_count;
      hash.add(static_cast<std::uint8_t>(count.known()));
      hash.add(count.value());
      sum += hash.mixed();
    }
    return sum;
  }
  static void add_part(fnv1a& hash, std::string_view text) noexcept {
    hash.append(text);
    hash.append(std::string_view("\0", 1));
  }

  // ---- rows

  bool add_totals(std::size_t most) noexcept {
    for (const element& e : elements())
      if (!totals_.push({e.total, e.policy})) return false;
    add_up(totals_);
    if (totals_.size() > most) cut_totals(most);
    return true;
  }

  /// Keeps the totals with most sessions; the others become those of any_name (AG-32).
  void cut_totals(std::size_t most) noexcept {
    const std::span rows(totals_.data(), totals_.size());
    std::ranges::sort(rows, [](const ledger_total& a, const ledger_total& b) {
      const std::uint64_t x = sum_of_sessions(a.ok.sessions, a.failed.sessions);
      const std::uint64_t y = sum_of_sessions(b.ok.sessions, b.failed.sessions);
      return x != y ? x > y : key_less(a, b);
    });
    const auto kept = rows.first(most), cut = rows.subspan(most);
    std::ranges::sort(kept, key_less);
    for (element& e : elements()) e.is_cut = !std::ranges::binary_search(kept, e.total, key_less);
    for (total_of_policy& row : cut) {
      row.domain = any_name;
      row.policy = policy_id::none;
      row.source = nullptr;
    }
    flags_.cut += cut.size();
    add_up(totals_);
  }

  bool add_failures(std::size_t most) noexcept {
    for (const element& e : elements()) {
      const bool is_short = is_short_policy(*e.policy);
      const failure_details_view* before = nullptr;
      for (const failure_details_view& failure : e.policy->failure_details) {
        if (!add_failure(e, is_short, failure, before)) return false;
        before = &failure;
      }
    }
    add_up(failures_);
    cut_failures(most);
    return true;
  }

  /// `before` is the failure before it in the element, if there is one.
  bool add_failure(const element& e, bool is_short, const failure_details_view& failure,
                   const failure_details_view* before) noexcept {
    ledger_failure* const row = failures_.extend();
    if (row == nullptr) return false;
    row->domain = e.is_cut ? any_name : e.total.domain;
    row->kind = e.total.kind;
    row->mode = e.total.mode;
    row->result = names_.result(failure.result_type);
    // Most are about the machine of the one before.
    const bool is_same_host = before != nullptr && same_octets(before->receiving_mx_hostname,
                                                               failure.receiving_mx_hostname);
    const bool is_same_node = before != nullptr &&
                              same_octets(before->receiving_ip.text, failure.receiving_ip.text) &&
                              same_octets(before->receiving_mx_helo, failure.receiving_mx_helo);
    row->host = is_same_host ? row[-1].host : names_.host(failure.receiving_mx_hostname);
    row->node = is_same_node ? row[-1].node : names_.node(failure);
    const reason_match known = known_reason(*e.policy, is_short, failure);
    row->reason = names_.reason(known, failure);
    row->is_likely = known.certainty == certainty::likely;
    row->noted = sum_of(failure.failed_session_count);
    return !lacks(row->result.text) && !lacks(row->host) && !lacks(row->node) &&
           !lacks(row->reason);
  }

  /// Of each kind of policy of a domain keeps the failures with most sessions; the others become
  /// one for each registered result type, and one for all other types (AG-32).
  void cut_failures(std::size_t most) noexcept {
    const std::span rows(failures_.data(), failures_.size());
    const std::uint64_t cut_before = flags_.cut;
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
      while (end < rows.size() && compare_policies_of(rows[begin], rows[end]) == 0) ++end;
      if (end - begin <= most) continue;
      const auto group = rows.subspan(begin, end - begin);
      std::ranges::sort(group, [](const ledger_failure& a, const ledger_failure& b) {
        return a.noted.sessions != b.noted.sessions ? a.noted.sessions > b.noted.sessions
                                                    : key_less(a, b);
      });
      for (ledger_failure& row : group.subspan(most)) {
        if (!row.result.known()) row.result.text = any_name;
        row.host = row.node = row.reason = any_name;
        row.is_likely = false;
      }
      flags_.cut += group.size() - most;
    }
    if (flags_.cut != cut_before) add_up(failures_);
  }

  static constexpr auto key_less = [](const auto& a, const auto& b) noexcept {
    return compare_keys(a, b) < 0;
  };

  static void add(ledger_total& row, const ledger_total& more) noexcept {
    row.ok += more.ok;
    row.failed += more.failed;
    row.elements = sum_of_sessions(row.elements, more.elements);
  }
  static void add(ledger_failure& row, const ledger_failure& more) noexcept {
    row.is_likely = row.is_likely && more.is_likely;
    row.noted += more.noted;
  }

  /// Sorts rows and adds up those with equal keys.
  template <class Row>
  static void add_up(arena<Row>& rows) noexcept {
    const std::span all(rows.data(), rows.size());
    const auto is_in_order = [](const Row& a, const Row& b) { return compare_keys(a, b) < 0; };
    if (std::ranges::adjacent_find(all, std::not_fn(is_in_order)) == all.end()) return;
    std::ranges::sort(all, key_less);
    std::size_t size = 1;
    for (const Row& row : all.subspan(1)) {
      if (compare_keys(all[size - 1], row) == 0)
        add(all[size - 1], row);
      else
        all[size++] = row;
    }
    while (rows.size() > size) rows.drop_last();
  }

  std::span<element> elements() noexcept { return {elements_.data(), elements_.size()}; }

  arena<element> elements_;
  arena<total_of_policy> totals_;
  arena<ledger_failure> failures_;
  name_maker names_;
  policy_normalizer normalizer_;
  policy_id normalized_ = policy_id::none;  ///< Of the text that the normalizer has.
  // The policy before, by its text as it was, the lines without anything between them.
  bool has_last_ = false;
  arena<char> last_text_;
  arena<std::size_t> last_sizes_;
  policy_type last_kind_ = policy_type::unknown;
  sts_mode last_mode_ = sts_mode::unknown;
  policy_id last_id_ = policy_id::none;
  std::string_view report_id_, organization_, contact_, about_;
  bool names_recipient_ = false;  ///< Whether about_ is of a policy that names who gets mail.
  ledger_flags flags_{};
};

}  // namespace tlsrpt::detail

#endif
