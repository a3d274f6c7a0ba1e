#include "hosts.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/error.hpp>

#include "../work.hpp"
#include "making.hpp"

namespace reporter {

namespace {

/// A recipient domain, and a mail host that has TLSA records.
using pair_of_names = std::pair<std::string, std::string>;

std::set<pair_of_names> find_pairs(const tlsrpt::tally& tally) {
  std::set<pair_of_names> pairs;
  for (std::size_t i = 0; i < tally.domain_count(); ++i) {
    const std::string domain(tally.domain(i).name);
    tally.for_each_tlsa_host(domain, [&](std::string_view host) {
      if (host != domain) pairs.emplace(domain, host);
    });
  }
  return pairs;
}

std::vector<std::string> addresses_of(const record_answer& record) {
  std::vector<std::string> addresses;
  for (const destination& to : record.destinations)
    if (to.fault.empty()) addresses.push_back(to.address);
  std::ranges::sort(addresses);
  return addresses;
}

}  // namespace

std::string fault_of(const waiting_names::value_type& waiting) {
  const auto& [name, asked] = waiting;
  return "the DNS has no answer" +
         (name == asked ? "" : " about " + asked + ", whose sessions may belong in it");
}

bool count_for_hosts(tlsrpt::tally& tally, const lookup_rules& rules, bool may_wait,
                     const std::function<bool(const std::string&)>& has_report,
                     waiting_names& unanswered) {
  std::set<pair_of_names> pairs = find_pairs(tally);
  std::erase_if(pairs, [&](const pair_of_names& pair) { return has_report(pair.second); });
  std::map<std::string, record_answer> records;
  for (const auto& [domain, host] : pairs) {
    records[domain];
    records[host];
  }
  std::mutex mutex;
  auto next = records.begin();
  const bool is_good = work(records.size(), rules, [&](resolver& resolver) {
    std::unique_lock lock(mutex);
    if (next == records.end()) return false;
    auto& [name, record] = *next++;
    lock.unlock();
    record = look_up(resolver, tally, name);
    return true;
  });
  for (const auto& [domain, host] : pairs)
    if (records[host].is_unanswered)
      unanswered[host] = host;
    else if (may_wait && records[domain].is_unanswered)
      unanswered.emplace(host, domain);
  for (const auto& [domain, host] : pairs) {
    if (unanswered.contains(host)) continue;
    const std::vector<std::string> addresses = addresses_of(records[host]);
    if (addresses.empty() || addresses == addresses_of(records[domain])) continue;
    const auto counted = tally.count_for_host(domain, host);
    if (counted) continue;
    if (counted.error().code == tlsrpt::errc::out_of_memory) throw std::bad_alloc();
    std::string what = host;
    ((what += ": what sessions to ") += domain) += " found is in no report: ";
    say(tally.day(), what += message(counted.error().code));
  }
  return is_good;
}

}  // namespace reporter
