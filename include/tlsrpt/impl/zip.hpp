/// @file
/// Bodies of zip.hpp.

#ifndef TLSRPT_HPP_IMPL_ZIP
#define TLSRPT_HPP_IMPL_ZIP

#include <algorithm>
#include <optional>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/report/gunzip.hpp>
#include <tlsrpt/detail/zip/directory.hpp>

namespace tlsrpt {

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<std::span<const zip_entry>> zip_reader<C, I>::open(
    bytes_view archive, Sink&& sink) & noexcept(detail::is_nothrow_sink<Sink>) {
  detail::deviation_gate gate(conformance_, sink, source::zip);
  const auto refused = [&gate](errc code, std::size_t offset) {
    gate.stop(code, {.offset = offset});
    return gate.error();
  };
  archive_ = archive.span();
  before_directory_ = {};
  text_left_ = limits_.max_text_bytes;
  entries_.clear();
  if (archive_.size() > limits_.max_gzip_bytes)
    return refused(errc::compressed_too_long, limits_.max_gzip_bytes);
  const auto directory = detail::find_zip_directory(archive_);
  if (!directory) return refused(errc::zip_truncated, archive_.size());
  if (directory->entries > limits_.max_zip_entries)
    return refused(errc::too_many_zip_entries, directory->begin);

  std::size_t at = directory->begin;
  for (std::uint64_t i = 0; i < directory->entries; ++i) {
    const auto entry = detail::read_zip_entry(archive_.subspan(at, directory->end - at));
    if (!entry) return refused(errc::zip_directory, at);
    at += entry->record_size;
    if (entry->name.ends_with('/') && entry->size == 0) continue;
    // No entry begins where the directory does, so one that should be after it is missing.
    const auto offset = static_cast<std::size_t>(
        std::min<std::uint64_t>(entry->offset, directory->begin - directory->prefix));
    if (!entries_.push({entry->name, directory->prefix + offset, entry->compressed_size,
                        entry->size, entry->checksum, entry->flags, entry->method}))
      return refused(errc::out_of_memory, at);
  }
  // Entries that are not counted are not lost.
  if (detail::zip_directory_header.is_at(archive_.first(directory->end), at))
    return refused(errc::zip_directory, at);
  before_directory_ = archive_.first(directory->begin);
  if (const errc code = check_extents(); code != errc::ok) return refused(code, directory->begin);
  if (entries_.size() == 0) return refused(errc::zip_empty, directory->begin);

  if (!gate.pass(errc::in_zip, {}, {})) return gate.error();
  const auto pass_surroundings = [&](std::size_t offset, std::size_t size) {
    return size == 0 || gate.pass(errc::zip_surroundings, {.offset = offset}, {});
  };
  if (!pass_surroundings(0, directory->prefix) ||
      !pass_surroundings(directory->archive_end, archive_.size() - directory->archive_end))
    return gate.error();
  return std::span<const zip_entry>(entries_.data(), entries_.size());
}

template <conformance C, inflater I>
errc zip_reader<C, I>::check_extents() noexcept {
  extents_.clear();
  for (const zip_entry& entry : std::span(entries_.data(), entries_.size())) {
    const auto data = detail::find_zip_data(before_directory_, entry.offset, entry.compressed_size);
    if (!data) continue;  // It cannot be read, so nothing is read twice.
    const auto end = static_cast<std::size_t>(data->data() - archive_.data()) + data->size();
    if (!extents_.push({entry.offset, end})) return errc::out_of_memory;
  }
  const std::span all(extents_.data(), extents_.size());
  std::sort(all.begin(), all.end(),
            [](const extent& a, const extent& b) { return a.begin < b.begin; });
  const auto overlap = std::adjacent_find(
      all.begin(), all.end(), [](const extent& a, const extent& b) { return b.begin < a.end; });
  return overlap == all.end() ? errc::ok : errc::zip_overlap;
}

template <conformance C, inflater I>
result<std::string_view> zip_reader<C, I>::read(const zip_entry& entry) & noexcept {
  enum : unsigned { stored = 0, deflated = 8, encrypted = 0x01 };
  const auto fault = [&entry](errc code, std::size_t offset) {
    return diagnostic{code, {.offset = offset, .in = source::zip}, entry.name};
  };
  if (entry.flags & encrypted) return fault(errc::zip_encrypted, entry.offset);
  if (entry.method != stored && entry.method != deflated)
    return fault(errc::zip_method, entry.offset);
  const auto data = detail::find_zip_data(before_directory_, entry.offset, entry.compressed_size);
  if (!data) return fault(errc::zip_entry_missing, entry.offset);
  const auto begin = static_cast<std::size_t>(data->data() - archive_.data());

  std::string_view content(reinterpret_cast<const char*>(data->data()), data->size());
  if (entry.method == stored) {
    if (content.size() > text_left_) return fault(errc::text_too_long, begin);
    text_left_ -= content.size();
  } else {
    limits left = limits_;
    left.max_text_bytes = text_left_;
    const detail::text_bound bound(data->size(), left);
    const auto promised = static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, bound.size));
    if (!content_.reserve(detail::first_room(promised, data->size(), bound.size), 0, bound.size))
      return fault(errc::out_of_memory, begin);
    const detail::inflated_stream stream = detail::inflate_stream(
        *data, content_, 0, bound, detail::usual_room(data->size(), bound.size), inflater_);
    // Entries that are at fault take time, too. A decoder that does not know how far it came may
    // have come as far as it can.
    const bool is_known = stream.code == errc::ok || stream.consumed != 0;
    text_left_ -=
        is_known ? stream.produced
                 : detail::product_up_to(bound.size, detail::largest_deflate_ratio, data->size());
    const bool is_corrupt =
        stream.code == errc::gzip_truncated || stream.code == errc::gzip_corrupt;
    if (stream.code != errc::ok)
      return fault(is_corrupt ? errc::zip_corrupt : stream.code, begin + stream.consumed);
    if (stream.consumed != data->size()) return fault(errc::zip_length, begin + stream.consumed);
    content = {content_.data(), stream.produced};
  }
  if (content.size() != entry.size) return fault(errc::zip_length, entry.offset);
  if (inflater_.crc32(std::as_bytes(std::span(content))) != entry.checksum)
    return fault(errc::zip_checksum, entry.offset);
  return content;
}

}  // namespace tlsrpt

#endif
