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
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/ledger/policy_table.hpp>
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

  const policy_table& policies() const noexcept { return policies_; }
  /// Gives a policy of an entry its text. False when there is no memory.
  bool set_text(policy_id id, std::string_view text) noexcept {
    return policies_.set_text(id, text, texts_);
  }

  /// Adds an entry that is not there. `text_of(row)` gives the text of the policy of a total; its
  /// data are null when there is no memory. On an error nothing has changed.
  template <class Totals, class TextOf>
  errc add(const entry_values& values, const Totals& totals,
           std::span<const ledger_failure> failures, const share_rules& rules,
           const TextOf& text_of) noexcept;

  /// Adds a copy of an entry of another store, which is not there.
  errc add(const entry_store& other, std::uint32_t number, const share_rules& rules) noexcept;

  class undo_log;

  /// Joins a receipt to those of an entry. Where there is no room for it, that is ledger_full. On
  /// an error nothing has changed.
  result<add_outcome> join(std::uint32_t number, const joined_receipt& more,
                           const share_rules& rules) noexcept {
    return join(number, more, 0, rules, nullptr);
  }

  /// Joins a copy of an entry. Where somebody made up the numbers of one, they differ: then those
  /// of the verified copy count and who vouches for it does, so that nothing that is only claimed
  /// changes what is verified. Of two copies that are both verified, or both claimed, it is the one
  /// whose octets come first. That is associative, commutative and idempotent as long as nothing is
  /// refused. On an error nothing has changed.
  result<add_outcome> join(std::uint32_t number, const entry_store& other, std::uint32_t copy,
                           const share_rules& rules, undo_log* log = nullptr) noexcept {
    const std::strong_ordering order = preference(number, other, copy);
    if (order > 0) return replace(number, other, copy, rules, log);
    joined_receipt receipt = other.receipt_of(copy);
    if (order < 0) receipt.drop_submitters();
    const unsigned flags = order == 0 ? other.slot(copy).flags & of_report : 0u;
    return join(number, receipt, static_cast<std::uint8_t>(flags), rules, log);
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

  /// Octets in use, those included of receipts, contents and policies that were replaced.
  std::size_t octets() const noexcept { return texts_.size() + slots_.size() * sizeof(entry_slot); }
  std::size_t replaced() const noexcept { return replaced_.value + policies_.unused(); }

  /// What is in the store at one time.
  struct mark {
    std::size_t entries = 0, policies = 0, replaced = 0;
    block_store::mark texts{};
    shares::mark reporters{};
  };
  mark end() const noexcept {
    return {slots_.size(), policies_.size(), replaced_.value, texts_.end(), shares_.end()};
  }
  /// Takes out the entries that were added after `earlier`, and takes back what `log` has.
  void rewind(const mark& earlier, const undo_log& log, const share_rules& rules) noexcept;
  /// Counts all entries for their reporters. False when there is no memory, of which it needs none
  /// for those that were counted before.
  bool count_shares(const share_rules& rules) noexcept;

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
    std::size_t policy_octets = 0;  ///< Of texts that nothing else used when the entry came.
    std::uint32_t content_size = 0, receipt_size = 0;
    day first{};
    std::int16_t days = 0;
    std::uint8_t via = 0;
    std::uint8_t flags = 0;

    friend bool operator==(const entry_slot&, const entry_slot&) = default;
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
  const entry_slot& slot(std::uint32_t number) const noexcept { return slots_.data()[number]; }

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
  result<add_outcome> join(std::uint32_t number, const joined_receipt& more, std::uint8_t flags,
                           const share_rules& rules, undo_log* log) noexcept;
  /// Gives an entry the content of a copy.
  result<add_outcome> replace(std::uint32_t number, const entry_store& other, std::uint32_t copy,
                              const share_rules& rules, undo_log* log) noexcept;

  /// What an entry becomes.
  struct changed_entry {
    entry_slot slot{};
    joined_receipt receipt{};
    std::string_view contact{};
    // Before.
    std::string_view reporter{};
    tlsrpt::trust trust = trust::claimed;
    std::size_t used = 0;
  };
  result<add_outcome> change(std::uint32_t number, const changed_entry& changed,
                             const share_rules& rules, undo_log* log) noexcept;
  static void set_receipt(entry_slot& slot, const joined_receipt& receipt) noexcept {
    slot.via = receipt.via;
    slot.seen = receipt.seen;
    if ((slot.flags & period_unknown) != 0) slot.first = receipt.first;
  }

  errc insert(const entry_slot& added, std::string_view reporter, trust trust,
              const share_rules& rules) noexcept;

  /// Octets that nothing has replaced, which the limit is about.
  std::size_t used() const noexcept { return octets() - replaced(); }

  /// Adds those policies of totals that are not here; they have no use yet. False, with nothing
  /// changed, when there is no memory.
  template <class Totals, class TextOf>
  bool add_policies(const Totals& totals, const TextOf& text_of) noexcept {
    const mark earlier = end();
    for (const auto& row : totals) {
      if (row.policy == policy_id::none || policies_.has(row.policy)) continue;
      if (policies_.add(row.policy, row.kind, text_of(row), texts_)) continue;
      drop_policies(earlier);
      return false;
    }
    return true;
  }
  static auto text_in(const entry_store& other) noexcept {
    return [&other](const ledger_total& row) { return other.policies_.find(row.policy)->text; };
  }
  /// Those that were added after `earlier`, with what lies after them; none of them has a use.
  void drop_policies(const mark& earlier) noexcept {
    if (policies_.size() == earlier.policies) return;
    policies_.drop_after(earlier.policies);
    texts_.rewind(earlier.texts);
  }

  static std::size_t own_octets(const entry_slot& slot) noexcept {
    return sizeof(entry_slot) + slot.content_size + slot.receipt_size;
  }
  /// What the entry is counted with for its reporter.
  static std::size_t cost_of(const entry_slot& slot) noexcept {
    return own_octets(slot) + slot.policy_octets;
  }

  arena<entry_slot> slots_;
  number_table numbers_;
  policy_table policies_;
  block_store texts_;
  reset_on_move<std::size_t> replaced_;
  shares shares_;
};

