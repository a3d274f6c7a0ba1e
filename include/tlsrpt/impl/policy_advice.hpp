/// @file
/// Bodies of policy_advice.hpp.

#ifndef TLSRPT_HPP_IMPL_POLICY_ADVICE
#define TLSRPT_HPP_IMPL_POLICY_ADVICE

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <tlsrpt/detail/advice/key.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/reasons.hpp>
#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/tlsa_record.hpp>

namespace tlsrpt {

constexpr std::string_view name(policy_matter matter) noexcept {
  constexpr std::string_view names[] = {"no-sts-record", "several-sts-records", "sts-record-syntax",
                                        "no-policy",     "unusable-policy",     "slip",
                                        "unlisted-host", "idle-pattern",        "unusable-tlsa",
                                        "unsigned-tlsa", "other-mode",          "other-patterns",
                                        "other-max-age", "other-tlsa",          "gone-host"};
  const auto place = static_cast<std::size_t>(matter);
  return place < std::size(names) ? names[place] : std::string_view();
}

constexpr bool spoils_sts_policy(errc code) noexcept {
  switch (code) {
    case errc::sts_missing_version:
    case errc::sts_unknown_version:
    case errc::sts_missing_mode:
    case errc::sts_unknown_mode:
    case errc::sts_missing_max_age:
    case errc::sts_max_age_syntax:
    case errc::sts_missing_mx:
      return true;
    default:
      return false;
  }
}

namespace detail {

/// TXT records of MTA-STS policies (RFC 8461, section 3.1).
struct sts_record_count {
  std::size_t all = 0;
  std::size_t with_id = 0;
  std::string_view first{};
};

constexpr bool has_sts_id(std::string_view record) noexcept {
  constexpr std::string_view name = "id=";
  constexpr std::size_t longest_id = 32;
  while (!record.empty()) {
    std::string_view field = trim(take_part(record, ";"), whitespace_octet);
    if (!field.starts_with(name)) continue;
    field.remove_prefix(name.size());
    return !field.empty() && field.size() <= longest_id &&
           until(field, charset::range(0x00, 0xff) - alphanumeric_octet).size() == field.size();
  }
  return false;
}

constexpr sts_record_count count_sts_records(std::span<const std::string_view> records) noexcept {
  constexpr std::string_view start = "v=STSv1";
  sts_record_count count;
  for (std::string_view record : records) {
    if (!record.starts_with(start)) continue;
    if (!trim_front(record.substr(start.size()), whitespace_octet).starts_with(';')) continue;
    if (count.all++ == 0) count.first = record;
    if (has_sts_id(record)) ++count.with_id;
  }
  return count;
}

/// One sentence for a slip in an MTA-STS policy.
constexpr std::string_view remedy_of_policy(errc code) noexcept {
  switch (code) {
    case errc::sts_missing_version:
    case errc::sts_unknown_version:
      return "Begin the policy with the line version: STSv1.";
    case errc::sts_missing_mode:
    case errc::sts_unknown_mode:
      return "Write mode: testing or mode: enforce.";
    case errc::sts_missing_max_age:
    case errc::sts_max_age_syntax:
    case errc::sts_max_age_too_large:
      return "Write max_age: 604800, which is a week, or more.";
    case errc::sts_missing_mx:
    case errc::sts_mx_list:
    case errc::sts_mx_address:
    case errc::sts_mx_pattern:
      return "Write an mx line for each mail host, with its name.";
    default:
      return "Mend that line of the policy.";
  }
}

/// The policy that senders apply today.
struct applied_policy {
  bool is_known = false;
  tlsrpt::certainty certainty = tlsrpt::certainty::sure;
  sts_policy_view read{};
};

template <class Lines>
constexpr applied_policy usable_policy(const Lines& lines, certainty certainty) noexcept {
  bool is_spoilt = false;
  const auto read = parse_sts_policy(lines, [&is_spoilt](const diagnostic& remark) noexcept {
    is_spoilt = is_spoilt || spoils_sts_policy(remark.code);
  });
  if (!read || is_spoilt) return {};
  return {true, certainty, *read};
}

/// The one that is published, if anybody knows; else the first of those reported.
constexpr applied_policy policy_of_today(const published_policies& published,
                                         std::span<const reported_policy> reported) noexcept {
  if (published.sts_policy) return usable_policy(*published.sts_policy, certainty::sure);
  for (const reported_policy& one : reported)
    if (one.kind == policy_type::sts) return usable_policy(one.lines, certainty::likely);
  return {};
}

/// Calls f(host) for each mail host that is known.
template <class F>
constexpr void for_each_mail_host(const published_policies& published, const F& f) {
  if (!published.hosts) return;
  for (const published_host& host : *published.hosts) f(host);
  if (published.hosts->empty()) f(published_host{.name = published.domain});
}

constexpr bool is_mail_host(const published_policies& published, std::string_view host) noexcept {
  bool is_one = false;
  for_each_mail_host(
      published, [&](const published_host& one) { is_one = is_one || same_host(one.name, host); });
  return is_one;
}

/// Whether each mail host of that name, or of any when it is empty, is good; nothing when one of
/// them is not known to be. One that is no mail host any more harms nobody.
template <class F>
constexpr std::optional<bool> about_hosts(const published_policies& published,
                                          std::string_view host, const F& is_good) noexcept {
  if (!published.hosts) return std::nullopt;
  bool is_known = true, is_bad = false;
  for_each_mail_host(published, [&](const published_host& one) {
    if (!host.empty() && !same_host(one.name, host)) return;
    const std::optional<bool> here = is_good(one);
    is_known = is_known && here.has_value();
    is_bad = is_bad || !here.value_or(true);
  });
  if (is_bad) return false;
  if (!is_known) return std::nullopt;
  return true;
}

/// Whether the policy of today lists the mail host, or all where none is named.
constexpr std::optional<bool> lists_hosts(const published_policies& published,
                                          std::string_view host) noexcept {
  const auto today = policy_of_today(published, {});
  return about_hosts(published, host, [&](const published_host& one) -> std::optional<bool> {
    if (!published.sts_policy) return std::nullopt;
    return today.is_known && (!is_host_name(one.name) || today.read.matches(one.name));
  });
}

/// Whether senders can use a TLSA record (RFC 7672, section 3.1).
constexpr bool is_usable(const tlsa_record_view& record) noexcept {
  constexpr std::size_t sha_256_digits = 64, sha_512_digits = 128;
  const bool is_for_mail =
      record.usage == tlsa_usage::dane_ta || record.usage == tlsa_usage::dane_ee;
  const bool has_selector =
      record.selector == tlsa_selector::cert || record.selector == tlsa_selector::spki;
  if (!record.readable() || !is_for_mail || !has_selector) return false;
  switch (record.matching_type) {
    case tlsa_matching_type::full:
      return true;
    case tlsa_matching_type::sha2_256:
      return record.data.size() == sha_256_digits;
    case tlsa_matching_type::sha2_512:
      return record.data.size() == sha_512_digits;
    default:
      return false;
  }
}

constexpr bool has_usable_tlsa(std::span<const std::string_view> records) noexcept {
  return std::ranges::any_of(records, [](std::string_view text) {
    const auto record = parse_tlsa_record(text);
    return record && is_usable(*record);
  });
}

/// Whether a host, or all where the report names none, publishes none of the records that senders
/// saw; nothing when that is not known. Arrays that are no RRset are not compared.
constexpr std::optional<bool> is_tlsa_replaced(const published_policies& published,
                                               const reported_policy& reported) noexcept {
  if (reported.lines.empty() || reported.lines.size() > max_tlsa_records) return std::nullopt;
  return about_hosts(
      published, reported.host, [&](const published_host& one) -> std::optional<bool> {
        if (!one.tlsa || one.tlsa->size() > max_tlsa_records) return std::nullopt;
        return std::ranges::none_of(*one.tlsa, [&](std::string_view today) {
          return std::ranges::any_of(reported.lines, [today](std::string_view before) {
            return tlsa_order(before, today) == 0;
          });
        });
      });
}

constexpr bool has_patterns_of(const sts_policy_view& all, const sts_policy_view& those) noexcept {
  for (std::string_view pattern : those.mx()) {
    bool is_there = false;
    for (std::string_view other : all.mx()) is_there = is_there || same_host(pattern, other);
    if (!is_there) return false;
  }
  return true;
}

constexpr bool same_patterns(const sts_policy_view& a, const sts_policy_view& b) noexcept {
  return has_patterns_of(a, b) && has_patterns_of(b, a);
}

template <class Sink>
class policy_adviser {
 public:
  constexpr policy_adviser(const published_policies& published,
                           std::span<const reported_policy> reported, Sink& sink) noexcept
      : published_(published), reported_(reported), sink_(sink) {
    found_.domain = published.domain;
  }

