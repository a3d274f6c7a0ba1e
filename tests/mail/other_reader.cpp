/// @file
/// Compares what is found in mails with what GMime finds, a reader of another kind:
///
///     other_reader FOLDER...
///
/// Of the seeds of the fuzz target, every part that GMime decodes to JSON or gzip has to be found
/// here, too, with the same octets; and the other way round, but for what the mails named below
/// show: GMime does not look for it. Of other folders, as many have to be found at least: base64
/// that is damaged GMime decodes to something else.

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <tlsrpt/mail.hpp>

namespace {

namespace fs = std::filesystem;

struct unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using owned = std::unique_ptr<T, unreference>;

using contents = std::set<std::string>;

bool is_readable(std::string_view content) {
  const tlsrpt::payload payload = tlsrpt::classify_payload(content);
  return payload == tlsrpt::payload::json || payload == tlsrpt::payload::gzip;
}

void take_part(GMimeObject*, GMimeObject* object, gpointer found) {
  if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage* const inside = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    if (inside) g_mime_message_foreach(inside, take_part, found);
  }
  if (!GMIME_IS_PART(object)) return;
  GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(object));
  if (!content) return;
  const owned<GMimeStream> to(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, to.get());
  const GByteArray* const array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to.get()));
  const std::string octets(reinterpret_cast<const char*>(array->data), array->len);
  if (is_readable(octets)) static_cast<contents*>(found)->insert(octets);
}

contents found_by_gmime(std::string_view mail) {
  contents found;
  const owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(mail.data(), mail.size()));
  const owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (message) g_mime_message_foreach(message.get(), take_part, &found);
  return found;
}

void take_mail(const tlsrpt::mail_view& mail, contents& found) {
  std::string buffer;
  for (const tlsrpt::mail_part_view part : mail.candidates()) {
    const auto content = part.decode(buffer);
    if (!content) continue;
    if (part.kind() == tlsrpt::part_kind::mail) {
      const std::string decoded(*content);
      const std::string_view inside = decoded;
      if (const auto read = part.read_inside(inside)) take_mail(*read, found);
    } else if (is_readable(*content)) {
      found.insert(std::string(*content));
    }
  }
}

contents found_here(std::string_view octets) {
  contents found;
  if (const auto mail = tlsrpt::read_mail(octets)) take_mail(*mail, found);
  return found;
}

/// Mails in which GMime does not find the report: it is quoted, in HTML, in uuencode that no label
/// tells, in an encoded mail, or in a multipart that does not declare its boundary; lines end in
/// CR.
constexpr auto more_found_here = std::to_array<std::string_view>(
    {"quoted", "html", "uuencode", "encoded_mail", "no_boundary", "cr"});

}  // namespace

int main(int argc, char** argv) {
  g_mime_init();
  std::size_t mails = 0, faults = 0;
  for (int i = 1; i < argc; ++i) {
    const bool are_seeds = fs::path(argv[i]).filename() == "mail_message";
    for (const fs::directory_entry& entry : fs::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string mail{std::istreambuf_iterator<char>(file), {}};
      const std::string name = entry.path().filename().string();
      const contents theirs = found_by_gmime(mail), ours = found_here(mail);
      const bool is_more =
          std::find(more_found_here.begin(), more_found_here.end(), name) != more_found_here.end();
      const bool is_right = are_seeds && !is_more ? theirs == ours : theirs.size() <= ours.size();
      if (!is_right) {
        std::printf("%s: GMime finds %zu reports, %zu are found here\n", name.c_str(),
                    theirs.size(), ours.size());
        ++faults;
      }
      ++mails;
    }
  }
  std::printf("%zu mails\n", mails);
  return faults != 0 || mails == 0 ? 1 : 0;
}
