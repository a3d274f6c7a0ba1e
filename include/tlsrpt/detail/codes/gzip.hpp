/// @file
/// gzip (RFC 1952) and other containers.

#ifndef TLSRPT_HPP_DETAIL_CODES_GZIP
#define TLSRPT_HPP_DETAIL_CODES_GZIP

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row gzip_codes[] = {
  {errc::gzip_truncated, grade::fatal, "gzip-truncated", "RFC 1952, 2.2",
   "The gzip data ends too early."},
  {errc::gzip_method, grade::fatal, "gzip-method", "RFC 1952, 2.3.1",
   "The gzip data uses a method other than deflate."},
  {errc::gzip_reserved_flags, grade::fatal, "gzip-reserved-flags", "RFC 1952, 2.3.1.2",
   "The gzip header has reserved flags set."},
  {errc::gzip_header_checksum, grade::fatal, "gzip-header-checksum", "RFC 1952, 2.3.1",
   "The checksum of the gzip header is wrong."},
  {errc::gzip_corrupt, grade::fatal, "gzip-corrupt", "RFC 1951",
   "The compressed data is corrupt."},
  {errc::gzip_checksum, grade::fatal, "gzip-checksum", "RFC 1952, 2.3.1",
   "The checksum of the gzip data is wrong."},
  {errc::gzip_length, grade::fatal, "gzip-length", "RFC 1952, 2.3.1",
   "The length in the gzip trailer is wrong."},
  {errc::gzip_zero_padding, grade::note, "gzip-zero-padding", "RFC 1952, 2.2",
   "Zero bytes follow the gzip data."},
  {errc::gzip_trailing_bytes, grade::violation, "gzip-trailing-bytes", "RFC 1952, 2.2",
   "The gzip data is followed by something that is not a gzip member; it is not read."},
  {errc::nested_gzip, grade::fatal, "nested-gzip", "RFC 8460, 5.2",
   "The gzip data contains gzip data again; only one layer is read."},
  {errc::zip_container, grade::fatal, "zip-container", "RFC 8460, 5.2",
   "This is a ZIP archive; zip.hpp reads the reports in one."},
  {errc::zlib_container, grade::fatal, "zlib-container", "RFC 8460, 5.2",
   "This is zlib data without the gzip format; reports are plain JSON or gzip."},
  {errc::bzip2_container, grade::fatal, "bzip2-container", "RFC 8460, 5.2",
   "This is bzip2 data; reports are plain JSON or gzip."},
  {errc::xz_container, grade::fatal, "xz-container", "RFC 8460, 5.2",
   "This is xz data; reports are plain JSON or gzip."},
  {errc::zstd_container, grade::fatal, "zstd-container", "RFC 8460, 5.2",
   "This is Zstandard data; reports are plain JSON or gzip."},
  {errc::utf16_text, grade::fatal, "utf16-text", "RFC 7493, 2.1",
   "The text is UTF-16 or UTF-32; reports are UTF-8."},
  {errc::tnef_container, grade::fatal, "tnef-container", "RFC 8460, 5.3",
   "This is TNEF (winmail.dat), in which Outlook wraps attachments; get the mail without it."},
  {errc::compound_file, grade::fatal, "compound-file", "RFC 8460, 5.3",
   "This is an Outlook message (.msg) or another OLE file; save the mail as .eml instead."},
  {errc::cms_signed, grade::fatal, "cms-signed", "RFC 8460, 5.3",
   "This is CMS signed data, as in S/MIME; the report may be in what was signed."},
  {errc::cms_encrypted, grade::fatal, "cms-encrypted", "RFC 8460, 5.3",
   "This is CMS encrypted data, as in S/MIME; decrypt it first."},
  {errc::cms_other, grade::fatal, "cms-other", "RFC 8460, 5.3",
   "This is CMS compressed or digested data, as in S/MIME, which is not read."},
  {errc::pgp_encrypted, grade::fatal, "pgp-encrypted", "RFC 8460, 5.3",
   "This is OpenPGP encrypted data; decrypt it first."},
  {errc::pdf_document, grade::fatal, "pdf-document", "RFC 8460, 5.2",
   "This is a PDF document; reports are JSON."},
  {errc::dmarc_report, grade::fatal, "dmarc-report", "RFC 8460, 4.4",
   "This is a DMARC report, not a TLS report."},
  {errc::xml_document, grade::fatal, "xml-document", "RFC 8460, 4.4",
   "This is an XML document; reports are JSON."},
  {errc::html_document, grade::fatal, "html-document", "RFC 8460, 4.4",
   "This is an HTML document; reports are JSON."},
  {errc::in_zip, grade::violation, "in-zip", "RFC 8460, 5.2",
   "The report is in a ZIP archive; only gzip is allowed."},
  {errc::zip_surroundings, grade::violation, "zip-surroundings", "APPNOTE, 4.1.9",
   "Other octets precede or follow the ZIP archive; they are not read."},
  {errc::zip_truncated, grade::fatal, "zip-truncated", "APPNOTE, 4.3.16",
   "The ZIP archive has no directory at its end: it is cut or damaged."},
  {errc::zip_directory, grade::fatal, "zip-directory", "APPNOTE, 4.3.12",
   "The directory of the ZIP archive is damaged."},
  {errc::zip_empty, grade::fatal, "zip-empty", "APPNOTE, 4.3.12",
   "The ZIP archive has no entries."},
  {errc::zip_overlap, grade::fatal, "zip-overlap", "APPNOTE, 4.3.6",
   "Entries of the ZIP archive share octets, as in archives made to exhaust memory; none is read."},
  {errc::zip_entry_missing, grade::fatal, "zip-entry-missing", "APPNOTE, 4.3.7",
   "The entry of the ZIP archive is not where the directory says."},
  {errc::zip_encrypted, grade::fatal, "zip-encrypted", "APPNOTE, 4.4.4",
   "The entry of the ZIP archive is encrypted; unpack it with its password first."},
  {errc::zip_method, grade::fatal, "zip-method", "APPNOTE, 4.4.5",
   "The entry of the ZIP archive uses a method other than deflate; unpack it first."},
  {errc::zip_corrupt, grade::fatal, "zip-corrupt", "RFC 1951",
   "The compressed data of the entry of the ZIP archive is corrupt."},
  {errc::zip_checksum, grade::fatal, "zip-checksum", "APPNOTE, 4.4.7",
   "The checksum of the entry of the ZIP archive is wrong."},
  {errc::zip_length, grade::fatal, "zip-length", "APPNOTE, 4.4.8",
   "A length in the directory of the ZIP archive is wrong."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
