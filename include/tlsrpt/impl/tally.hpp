/// @file
/// Bodies of tally.hpp.

#ifndef TLSRPT_HPP_IMPL_TALLY
#define TLSRPT_HPP_IMPL_TALLY

#include <algorithm>

#include <tlsrpt/detail/tally/keys.hpp>
#include <tlsrpt/detail/tally/reader.hpp>
#include <tlsrpt/detail/tally/writer.hpp>
#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

inline tally::tally(tlsrpt::day day, std::string_view host, std::uint64_t sequence,
                    const tally_limits& limits) noexcept
    : day_(day), limits_(limits) {
  detail::tally_part part{.first = sequence, .last = sequence};
  part.host.append(detail::cut_at_character(host, 64));
  lacks_part_ = !parts_.make_room(1);
  if (!lacks_part_) parts_.add(part);
}

inline std::size_t tally::octets() const noexcept {
  return texts_.size() + domains_.octets() + records_.octets() + policies_.octets() +
         failures_.octets();
}

inline bool tally::empty() const noexcept {
  for (std::uint32_t row = 0; row < domains_.size(); ++row)
    if (domains_[row].is_counted()) return false;
  return lost_ == 0 && carried_reports_ == 0;
}

// ---- Counting: first everything that may fail, then what cannot.

/// The row of a key below a parent that has `most` at most; none, with the fault, when it cannot be
/// added.
inline std::uint32_t tally::find_or_add(detail::tally_rows& rows, std::uint32_t parent,
                                        std::string_view key, std::size_t most) noexcept {
  if (fault_ != fault::none) return detail::tally_rows::none;
  const std::uint32_t known = rows.find(parent, key);
  if (known != detail::tally_rows::none) return known;
  if (most == 0 || octets() + detail::row_octets(key) > limits_.octets) {
    fault_ = fault::full;
    return detail::tally_rows::none;
  }
  const std::string_view kept = texts_.copy(key);
  const std::uint32_t added =
      kept.data() == nullptr ? detail::tally_rows::none : rows.add(parent, kept);
  if (added == detail::tally_rows::none) fault_ = fault::no_memory;
  return added;
}

/// Whether a domain may have another row, with `most` octets in all.
inline bool tally::has_room_below(std::uint32_t domain, std::string_view key,
                                  std::size_t most) const noexcept {
  const std::size_t left = most - std::min(most, octets_of_domains_.data()[domain]);
  return detail::row_octets(key) <= left;
}

inline std::uint32_t tally::find_or_add_domain(std::string_view name) noexcept {
  if (!octets_of_domains_.make_room(1)) fault_ = fault::no_memory;
  const std::size_t before = domains_.size();
  const std::size_t left = limits_.domains - std::min(limits_.domains, before);
  const std::uint32_t row = find_or_add(domains_, 0, name, left);
  if (domains_.size() != before) octets_of_domains_.push(detail::row_octets(name));
  return row;
}

inline std::uint32_t tally::find_or_add_policy(std::uint32_t domain,
                                               std::string_view key) noexcept {
  if (fault_ != fault::none) return detail::tally_rows::none;
  const std::size_t before = policies_.size();
  const bool has_room = domains_[domain].below[0] < limits_.policies_per_domain &&
                        has_room_below(domain, key, limits_.octets_per_domain);
  const std::uint32_t row = find_or_add(policies_, domain, key, has_room ? 1 : 0);
  if (policies_.size() != before) {
    link(domains_, policies_, row, 0);
    octets_of_domains_.data()[domain] += detail::row_octets(key);
  }
  return row;
}

inline std::uint32_t tally::find_or_add_record(std::uint32_t domain,
                                               std::string_view text) noexcept {
  if (fault_ != fault::none) return detail::tally_rows::none;
  const std::size_t before = records_.size();
  const bool has_room = domains_[domain].below[1] < limits_.policies_per_domain &&
                        has_room_below(domain, text, limits_.octets_per_domain);
  const std::uint32_t row = find_or_add(records_, domain, text, has_room ? 1 : 0);
  if (records_.size() != before) {
    link(domains_, records_, row, 1);
    octets_of_domains_.data()[domain] += detail::row_octets(text);
  }
  return row;
}

