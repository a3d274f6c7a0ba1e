/// @file
/// The records of a ZIP archive (APPNOTE 6.3.10, section 4.3): its end, its directory, its entries.

#ifndef TLSRPT_HPP_DETAIL_ZIP_DIRECTORY
#define TLSRPT_HPP_DETAIL_ZIP_DIRECTORY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace tlsrpt::detail {

using octet_span = std::span<const std::byte>;

/// The number of `Number`'s size at `at`, which is inside the octets.
template <class Number>
constexpr Number zip_number(octet_span octets, std::size_t at) noexcept {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number = static_cast<Number>(number | std::to_integer<Number>(octets[at + i]) << 8 * i);
  return number;
}
constexpr std::uint16_t zip_16(octet_span octets, std::size_t at) noexcept {
  return zip_number<std::uint16_t>(octets, at);
}
constexpr std::uint32_t zip_32(octet_span octets, std::size_t at) noexcept {
  return zip_number<std::uint32_t>(octets, at);
}
constexpr std::uint64_t zip_64(octet_span octets, std::size_t at) noexcept {
  return zip_number<std::uint64_t>(octets, at);
}

/// A kind of record: its signature, and how long it is at least.
struct zip_record {
  std::uint32_t signature;
  std::size_t size;

  /// Whether the record begins at `at`, and is there in full.
  constexpr bool is_at(octet_span octets, std::size_t at) const noexcept {
    return at <= octets.size() && octets.size() - at >= size && zip_32(octets, at) == signature;
  }
};
inline constexpr zip_record zip_local_header{0x04034b50, 30};
inline constexpr zip_record zip_directory_header{0x02014b50, 46};
inline constexpr zip_record zip_end{0x06054b50, 22};
inline constexpr zip_record zip64_end{0x06064b50, 56};
inline constexpr zip_record zip64_locator{0x07064b50, 20};

/// Stands for a number that has no room in 32 bits and is elsewhere.
inline constexpr std::uint32_t zip_elsewhere = 0xffffffff;

/// Where the directory of an archive is.
struct zip_directory_place {
  std::size_t begin = 0, end = 0;
  std::uint64_t entries = 0;
  /// Octets before the archive, such as a program that unpacks it: they are not in its offsets.
  std::size_t prefix = 0;
  std::size_t archive_end = 0;  ///< With its comment.
};

/// The place of the directory whose end record is at `end`; nothing if it cannot be there.
constexpr std::optional<zip_directory_place> read_zip_end(octet_span archive,
                                                          std::size_t end) noexcept {
  if (!zip_end.is_at(archive, end)) return {};
  const std::size_t comment = zip_16(archive, end + 20);
  if (comment > archive.size() - end - zip_end.size) return {};
  zip_directory_place place{0, end, zip_16(archive, end + 10), 0, end + zip_end.size + comment};
  std::uint64_t size = zip_32(archive, end + 12), offset = zip_32(archive, end + 16);
  bool is_split = zip_16(archive, end + 4) != zip_16(archive, end + 6) ||
                  zip_16(archive, end + 8) != place.entries;
  const std::size_t before = zip64_end.size + zip64_locator.size;
  if (end >= before && zip64_locator.is_at(archive, end - zip64_locator.size) &&
      zip64_end.is_at(archive, end - before)) {
    place.end = end - before;
    place.entries = zip_64(archive, place.end + 32);
    size = zip_64(archive, place.end + 40);
    offset = zip_64(archive, place.end + 48);
    is_split = zip_32(archive, place.end + 16) != zip_32(archive, place.end + 20) ||
               zip_64(archive, place.end + 24) != place.entries;
  }
  if (is_split || size > place.end || offset > place.end - size) return {};
  place.begin = place.end - static_cast<std::size_t>(size);
  place.prefix = place.begin - static_cast<std::size_t>(offset);
  if (place.entries != 0 && !zip_directory_header.is_at(archive, place.begin)) return {};
  return place;
}

/// Looks for the directory from the end of the archive on, as a comment of up to 65535 octets may
/// follow it, and then what gateways add.
constexpr std::optional<zip_directory_place> find_zip_directory(octet_span archive) noexcept {
  constexpr std::size_t longest_comment = 0xffff;
  if (archive.size() < zip_end.size) return {};
  const std::size_t last = archive.size() - zip_end.size;
  for (std::size_t back = 0; back <= std::min(last, longest_comment); ++back)
    if (const auto place = read_zip_end(archive, last - back)) return place;
  return {};
}

/// What an entry of the directory says.
struct zip_directory_entry {
  std::string_view name{};
  std::uint64_t offset = 0, compressed_size = 0, size = 0;
  std::uint32_t checksum = 0;
  std::uint16_t flags = 0, method = 0;
  std::size_t record_size = 0;  ///< Of the entry in the directory.
};

/// Replaces the numbers that are elsewhere with those in the extra field of ZIP64 (APPNOTE, section
/// 4.5.3), as far as they are there.
constexpr void read_zip64_extra(octet_span extra, zip_directory_entry& entry) noexcept {
  constexpr std::uint16_t zip64_field = 1;
  while (extra.size() >= 4) {
    const std::uint16_t id = zip_16(extra, 0);
    octet_span value = extra.subspan(4);
    value = value.first(std::min<std::size_t>(zip_16(extra, 2), value.size()));
    extra = extra.subspan(4 + value.size());
    if (id != zip64_field) continue;
    for (std::uint64_t* const number : {&entry.size, &entry.compressed_size, &entry.offset}) {
      if (*number != zip_elsewhere || value.size() < sizeof *number) continue;
      *number = zip_64(value, 0);
      value = value.subspan(sizeof *number);
    }
    return;
  }
}

/// The entry at the begin of `directory`; nothing when there is none.
inline std::optional<zip_directory_entry> read_zip_entry(octet_span directory) noexcept {
  if (!zip_directory_header.is_at(directory, 0)) return {};
  const std::size_t name = zip_16(directory, 28), extra = zip_16(directory, 30),
                    comment = zip_16(directory, 32);
  zip_directory_entry entry;
  entry.record_size = zip_directory_header.size + name + extra + comment;
  if (entry.record_size > directory.size()) return {};
  const octet_span rest = directory.subspan(zip_directory_header.size);
  entry.name = {reinterpret_cast<const char*>(rest.data()), name};
  entry.flags = zip_16(directory, 8);
  entry.method = zip_16(directory, 10);
  entry.checksum = zip_32(directory, 16);
  entry.compressed_size = zip_32(directory, 20);
  entry.size = zip_32(directory, 24);
  entry.offset = zip_32(directory, 42);
  read_zip64_extra(rest.subspan(name, extra), entry);
  return entry;
}

/// The data of an entry whose header is at `offset`, `size` octets. Its name and its extra field,
/// which may differ from those in the directory, precede them. Nothing when that is not there.
constexpr std::optional<octet_span> find_zip_data(octet_span archive, std::size_t offset,
                                                  std::uint64_t size) noexcept {
  if (!zip_local_header.is_at(archive, offset)) return {};
  const std::size_t header = zip_local_header.size + zip_16(archive, offset + 26) +
                             std::size_t{zip_16(archive, offset + 28)};
  const octet_span rest = archive.subspan(offset);
  if (header > rest.size() || size > rest.size() - header) return {};
  return rest.subspan(header, static_cast<std::size_t>(size));
}

}  // namespace tlsrpt::detail

#endif
