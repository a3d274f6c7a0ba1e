/// Fuzz target: ZIP archives. What is written, in any of the usual ways, must come out as it went
/// in, and damage to it must not be read as something else.

#include <tlsrpt/zip.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "../one_shot_inflater.hpp"
#include "../zip_writer.hpp"
#include "gzip_writer.hpp"
#include "relations.hpp"

namespace {

using tlsrpt::errc;
using tlsrpt::zip_entry;
using tlsrpt::zlib_inflater;

struct read_entry {
  std::string name, content;
  errc code = errc::ok;

  bool operator==(const read_entry&) const = default;
};

struct outcome {
  errc code = errc::ok;
  std::vector<read_entry> entries{};
  std::vector<errc> found{};

  bool operator==(const outcome&) const = default;
};

template <class Inflater = zlib_inflater>
outcome unpack(std::string_view archive, const tlsrpt::limits& limits = {}) {
  outcome all;
  tlsrpt::zip_reader<tlsrpt::lenient, Inflater> reader(limits);
  const auto entries = reader.open(archive, [&](const tlsrpt::diagnostic& d) {
    HOLDS(d.where.offset <= archive.size());
    all.found.push_back(d.code);
  });
  all.code = entries.error().code;
  if (!entries) {
    HOLDS(grade_of(all.code) == tlsrpt::grade::fatal);
    HOLDS(entries.error().where.offset <= archive.size());
    return all;
  }
  std::size_t text = 0;
  for (const zip_entry& entry : *entries) {
    HOLDS(fuzz::lies_within(entry.name, archive));
    HOLDS(entry.offset <= archive.size());
    const auto content = reader.read(entry);
    all.entries.push_back(
        {std::string(entry.name), std::string(content.value_or("")), content.error().code});
    if (!content) continue;
    HOLDS(content->size() == entry.size);
    HOLDS(fuzz::crc_of(*content) == entry.checksum);
    text += content->size();
  }
  HOLDS(text <= limits.max_text_bytes);
  return all;
}

/// Whatever begins like an archive.
void check_data(std::string_view archive) {
  const outcome all = unpack(archive);
  // The one cannot say how far it came, and so is allowed less.
  const outcome one_shot = unpack<support::one_shot_inflater>(archive);
  HOLDS(all.code == one_shot.code && all.found == one_shot.found);
  HOLDS(all.entries.size() == one_shot.entries.size());
  for (std::size_t i = 0; i < all.entries.size(); ++i)
    HOLDS(one_shot.entries[i] == all.entries[i] || one_shot.entries[i].code == errc::text_too_long);
  // Limits at what was read, and one below.
  const std::size_t text =
      std::accumulate(all.entries.begin(), all.entries.end(), std::size_t{0},
                      [](std::size_t sum, const read_entry& e) { return sum + e.content.size(); });
  const bool are_read = std::all_of(all.entries.begin(), all.entries.end(),
                                    [](const read_entry& e) { return e.code == errc::ok; });
  if (all.code != errc::ok || !are_read || text == 0) return;
  tlsrpt::limits limits;
  limits.max_text_bytes = text;
  HOLDS(unpack(archive, limits) == all);
  --limits.max_text_bytes;
  HOLDS(unpack(archive, limits) != all);
}

/// The octets as the contents of an archive.
void check_written(std::string_view bytes) {
  fuzz::numbers random(bytes);
  support::zip_writer writer;
  outcome expected;
  for (std::size_t count = 1 + random.below(5); count > 0; --count) {
    const std::string_view content = bytes.substr(0, random.below(bytes.size() + 1));
    bytes.remove_prefix(content.size());
    const bool is_stored = random.once_in(3);
    auto member =
        support::zip_member::of(std::string(random.below(9), 'n'), content, is_stored ? 0 : 8);
    if (!is_stored) member.data = fuzz::deflated(content, random);
    member.has_descriptor = random.once_in(3);
    member.is_zip64 = random.once_in(3);
    if (random.once_in(3)) member.local_extra.assign(random.below(30), 'x');
    if (random.once_in(3)) member.directory_extra = std::string("PK\5\0extra", 9);
    if (random.once_in(3)) member.comment.assign(random.below(30), 'P');
    expected.entries.push_back({member.name, std::string(content)});
    writer.members.push_back(std::move(member));
  }
  expected.found = {errc::in_zip};
  writer.is_zip64 = random.once_in(3);
  writer.counts_prefix = random.once_in(2);
  if (random.once_in(3)) writer.comment.assign(random.below(100), 'c');
  if (random.once_in(3)) writer.prefix.assign(random.below(100), 'p');
  if (!writer.prefix.empty() && !writer.counts_prefix)
    expected.found.push_back(errc::zip_surroundings);
  std::string archive = writer.archive();
  outcome all = unpack(fuzz::exact_copy(archive).view());
  for (std::size_t i = 0; i < all.entries.size(); ++i)
    if (all.entries[i].code == errc::expansion_ratio) expected.entries[i] = all.entries[i];
  HOLDS(all == expected);
  check_data(fuzz::exact_copy(archive).view());

  // Cut it is never a shorter one, unless its octets are those of another one.
  const std::string cut = archive.substr(0, random.below(archive.size()));
  if (cut.find("PK\5\6") == cut.npos)
    HOLDS(unpack(fuzz::exact_copy(cut).view()).code == errc::zip_truncated);
  archive[random.below(archive.size())] = static_cast<char>(random.next());
  check_data(fuzz::exact_copy(archive).view());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  check_data(bytes);
  check_written(bytes);
  return 0;
}