/// Entries as they were before they changed.
class entry_store::undo_log {
  friend class entry_store;
  struct old_entry {
    std::uint32_t number = 0;
    entry_slot slot{};
  };
  arena<old_entry> entries_;
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
  for (std::string_view text : texts) bound += text.size();
  for (const auto& row : totals) bound += size_bound(row);
  for (const ledger_failure& row : failures) bound += size_bound(row);
  const std::size_t receipt_size = size_of(values.receipt);
  if (bound > 0xffffffffu) return errc::ledger_full;
  const mark earlier = end();
  if (!add_policies(totals, text_of)) return errc::out_of_memory;
  char* const room = texts_.room(bound + receipt_size);
  if (room == nullptr) {
    drop_policies(earlier);
    return errc::out_of_memory;
  }

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
  added.policy_octets = policies_.use(totals);
  const errc fault =
      insert(added, values.receipt.reporter(values.contact), values.receipt.trust(), rules);
  if (fault == errc::ok) return fault;
  policies_.leave(totals);
  drop_policies(earlier);
  return fault;
}

inline errc entry_store::add(const entry_store& other, std::uint32_t number,
                             const share_rules& rules) noexcept {
  const entry_slot& theirs = other.slot(number);
  const ledger_entry entry = other.entry(number);
  const mark earlier = end();
  if (!add_policies(entry.totals, text_in(other))) return errc::out_of_memory;
  char* const room = texts_.room(theirs.content_size + std::size_t{theirs.receipt_size});
  if (room == nullptr) {
    drop_policies(earlier);
    return errc::out_of_memory;
  }
  std::memcpy(room, theirs.content, theirs.content_size);
  std::memcpy(room + theirs.content_size, theirs.receipt, theirs.receipt_size);
  entry_slot added = theirs;
  added.content = room;
  added.receipt = room + theirs.content_size;
  added.policy_octets = policies_.use(entry.totals);
  const errc fault = insert(added, entry.reporter, entry.trust, rules);
  if (fault == errc::ok) return fault;
  policies_.leave(entry.totals);
  drop_policies(earlier);
  return fault;
}

/// Keeps what lies in the room at the end of the texts. Its policies are in use.
inline errc entry_store::insert(const entry_slot& added, std::string_view reporter, trust trust,
                                const share_rules& rules) noexcept {
  // What was replaced locks nobody out; it is dropped before it is most of the octets.
  if (slots_.size() >= rules.entries || used() + own_octets(added) > rules.octets)
    return errc::ledger_full;
  if (!reserve(slots_.size() + 1)) return errc::out_of_memory;
  if (const errc fault = shares_.add(reporter, trust, cost_of(added), rules); fault != errc::ok)
    return fault;
  texts_.keep(added.content_size + std::size_t{added.receipt_size});
  numbers_.insert(hash_of(added.digest, numbers_.key()), size());
  slots_.push(added);
  return errc::ok;
}

inline result<add_outcome> entry_store::join(std::uint32_t number, const joined_receipt& more,
                                             std::uint8_t flags, const share_rules& rules,
                                             undo_log* log) noexcept {
  const joined_receipt before = receipt_of(number);
  const std::string_view contact = entry(number).contact;
  changed_entry changed{slot(number),   before, contact, before.reporter(contact),
                        before.trust(), used()};
  joined_receipt& after = changed.receipt;
  after.join(more, contact);
  const bool same_names = std::ranges::equal(before.submitters(), after.submitters()) &&
                          before.more == after.more && before.inferred == after.inferred &&
                          before.inferred_claimed == after.inferred_claimed;
  if (!same_names) {
    const std::size_t size = size_of(after);
    char* const room = texts_.room(size);
    if (room == nullptr) return diagnostic{errc::out_of_memory};
    octet_writer out(room);
    put_receipt(out, after);
    changed.slot.receipt = room;
    changed.slot.receipt_size = static_cast<std::uint32_t>(size);
  }
  changed.slot.flags = static_cast<std::uint8_t>(changed.slot.flags | flags);
  set_receipt(changed.slot, after);
  return change(number, changed, rules, log);
}

