/// @file
/// The memory of a ledger: entries by digest and the texts of policies by id.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_ENTRY_STORE
#define TLSRPT_HPP_DETAIL_LEDGER_ENTRY_STORE

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/reset_on_move.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/ledger/number_table.hpp>
#include <tlsrpt/detail/ledger/receipts.hpp>
#include <tlsrpt/detail/ledger/shares.hpp>
#include <tlsrpt/detail/ledger/steps.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/errc.hpp>
#include <tlsrpt/ledger_entry.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt::detail {

/// The text of a policy in normal form; empty as long as it is not known.
struct policy_of_id {
  policy_id id = policy_id::none;
  policy_type kind = policy_type::unknown;
  std::string_view text{};
  std::uint64_t uses = 0;  ///< Totals with it. One without any may be used again.
};

/// What an entry is made of, rows excepted.
struct entry_values {
  tlsrpt::digest digest{};
  day first{};
  std::int32_t days = 1;
  std::string_view report_id{}, organization{}, contact{}, about{};
  ledger_flags flags{};  ///< Those of the content.
  joined_receipt receipt{};
  bool is_of_report = false;  ///< Read from the report itself, not from a ledger that says so.
};

/// Reports by digest. What is in it stays where it is until the entry changes.
class entry_store {
 public:
  static constexpr std::uint32_t none = number_table::none;

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(slots_.size()); }

  /// The number of the entry, or none.
  std::uint32_t find(const digest& digest) const noexcept {
    return numbers_.find(hash_of(digest, numbers_.key()),
                         [&](std::uint32_t i) { return slot(i).digest == digest; });
  }

  ledger_entry entry(std::uint32_t number) const noexcept;

  /// Those without use included.
  std::span<const policy_of_id> policies() const noexcept {
    return {policies_.data(), policies_.size()};
  }
  /// Null when no entry has it.
  const policy_of_id* find_policy(policy_id id) const noexcept {
    const std::uint32_t number = find_policy_number(id);
    return number == none || policies_.data()[number].uses == 0 ? nullptr
                                                                : policies_.data() + number;
  }
  /// Gives a policy its text. False when there is no memory.
  bool set_text(policy_id id, std::string_view text) noexcept {
    const std::string_view kept = texts_.copy(text);
    if (kept.data() == nullptr) return false;
    policies_.data()[find_policy_number(id)].text = kept;
    return true;
  }

  /// Adds an entry that is not there. `text_of(row)` gives the text of the policy of a total; its
  /// data are null when there is no memory. On an error nothing has changed.
  template <class Totals, class TextOf>
  errc add(const entry_values& values, const Totals& totals,
           std::span<const ledger_failure> failures, const share_rules& rules,
           const TextOf& text_of) noexcept;

  /// Adds a copy of an entry of another store, which is not there.
  errc add(const entry_store& other, std::uint32_t number, const share_rules& rules) noexcept;

  /// Joins a receipt to those of an entry.
  result<add_outcome> join(std::uint32_t number, const joined_receipt& more,
                           const share_rules& rules) noexcept;

  /// Joins a copy of an entry, for which there is room. Where somebody made up the numbers of one,
  /// they differ: then those of the verified copy count and who vouches for it does, so that
  /// nothing that is only claimed changes what is verified. Of two copies that are both verified,
  /// or both claimed, it is the one whose octets come first. That is associative, commutative and
  /// idempotent.
  result<add_outcome> join(std::uint32_t number, const entry_store& other, std::uint32_t copy,
                           const share_rules& rules) noexcept {
    const std::strong_ordering order = preference(number, other, copy);
    if (order > 0) return replace(number, other, copy, rules);
    joined_receipt receipt = other.receipt_of(copy);
    if (order < 0) receipt.drop_submitters();
    const auto outcome = join(number, receipt, rules);
    if (!outcome || order != 0) return outcome;
    std::uint8_t& flags = slots_.data()[number].flags;
    flags = static_cast<std::uint8_t>(flags | (other.slot(copy).flags & of_report));
    return outcome;
  }
  /// The most octets by which that makes the store larger, receipts excepted.
  std::size_t growth_by(std::uint32_t number, const entry_store& other,
                        std::uint32_t copy) const noexcept {
    if (preference(number, other, copy) <= 0) return 0;
    const std::size_t before = slot(number).content_size, after = other.slot(copy).content_size;
    return after - std::min(before, after) + new_policies(other, copy).octets;
  }
  /// Whether so many octets more are within the limits.
  bool has_room(std::size_t more, const share_rules& rules) const noexcept {
    const std::size_t used = octets() - replaced();
    return more == 0 || (used <= rules.octets && more <= rules.octets - used);
  }

  /// Whether the entry is known to have the numbers of the report with its digest.
  bool is_of_report(std::uint32_t number) const noexcept {
    return (slot(number).flags & of_report) != 0;
  }

  joined_receipt receipt_of(std::uint32_t number) const noexcept {
    joined_receipt receipt = read_receipt(slot(number).receipt);
    receipt.via = slot(number).via;
    receipt.seen = slot(number).seen;
    receipt.first = slot(number).first;
    return receipt;
  }

  tlsrpt::digest digest_of(std::uint32_t number) const noexcept { return slot(number).digest; }
  day first_day_of(std::uint32_t number) const noexcept { return slot(number).first; }
  /// The order of lines: that of their octets. Of entries or of entry_values.
  template <class Entry>
  static bool comes_before(const Entry& a, const Entry& b) noexcept {
    if (a.first != b.first) return a.first < b.first;
    if (a.days != b.days) return digits_and_comma(a.days) < digits_and_comma(b.days);
    return a.digest < b.digest;
  }
  bool comes_before(std::uint32_t a, std::uint32_t b) const noexcept {
    return comes_before(slot(a), slot(b));
  }

  /// Makes room for the entries of another store. False when there is no memory.
  bool reserve_for(const entry_store& other) noexcept {
    // All of them may be there already, so room for that many more would be too much.
    const std::size_t most = std::max(slots_.size(), other.slots_.size());
    return reserve(most);
  }
  /// Makes room for so many entries in all. False when there is no memory.
  bool reserve(std::size_t count) noexcept {
    return count <= slots_.size() ||
           (slots_.make_room(count - slots_.size()) && numbers_.reserve(count, size(), *this));
  }

  /// Octets in use, those included of receipts that were replaced.
  std::size_t octets() const noexcept { return texts_.size() + slots_.size() * sizeof(entry_slot); }
  std::size_t replaced() const noexcept { return replaced_.value; }

  /// What is in the store at one time.
  struct mark {
    std::size_t entries = 0, policies = 0;
    block_store::mark texts{};
  };
  mark end() const noexcept { return {slots_.size(), policies_.size(), texts_.end()}; }
  /// Takes out the entries that were added after `earlier`, when no other has changed since.
  void rewind(const mark& earlier, const share_rules& rules) noexcept;
  /// Counts all entries for their reporters.
  void count_shares(const share_rules& rules) noexcept;

  // For number_table.

  std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
    return hash_of(slot(number).digest, key);
  }

 private:
  // Flags of a slot.
  static constexpr std::uint8_t approximate = 1, clipped = 2, period_unknown = 4, repeated = 8;
  static constexpr std::uint8_t of_report = 16;

  struct entry_slot {
    tlsrpt::digest digest{};
    const char* content = nullptr;
    const char* receipt = nullptr;
    std::int64_t seen = 0;
    std::uint32_t content_size = 0, receipt_size = 0;
    day first{};
    std::int16_t days = 0;
    std::uint8_t via = 0;
    std::uint8_t flags = 0;
  };

  /// Hashes the policies for number_table.
  struct policy_hashes {
    const arena<policy_of_id>& policies;
    std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
      return hash_of(policies.data()[number].id, key);
    }
  };

  /// "10," comes before "2,".
  static short_text<12> digits_and_comma(std::int32_t days) noexcept {
    short_text<12> text;
    put_number(text, days);
    text.append(",");
    return text;
  }

  static std::uint64_t hash_of(const digest& digest, std::uint64_t key) noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, digest.octets().data(), sizeof halves);
    return mixed_bits(mixed_bits(halves[0] ^ key) + halves[1]);
  }
  static std::uint64_t hash_of(policy_id id, std::uint64_t key) noexcept {
    return mixed_bits(static_cast<std::uint64_t>(id) ^ key);
  }

  const entry_slot& slot(std::uint32_t number) const noexcept { return slots_.data()[number]; }

  std::uint32_t find_policy_number(policy_id id) const noexcept {
    return policy_numbers_.find(hash_of(id, policy_numbers_.key()),
                                [&](std::uint32_t i) { return policies_.data()[i].id == id; });
  }

  /// Which of two copies counts: less than 0 for that which is here, 0 when they are equal.
  std::strong_ordering preference(std::uint32_t number, const entry_store& other,
                                  std::uint32_t copy) const noexcept {
    const entry_slot &mine = slot(number), &theirs = other.slot(copy);
    const std::strong_ordering order = compare_contents(mine, theirs);
    if (order == 0) return order;
    const trust by_mine = receipt_of(number).trust(), by_theirs = other.receipt_of(copy).trust();
    return by_mine == by_theirs ? order : by_theirs <=> by_mine;
  }
  static std::strong_ordering compare_contents(const entry_slot& a, const entry_slot& b) noexcept {
    if ((a.flags & b.flags & of_report) != 0) return std::strong_ordering::equal;
    constexpr unsigned of_content = approximate | clipped | period_unknown | repeated;
    if (const auto order = (a.flags & of_content) <=> (b.flags & of_content); order != 0)
      return order;
    if (const auto order = a.days <=> b.days; order != 0) return order;
    if ((a.flags & period_unknown) == 0)
      if (const auto order = a.first <=> b.first; order != 0) return order;
    return std::string_view(a.content, a.content_size) <=>
           std::string_view(b.content, b.content_size);
  }
  /// Gives an entry the content of a copy.
  result<add_outcome> replace(std::uint32_t number, const entry_store& other, std::uint32_t copy,
                              const share_rules& rules) noexcept;

  errc insert(const entry_slot& added, std::string_view reporter, trust trust,
              std::size_t policy_octets, const share_rules& rules) noexcept;
  void drop_after(const mark& earlier, const share_rules& rules) noexcept;

  // ---- policies

  struct amount {
    std::size_t count = 0, octets = 0;
  };
  /// The policies of an entry of another store that are not here, one for each total.
  amount new_policies(const entry_store& other, std::uint32_t number) const noexcept {
    amount more;
    for (const ledger_total& row : other.entry(number).totals) {
      if (row.policy == policy_id::none || find_policy_number(row.policy) != none) continue;
      ++more.count;
      more.octets += other.find_policy(row.policy)->text.size();
    }
    return more;
  }
  /// Makes room for octets of an entry and for policies. Null when there is no memory.
  char* room(std::size_t octets, const amount& policies) noexcept {
    char* const room = texts_.room(octets + policies.octets);
    const bool has_room = policies_.make_room(policies.count) &&
                          policy_numbers_.reserve(policies_.size() + policies.count,
                                                  policies_.size(), policy_hashes{policies_});
    return has_room ? room : nullptr;
  }
  void add_policy(const policy_of_id& policy) noexcept;
  void add_policies(const entry_store& other, const total_range& totals) noexcept {
    for (const ledger_total& row : totals)
      if (row.policy != policy_id::none && find_policy_number(row.policy) == none)
        add_policy(*other.find_policy(row.policy));
  }
  /// Policies of totals that come in or go out. They are there.
  template <class Totals>
  void use_policies(const Totals& totals) noexcept {
    for (const ledger_total& row : totals) {
      if (row.policy == policy_id::none) continue;
      policy_of_id& policy = policies_.data()[find_policy_number(row.policy)];
      if (policy.uses++ == 0) replaced_.value -= policy.text.size();
    }
  }
  void leave_policies(const total_range& totals) noexcept {
    for (const ledger_total& row : totals) {
      if (row.policy == policy_id::none) continue;
      policy_of_id& policy = policies_.data()[find_policy_number(row.policy)];
      if (--policy.uses == 0) replaced_.value += policy.text.size();
    }
  }

  static std::size_t cost_of(const entry_slot& slot) noexcept {
    return sizeof(entry_slot) + slot.content_size + slot.receipt_size;
  }

  arena<entry_slot> slots_;
  number_table numbers_;
  arena<policy_of_id> policies_;
  number_table policy_numbers_;
  block_store texts_;
  reset_on_move<std::size_t> replaced_;
  shares shares_;
};