  constexpr void run() {
    advise_record_of_policy();
    if (published_.sts_policy) advise_text(*published_.sts_policy);
    advise_hosts();
    if (published_.hosts)
      for (const published_host& host : *published_.hosts) advise_tlsa(host);
    for (const reported_policy& one : reported_) compare(one);
  }

 private:
  constexpr void add(policy_matter matter, int severity, party party, std::string_view subject,
                     std::string_view text, std::string_view do_first) {
    found_.matter = matter;
    found_.severity = severity;
    found_.party = party;
    found_.subject = subject;
    found_.text = text;
    found_.do_first = do_first;
    sink_(static_cast<const policy_finding&>(found_));
    found_.reason = errc::ok;
    found_.certainty = certainty::sure;
  }

  constexpr void advise_record_of_policy() {
    if (!published_.sts_records) return;
    const sts_record_count records = count_sts_records(*published_.sts_records);
    const bool has_policy = published_.sts_policy && !published_.sts_policy->empty();
    if (records.all == 0) {
      if (has_policy)
        add(policy_matter::no_sts_record, 3, party::dns, {},
            "There is an MTA-STS policy, but no TXT record at _mta-sts. and the domain, so no "
            "sender looks for it.",
            "Publish a TXT record there: v=STSv1; id= and letters and digits.");
      return;
    }
    if (records.all > 1)
      add(policy_matter::several_sts_records, 3, party::dns, {},
          "There are several TXT records of an MTA-STS policy, which is as none.",
          "Leave one of the records and delete the others.");
    else if (records.with_id == 0)
      add(policy_matter::sts_record_syntax, 3, party::dns, records.first,
          "The TXT record of the MTA-STS policy has no id of 1 to 32 letters and digits, so "
          "senders ignore it.",
          "Publish it as v=STSv1; id= and letters and digits.");
    if (published_.sts_policy && published_.sts_policy->empty())
      add(policy_matter::no_policy, 3, party::policy_host, {},
          "A TXT record says that there is an MTA-STS policy, but none is served.",
          "Serve the policy at /.well-known/mta-sts.txt of mta-sts. and the domain, or delete the "
          "TXT record.");
  }

