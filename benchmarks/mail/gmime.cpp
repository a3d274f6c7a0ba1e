/// @file
/// Reports in mails that GMime reads, as programs use it: parsed from memory into objects, the
/// first part that is a report decoded into a stream, and that parsed by the library.

#include <gmime/gmime.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <tlsrpt/payload.hpp>
#include <tlsrpt/report.hpp>

#include "../common/tlsrpt_answer.hpp"
#include "../report/report_task.hpp"

namespace bench {
namespace {

struct unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using owned = std::unique_ptr<T, unreference>;

class gmime {
 public:
  gmime() { g_mime_init(); }

  bool read(const document& d) { return parse(d).has_value(); }

  std::optional<answer> answer_of(const document& d) {
    const auto report = parse(d);
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 private:
  tlsrpt::result<tlsrpt::report_view> parse(const document& d) {
    const owned<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(d.text().data(), d.text().size()));
    const owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    content_.reset();
    if (message) g_mime_message_foreach(message.get(), take_part, this);
    if (!content_) return tlsrpt::diagnostic{tlsrpt::errc::mail_report_missing};
    return parser_.parse(text_of(content_.get()));
  }

  static std::string_view text_of(GMimeStream* stream) {
    const GByteArray* const array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return {reinterpret_cast<const char*>(array->data), array->len};
  }

  static void take_part(GMimeObject*, GMimeObject* object, gpointer self) {
    auto& found = static_cast<gmime*>(self)->content_;
    if (found || !GMIME_IS_PART(object)) return;
    GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(object));
    if (!content) return;
    owned<GMimeStream> decoded(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, decoded.get());
    const tlsrpt::payload kind = tlsrpt::classify_payload(text_of(decoded.get()));
    if (kind == tlsrpt::payload::json || kind == tlsrpt::payload::gzip) found = std::move(decoded);
  }

  tlsrpt::report_parser<> parser_;
  owned<GMimeStream> content_;
};

const bool added = add_mail<gmime>("gmime");

}  // namespace
}  // namespace bench
