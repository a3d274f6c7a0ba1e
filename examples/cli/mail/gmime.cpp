#include "gmime.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <type_traits>

#include "decoding.hpp"
#include "judgement.hpp"
#include "limits.hpp"

namespace cli {

namespace {

struct options_deleter {
  void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};

tlsrpt::errc code_of(GMimeParserWarning warning) {
  using tlsrpt::errc;
  switch (warning) {
    case GMIME_WARN_DUPLICATED_HEADER:
    case GMIME_CRIT_CONFLICTING_HEADER:
      return errc::mail_repeated_field;
    case GMIME_WARN_DUPLICATED_PARAMETER:
    case GMIME_CRIT_CONFLICTING_PARAMETER:
      return errc::mail_repeated_parameter;
    case GMIME_WARN_UNENCODED_8BIT_HEADER:
      return errc::mail_raw_octets_in_header;
    case GMIME_CRIT_INVALID_HEADER_NAME:
      return errc::mail_header_line;
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
      return errc::mail_boundary_missing;
    case GMIME_CRIT_NESTING_OVERFLOW:
      return errc::mail_nested_too_deep;
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MESSAGE:
      return errc::mail_boundary_not_closed;
    default:
      return errc::mail_field_syntax;
  }
}

/// Whether a warning may be about what reports are read from. Fields such as Received occur often.
bool concerns_reports(GMimeParserWarning warning, const char* item) {
  switch (warning) {
    case GMIME_WARN_DUPLICATED_HEADER:
    case GMIME_CRIT_CONFLICTING_HEADER: {
      constexpr auto names =
          std::to_array<std::string_view>({"content-", "subject", "from", "date"});
      return std::any_of(names.begin(), names.end(), [item](std::string_view name) {
        return begins_with(item ? item : "", name);
      });
    }
    case GMIME_WARN_INVALID_ADDRESS_LIST:
    case GMIME_WARN_PART_WITHOUT_CONTENT:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
      return false;
    default:
      return true;
  }
}

/// GMime 3.2.15 also wants to know how `data` is freed; 3.2.13 does not ask.
template <class Setter>
void set_warning_callback(Setter* setter, GMimeParserOptions* options, GMimeParserWarningFunc take,
                          void* data) {
  if constexpr (std::is_invocable_v<Setter*, GMimeParserOptions*, GMimeParserWarningFunc, void*>)
    setter(options, take, data);
  else
    setter(options, take, data, nullptr);
}

/// A value on one line, without whitespace around.
std::string on_one_line(std::string_view value) {
  constexpr std::string_view whitespace = " \t\r\n";
  value.remove_prefix(std::min(value.find_first_not_of(whitespace), value.size()));
  std::string line(value.substr(0, value.find_last_not_of(whitespace) + 1));
  std::replace_if(
      line.begin(), line.end(), [=](char c) { return whitespace.find(c) != whitespace.npos; }, ' ');
  return line;
}

std::string media_type_of(GMimeObject* object) {
  char* const type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
  std::string copy = text_of(type);
  g_free(type);
  return copy;
}

/// The value of a Content-Type field written "ContentType", when there is no other.
std::optional<std::string> type_without_hyphen(GMimeObject* object) {
  GMimeHeaderList* const list = g_mime_object_get_header_list(object);
  if (g_mime_header_list_get_header(list, "Content-Type")) return {};
  GMimeHeader* const field = g_mime_header_list_get_header(list, "ContentType");
  if (!field) return {};
  return text_of(g_mime_header_get_value(field));
}

/// The name of a part, without what folding left in it.
std::string file_name_of(GMimeObject* object, const std::optional<std::string>& other_type,
                         std::vector<mail_remark>& remarks) {
  const auto unfolded_name = [](const char* text) {
    std::string name;
    tlsrpt::unfold_file_name(name, text_of(text));
    return name;
  };
  std::string name = unfolded_name(g_mime_object_get_content_type_parameter(object, "name"));
  if (other_type) {
    const owned<GMimeContentType> type(g_mime_content_type_parse(nullptr, other_type->c_str()));
    name = unfolded_name(g_mime_content_type_get_parameter(type.get(), "name"));
  }
  std::string file_name =
      unfolded_name(g_mime_object_get_content_disposition_parameter(object, "filename"));
  if (file_name.empty()) return name;
  if (!name.empty() && name != file_name)
    add_remark(remarks, tlsrpt::errc::mail_two_file_names, 0, name);
  return file_name;
}

transfer_encoding encoding_of(GMimeDataWrapper* content) {
  switch (g_mime_data_wrapper_get_encoding(content)) {
    case GMIME_CONTENT_ENCODING_BASE64:
      return transfer_encoding::base64;
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
      return transfer_encoding::quoted_printable;
    case GMIME_CONTENT_ENCODING_UUENCODE:
      return transfer_encoding::uuencode;
    default:
      return transfer_encoding::identity;
  }
}

/// The octets of a part, still encoded.
std::string raw_content_of(GMimeDataWrapper* content) {
  GMimeStream* const stream = g_mime_data_wrapper_get_stream(content);
  const gint64 length = g_mime_stream_length(stream);
  std::string raw(length > 0 ? static_cast<std::size_t>(length) : 0, '\0');
  g_mime_stream_reset(stream);
  const ssize_t got = g_mime_stream_read(stream, raw.data(), raw.size());
  raw.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return raw;
}

}  // namespace

void need_gmime() {
  struct initialised {
    initialised() { g_mime_init(); }
    ~initialised() { g_mime_shutdown(); }
    initialised(const initialised&) = delete;
    initialised& operator=(const initialised&) = delete;
  };
  static const initialised once;
}

owned<GMimeStream> stream_over(std::string_view octets) {
  return owned<GMimeStream>(g_mime_stream_mem_new_with_buffer(octets.data(), octets.size()));
}

bool begins_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         g_ascii_strncasecmp(text.data(), lower_case.data(), lower_case.size()) == 0;
}

