#include "viewer.hpp"

#include <optional>
#include <system_error>
#include <utility>

#include <tlsrpt/payload.hpp>

#include "gzip.hpp"
#include "lines.hpp"
#include "mail_start.hpp"
#include "mbox.hpp"

namespace cli {

namespace {

using tlsrpt::errc, tlsrpt::payload;

/// How a ledger begins, and how much is read of one.
constexpr std::string_view ledger_start = "{\"_ledger\":";
constexpr std::size_t max_ledger_bytes = std::size_t{1} << 30;

bool has_failed(const source_error& error) {
  return !std::holds_alternative<std::monostate>(error);
}

/// The error of content that is longer than what is read of it.
tlsrpt::diagnostic error_of_length(payload kind, std::size_t limit) {
  if (kind == payload::gzip)
    return {errc::compressed_too_long, {.offset = limit, .in = tlsrpt::source::gzip}};
  return {errc::text_too_long, {.offset = limit}};
}

}  // namespace

viewer::viewer(moved_mails& moved, bool strict, std::optional<std::int64_t> now, sink& to)
    : to_(to),
      reader_(strict, now),
      mails_(strict, reader_, to),
      zip_(reader_.limits(), rules_of(strict)),
      inner_zip_(reader_.limits(), rules_of(strict)),
      moved_(moved) {}

void viewer::show(const input& in, input_share share) {
  share_ = share;
  const input_place place{in.name};
  if (in.error && share.number == 0) return to_.take({place, unreadable{in.error.message()}});
  std::string name = in.name;
  // Whoever reads mail may rename one again and again.
  constexpr int attempts = 8;
  for (int attempt = 0;; ++attempt) {
    source_file from(name, in.is_regular);
    const bool is_missing = from.code() == std::errc::no_such_file_or_directory;
    if (!in.is_in_maildir || !is_missing || attempt == attempts) return show_file({name}, from);
    const std::optional<std::string> moved = moved_.find(name, attempt != 0);
    if (!moved) return show_file(place, from);
    if (moved->empty()) return;
    name = *moved;
  }
}

void viewer::show_file(const input_place& place, source_file& from) {
  reader_.begin_file();
  show_content(place, from, {});
}

void viewer::show_content(const input_place& place, source& from, const layers& around) {
  std::string content;
  from.fill(content, mail_start_size);
  const mail_kind mail = kind_of_mail(content);
  if (mail == mail_kind::mbox) return show_mbox(place, from, content, around);
  if (share_.number != 0) return;
  if (mail == mail_kind::emlx) return show_emlx(place, from, content);
  if (to_.wants_ledgers() && content.starts_with(ledger_start))
    return show_ledger(place, from, content);
  const payload kind = tlsrpt::classify_payload(content);
  if (mail == mail_kind::none && kind == payload::gzip)
    return show_gzip(place, from, content, around);
  const std::size_t limit =
      mail == mail_kind::none ? reader_.limits().max_text_bytes : max_mail_bytes;
  from.fill(content, limit + 1);
  if (has_failed(from.error())) return take_error(place, from.error());
  if (mail == mail_kind::mail) return mails_.show(place, content);
  if (mail == mail_kind::piece) return show_piece_of_mail(place, content);
  if (kind == payload::zip) return show_zip(place, content, around);
  if (content.size() > limit) return to_.take({place, error_of_length(kind, limit)});
  show_reports(place, content, around);
}

/// Mails and archives in gzip are read as they come out of it, reports by their reader. Most gzip
/// data are one small report, so that is tried first.
void viewer::show_gzip(const input_place& place, source& from, std::string& content,
                       layers around) {
  if (from.ended() && !has_failed(from.error()) && show_if_report(place, content, around)) return;
  const std::string start = beginning_in_gzip(content, reader_.limits());
  const bool is_wrapped =
      kind_of_mail(start) != mail_kind::none || tlsrpt::classify_payload(start) == payload::zip;
  if (is_wrapped && !std::exchange(around.has_gzip, true)) {
    resumed_source compressed(content, from);
    gzip_source inside(compressed, reader_.limits());
    return show_content(place, inside, around);
  }
  const std::size_t limit = reader_.limits().max_text_bytes;
  from.fill(content, limit + 1);
  if (has_failed(from.error())) return take_error(place, from.error());
  if (content.size() > limit) return to_.take({place, error_of_length(payload::gzip, limit)});
  show_reports(place, content, around);
}

/// Each entry of an archive is shown as if it were a file.
void viewer::show_zip(const input_place& place, std::string_view archive, layers around) {
  if (++around.zips > 2)
    return to_.take({place, unreadable{"an archive in an archive in an archive is not read; "
                                       "unpack it first"}});
  zip_reader& zip = around.zips == 1 ? zip_ : inner_zip_;
  findings found;
  const auto entries = zip.open(archive, found);
  if (!entries) return to_.take({place, entries.error(), &found});
  around.found = &found;
  around.has_gzip = false;
  for (const tlsrpt::zip_entry& entry : *entries) {
    // What macOS notes about the other entries.
    if (entry.name.starts_with("__MACOSX/")) continue;
    input_place inside = place;
    (inside.entry += inside.entry.empty() ? "" : ", entry ") += entry.name;
    if (const auto content = zip.read(entry)) {
      memory_source octets(*content);
      show_content(inside, octets, around);
    } else {
      to_.take({inside, content.error(), &found});
    }
  }
}

void viewer::show_ledger(const input_place& place, source& from, std::string& content) {
  from.fill(content, max_ledger_bytes + 1);
  if (has_failed(from.error())) return take_error(place, from.error());
  if (content.size() > max_ledger_bytes)
    return to_.take({place, error_of_length(payload::json, max_ledger_bytes)});
  to_.take_ledger(place, content);
}

void viewer::show_mbox(input_place place, source& from, std::string& content,
                       const layers& around) {
  // All mails in one archive may have so much text.
  const input_share share = around.is_file() ? share_ : input_share{};
  mbox_reader mails(from, content);
  while (const auto mail = mails.next(max_mail_bytes)) {
    if (++place.message % share.count != share.number) continue;
    if (around.is_file()) reader_.begin_file();  // what is in memory is not more for it
    if (mail->is_too_long)
      to_.take({place, error_of_mail(errc::mail_too_long)});
    else
      mails_.show(place, mail->octets);
  }
  place.message = 0;
  if (has_failed(from.error()) && share.number == 0) take_error(place, from.error());
}

/// What follows the mail is what Apple Mail knows about it.
void viewer::show_emlx(const input_place& place, source& from, std::string& content) {
  const emlx_extent mail = extent_of_emlx(content);
  if (mail.size > max_mail_bytes) return to_.take({place, error_of_mail(errc::mail_too_long)});
  from.fill(content, mail.begin + mail.size);
  if (has_failed(from.error())) return take_error(place, from.error());
  mails_.show(place, std::string_view(content).substr(mail.begin, mail.size));
}

/// A header without a word about the content is put before it.
void viewer::show_piece_of_mail(const input_place& place, std::string_view octets) {
  std::string mail = "MIME-Version: 1.0\n\n";
  mails_.show(place, mail += octets);
}

bool viewer::show_if_report(const input_place& place, std::string_view octets,
                            const layers& around) {
  return reader_.read_if_report(octets, place, [&](const entry& shown) { take(shown, around); });
}

void viewer::show_reports(const input_place& place, std::string_view octets, const layers& around) {
  reader_.read_file(octets, place, [&](const entry& shown) { take(shown, around); });
}

/// Gives on what was read of a text, with what was found in the archive around it.
void viewer::take(const entry& shown, const layers& around) {
  if (around.found == nullptr) return to_.take(shown);
  findings found = *around.found;
  if (shown.found) found.add(*shown.found);
  entry with_archive = shown;
  with_archive.found = &found;
  to_.take(with_archive);
}

void viewer::take_error(const input_place& place, const source_error& error) {
  if (const auto* const what = std::get_if<tlsrpt::diagnostic>(&error))
    to_.take({place, *what});
  else
    to_.take({place, std::get<unreadable>(error)});
}

void viewer::show_lines(const input& in) {
  input_place place{in.name};
  if (in.error) return to_.take({place, unreadable{in.error.message()}});
  source_file from(in.name);
  line_reader lines(from);
  const std::size_t limit = reader_.limits().max_text_bytes;
  while (const auto line = lines.next(limit)) {
    ++place.line;
    reader_.begin_file();
    const std::optional<std::string> decoded = decode_base64(line->text);
    if (line->is_too_long)
      to_.take({place, error_of_length(payload::json, limit)});
    else
      reader_.read_line(decoded ? *decoded : line->text, place,
                        [this](const entry& shown) { to_.take(shown); });
  }
  place.line = 0;
  if (has_failed(from.error())) take_error(place, from.error());
}

}  // namespace cli
