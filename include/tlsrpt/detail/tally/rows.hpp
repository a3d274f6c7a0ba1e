/// @file
/// Counts by a text, each below another row.

#ifndef TLSRPT_HPP_DETAIL_TALLY_ROWS
#define TLSRPT_HPP_DETAIL_TALLY_ROWS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/text/hash.hpp>

namespace tlsrpt {

class tally;

namespace detail {

class tally_reader;

/// The largest count that every reader of JSON understands.
inline constexpr std::uint64_t most_sessions = (std::uint64_t{1} << 53) - 1;

struct tally_row {
  std::string_view key{};  ///< Lives elsewhere.
  std::uint32_t parent = number_table::none;
  std::uint32_t before = number_table::none;  ///< The row of the same parent that was added before.
  /// The last row below this one, in each of the tables with rows below it, and how many there are.
  std::uint32_t last[2] = {number_table::none, number_table::none}, below[2] = {};
  std::uint64_t counts[2] = {};

  bool is_counted() const noexcept { return counts[0] != 0 || counts[1] != 0; }
};

/// The memory that a row with a key takes.
constexpr std::size_t row_octets(std::string_view key) noexcept {
  return sizeof(tally_row) + key.size();
}

/// Rows of one kind. Those with equal parents and keys are the same.
class tally_rows {
 public:
  static constexpr std::uint32_t none = number_table::none;

  std::size_t size() const noexcept { return rows_.size(); }
  const tally_row& operator[](std::uint32_t row) const noexcept { return rows_.data()[row]; }
  tally_row& operator[](std::uint32_t row) noexcept { return rows_.data()[row]; }

  std::uint32_t find(std::uint32_t parent, std::string_view key) const noexcept {
    return table_.find(hash_of(parent, key, table_.key()), [&](std::uint32_t row) {
      return (*this)[row].parent == parent && (*this)[row].key == key;
    });
  }

  /// Adds a row that is not there; none when there is no memory.
  std::uint32_t add(std::uint32_t parent, std::string_view key) noexcept {
    const auto row = static_cast<std::uint32_t>(rows_.size());
    if (row == none || !rows_.make_room(1) || !table_.reserve(rows_.size() + 1, row, *this))
      return none;
    rows_.push({.key = key, .parent = parent});
    table_.insert(hash_of(parent, key, table_.key()), row);
    return row;
  }

  void count(std::uint32_t row, unsigned which, std::uint64_t sessions) noexcept {
    std::uint64_t& count = (*this)[row].counts[which];
    count = sessions > most_sessions - count ? most_sessions : count + sessions;
  }

  std::size_t octets() const noexcept { return rows_.size() * sizeof(tally_row); }

  /// For the table.
  std::uint64_t hash(std::uint32_t row, std::uint64_t key) const noexcept {
    return hash_of((*this)[row].parent, (*this)[row].key, key);
  }

 private:
  static std::uint64_t hash_of(std::uint32_t parent, std::string_view text,
                               std::uint64_t key) noexcept {
    fnv1a hash;
    hash.add(key);
    hash.add(parent);
    hash.append(text);
    return hash.mixed();
  }

  arena<tally_row> rows_;
  number_table table_;
};

/// Links a row to its parent; `table` is 0 or 1.
inline void link(tally_rows& parents, tally_rows& rows, std::uint32_t row,
                 unsigned table) noexcept {
  tally_row& parent = parents[rows[row].parent];
  rows[row].before = parent.last[table];
  parent.last[table] = row;
  ++parent.below[table];
}

/// The rows below one that count something, in the order of their keys. False when there is no
/// memory.
inline bool sort_below(const tally_row& parent, const tally_rows& rows, unsigned table,
                       arena<std::uint32_t>& sorted) noexcept {
  sorted.clear();
  if (!sorted.reserve(parent.below[table])) return false;
  for (std::uint32_t row = parent.last[table]; row != tally_rows::none; row = rows[row].before)
    if (rows[row].is_counted()) sorted.push(row);
  std::sort(sorted.data(), sorted.data() + sorted.size(),
            [&rows](std::uint32_t a, std::uint32_t b) { return rows[a].key < rows[b].key; });
  return true;
}

}  // namespace detail
}  // namespace tlsrpt

#endif