/// The key is in key_, or is that of a failure of another tally.
inline std::uint32_t tally::find_or_add_failure(std::uint32_t policy,
                                                std::string_view key) noexcept {
  if (fault_ != fault::none) return detail::tally_rows::none;
  const std::size_t before = failures_.size();
  // Of the rows below a policy, below[1] are of failures that are not kept apart.
  const std::size_t apart = policies_[policy].below[0] - policies_[policy].below[1];
  const std::uint32_t domain = policies_[policy].parent;
  const bool is_apart = apart < limits_.failures_per_policy &&
                        has_room_below(domain, key, limits_.octets_per_domain / 2);
  if (!is_apart && !detail::is_other_key(key) &&
      failures_.find(policy, key) == detail::tally_rows::none) {
    failure_details_view failure;
    detail::json_taker json(key);
    detail::read_failure_key(json, failure);
    const result_type type = failure.result_type.value;
    key_.clear();
    detail::write_other_key(key_, type);
    key = key_.view();
  }
  const std::uint32_t row = find_or_add(failures_, policy, key, 1);
  if (failures_.size() != before) {
    link(policies_, failures_, row, 0);
    octets_of_domains_.data()[domain] += detail::row_octets(key);
    if (detail::is_other_key(key)) ++policies_[policy].below[1];
  }
  return row;
}

inline void tally::plan_step(detail::tally_rows& rows, std::uint32_t row, unsigned which) noexcept {
  if (fault_ == fault::none && !steps_.push({&rows, row, which})) fault_ = fault::no_memory;
}

inline void tally::plan_policy(const session_policy& policy, std::uint32_t domain,
                               std::string_view recipient) noexcept {
  const host_text about = canonical_host(policy.domain);
  const std::string_view policy_domain =
      policy.domain.empty() ? recipient : std::string_view(about);
  key_.clear();
  if (!policy_keys_.write(key_, policy, policy_domain) || !key_.has_memory()) {
    fault_ = fault::no_memory;
    return;
  }
  const unsigned which = policy.outcome == session_outcome::failed ? 1 : 0;
  const std::uint32_t row = find_or_add_policy(domain, key_.view());
  plan_step(policies_, row, which);
  const std::size_t first = steps_.size();
  for (const failure_details_view& failure : policy.failures) {
    key_.clear();
    detail::write_failure_key(key_, failure);
    if (!key_.has_memory()) fault_ = fault::no_memory;
    const std::uint32_t failure_row = find_or_add_failure(row, key_.view());
    // First the failures of failed sessions.
    plan_step(failures_, failure_row, 1 - which);
  }
  // The session has each of them once, also of those that are not kept apart.
  step* const begin = steps_.data() + first;
  step* const end = steps_.data() + steps_.size();
  std::sort(begin, end, [](const step& a, const step& b) { return a.row < b.row; });
  steps_.drop_from(
      std::unique(begin, end, [](const step& a, const step& b) { return a.row == b.row; }));
}

inline void tally::plan(const session_view& session, std::string_view recipient) noexcept {
  const bool has_policy = std::ranges::any_of(session.policies, [](const session_policy& policy) {
    return policy.outcome != session_outcome::not_counted &&
           policy.type != policy_type::no_policy_found;
  });
  const std::uint32_t domain = find_or_add_domain(recipient);
  plan_step(domains_, domain, 0);
  if (!session.record.empty() && session.record.size() <= detail::longest_kept_record &&
      detail::is_utf8(session.record))
    plan_step(records_, find_or_add_record(domain, session.record), 0);
  for (const session_policy& policy : session.policies) {
    const bool is_counted = policy.outcome != session_outcome::not_counted &&
                            (policy.type != policy_type::no_policy_found || !has_policy);
    if (is_counted && fault_ == fault::none) plan_policy(policy, domain, recipient);
  }
}