/// Steps through the entries of a store.
struct entry_step {
  using value_type = ledger_entry;

  const entry_store* store = nullptr;
  std::uint32_t number = 0;

  bool next(ledger_entry& entry) noexcept {
    if (number == store->size()) return false;
    entry = store->entry(number++);
    return true;
  }
};

inline ledger_entry entry_store::entry(std::uint32_t number) const noexcept {
  const entry_slot& slot = this->slot(number);
  octet_reader in(slot.content);
  ledger_entry entry;
  entry.digest = slot.digest;
  entry.report_id = in.text();
  entry.organization = in.text();
  entry.contact = in.text();
  entry.about = in.text();
  entry.flags.approximate = (slot.flags & approximate) != 0;
  entry.flags.clipped = (slot.flags & clipped) != 0;
  entry.flags.period_unknown = (slot.flags & period_unknown) != 0;
  entry.flags.repeated = (slot.flags & repeated) != 0;
  entry.flags.cut = in.number();
  entry.first = first_day_of(number);
  entry.days = slot.days;
  const joined_receipt receipt = receipt_of(number);
  entry.reporter = receipt.reporter(entry.contact);
  entry.trust = receipt.trust();
  entry.via = receipt.via;
  entry.seen = receipt.seen;
  entry.by = receipt.by;
  entry.by_size = static_cast<std::uint8_t>(receipt.size);
  entry.flags.more = receipt.more;
  entry.inferred = receipt.inferred;
  entry.flags.inferred_claimed = receipt.inferred_claimed && receipt.size != 0;
  const std::uint64_t totals = in.number(), failures = in.number();
  const auto size = in.whole<std::uint32_t>();
  entry.totals = total_range({in, totals, entry.about});
  entry.failures = failure_range({octet_reader(in.at() + size), failures, entry.about, {}, {}});
  return entry;
}

