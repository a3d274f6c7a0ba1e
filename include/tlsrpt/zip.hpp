/// @file
/// ZIP archives. RFC 8460, section 5.2 knows gzip only, but people save and forward reports in
/// archives, and some senders of other reports use them.
///
/// Not in tlsrpt.hpp: a report_parser refuses archives (errc::zip_container), and a program that
/// wants to read them includes this header. Includes `<zlib.h>`; link with zlib.

#ifndef TLSRPT_HPP_ZIP
#define TLSRPT_HPP_ZIP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/bytes.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/gzip.hpp>
#include <tlsrpt/inflater.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// An entry of a ZIP archive, as the directory describes it. What it says is not verified before
/// the entry is read.
struct zip_entry {
  /// As written: any octets, of an unknown character set. Show it as any untrusted text, and never
  /// use it as a path: it may lead anywhere.
  std::string_view name{};
  std::size_t offset = 0;             ///< Of its header in the archive.
  std::uint64_t compressed_size = 0;  ///< Octets of its data in the archive.
  std::uint64_t size = 0;             ///< Octets of its content.
  std::uint32_t checksum = 0;         ///< Of its content: CRC-32.
  std::uint16_t flags = 0;            ///< Bit 0: it is encrypted (APPNOTE, section 4.4.4).
  std::uint16_t method = 0;           ///< 0 for stored, 8 for deflated, others are not read.
};

/// Reads archives: the entries by their directory, and the content of each, in the octets and the
/// time that `limits` allow. ZIP64 is read; archives in several volumes are not. Keep one per
/// thread: it reuses its memory, so after the first few archives it no longer allocates. Move-only.
///
/// What is checked: the directory; that no two entries share octets, which would let a small
/// archive expand without end; of an entry that is read its size, its checksum, and how far it
/// expands. An entry that cannot be read does not keep the others from being read.
///
/// Errors: those of ZIP, in_zip where `Conformance` refuses it, and limits. Offsets count in the
/// archive.
template <conformance Conformance = lenient, inflater Inflater = zlib_inflater>
class zip_reader {
 public:
  /// Allocates nothing yet. Pass `conformance` or `inflater` only if its type is stateful.
  explicit zip_reader(const limits& limits = {}, Conformance conformance = {},
                      Inflater inflater = {}) noexcept
      : limits_(limits), conformance_(conformance), inflater_(std::move(inflater)) {}

  /// Opens an archive, which has to live as long as it is read, and returns its entries but for
  /// directories, in the order of its directory; they live until the next call. Findings: in_zip,
  /// and zip_surroundings, where octets precede or follow the archive.
  ///
  /// Errors: zip_truncated, zip_directory, zip_overlap, zip_empty, compressed_too_long,
  /// too_many_zip_entries, out_of_memory. Complexity: n log n in the number of entries.
  template <diagnostic_sink Sink = ignore_diagnostics>
  result<std::span<const zip_entry>> open(bytes_view archive, Sink&& sink = {}) & noexcept(
      detail::is_nothrow_sink<Sink>);
  /// Deleted: the archive would be gone before it is read.
  template <detail::owning_temporary Archive, class Sink = ignore_diagnostics>
  void open(Archive&& archive, Sink&& sink = {}) & = delete;

  /// The content of an entry of the archive that was opened last: a report, JSON or gzip, or
  /// anything else. It lives until the next call, and as long as the archive.
  ///
  /// Errors: zip_entry_missing, zip_encrypted, zip_method, zip_corrupt, zip_checksum, zip_length,
  /// expansion_ratio, out_of_memory, and text_too_long, which counts what was read of the archive
  /// so far, too. Their subject is the name of the entry. Complexity: linear in the content.
  result<std::string_view> read(const zip_entry& entry) & noexcept;

  /// Gives back all memory. Ends all views.
  void release() noexcept {
    entries_.release();
    extents_.release();
    content_.release();
  }

 private:
  /// The octets of an entry in the archive, its header included.
  struct extent {
    std::size_t begin, end;
  };

  errc check_extents() noexcept;

  limits limits_;
  [[no_unique_address]] Conformance conformance_;
  [[no_unique_address]] Inflater inflater_;
  std::span<const std::byte> archive_;
  std::span<const std::byte> before_directory_;  ///< Where the entries are.
  std::size_t text_left_ = 0;                    ///< Octets that may still be read.
  detail::arena<zip_entry> entries_;
  detail::arena<extent> extents_;
  detail::padded_buffer content_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/zip.hpp>

#endif