inline result<count_outcome> tally::count(const session_view& session) noexcept {
  // What has no part could be merged twice.
  if (lacks_part_) return diagnostic{errc::out_of_memory};
  if (day_of(session.time) != day_) return diagnostic{errc::other_day};
  if (!is_host_name(session.recipient_domain))
    return diagnostic{errc::session_domain, {.in = source::domain}, session.recipient_domain};
  bool has_any = false;
  for (const session_policy& policy : session.policies) {
    if (policy.outcome == session_outcome::not_counted) continue;
    has_any = true;
    if (!policy.domain.empty() && !is_host_name(policy.domain))
      return diagnostic{errc::session_domain, {.in = source::domain}, policy.domain};
  }
  if (session.carries_report) {
    ++carried_reports_;
    return count_outcome::carries_report;
  }
  if (!has_any) return count_outcome::nothing;
  const host_text recipient = canonical_host(session.recipient_domain);
  fault_ = fault::none;
  steps_.clear();
  plan(session, recipient);
  if (fault_ == fault::no_memory) return diagnostic{errc::out_of_memory};
  if (fault_ == fault::full) {
    ++lost_;
    return count_outcome::lost;
  }
  for (const auto& [rows, row, which] : std::span(steps_.data(), steps_.size()))
    rows->count(row, which, 1);
  return count_outcome::counted;
}

/// Whether a domain of another tally fits into what is left, with `octets` of memory in use, to
/// which that of the domain is added if so.
inline bool tally::has_room_for(const tally& other, std::uint32_t domain,
                                std::size_t& octets) const noexcept {
  constexpr std::uint32_t none = detail::tally_rows::none;
  // A failure that is not kept apart may have a longer key than the one that came.
  constexpr std::size_t most_longer = detail::other_reason.size();
  // Of a row that counts something: whether it is not there yet, and where it is if so.
  std::uint32_t at = none;
  const auto is_new = [&at](const detail::tally_rows& rows, std::uint32_t parent,
                            const detail::tally_row& row) {
    at = parent == none ? none : rows.find(parent, row.key);
    return at == none && row.is_counted();
  };
  const detail::tally_row& from = other.domains_[domain];
  if (is_new(domains_, 0, from) && domains_.size() >= limits_.domains) return false;
  const std::uint32_t to = at;
  // What is added: the domain with its records and policies, then its failures.
  std::size_t needed = to == none ? detail::row_octets(from.key) : 0, failures = 0, longer = 0;
  std::size_t policies = to == none ? 0 : domains_[to].below[0];
  std::size_t records = to == none ? 0 : domains_[to].below[1];
  std::size_t all_failures = 0;
  for (std::uint32_t i = from.last[1]; i != none; i = other.records_[i].before)
    if (is_new(records_, to, other.records_[i])) {
      ++records;
      needed += detail::row_octets(other.records_[i].key);
    }
  for (std::uint32_t i = from.last[0]; i != none; i = other.policies_[i].before) {
    if (is_new(policies_, to, other.policies_[i])) {
      ++policies;
      needed += detail::row_octets(other.policies_[i].key);
    }
    const std::uint32_t policy = at;
    std::size_t apart =
        policy == none ? 0 : policies_[policy].below[0] - policies_[policy].below[1];
    for (std::uint32_t j = other.policies_[i].last[0]; j != none; j = other.failures_[j].before) {
      if (!is_new(failures_, policy, other.failures_[j])) continue;
      ++all_failures;
      failures += detail::row_octets(other.failures_[j].key);
      if (!detail::is_other_key(other.failures_[j].key) && ++apart > limits_.failures_per_policy)
        longer += most_longer;
    }
  }
  const std::size_t used = to == none ? 0 : octets_of_domains_.data()[to];
  const auto left = [used, needed](std::size_t most) {
    return most - std::min(most, used + needed);
  };
  if (std::max(policies, records) > limits_.policies_per_domain ||
      (needed != 0 && used + needed > limits_.octets_per_domain))
    return false;
  failures += longer;
  if (const std::size_t most = left(limits_.octets_per_domain / 2); failures > most) {
    // Some are not kept apart, whichever they are.
    constexpr std::size_t octets_of_others =
        detail::result_type_count * (sizeof(detail::tally_row) + detail::longest_other_key);
    failures =
        std::min(failures + all_failures * most_longer, most + from.below[0] * octets_of_others);
  }
  needed += failures;
  if (needed > limits_.octets - std::min(limits_.octets, octets)) return false;
  octets += needed;
  return true;
}