template <class Totals, class TextOf>
errc entry_store::add(const entry_values& values, const Totals& totals,
                      std::span<const ledger_failure> failures, const share_rules& rules,
                      const TextOf& text_of) noexcept {
  const std::string_view texts[] = {values.report_id, values.organization, values.contact,
                                    values.about};
  constexpr std::size_t numbers = std::size_t{3} * 10 + sizeof(std::uint32_t);
  std::size_t bound = std::size(texts) + numbers;
  amount policies;
  for (std::string_view text : texts) bound += text.size();
  for (const auto& row : totals) {
    bound += size_bound(row);
    if (row.policy == policy_id::none || find_policy_number(row.policy) != none) continue;
    const std::string_view text = text_of(row);
    if (text.data() == nullptr) return errc::out_of_memory;
    ++policies.count;
    policies.octets += text.size();
  }
  for (const ledger_failure& row : failures) bound += size_bound(row);
  const std::size_t receipt_size = size_of(values.receipt);
  if (bound > 0xffffffffu) return errc::ledger_full;
  char* const room = this->room(bound + receipt_size, policies);
  if (room == nullptr) return errc::out_of_memory;

  octet_writer out(room);
  for (std::string_view text : texts) out.text(text);
  out.number(values.flags.cut);
  out.number(totals.size());
  out.number(failures.size());
  char* const size_at = out.end();
  out.whole(std::uint32_t{0});
  const char* const first_total = out.end();
  std::string_view domain = values.about;
  for (const auto& row : totals) put_total(out, row, domain);
  octet_writer(size_at).whole(static_cast<std::uint32_t>(out.end() - first_total));
  names_before before{values.about, {}, {}};
  for (const ledger_failure& row : failures) put_failure(out, row, before);
  const char* const receipt = out.end();
  put_receipt(out, values.receipt);

  entry_slot added;
  added.digest = values.digest;
  added.content = room;
  added.content_size = static_cast<std::uint32_t>(receipt - room);
  added.receipt = receipt;
  added.receipt_size = static_cast<std::uint32_t>(receipt_size);
  added.seen = values.receipt.seen;
  added.first = values.flags.period_unknown ? values.receipt.first : values.first;
  added.days = static_cast<std::int16_t>(values.days);
  added.via = values.receipt.via;
  const ledger_flags& flags = values.flags;
  added.flags = static_cast<std::uint8_t>(
      (flags.approximate ? approximate : 0u) | (flags.clipped ? clipped : 0u) |
      (flags.period_unknown ? period_unknown : 0u) | (flags.repeated ? repeated : 0u) |
      (values.is_of_report ? of_report : 0u));
  const mark earlier = end();
  const errc fault = insert(added, values.receipt.reporter(values.contact), values.receipt.trust(),
                            policies.octets, rules);
  if (fault != errc::ok) return fault;
  if (policies.count != 0)
    for (const auto& row : totals) {
      if (row.policy == policy_id::none || find_policy_number(row.policy) != none) continue;
      const std::string_view text = text_of(row);
      if (text.data() == nullptr) {
        drop_after(earlier, rules);
        return errc::out_of_memory;
      }
      add_policy({row.policy, row.kind, text});
    }
  use_policies(totals);
  return errc::ok;
}

