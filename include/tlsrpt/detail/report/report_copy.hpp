/// @file
/// Copies a report with all that its views point to into one block of memory.

#ifndef TLSRPT_HPP_DETAIL_REPORT_REPORT_COPY
#define TLSRPT_HPP_DETAIL_REPORT_REPORT_COPY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt::detail {

/// Calls f(text_of) for each of `members` of a `View` that has a text; text_of(view) is a reference
/// to it. Members that are objects or arrays are left out.
template <class View, class... Member, class F>
constexpr void for_each_text(const schema::list<Member...>& members, F&& f) {
  schema::for_each(members, [&f](const auto& member) {
    if constexpr (!requires { member.members; }) {
      using value = std::remove_cvref_t<decltype(std::declval<View&>().*member.at)>;
      const auto at = member.at;
      if constexpr (std::is_same_v<value, std::string_view>)
        f([at](auto& view) -> auto& { return view.*at; });
      else if constexpr (requires(value v) { v.text; })
        f([at](auto& view) -> auto& { return (view.*at).text; });
    }
  });
}

/// Measures a report first, and then copies it. Texts that an element of an array has in common
/// with the one before are copied once.
class report_copy {
 public:
  explicit report_copy(const report_view& source) noexcept : source_(source) {
    measure(schema::report, source);
    measure(schema::date_range, source.date_range);
    policies_ = source.policies.size();
    for (const policy_view& policy : source.policies) {
      measure(schema::policy, policy);
      octets_ += policy.policy_string_text.size();
      measure(policy.policy_string);
      measure(policy.mx_host);
      failures_ += policy.failure_details.size();
      const failure_details_view* previous = nullptr;
      for (const failure_details_view& failure : policy.failure_details) {
        measure(schema::failure_details, failure, previous);
        previous = &failure;
      }
    }
  }

  /// Octets that the copy needs besides the report_view itself.
  std::uint64_t size() const noexcept {
    return policies_ * sizeof(policy_view) + failures_ * sizeof(failure_details_view) +
           strings_ * sizeof(std::string_view) + octets_;
  }

  /// Copies the report to `memory`, which is aligned for all of its arrays and has size() octets.
  report_view copy_to(std::byte* memory) noexcept {
    next_policy_ = place<policy_view>(memory, policies_);
    next_failure_ = place<failure_details_view>(memory, failures_);
    next_string_ = place<std::string_view>(memory, strings_);
    next_octet_ = reinterpret_cast<char*>(memory);

    report_view copy = source_;
    keep(schema::report, copy);
    keep(schema::date_range, copy.date_range);
    policy_view* const first = next_policy_;
    for (const policy_view& policy : source_.policies) keep(policy);
    copy.policies = {first, source_.policies.size()};
    return copy;
  }

 private:
  // What is measured is kept in the same order.

  template <class Members, class View>
  void measure(const Members& members, const View& view,
               const std::type_identity_t<View>* previous = nullptr) noexcept {
    for_each_text<View>(members, [&](auto text_of) {
      if (previous == nullptr || text_of(view) != text_of(*previous))
        octets_ += text_of(view).size();
    });
  }
  void measure(std::span<const std::string_view> strings) noexcept {
    strings_ += strings.size();
    for (std::string_view string : strings) octets_ += string.size();
  }

  void keep(const policy_view& source) noexcept {
    policy_view& copy = *std::construct_at(next_policy_++, source);
    keep(schema::policy, copy);
    copy.policy_string_text = kept(copy.policy_string_text);
    copy.policy_string = kept(copy.policy_string);
    copy.mx_host = kept(copy.mx_host);
    failure_details_view* const first = next_failure_;
    for (const failure_details_view& failure : source.failure_details) {
      failure_details_view* const at = std::construct_at(next_failure_++, failure);
      keep(schema::failure_details, *at, at == first ? nullptr : at - 1);
    }
    copy.failure_details = {first, source.failure_details.size()};
  }

  template <class Members, class View>
  void keep(const Members& members, View& copy,
            const std::type_identity_t<View>* previous = nullptr) noexcept {
    for_each_text<View>(members, [&](auto text_of) {
      std::string_view& text = text_of(copy);
      const bool repeats = previous != nullptr && !text.empty() && text == text_of(*previous);
      text = repeats ? text_of(*previous) : kept(text);
    });
  }

  std::span<const std::string_view> kept(std::span<const std::string_view> strings) noexcept {
    std::string_view* const first = next_string_;
    for (std::string_view string : strings) std::construct_at(next_string_++, kept(string));
    return {first, strings.size()};
  }
  std::string_view kept(std::string_view text) noexcept {
    if (!present(text)) return text;
    const std::string_view copy(next_octet_, text.size());
    next_octet_ = std::copy(text.begin(), text.end(), next_octet_);
    return copy;
  }

  /// The beginning of an array in `memory`, which is moved past it.
  template <class T>
  static T* place(std::byte*& memory, std::uint64_t count) noexcept {
    std::byte* const first = memory;
    memory += static_cast<std::size_t>(count) * sizeof(T);
    return reinterpret_cast<T*>(first);
  }
  // So each array ends where the next may begin.
  static_assert(alignof(policy_view) >= alignof(failure_details_view) &&
                alignof(failure_details_view) >= alignof(std::string_view));

  const report_view& source_;
  std::uint64_t policies_ = 0, failures_ = 0, strings_ = 0, octets_ = 0;
  policy_view* next_policy_ = nullptr;
  failure_details_view* next_failure_ = nullptr;
  std::string_view* next_string_ = nullptr;
  char* next_octet_ = nullptr;
};

}  // namespace tlsrpt::detail

#endif