inline result<void> tally::merge(const tally& other, when_full how) noexcept {
  if (other.day_ != day_) return diagnostic{errc::other_day};
  if (parts_.meets(other.parts_)) return diagnostic{errc::part_known};
  detail::arena<std::uint32_t> domains, records, policies, failures;
  if (!domains.reserve(other.domains_.size()) || !records.reserve(other.records_.size()) ||
      !policies.reserve(other.policies_.size()) || !failures.reserve(other.failures_.size()) ||
      !parts_.make_room(other.parts_.all().size()))
    return diagnostic{errc::out_of_memory};
  fault_ = fault::none;
  constexpr std::uint32_t none = detail::tally_rows::none;
  std::uint64_t lost = 0;
  std::size_t used = octets();
  for (std::uint32_t row = 0; row < other.domains_.size(); ++row) {
    const detail::tally_row& domain = other.domains_[row];
    const bool is_lost =
        domain.is_counted() && how == when_full::lose && !has_room_for(other, row, used);
    if (is_lost) lost = saturating_sum(lost, domain.counts[0]);
    domains.push(domain.is_counted() && !is_lost ? find_or_add_domain(domain.key) : none);
  }
  // Rows that count nothing are not there, so an error leaves no trace.
  const auto each = [](const detail::tally_rows& rows, detail::arena<std::uint32_t>& numbers,
                       const detail::arena<std::uint32_t>& parents, const auto& find_or_add) {
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      const std::uint32_t parent = parents.data()[rows[row].parent];
      const bool is_there = rows[row].is_counted() && parent != none;
      numbers.push(is_there ? find_or_add(parent, rows[row].key) : none);
    }
  };
  each(other.records_, records, domains, [this](std::uint32_t domain, std::string_view key) {
    return find_or_add_record(domain, key);
  });
  each(other.policies_, policies, domains, [this](std::uint32_t domain, std::string_view key) {
    return find_or_add_policy(domain, key);
  });
  each(other.failures_, failures, policies, [this](std::uint32_t policy, std::string_view key) {
    return find_or_add_failure(policy, key);
  });
  if (fault_ == fault::full) return diagnostic{errc::tally_full};
  if (fault_ == fault::no_memory) return diagnostic{errc::out_of_memory};
  const auto add = [](detail::tally_rows& to, const detail::tally_rows& from,
                      const detail::arena<std::uint32_t>& numbers) {
    for (std::uint32_t row = 0; row < from.size(); ++row)
      for (unsigned which = 0; which < 2; ++which)
        if (numbers.data()[row] != none && from[row].counts[which] != 0)
          to.count(numbers.data()[row], which, from[row].counts[which]);
  };
  add(domains_, other.domains_, domains);
  add(records_, other.records_, records);
  add(policies_, other.policies_, policies);
  add(failures_, other.failures_, failures);
  for (const detail::tally_part& part : other.parts_.all()) parts_.add(part);
  lost_ = saturating_sum(lost_, saturating_sum(lost, other.lost_));
  carried_reports_ = saturating_sum(carried_reports_, other.carried_reports_);
  return {};
}