  constexpr void advise_text(std::string_view text) {
    if (text.empty()) return;
    (void)parse_sts_policy(text, [this](const diagnostic& remark) {
      const bool is_spoilt = spoils_sts_policy(remark.code);
      const bool is_note = !is_spoilt && grade_of(remark.code) == grade::note;
      found_.reason = remark.code;
      add(is_spoilt ? policy_matter::unusable_policy : policy_matter::slip, is_note ? 5 : 3,
          party::policy_text, remark.subject, message(remark.code),
          is_note ? std::string_view() : remedy_of_policy(remark.code));
    });
  }

  constexpr void advise_hosts() {
    const applied_policy policy = policy_of_today(published_, reported_);
    if (!published_.hosts || !policy.is_known || policy.read.mode().value == sts_mode::none) return;
    const int severity = policy.read.mode().value == sts_mode::enforce ? 1 : 3;
    for_each_mail_host(published_, [&](const published_host& host) {
      if (!is_host_name(host.name) || policy.read.matches(host.name)) return;
      found_.certainty = policy.certainty;
      add(policy_matter::unlisted_host, severity, party::policy_text, host.name,
          "The MTA-STS policy does not list the mail host.",
          "Add an mx line for it to the policy, then change the id of the TXT record.");
    });
    for (std::string_view pattern : policy.read.mx()) {
      bool is_used = false;
      for_each_mail_host(published_, [&](const published_host& host) {
        is_used = is_used || matches_mx_pattern(host.name, pattern);
      });
      if (is_used) continue;
      found_.certainty = policy.certainty;
      add(policy_matter::idle_pattern, 5, party::policy_text, pattern,
          "The MTA-STS policy lists a name that no mail host has.", {});
    }
  }

  constexpr void advise_tlsa(const published_host& host) {
    if (!host.tlsa || host.tlsa->empty()) return;
    if (!has_usable_tlsa(*host.tlsa))
      add(policy_matter::unusable_tlsa, 3, party::dns, host.name,
          "The mail host has TLSA records, but senders can use none of them.",
          "Publish 3 1 1 and the SHA-256 digest of its public key in 64 hexadecimal digits.");
    if (host.is_secure && !*host.is_secure)
      add(policy_matter::unsigned_tlsa, 3, party::dns, host.name,
          "The TLSA records of the mail host are not signed, so senders ignore them.",
          "Sign the zone of the mail host by DNSSEC.");
  }

  constexpr void compare(const reported_policy& reported) {
    if (reported.kind == policy_type::sts)
      compare_sts(reported);
    else if (reported.kind == policy_type::tlsa)
      compare_tlsa(reported);
  }