inline errc entry_store::add(const entry_store& other, std::uint32_t number,
                             const share_rules& rules) noexcept {
  const entry_slot& theirs = other.slot(number);
  const ledger_entry entry = other.entry(number);
  const amount policies = new_policies(other, number);
  const std::size_t size = theirs.content_size + std::size_t{theirs.receipt_size};
  char* const room = this->room(size, policies);
  if (room == nullptr) return errc::out_of_memory;
  std::memcpy(room, theirs.content, theirs.content_size);
  std::memcpy(room + theirs.content_size, theirs.receipt, theirs.receipt_size);
  entry_slot added = theirs;
  added.content = room;
  added.receipt = room + theirs.content_size;
  const errc fault = insert(added, entry.reporter, entry.trust, policies.octets, rules);
  if (fault != errc::ok) return fault;
  if (policies.count != 0) add_policies(other, entry.totals);
  use_policies(entry.totals);
  return errc::ok;
}

/// Keeps what lies in the room at the end of the texts.
inline errc entry_store::insert(const entry_slot& added, std::string_view reporter, trust trust,
                                std::size_t policy_octets, const share_rules& rules) noexcept {
  const std::size_t cost = cost_of(added);
  // Receipts that were replaced lock nobody out; they are dropped before they are most of it.
  if (slots_.size() >= rules.entries || !has_room(cost + policy_octets, rules))
    return errc::ledger_full;
  if (!reserve(slots_.size() + 1)) return errc::out_of_memory;
  if (const errc fault = shares_.add(reporter, trust, cost + policy_octets, rules);
      fault != errc::ok)
    return fault;
  texts_.keep(added.content_size + std::size_t{added.receipt_size});
  numbers_.insert(hash_of(added.digest, numbers_.key()), size());
  slots_.push(added);
  return errc::ok;
}