inline result<void> tally::count_for_host(std::string_view domain, std::string_view host) noexcept {
  if (!is_host_name(host)) return diagnostic{errc::session_domain, {.in = source::domain}, host};
  const host_text recipient = canonical_host(domain), about = canonical_host(host);
  const std::uint32_t from = domains_.find(0, recipient);
  if (from == detail::tally_rows::none || recipient == about) return {};
  struct copy {
    detail::tally_rows* rows;
    std::uint32_t from, to;
  };
  detail::arena<copy> copies;
  const auto plan_copy = [&](detail::tally_rows& rows, std::uint32_t row, std::uint32_t to) {
    if (fault_ == fault::none && !copies.push({&rows, row, to})) fault_ = fault::no_memory;
  };
  fault_ = fault::none;
  std::uint64_t sessions = 0;
  std::uint32_t to = detail::tally_rows::none;
  for (std::uint32_t row = domains_[from].last[0]; row != detail::tally_rows::none;
       row = policies_[row].before) {
    if (!policies_[row].is_counted() || detail::tlsa_host(policies_[row].key) != about) continue;
    for (const std::uint64_t count : policies_[row].counts) sessions += count;
    to = find_or_add_domain(about);
    const std::uint32_t policy = find_or_add_policy(to, policies_[row].key);
    plan_copy(policies_, row, policy);
    for (std::uint32_t failure = policies_[row].last[0]; failure != detail::tally_rows::none;
         failure = failures_[failure].before)
      plan_copy(failures_, failure, find_or_add_failure(policy, failures_[failure].key));
  }
  if (fault_ == fault::full) return diagnostic{errc::tally_full};
  if (fault_ == fault::no_memory) return diagnostic{errc::out_of_memory};
  if (to != detail::tally_rows::none) domains_.count(to, 0, sessions);
  for (const copy& one : std::span(copies.data(), copies.size()))
    for (unsigned which = 0; which < 2; ++which)
      one.rows->count(one.to, which, (*one.rows)[one.from].counts[which]);
  return {};
}

inline tally_domain tally::domain(std::size_t i) const noexcept {
  const detail::tally_row& row = domains_[static_cast<std::uint32_t>(i)];
  return {row.key, row.counts[0]};
}

/// The keys of the rows of a domain that count something, in its list `which`.
template <class F>
void tally::for_each_below(std::string_view domain, const detail::tally_rows& rows, unsigned which,
                           F&& take) const {
  const host_text name = canonical_host(domain);
  const std::uint32_t parent = domains_.find(0, name);
  if (parent == detail::tally_rows::none) return;
  for (std::uint32_t i = domains_[parent].last[which]; i != detail::tally_rows::none;
       i = rows[i].before)
    if (rows[i].is_counted()) take(rows[i].key);
}

template <std::invocable<std::string_view> Take>
void tally::for_each_record(std::string_view domain, Take&& take) const {
  for_each_below(domain, records_, 1, take);
}

template <std::invocable<std::string_view> Take>
void tally::for_each_tlsa_host(std::string_view domain, Take&& take) const {
  for_each_below(domain, policies_, 0, [&take](std::string_view key) {
    if (const std::string_view host = detail::tlsa_host(key); !host.empty()) take(host);
  });
}

// ---- The text form

template <text_output Out>
result<void> tally::write(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  const detail::tally_text text{day_,     parts_,   lost_,     carried_reports_,
                                domains_, records_, policies_, failures_};
  if (!text.write(out)) return diagnostic{errc::out_of_memory};
  return {};
}

