/// @file
/// The walk over a report (RFC 8460, section 4.4).

#ifndef TLSRPT_HPP_DETAIL_REPORT_READER
#define TLSRPT_HPP_DETAIL_REPORT_READER

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/report/builders.hpp>
#include <tlsrpt/detail/report/policy_object.hpp>

namespace tlsrpt::detail {

/// What became of a text.
enum class outcome : std::uint8_t {
  read,     ///< It is a report.
  refused,  ///< The gate has the error.
  not_json  ///< The walk met something that is not JSON; a json_fault_finder knows what and where.
};

/// In which order a builder gets the parts.
enum class delivery : std::uint8_t {
  as_written,  ///< As they come in the text.
  by_schema    ///< The report's head, then for each policy its head and its failures.
};

/// Reads one report. What is in it goes to the builder, what deviates to the gate.
template <delivery Order, class Gate, report_builder Builder>
class report_reader : policy_reader<Gate, Builder> {
 public:
  report_reader(report_text& text, const limits& limits, Gate& gate, const Builder& builder,
                report_head_view& head) noexcept
      : policy_reader<Gate, Builder>(text, limits, gate, builder), head_(head) {}

  outcome read_report() {
    if (document()) return outcome::read;
    return gate_.error().code != errc::ok ? outcome::refused : outcome::not_json;
  }

 private:
  using base = policy_reader<Gate, Builder>;
  using base::array;
  using base::builder_;
  using base::depth_;
  using base::end_;
  using base::failure_;
  using base::gate_;
  using base::limits_;
  using base::pass;
  using base::policy_;
  using base::skip;
  using base::stop;
  using base::text_;
  using base::walk_;
  using base::wrong_type;

  bool document() {
    json_token token = text_.tokens().begin();
    if (text_.has_byte_order_mark()) {
      if (!pass(errc::byte_order_mark, std::size_t{0}, field::none)) return false;
      // simdjson takes the mark for a scalar, with what follows it up to whitespace or a structural
      // character.
      if (walk_.token_text(token++) != byte_order_mark) return false;
    }
    if (walk_.at(token) != '{') {
      const json_token next = walk_.skip(token, 0);
      return next != nullptr && next <= end_ && stop(errc::not_an_object, *token);
    }
    const json_token next = report(token);
    if (next == nullptr || next > end_) return false;
    if (!nothing_after(next < end_ ? *next : text_.cut_at())) return false;
    return has_metadata_ || policies_kept_ != 0 || stop(errc::not_a_report, *token);
  }

  /// Reports what follows the report, from `offset` on.
  bool nothing_after(std::size_t offset) {
    const std::string_view text = text_.text();
    while (offset < text.size() && is_json_blank(text[offset])) ++offset;
    return offset == text.size() ||
           pass(errc::trailing_bytes, offset, field::none, text.substr(offset));
  }

  // ---- the report

  json_token report(json_token token) {
    member_set seen;
    late_members late;
    json_token late_policies = nullptr;
    const json_token next = this->template object<schema::report>(
        token, field::none, seen, late,
        [&](auto member, json_token value, member_set seen_now) TLSRPT_HPP_INLINE_LAMBDA {
          if constexpr (member.id == field::date_range)
            return date_range(value);
          else if constexpr (member.id == field::policies)
            return policies_now_or_late(value, seen_now, late_policies);
          else
            return this->read_to(member, value, head_);
        });
    if (next == nullptr) return nullptr;
    find_metadata();
    if (!has_metadata_ && !seen.has(field::policies)) {
      stop(errc::not_a_report, *token);
      return nullptr;
    }
    if (!this->template none_missing<schema::report>(seen, token) || !begin_if_report())
      return nullptr;
    if (late_policies != nullptr &&
        late_value(late_policies, [this](json_token value) { return policies(value); }) == nullptr)
      return nullptr;
    return next;
  }