/// There is room for it. It has no use yet.
inline void entry_store::add_policy(const policy_of_id& policy) noexcept {
  const std::string_view text = texts_.copy(policy.text);
  policy_numbers_.insert(hash_of(policy.id, policy_numbers_.key()),
                         static_cast<std::uint32_t>(policies_.size()));
  policies_.push({policy.id, policy.kind, text, 0});
  replaced_.value += text.size();
}

inline result<add_outcome> entry_store::join(std::uint32_t number, const joined_receipt& more,
                                             const share_rules& rules) noexcept {
  entry_slot& slot = slots_.data()[number];
  const std::string_view contact = entry(number).contact;
  const joined_receipt before = receipt_of(number);
  joined_receipt after = before;
  after.join(more, contact);
  const bool same_names = std::ranges::equal(before.submitters(), after.submitters()) &&
                          before.more == after.more && before.inferred == after.inferred &&
                          before.inferred_claimed == after.inferred_claimed;
  const std::string_view reporter = before.reporter(contact);
  const bool is_better = before.trust() != after.trust() || reporter != after.reporter(contact);
  if (!same_names) {
    const std::size_t size = size_of(after);
    char* const room = texts_.room(size);
    if (room == nullptr) return diagnostic{errc::out_of_memory};
    const std::size_t cost = cost_of(slot);
    if (is_better && !shares_.move({reporter, before.trust(), cost},
                                   {after.reporter(contact), after.trust(), cost}, rules))
      return diagnostic{errc::out_of_memory};
    octet_writer out(room);
    put_receipt(out, after);
    texts_.keep(size);
    replaced_.value += slot.receipt_size;
    slot.receipt = room;
    slot.receipt_size = static_cast<std::uint32_t>(size);
  }
  slot.via = after.via;
  slot.seen = after.seen;
  if ((slot.flags & period_unknown) != 0) slot.first = after.first;
  return is_better ? add_outcome::again_with_better_receipt : add_outcome::again;
}