inline result<add_outcome> entry_store::replace(std::uint32_t number, const entry_store& other,
                                                std::uint32_t copy, const share_rules& rules,
                                                undo_log* log) noexcept {
  const entry_slot& theirs = other.slot(copy);
  const ledger_entry before = entry(number), after = other.entry(copy);
  changed_entry changed{theirs,          other.receipt_of(copy), after.contact,
                        before.reporter, before.trust,           used()};
  joined_receipt earlier_receipt = receipt_of(number);
  earlier_receipt.drop_submitters();
  changed.receipt.join(earlier_receipt, after.contact);
  const mark earlier = end();
  if (!add_policies(after.totals, text_in(other))) return diagnostic{errc::out_of_memory};
  const std::size_t receipt_size = size_of(changed.receipt);
  char* const room = texts_.room(theirs.content_size + receipt_size);
  if (room == nullptr) {
    drop_policies(earlier);
    return diagnostic{errc::out_of_memory};
  }
  std::memcpy(room, theirs.content, theirs.content_size);
  octet_writer out(room + theirs.content_size);
  put_receipt(out, changed.receipt);
  changed.slot.content = room;
  changed.slot.receipt = room + theirs.content_size;
  changed.slot.receipt_size = static_cast<std::uint32_t>(receipt_size);
  set_receipt(changed.slot, changed.receipt);
  // Texts that only this entry used, and goes on using, are still its own.
  policies_.leave(before.totals);
  changed.slot.policy_octets = policies_.use(after.totals);
  const auto outcome = change(number, changed, rules, log);
  if (outcome) return outcome;
  policies_.leave(after.totals);
  policies_.use(before.totals);
  drop_policies(earlier);
  return outcome;
}

/// Changes an entry, whose new octets lie in the room at the end of the texts.
inline result<add_outcome> entry_store::change(std::uint32_t number, const changed_entry& changed,
                                               const share_rules& rules, undo_log* log) noexcept {
  entry_slot& slot = slots_.data()[number];
  const entry_slot& after = changed.slot;
  if (after == slot) return add_outcome::again;
  const std::string_view reporter = changed.receipt.reporter(changed.contact);
  const trust trust = changed.receipt.trust();
  const std::size_t used_after = used() - own_octets(slot) + own_octets(after);
  if (used_after > std::max(changed.used, rules.octets)) return diagnostic{errc::ledger_full};
  if (log != nullptr && !log->entries_.push({number, slot})) return diagnostic{errc::out_of_memory};
  const errc fault = shares_.move({changed.reporter, changed.trust, cost_of(slot)},
                                  {reporter, trust, cost_of(after)}, rules);
  if (fault != errc::ok) {
    if (log != nullptr) log->entries_.drop_last();
    return diagnostic{fault};
  }
  const bool is_better = changed.trust != trust || changed.reporter != reporter;
  const auto keep = [this](const char* old, std::size_t old_size, const char* now,
                           std::size_t size) noexcept {
    if (now == old) return;
    texts_.keep(size);
    replaced_.value += old_size;
  };
  keep(slot.content, slot.content_size, after.content, after.content_size);
  keep(slot.receipt, slot.receipt_size, after.receipt, after.receipt_size);
  slot = after;
  return is_better ? add_outcome::again_with_better_receipt : add_outcome::again;
}

inline void entry_store::rewind(const mark& earlier, const undo_log& log,
                                const share_rules& rules) noexcept {
  for (std::size_t i = log.entries_.size(); i-- != 0;) {
    const auto& [number, slot] = log.entries_.data()[i];
    policies_.leave(entry(number).totals);
    slots_.data()[number] = slot;
    policies_.use(entry(number).totals);
  }
  while (size() > earlier.entries) {
    const std::uint32_t last = size() - 1;
    policies_.leave(entry(last).totals);
    numbers_.drop_last(hash(last, numbers_.key()), last);
    slots_.drop_last();
  }
  drop_policies(earlier);
  texts_.rewind(earlier.texts);
  replaced_.value = earlier.replaced;
  shares_.rewind(earlier.reporters);
  count_shares(rules);
}

inline bool entry_store::count_shares(const share_rules& rules) noexcept {
  shares_.clear();
  for (std::uint32_t i = 0; i < size(); ++i) {
    const ledger_entry entry = this->entry(i);
    if (!shares_.count_anyway(entry.reporter, entry.trust, cost_of(slot(i)), rules)) return false;
  }
  return true;
}

}  // namespace tlsrpt::detail

#endif