  /// Policies that come before the head of the report is complete have to wait, unless the builder
  /// takes the parts as they come.
  json_token policies_now_or_late(json_token value, member_set seen, json_token& late) {
    constexpr member_set before_policies = [] {
      member_set members;
      schema::for_each(schema::report, [&](const auto& member) {
        if (member.id != field::policies) members.add(member.id);
      });
      return members;
    }();
    if (Order == delivery::as_written || (value < end_ && seen.has_all(before_policies)))
      return begin_if_report() ? policies(value) : nullptr;
    late = value;
    return pass_over(value);
  }

  /// Goes past a value that is read later.
  json_token pass_over(json_token value) const noexcept {
    const char c = walk_.at(value);
    return c == '[' || c == '{' ? walk_.skip_unread(value, end_) : skip(value);
  }

  /// Reads a value that was passed over, whose object has ended since.
  template <class Read>
  json_token late_value(json_token value, Read&& read) {
    ++depth_;
    const json_token next = read(value);
    --depth_;
    return next;
  }

  void find_metadata() noexcept {
    has_metadata_ = present(head_.organization_name) || present(head_.contact_info) ||
                    present(head_.report_id) || present(head_.date_range.start_datetime.text) ||
                    present(head_.date_range.end_datetime.text);
  }

  /// Gives the head to the builder, once, as soon as it is known that this is a report: it has
  /// metadata or `is_report`.
  bool begin_if_report(bool is_report = false) {
    if constexpr (Order == delivery::by_schema) {
      if (has_begun_) return true;
      find_metadata();
      if (!is_report && !has_metadata_) return true;
      has_begun_ = true;
      return builder_.begin_report(head_) || stop(errc::stopped_by_visitor);
    }
    return true;
  }

  json_token date_range(json_token token) {
    if (walk_.at(token) != '{')
      return wrong_type(token, field::date_range, errc::missing_date_range);
    member_set seen;
    late_members late;
    const json_token next = this->template object<schema::date_range>(
        token, field::date_range, seen, late,
        [&](auto member, json_token value, member_set)
            TLSRPT_HPP_INLINE_LAMBDA { return this->read_to(member, value, head_.date_range); });
    if (next == nullptr) return nullptr;
    return this->template none_missing<schema::date_range>(seen, token) ? next : nullptr;
  }

  // ---- policies

  json_token policies(json_token token) {
    std::uint32_t index = 0;
    const auto element = [&](json_token value) -> json_token {
      if (index == limits_.max_policies) {
        stop(errc::too_many_policies, *value);
        return nullptr;
      }
      policy_ = index++;
      const json_token next = walk_.at(value) == '{'
                                  ? policy_entry(value)
                                  : wrong_type(value, field::none, errc::wrong_type);
      policy_ = location::npos;
      return next;
    };
    if (walk_.at(token) == '[') [[likely]] {
      const json_token next = array(token, element);
      const bool is_good =
          next == nullptr || index != 0 || pass(errc::empty_policies, token, field::policies);
      return is_good ? next : nullptr;
    }
    if (walk_.at(token) != '{' || token >= end_)
      return wrong_type(token, field::policies, errc::missing_policies);
    return pass(errc::not_an_array, token, field::policies) ? element(token) : nullptr;
  }

  json_token policy_entry(json_token token) {
    policy_head_view* const head = builder_.begin_policy();
    if (head == nullptr) {
      stop(errc::out_of_memory);
      return nullptr;
    }
    head->index = policy_;
    head->offset = *token;
    policy_parts parts{*head};
    member_set seen;
    late_members late;
    const json_token next = this->template object<schema::policies>(
        token, field::none, seen, late,
        [&](auto member, json_token value, member_set seen_now) TLSRPT_HPP_INLINE_LAMBDA {
          if constexpr (member.id == field::policy)
            return this->policy(value, parts);
          else if constexpr (member.id == field::summary)
            return this->summary(value, parts);
          else
            return failures_now_or_late(value, seen_now, parts);
        },
        member_set(schema::policy) | member_set(schema::summary));
    if (next == nullptr) return nullptr;
    if (!late.empty() && !this->read_misplaced(late, seen, parts)) return nullptr;
    if (!parts.has_policy) [[unlikely]] {
      if (!has_counts(parts)) return drop_entry(token, next);
      if (!pass(errc::missing_policy, token, field::none, walk_.value_text(token, next)))
        return nullptr;
      seen.add(field::policy);
    }
    if (!this->template none_missing<schema::policies>(seen, token) || !announce(parts))
      return nullptr;
    if (parts.late_failures != nullptr &&
        late_value(parts.late_failures, [this](json_token v) { return failures(v); }) == nullptr)
      return nullptr;
    ++policies_kept_;
    builder_.end_policy();
    return next;
  }