std::string text_of(const char* text) { return text ? text : ""; }

parsed_mail::parsed_mail(std::string_view mail) : stream_(stream_over(mail)) {
  need_gmime();
  const std::unique_ptr<GMimeParserOptions, options_deleter> options(g_mime_parser_options_new());
  const char* charsets[] = {"utf-8", "iso-8859-1", nullptr};
  g_mime_parser_options_set_fallback_charsets(options.get(), charsets);
  set_warning_callback(g_mime_parser_options_set_warning_callback, options.get(), take_warning,
                       this);
  const owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream_.get()));
  g_mime_parser_set_header_regex(parser.get(), "^", take_field, this);
  // A part, not a message: for those GMime takes apart all addresses.
  root_.reset(g_mime_parser_construct_part(parser.get(), options.get()));
  // What GMime says of a mail that is cut off in its header.
  if (GMIME_IS_PART(root_.get()))
    std::erase_if(remarks_, [](const mail_remark& remark) {
      return remark.code == tlsrpt::errc::mail_boundary_not_closed;
    });
  const gint64 end = g_mime_parser_get_headers_end(parser.get());
  body_ = end < 0 ? mail.size() : std::min(static_cast<std::size_t>(end), mail.size());
}

bool parsed_mail::has_too_many_fields() const { return fields_ > max_fields; }

void parsed_mail::take_warning(gint64 offset, GMimeParserWarning warning, const char* item,
                               gpointer self) {
  if (!concerns_reports(warning, item)) return;
  auto& mail = *static_cast<parsed_mail*>(self);
  const std::size_t place = offset < 0 ? 0 : static_cast<std::size_t>(offset);
  if (warning == GMIME_CRIT_INVALID_HEADER_NAME && mail.odd_lines_.size() < max_fields)
    mail.odd_lines_.push_back(place);
  add_remark(mail.remarks_, code_of(warning), place, item ? item : "");
}

/// Counts fields, and ends the mail where there are too many.
void parsed_mail::take_field(GMimeParser*, const char* name, const char*, gint64 offset,
                             gpointer self) {
  auto& mail = *static_cast<parsed_mail*>(self);
  // A JSON text that follows a header without an empty line.
  if (*name == '{') take_warning(offset, GMIME_CRIT_INVALID_HEADER_NAME, name, self);
  if (++mail.fields_ > max_fields) g_mime_stream_seek(mail.stream_.get(), 0, GMIME_STREAM_SEEK_END);
}

std::shared_ptr<const mail_header> header_of(GMimeObject* object) {
  auto header = std::make_shared<mail_header>();
  const auto equals = [](const char* name, const char* lower_case) {
    return g_ascii_strcasecmp(name, lower_case) == 0;
  };
  GMimeHeaderList* const list = g_mime_object_get_header_list(object);
  const int count = g_mime_header_list_get_count(list);
  for (int i = 0; i < count; ++i) {
    GMimeHeader* const field = g_mime_header_list_get_header_at(list, i);
    const char* const name = g_mime_header_get_name(field);
    const auto value = [field] { return on_one_line(text_of(g_mime_header_get_value(field))); };
    const auto add = [&](std::optional<std::string>& to) {
      if (!to) to = value();
    };
    const auto add_value = [&](std::vector<std::string>& to) {
      if (to.size() < max_values_of_field) to.push_back(value());
    };
    if (equals(name, "subject"))
      add(header->subject);
    else if (equals(name, "from"))
      add(header->from);
    else if (equals(name, "date"))
      add(header->date);
    else if (equals(name, "tls-report-domain"))
      add_value(header->report_domain);
    else if (equals(name, "tls-report-submitter"))
      add_value(header->report_submitter);
  }
  judge(*header);
  return header;
}

mail_wrapper wrapper_of(GMimeObject* object) {
  return {media_type_of(object),
          text_of(g_mime_object_get_content_type_parameter(object, "report-type"))};
}

mail_part part_of(GMimePart* leaf) {
  GMimeObject* const object = GMIME_OBJECT(leaf);
  mail_part part;
  if (GMimeDataWrapper* const content = g_mime_part_get_content(leaf)) {
    part.raw = raw_content_of(content);
    part.encoding = encoding_of(content);
    decode(part);
  }
  const std::optional<std::string> other_type = type_without_hyphen(object);
  if (other_type) part.remarks.push_back({tlsrpt::errc::mail_field_without_hyphen});
  part.content_type =
      other_type ? other_type->substr(0, other_type->find(';')) : media_type_of(object);
  part.file_name = file_name_of(object, other_type, part.remarks);
  return part;
}

}  // namespace cli
