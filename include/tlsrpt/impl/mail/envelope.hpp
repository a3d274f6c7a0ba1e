/// @file
/// Bodies of envelope.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_ENVELOPE
#define TLSRPT_HPP_IMPL_MAIL_ENVELOPE

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/mail/domain.hpp>
#include <tlsrpt/detail/mail/words.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

constexpr std::string_view name(domain_source from) noexcept {
  switch (from) {
    case domain_source::none:
      break;
    case domain_source::header_field:
      return "header-field";
    case domain_source::file_name:
      return "file-name";
    case domain_source::subject:
      return "subject";
  }
  return {};
}

constexpr inferred_domain infer_policy_domain(const envelope_view& envelope) noexcept {
  const inferred_domain candidates[] = {
      {envelope.report_domain, domain_source::header_field},
      {envelope.file_name.policy_domain, domain_source::file_name},
      {envelope.subject.domain, domain_source::subject},
  };
  for (const inferred_domain& candidate : candidates)
    if (detail::may_be_domain(candidate.policy_domain)) return candidate;
  return {};
}

namespace detail {

/// Whether an ASCII domain is surely not `other`. U-labels and A-labels of one domain look
/// different, so where there are U-labels that cannot be said.
constexpr bool is_other_domain(std::string_view other, std::string_view ascii_domain) noexcept {
  return !has_non_ascii(other) && !same_host(other, ascii_domain);
}

/// Whether `domain` cannot be what a report is about. `inferred` is that of policies without
/// domain.
constexpr bool contradicts_policies(std::string_view domain, const report_view& report,
                                    std::string_view inferred) noexcept {
  if (has_non_ascii(domain)) return false;
  bool differs = false;
  for (const policy_view& policy : report.policies) {
    const std::string_view about = present(policy.policy_domain) ? policy.policy_domain : inferred;
    if (about.empty()) continue;
    if (!is_other_domain(about, domain)) return false;
    // The TLSA records of a mail host say nothing of the domain it serves.
    differs = differs || policy.policy_type.value != policy_type::tlsa;
  }
  return differs;
}

/// What ends a mail address in free text.
inline constexpr charset address_end_octet = charset::range(0, 0x20) | charset("<>()[],;:\\\"'?@");

/// Whether `domain` is the domain of no mail address in `contact_info`, and there is one.
constexpr bool contradicts_contact(std::string_view domain,
                                   std::string_view contact_info) noexcept {
  if (has_non_ascii(domain)) return false;
  bool differs = false;
  take_part(contact_info, "@");
  while (!contact_info.empty()) {
    const std::string_view host = until(take_part(contact_info, "@"), address_end_octet);
    if (host.empty()) continue;
    if (!is_other_domain(host, domain)) return false;
    differs = true;
  }
  return differs;
}

/// Whether two ends of a period are the same: 23:59:59 and the midnight after it mean the same day.
constexpr bool are_similar_ends(std::int64_t a, std::int64_t b) noexcept {
  constexpr std::int64_t day = 86'400;
  const auto [first, second] = std::minmax({a, b});
  return first == second || (first == second - 1 && second % day == 0);
}

/// Reports what compare_envelope() is for.
template <class Sink>
class envelope_comparison {
 public:
  constexpr envelope_comparison(const report_view& report, const inferred_domain& inferred,
                                Sink& sink) noexcept
      : report_(report), inferred_(inferred), sink_(sink) {}

  constexpr void compare(const envelope_view& envelope) {
    domain(errc::header_domain_differs, envelope.report_domain);
    submitter(errc::header_submitter_differs, envelope.report_submitter);
    compare(envelope.file_name);
    compare(envelope.subject);
    report_inferred();
  }

 private:
  constexpr void compare(const file_name_view& name) {
    submitter(errc::file_name_sender_differs, name.sender);
    domain(errc::file_name_domain_differs, name.policy_domain);
    const auto& [start, end] = report_.date_range;
    if (name.begin.known && start.known && name.begin.seconds != start.seconds)
      differs(errc::file_name_range_differs, field::start_datetime, name.begin.text);
    if (name.end.known && end.known && !are_similar_ends(name.end.seconds, end.seconds))
      differs(errc::file_name_range_differs, field::end_datetime, name.end.text);
  }

  constexpr void compare(const subject_view& subject) {
    domain(errc::subject_domain_differs, subject.domain);
    submitter(errc::subject_submitter_differs, subject.submitter);
    // Where an id may not have ":" or "_", senders write "." or "+", so only words count.
    const std::string_view id = report_.report_id;
    if (!id.empty() && !subject.report_id.empty() && !same_words(subject.report_id, id) &&
        !same_words(subject.id_left(), id))
      differs(errc::subject_report_id_differs, field::report_id, subject.report_id);
  }

  constexpr void report_inferred() {
    if (inferred_.source == domain_source::none) return;
    for (const policy_view& policy : report_.policies)
      if (!present(policy.policy_domain))
        sink_(diagnostic{errc::inferred_policy_domain,
                         {.policy = policy.index, .member = field::policy_domain},
                         inferred_.policy_domain});
  }

  constexpr void domain(errc code, std::string_view says) {
    if (!says.empty() && contradicts_policies(says, report_, inferred_.policy_domain))
      differs(code, field::policies, says);
  }
  constexpr void submitter(errc code, std::string_view says) {
    if (!says.empty() && contradicts_contact(says, report_.contact_info))
      differs(code, field::contact_info, says);
  }
  constexpr void differs(errc code, field member, std::string_view says) {
    sink_(diagnostic{code, {.member = member}, says});
  }

  const report_view& report_;
  const inferred_domain& inferred_;
  Sink& sink_;
};

}  // namespace detail

template <diagnostic_sink S>
constexpr inferred_domain compare_envelope(const envelope_view& envelope, const report_view& report,
                                           S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  const bool lacks_domain =
      report.policies.empty() ||
      std::any_of(report.policies.begin(), report.policies.end(),
                  [](const policy_view& policy) { return !present(policy.policy_domain); });
  const inferred_domain inferred = lacks_domain ? infer_policy_domain(envelope) : inferred_domain{};
  if constexpr (detail::is_listening<S>)
    detail::envelope_comparison(report, inferred, sink).compare(envelope);
  return inferred;
}

}  // namespace tlsrpt

#endif