  /// Nothing is compared with a policy that nobody can use.
  constexpr void compare_sts(const reported_policy& reported) {
    const applied_policy today = policy_of_today(published_, {});
    if (!today.is_known || reported.lines.empty()) return;
    const auto before = parse_sts_policy(reported.lines);
    if (!before) return;
    if (before->mode().value != today.read.mode().value)
      add(policy_matter::other_mode, 5, party::nobody, before->mode().text,
          "Senders applied a policy with another mode than today's. They fetch it anew when the id "
          "of the TXT record changes.",
          {});
    if (!same_patterns(*before, today.read))
      add(policy_matter::other_patterns, 5, party::nobody, {},
          "Senders applied a policy with other mx lines than today's. They fetch it anew when the "
          "id of the TXT record changes.",
          {});
    if (before->max_age() != today.read.max_age())
      add(policy_matter::other_max_age, 5, party::nobody, {},
          "Senders applied a policy with another max_age than today's. They fetch it anew when the "
          "id of the TXT record changes.",
          {});
  }

  constexpr void compare_tlsa(const reported_policy& reported) {
    if (!published_.hosts) return;
    if (!reported.host.empty() && !is_mail_host(published_, reported.host)) {
      add(policy_matter::gone_host, 5, party::nobody, reported.host,
          "Senders sent mail to a host that is no mail host of the domain any more.", {});
      return;
    }
    if (is_tlsa_replaced(published_, reported).value_or(false)) {
      found_.certainty = certainty::likely;
      add(policy_matter::other_tlsa, 5, party::nobody, reported.host,
          "No TLSA record that senders saw is published any more: the key was probably changed.",
          {});
    }
  }

  const published_policies& published_;
  std::span<const reported_policy> reported_;
  Sink& sink_;
  policy_finding found_{};
};

}  // namespace detail

template <policy_finding_sink Sink>
constexpr void advise_policies(
    const published_policies& published, std::span<const reported_policy> reported,
    Sink&& sink) noexcept(std::is_nothrow_invocable_v<Sink&, const policy_finding&>) {
  detail::policy_adviser<std::remove_reference_t<Sink>>(published, reported, sink).run();
}

template <text_output Out>
constexpr void write_key(Out&& out,
                         const policy_finding& found) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, "policy.");
  detail::put_key_name(out, found.domain);
  detail::put(out, '.');
  detail::put(out, name(found.matter));
  detail::put(out, ".published");
}

constexpr std::optional<bool> shows_remedy(reason_id reason, std::string_view host,
                                           const published_policies& published,
                                           std::span<const reported_policy> reported) noexcept {
  const auto tlsa = [&](const auto& is_good) {
    return detail::about_hosts(published, host, is_good);
  };
  switch (reason) {
    case reason_id::sts_mx_mismatch:
      return detail::lists_hosts(published, host);
    case reason_id::sts_no_record:
    case reason_id::sts_multiple_records:
    case reason_id::sts_record_syntax: {
      if (!published.sts_records) return std::nullopt;
      const detail::sts_record_count records = detail::count_sts_records(*published.sts_records);
      return records.all == 1 && records.with_id == 1;
    }
    case reason_id::sts_policy_syntax:
      if (!published.sts_policy) return std::nullopt;
      return detail::policy_of_today(published, {}).is_known;
    case reason_id::http_404:
    case reason_id::http_3xx:
      if (!published.sts_policy) return std::nullopt;
      return !published.sts_policy->empty();
    case reason_id::tlsa_unusable:
    case reason_id::tlsa_missing:
      return tlsa([](const published_host& one) -> std::optional<bool> {
        if (!one.tlsa) return std::nullopt;
        return detail::has_usable_tlsa(*one.tlsa);
      });
    case reason_id::dnssec_unsigned_host:
      return tlsa([](const published_host& one) { return one.is_secure; });
    case reason_id::x509_dane_no_match: {
      // Records were changed meanwhile. Whether they fit the certificate no look-up says.
      std::optional<bool> is_replaced;
      for (const reported_policy& one : reported) {
        if (one.kind != policy_type::tlsa) continue;
        if (!host.empty() && !one.host.empty() && !same_host(host, one.host)) continue;
        const auto here = detail::is_tlsa_replaced(published, {one.kind, one.lines, host});
        if (!here) return std::nullopt;
        is_replaced = is_replaced.value_or(true) && *here;
      }
      return is_replaced;
    }
    default:
      return std::nullopt;
  }
}

inline bool looks_mended(const finding& found, day today, const published_policies& published,
                         std::span<const reported_policy> reported) noexcept {
  constexpr std::int32_t quiet_days = 2;
  const bool is_quiet = found.change != change::gone && found.change != change::unconfirmed &&
                        found.change != change::past && today - found.last > quiet_days;
  if (!is_quiet) return false;
  const auto reason = find_reason(found.reason);
  return reason && shows_remedy(*reason, found.host, published, reported).value_or(false);
}

}  // namespace tlsrpt

#endif
