/// @file
/// The text for people in a mail with a report.

#ifndef TLSRPT_HPP_DETAIL_WRITE_MAIL_TEXT
#define TLSRPT_HPP_DETAIL_WRITE_MAIL_TEXT

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt::detail {

/// A sum of counts, some of which may be unknown.
struct count_sum {
  std::uint64_t known = 0;
  bool has_unknown = false;

  constexpr void add(session_count count) noexcept {
    known = saturating_sum(known, count.value());
    has_unknown = has_unknown || !count.known();
  }
};

/// Failures of one kind: the same result type at the same mail host under the same type of policy.
struct failure_kind {
  policy_type policy{};
  result_type result{};
  std::string_view host{};
  count_sum count{};

  constexpr bool is_same_kind(const failure_kind& other) const noexcept {
    return policy == other.policy && result == other.result && same_host(host, other.host);
  }
};

/// The kinds of failures of a report. Those that come when there are many already are added up.
class failure_kinds {
 public:
  /// The most kinds that a text lists.
  static constexpr std::size_t most_listed = 5;

  explicit constexpr failure_kinds(const report_view& report) noexcept {
    for (const policy_view& policy : report.policies)
      for (const failure_details_view& failure : policy.failure_details)
        add({policy.policy_type.value,
             failure.result_type.value,
             failure.receiving_mx_hostname,
             {}},
            failure.failed_session_count);
    // The largest come first; equal ones stay in the order of the report.
    for (std::size_t i = 0; i < std::min(size_, most_listed); ++i) {
      std::size_t largest = i;
      for (std::size_t k = i + 1; k < size_; ++k)
        if (kinds_[k].count.known > kinds_[largest].count.known) largest = k;
      std::rotate(kinds_.begin() + i, kinds_.begin() + largest, kinds_.begin() + largest + 1);
    }
    for (std::size_t i = most_listed; i < size_; ++i) {
      rest_.known = saturating_sum(rest_.known, kinds_[i].count.known);
      rest_.has_unknown = rest_.has_unknown || kinds_[i].count.has_unknown;
    }
  }

  constexpr const failure_kind* begin() const noexcept { return kinds_.data(); }
  constexpr const failure_kind* end() const noexcept {
    return kinds_.data() + std::min(size_, most_listed);
  }
  /// Failures of kinds that are not listed.
  constexpr const count_sum& rest() const noexcept { return rest_; }

 private:
  constexpr void add(const failure_kind& kind, session_count count) noexcept {
    std::size_t i = 0;
    while (i < size_ && !kinds_[i].is_same_kind(kind)) ++i;
    if (i == kinds_.size()) return rest_.add(count);
    if (i == size_) kinds_[size_++] = kind;
    kinds_[i].count.add(count);
  }

  std::array<failure_kind, 64> kinds_{};
  std::size_t size_ = 0;
  count_sum rest_{};
};

/// Writes the text. Of the report there are only numbers, registered words and host names in it;
/// the name of the sender's organization if it is short and in ASCII.
template <class Out>
class mail_text_writer {
 public:
  constexpr mail_text_writer(Out& out, const report_view& report, std::string_view about) noexcept
      : out_(out), report_(report), about_(about), kinds_(report) {}

  constexpr void write() noexcept(is_nothrow_output<Out>) {
    line("This is a report about TLS between mail servers (RFC 8460).");
    line();
    if (is_short_ascii(report_.organization_name))
      line("From:     ", report_.organization_name, " <", report_.contact_info, ">");
    else
      line("From:     ", report_.contact_info);
    line("About:    mail to ", about_);
    const period_text period = to_text(report_.date_range);
    line(is_utc_day(report_.date_range) ? "Day:      " : "Period:   ", period, " (UTC)");
    line();
    for (const policy_type type :
         {policy_type::sts, policy_type::tlsa, policy_type::no_policy_found, policy_type::unknown})
      policies(type);
    if (kinds_.rest().known != 0 || kinds_.rest().has_unknown)
      line("  ", text_of(kinds_.rest()), "  in other ways");
    line();
    line("The attached file has the details. Such reports are sent because of the TXT");
    line("record at _smtp._tls.", about_, "; remove the address there to stop them.");
  }

 private:
  /// "at least " and a number.
  using sum_text = short_text<29>;

  template <class... Text>
  constexpr void line(const Text&... texts) noexcept(is_nothrow_output<Out>) {
    (put(out_, std::string_view(texts)), ...);
    put(out_, "\r\n");
  }

  static constexpr bool is_short_ascii(std::string_view text) noexcept {
    constexpr std::size_t longest = 60;
    return !text.empty() && text.size() <= longest && consists_of(text, charset::range(0x20, 0x7e));
  }

  static constexpr sum_text text_of(const count_sum& sum) noexcept {
    sum_text text;
    if (sum.has_unknown) text.append("at least ");
    put_number(text, sum.known);
    return text;
  }

  /// What became of mail under policies of one type.
  constexpr void policies(policy_type type) noexcept(is_nothrow_output<Out>) {
    std::size_t elements = 0;
    std::string_view domain;
    count_sum successful, failed;
    for (const policy_view& policy : report_.policies) {
      if (policy.policy_type.value != type) continue;
      domain = elements++ == 0 || same_host(domain, policy.policy_domain) ? policy.policy_domain
                                                                          : std::string_view();
      successful.add(policy.total_successful_session_count);
      failed.add(policy.total_failure_session_count);
    }
    if (elements == 0) return;
    const sum_text ok = text_of(successful), bad = text_of(failed);
    const bool is_one = successful.known == 1 && !successful.has_unknown;
    const bool has_policy = type == policy_type::sts || type == policy_type::tlsa;
    put(out_, name_of(type));
    if (has_policy && is_host_name(domain)) {
      put(out_, type == policy_type::sts ? " (policy of " : " (TLSA records of ");
      put_name(domain);
      put(out_, ')');
    }
    line(": ", ok, is_one ? " session" : " sessions",
         has_policy ? " with TLS as demanded, " : " with TLS, ", bad, " failed");
    for (const failure_kind& kind : kinds_)
      if (kind.policy == type) failure(kind);
  }

  static constexpr std::string_view name_of(policy_type type) noexcept {
    switch (type) {
      case policy_type::sts:
        return "MTA-STS";
      case policy_type::tlsa:
        return "DANE";
      case policy_type::no_policy_found:
        return "Neither DANE nor MTA-STS";
      default:
        return "Another policy";
    }
  }

  constexpr void failure(const failure_kind& kind) noexcept(is_nothrow_output<Out>) {
    const sum_text count = text_of(kind.count);
    const std::string_view result = name(kind.result);
    put(out_, "  ");
    put(out_, count);
    put(out_, "  ");
    put(out_, result.empty() ? "another failure" : result);
    if (is_host_name(kind.host)) {
      put(out_, " at ");
      put_name(kind.host);
    }
    line();
  }

  constexpr void put_name(std::string_view name) noexcept(is_nothrow_output<Out>) {
    const host_text host = canonical_host(name);
    put(out_, host);
  }

  Out& out_;
  const report_view& report_;
  std::string_view about_;
  failure_kinds kinds_;
};

}  // namespace tlsrpt::detail

#endif