namespace detail {

inline bool tally_reader::read() noexcept {
  if (!header()) return false;
  while (json_.begins_with("{\"d"))
    if (!domain()) return false;
  return json_.is_at_end();
}

inline bool tally_reader::header() noexcept {
  std::string_view date;
  if (!json_.take("{\"_tally\":1,\"day\":") || !json_.string(date)) return false;
  const auto day = day::parse(date);
  if (!day || !json_.take(",\"parts\":[")) return false;
  tally_.day_ = *day;
  while (json_.begins_with("["))
    if (!part() || (!json_.take(",") && !json_.begins_with("]"))) return false;
  std::uint64_t lines = 0;
  return json_.take("]") && number(",\"lost\":", tally_.lost_) &&
         number(",\"reports\":", tally_.carried_reports_) && number(",\"lines\":", lines) &&
         json_.take("}\n");
}

inline bool tally_reader::part() noexcept {
  std::string_view host;
  tally_part part;
  if (!json_.take("[") || !json_.string(host) || host.size() > 64 ||
      !number(",", part.first, UINT64_MAX) || !number(",", part.last, UINT64_MAX) ||
      !json_.take("]") || part.last < part.first)
    return false;
  part.host.append(host);
  if (tally_.parts_.meets(part)) return false;
  if (!tally_.parts_.make_room(1)) {
    tally_.fault_ = tally::fault::no_memory;
    return false;
  }
  tally_.parts_.add(part);
  return true;
}

inline bool tally_reader::domain() noexcept {
  std::string_view name;
  std::uint64_t sessions = 0;
  if (!json_.take("{\"domain\":") || !json_.string(name) || !is_canonical_host_name(name) ||
      !number(",\"sessions\":", sessions) || !json_.take(",\"records\":["))
    return false;
  domain_ = tally_.find_or_add_domain(name);
  if (domain_ == tally_rows::none) return false;
  tally_.domains_.count(domain_, 0, sessions);
  while (json_.begins_with("\"")) {
    std::string_view text;
    if (!json_.string(text) || (!json_.take(",") && !json_.begins_with("]"))) return false;
    const std::uint32_t row = tally_.find_or_add_record(domain_, text);
    if (row == tally_rows::none) return false;
    tally_.records_.count(row, 0, 1);
  }
  if (!json_.take("]}\n")) return false;
  while (json_.begins_with("{\"p"))
    if (!policy()) return false;
  return true;
}

inline bool tally_reader::policy() noexcept {
  if (!json_.take("{\"policy\":")) return false;
  const std::size_t begin = json_.offset();
  policy_type type = policy_type::unknown;
  std::string_view name;
  const auto any = [](std::string_view) { return true; };
  if (!read_policy_key(json_, type, name, any, any)) return false;
  policy_ = tally_.find_or_add_policy(domain_, since(begin));
  std::uint64_t ok = 0, failed = 0;
  if (policy_ == tally_rows::none || !number(",\"ok\":", ok) || !number(",\"failed\":", failed) ||
      !json_.take(",\"failures\":["))
    return false;
  tally_.policies_.count(policy_, 0, ok);
  tally_.policies_.count(policy_, 1, failed);
  while (json_.begins_with("["))
    if (!failure() || (!json_.take(",") && !json_.begins_with("]"))) return false;
  return json_.take("]}\n");
}

inline bool tally_reader::failure() noexcept {
  if (!json_.take("[")) return false;
  const std::size_t begin = json_.offset();
  failure_details_view failure;
  if (!read_failure_key(json_, failure)) return false;
  const std::string_view key = since(begin);
  std::uint64_t hard = 0, soft = 0;
  if (!number(",", hard) || !number(",", soft) || !json_.take("]")) return false;
  const std::uint32_t row = tally_.find_or_add_failure(policy_, key);
  if (row == tally_rows::none) return false;
  tally_.failures_.count(row, 0, hard);
  tally_.failures_.count(row, 1, soft);
  return true;
}

}  // namespace detail

inline result<void> tally::read(std::string_view text, when_full how) noexcept {
  // The limits are for what comes together. A limit that is heeded here would join failures that
  // the text has apart, so that it seems to be another text than is written.
  constexpr std::size_t any = SIZE_MAX;
  tally read(day_, {any, any, any, any, any});
  detail::tally_reader reader(read, text);
  const auto refused = [](std::size_t offset) {
    return diagnostic{errc::not_canonical, {.offset = offset, .in = source::ledger}};
  };
  if (!reader.read()) {
    if (read.fault_ == fault::no_memory || !reader.has_memory())
      return diagnostic{errc::out_of_memory};
    return refused(reader.offset());
  }
  detail::compared_text again(text);
  if (const auto written = read.write(again); !written) return written.error();
  if (!again.is_equal()) return refused(again.size());
  return merge(read, how);
}

constexpr std::string_view first_tally(std::string_view text) noexcept {
  const std::size_t header = text.find('\n');
  if (header == std::string_view::npos) return {};
  constexpr std::string_view label = ",\"lines\":";
  const std::size_t at = text.substr(0, header).rfind(label);
  if (at == std::string_view::npos || text[header - 1] != '}') return {};
  const auto lines = detail::read_number<std::size_t>(
      text.substr(at + label.size(), header - 1 - at - label.size()));
  if (!lines) return {};
  std::size_t end = header + 1;
  for (std::size_t i = 0; i < *lines; ++i) {
    end = text.find('\n', end) + 1;
    if (end == 0) return {};
  }
  return text.substr(0, end);
}

}  // namespace tlsrpt

#endif