inline result<add_outcome> entry_store::replace(std::uint32_t number, const entry_store& other,
                                                std::uint32_t copy,
                                                const share_rules& rules) noexcept {
  entry_slot& slot = slots_.data()[number];
  const entry_slot& theirs = other.slot(copy);
  const ledger_entry before = entry(number), after = other.entry(copy);
  joined_receipt receipt = other.receipt_of(copy), earlier = receipt_of(number);
  earlier.drop_submitters();
  receipt.join(earlier, after.contact);
  const amount policies = new_policies(other, copy);
  const std::size_t receipt_size = size_of(receipt);
  char* const room = this->room(theirs.content_size + receipt_size, policies);
  entry_slot replaced = theirs;
  replaced.content = room;
  replaced.receipt = room + theirs.content_size;
  replaced.receipt_size = static_cast<std::uint32_t>(receipt_size);
  replaced.via = receipt.via;
  replaced.seen = receipt.seen;
  if ((replaced.flags & period_unknown) != 0) replaced.first = receipt.first;
  const shares::counted to = {receipt.reporter(after.contact), receipt.trust(), cost_of(replaced)};
  if (room == nullptr || !shares_.move({before.reporter, before.trust, cost_of(slot)}, to, rules))
    return diagnostic{errc::out_of_memory};
  std::memcpy(room, theirs.content, theirs.content_size);
  octet_writer out(room + theirs.content_size);
  put_receipt(out, receipt);
  texts_.keep(theirs.content_size + receipt_size);
  replaced_.value += slot.content_size + std::size_t{slot.receipt_size};
  slot = replaced;
  if (policies.count != 0) add_policies(other, after.totals);
  use_policies(after.totals);
  leave_policies(before.totals);
  const bool is_better = before.trust != to.trust || before.reporter != to.reporter;
  return is_better ? add_outcome::again_with_better_receipt : add_outcome::again;
}

inline void entry_store::rewind(const mark& earlier, const share_rules& rules) noexcept {
  for (std::uint32_t i = static_cast<std::uint32_t>(earlier.entries); i < size(); ++i)
    leave_policies(entry(i).totals);
  drop_after(earlier, rules);
}

inline void entry_store::drop_after(const mark& earlier, const share_rules& rules) noexcept {
  while (slots_.size() > earlier.entries) slots_.drop_last();
  while (policies_.size() > earlier.policies) {
    // None of them has a use.
    replaced_.value -= policies_.data()[policies_.size() - 1].text.size();
    policies_.drop_last();
  }
  texts_.rewind(earlier.texts);
  numbers_.reset(slots_.size(), *this);
  policy_numbers_.reset(policies_.size(), policy_hashes{policies_});
  count_shares(rules);
}

inline void entry_store::count_shares(const share_rules& rules) noexcept {
  shares_.clear();
  for (std::uint32_t i = 0; i < size(); ++i) {
    const ledger_entry entry = this->entry(i);
    shares_.count_anyway(entry.reporter, entry.trust, cost_of(slot(i)), rules);
  }
}

}  // namespace tlsrpt::detail

#endif