  /// Whether an element without a policy says something nevertheless: how many sessions there were,
  /// or what failed.
  [[gnu::cold, gnu::noinline]] bool has_counts(const policy_parts& parts) const noexcept {
    if (parts.head.total_successful_session_count.known() ||
        parts.head.total_failure_session_count.known())
      return true;
    if (parts.late_failures == nullptr) return false;
    const char c = walk_.at(parts.late_failures);
    return c == '[' || c == '{';
  }

  /// An element without a policy that says nothing else, either, is not kept.
  [[gnu::cold, gnu::noinline]] json_token drop_entry(json_token token, json_token next) {
    builder_.drop_policy();
    return pass(errc::missing_policy, token, field::none, walk_.value_text(token, next)) ? next
                                                                                         : nullptr;
  }

  /// Failures that come before the policy have to wait: an element that says nothing is not kept,
  /// and a builder that gets the parts in the schema's order has to have the whole policy before.
  json_token failures_now_or_late(json_token value, member_set seen, policy_parts& parts) {
    const bool may_begin = Order == delivery::as_written ||
                           (value < end_ && seen.has(field::summary) && parts.has_policy);
    if (parts.has_policy && may_begin)
      return Order == delivery::as_written || announce(parts) ? failures(value) : nullptr;
    parts.late_failures = value;
    return pass_over(value);
  }

  /// Gives the whole policy to the builder, once.
  bool announce(policy_parts& parts) {
    if (parts.is_announced) return true;
    parts.is_announced = true;
    return begin_if_report(true) && (builder_.announce_policy(parts.policy_string, parts.mx_host) ||
                                     stop(errc::stopped_by_visitor));
  }

  // ---- failure details

  json_token failures(json_token token) {
    std::uint32_t index = 0;
    const auto element = [&](json_token value) -> json_token {
      if (failures_seen_ == limits_.max_failure_details) {
        stop(errc::too_many_failure_details, *value);
        return nullptr;
      }
      ++failures_seen_;
      failure_ = index++;
      const json_token next = walk_.at(value) == '{'
                                  ? failure_details(value)
                                  : wrong_type(value, field::none, errc::wrong_type);
      failure_ = location::npos;
      return next;
    };
    if (walk_.at(token) == '[') [[likely]]
      return array(token, element);
    if (walk_.at(token) != '{' || token >= end_) return wrong_type(token, field::failure_details);
    return pass(errc::not_an_array, token, field::failure_details) ? element(token) : nullptr;
  }

  json_token failure_details(json_token token) {
    failure_details_view* const failure = builder_.begin_failure();
    if (failure == nullptr) {
      stop(errc::out_of_memory);
      return nullptr;
    }
    failure->index = failure_;
    failure->offset = *token;
    member_set seen;
    late_members late;
    const json_token next = this->template object<schema::failure_details>(
        token, field::none, seen, late,
        [&](auto member, json_token value, member_set)
            TLSRPT_HPP_INLINE_LAMBDA { return this->read_to(member, value, *failure); });
    if (next == nullptr || !this->template none_missing<schema::failure_details>(seen, token))
      return nullptr;
    if (builder_.end_failure()) return next;
    stop(errc::stopped_by_visitor, *token);
    return nullptr;
  }

  report_head_view& head_;
  std::uint32_t policies_kept_ = 0, failures_seen_ = 0;
  bool has_metadata_ = false;
  bool has_begun_ = false;
};

}  // namespace tlsrpt::detail

#endif
