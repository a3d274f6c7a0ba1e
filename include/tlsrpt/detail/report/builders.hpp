/// @file
/// What becomes of the parts of a report as they are read: arrays (parse) or calls (visit).

#ifndef TLSRPT_HPP_DETAIL_REPORT_BUILDERS
#define TLSRPT_HPP_DETAIL_REPORT_BUILDERS

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt::detail {

/// Strings in the arena that belong together. Indexes, since the arena may still move.
struct string_range {
  std::uint32_t first = 0, size = 0;
};

/// The arrays that views of a report point into. They keep their memory from report to report.
struct report_arenas {
  arena<std::string_view> strings;
  arena<failure_details_view> failures;
  arena<policy_view> policies;

  void recycle() noexcept {
    strings.clear();
    failures.clear();
    policies.clear();
  }
  void release() noexcept {
    strings.release();
    failures.release();
    policies.release();
  }
  std::span<const std::string_view> span_of(string_range range) const noexcept {
    return {strings.data() + range.first, range.size};
  }
};

/// Moves a span along with the arena it points into.
template <class T>
void rebase_span(std::span<const T>& span, const T* old_begin, const T* new_begin) noexcept {
  if (!span.empty()) span = {new_begin + (span.data() - old_begin), span.size()};
}

/// Takes the parts of a report as the reader finds them. Functions that return a pointer or a bool
/// return null or false to stop.
template <class B>
concept report_builder = requires(B& builder, const report_head_view& head, std::string_view text,
                                  string_range range) {
  /// The head of the report, once, when it is complete. Only with delivery::by_schema.
  { builder.begin_report(head) } -> std::same_as<bool>;
  /// Begins an element of `policies`: where its values go.
  { builder.begin_policy() } -> std::same_as<policy_head_view*>;
  /// How many strings there are so far.
  { builder.string_count() } -> std::same_as<std::uint32_t>;
  /// Adds a string.
  { builder.string(text) } -> std::same_as<bool>;
  /// All of the policy but its failures is known: `policy-string` and `mx-host` are these.
  { builder.announce_policy(range, range) } -> std::same_as<bool>;
  /// Begins a failure of the policy that was begun last: where its values go.
  { builder.begin_failure() } -> std::same_as<failure_details_view*>;
  { builder.end_failure() } -> std::same_as<bool>;
  builder.end_policy();
  /// The element that was begun is not kept. It has no failures.
  builder.drop_policy();
};

/// Builds the arrays of a report_view.
class array_builder {
 public:
  explicit array_builder(report_arenas& arenas) noexcept : arenas_(arenas) {}

  bool begin_report(const report_head_view&) noexcept { return true; }

  policy_head_view* begin_policy() noexcept {
    failures_first_ = arenas_.failures.size();
    return policy_ = arenas_.policies.extend();
  }
  void drop_policy() noexcept { arenas_.policies.drop_last(); }

  std::uint32_t string_count() const noexcept {
    return static_cast<std::uint32_t>(arenas_.strings.size());
  }
  bool string(std::string_view text) noexcept {
    return arenas_.strings.push(
        text, [this](const std::string_view* old_begin, std::string_view* new_begin, std::size_t) {
          for (policy_view& policy : policies()) {
            rebase_span(policy.policy_string, old_begin, new_begin);
            rebase_span(policy.mx_host, old_begin, new_begin);
          }
        });
  }

  failure_details_view* begin_failure() noexcept {
    return arenas_.failures.extend([this](const failure_details_view* old_begin,
                                          failure_details_view* new_begin, std::size_t) {
      for (policy_view& policy : policies())
        rebase_span(policy.failure_details, old_begin, new_begin);
    });
  }

  bool end_failure() noexcept { return true; }

  bool announce_policy(string_range policy_string, string_range mx_host) noexcept {
    policy_->policy_string = arenas_.span_of(policy_string);
    policy_->mx_host = arenas_.span_of(mx_host);
    return true;
  }
  void end_policy() noexcept {
    policy_->failure_details = {arenas_.failures.data() + failures_first_,
                                arenas_.failures.size() - failures_first_};
  }

 private:
  std::span<policy_view> policies() const noexcept {
    return {arenas_.policies.data(), arenas_.policies.size()};
  }

  report_arenas& arenas_;
  // Of the policy that was begun last.
  policy_view* policy_ = nullptr;
  std::size_t failures_first_ = 0;
};

/// Calls a function of a visitor: whether reading continues. Functions that return nothing never
/// stop it.
template <class F>
bool continues(F&& call) {
  if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
    call();
    return true;
  } else {
    return call();
  }
}

/// Refers to a visitor of any type, so that one reader serves all of them.
class any_visitor {
 public:
  template <class Visitor>
  requires(!std::same_as<std::remove_const_t<Visitor>, any_visitor>) explicit any_visitor(
      Visitor& visitor) noexcept
      : visitor_(const_cast<std::remove_cv_t<Visitor>*>(std::addressof(visitor))),
        on_report_([](void* v, const report_head_view& report) {
          return continues([&] { return static_cast<Visitor*>(v)->on_report(report); });
        }),
        on_policy_([](void* v, const policy_head_view& policy) {
          return continues([&] { return static_cast<Visitor*>(v)->on_policy(policy); });
        }),
        on_failure_([](void* v, const policy_head_view& policy,
                       const failure_details_view& failure) {
          return continues([&] { return static_cast<Visitor*>(v)->on_failure(policy, failure); });
        }) {}

  bool on_report(const report_head_view& report) const { return on_report_(visitor_, report); }
  bool on_policy(const policy_head_view& policy) const { return on_policy_(visitor_, policy); }
  bool on_failure(const policy_head_view& policy, const failure_details_view& failure) const {
    return on_failure_(visitor_, policy, failure);
  }

 private:
  void* visitor_;
  bool (*on_report_)(void*, const report_head_view&);
  bool (*on_policy_)(void*, const policy_head_view&);
  bool (*on_failure_)(void*, const policy_head_view&, const failure_details_view&);
};

/// Gives the parts to a visitor. Only one policy's strings are kept.
class visiting_builder {
 public:
  visiting_builder(report_arenas& arenas, any_visitor visitor) noexcept
      : arenas_(arenas), visitor_(visitor) {}

  bool begin_report(const report_head_view& head) { return visitor_.on_report(head); }

  policy_head_view* begin_policy() noexcept {
    arenas_.strings.clear();
    policy_ = {};
    return &policy_;
  }

  std::uint32_t string_count() const noexcept {
    return static_cast<std::uint32_t>(arenas_.strings.size());
  }
  bool string(std::string_view text) noexcept { return arenas_.strings.push(text); }

  failure_details_view* begin_failure() noexcept {
    failure_ = {};
    return &failure_;
  }

  bool announce_policy(string_range policy_string, string_range mx_host) {
    policy_.policy_string = arenas_.span_of(policy_string);
    policy_.mx_host = arenas_.span_of(mx_host);
    return visitor_.on_policy(policy_);
  }
  bool end_failure() { return visitor_.on_failure(policy_, failure_); }
  void end_policy() noexcept {}
  void drop_policy() noexcept {}

 private:
  report_arenas& arenas_;
  any_visitor visitor_;
  policy_head_view policy_;
  failure_details_view failure_;
};

}  // namespace tlsrpt::detail

#endif
