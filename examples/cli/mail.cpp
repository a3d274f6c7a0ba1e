#include "mail.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include <tlsrpt/delivery.hpp>

#include "mail_start.hpp"

namespace cli {

namespace {

// Limits on what a sender controls, checked before or while GMime reads.

/// Octets of one field. GMime walks down nested groups of addresses, and compares all names of the
/// parameters of a field with each other.
constexpr std::size_t longest_field = std::size_t{64} << 10;
constexpr std::size_t most_parameters_of_field = 256;
constexpr std::size_t most_parameters = 100'000;
/// Fields of all headers.
constexpr std::size_t most_fields = 100'000;
/// Lines that begin with "--". GMime compares each with the boundaries of all open multiparts.
constexpr std::size_t most_boundary_lines = 20'000;
/// Nesting of parts, and of mails that had to be decoded.
constexpr int deepest_part = 32;
constexpr int deepest_mail = 4;
/// Remarks of one kind, and octets that one quotes. All are repeated for each report of the mail.
constexpr std::ptrdiff_t most_remarks_of_kind = 3;
constexpr std::size_t longest_remark_subject = 200;
/// Values kept of a field that may occur once.
constexpr std::size_t most_values_of_field = 16;

struct unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using owned = std::unique_ptr<T, unreference>;

struct options_deleter {
  void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};

/// GMime, ready for use until the program ends.
void need_gmime() {
  struct initialised {
    initialised() { g_mime_init(); }
    ~initialised() { g_mime_shutdown(); }
    initialised(const initialised&) = delete;
    initialised& operator=(const initialised&) = delete;
  };
  static const initialised once;
}

std::string text_of(const char* text) { return text ? text : ""; }

bool equals(std::string_view text, const char* lower_case) {
  return text.size() == std::strlen(lower_case) &&
         g_ascii_strncasecmp(text.data(), lower_case, text.size()) == 0;
}

bool begins_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         g_ascii_strncasecmp(text.data(), lower_case.data(), lower_case.size()) == 0;
}

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// ---- Before GMime

/// Fields that GMime takes apart as soon as it has them.
bool is_parsed_field(std::string_view line) {
  constexpr auto names = std::to_array<std::string_view>(
      {"content-", "contenttype", "from", "to", "cc", "bcc", "sender", "reply-to", "resent-"});
  return std::any_of(names.begin(), names.end(),
                     [line](std::string_view name) { return begins_with(line, name); });
}

/// The limit that the mail is beyond, if any.
std::optional<mail_fault> refusal(std::string_view mail) {
  if (mail.size() > largest_mail) return mail_fault::too_long;
  std::size_t boundary_lines = 0, parameters = 0, field = 0, parameters_of_field = 0;
  bool in_first_header = true, is_parsed = false;
  for (std::size_t begin = 0; begin < mail.size();) {
    const std::size_t end = std::min(mail.find('\n', begin), mail.size());
    const std::string_view line = mail.substr(begin, end - begin);
    if (line.empty() || line == "\r") {
      in_first_header = is_parsed = false;
    } else if (line.front() != ' ' && line.front() != '\t') {
      field = begin;
      parameters_of_field = 0;
      is_parsed = is_parsed_field(line);
      if (line.starts_with("--") && ++boundary_lines > most_boundary_lines)
        return mail_fault::too_many_parts;
    }
    if ((is_parsed || in_first_header) && end - field > longest_field)
      return mail_fault::field_too_long;
    if (is_parsed) {
      const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), ';'));
      parameters_of_field += count;
      parameters += count;
      if (parameters_of_field > most_parameters_of_field || parameters > most_parameters)
        return mail_fault::field_too_long;
    }
    begin = end + 1;
  }
  return {};
}

/// Where the first header ends: at an empty line, whatever line ends are used.
std::size_t header_size(std::string_view mail) {
  std::string_view rest = mail;
  while (!rest.empty())
    if (take_line(rest).empty()) break;
  return mail.size() - rest.size();
}

/// Whether there is a CR that does not belong to CR LF.
bool has_lone_cr(std::string_view text) {
  for (std::size_t i = text.find('\r'); i != text.npos; i = text.find('\r', i + 1))
    if (text.substr(i + 1, 1) != "\n") return true;
  return false;
}

/// The text with LF for CR and for any run of CRs before an LF.
std::string with_line_feeds(std::string_view text) {
  std::string changed;
  changed.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      changed += text[i];
      continue;
    }
    const std::size_t next = std::min(text.find_first_not_of('\r', i), text.size());
    if (next < text.size() && text[next] == '\n')
      i = next;
    else if (next - i > 1)
      changed.append(next - i - 1, '\n'), i = next - 1;
    changed += '\n';
  }
  return changed;
}

// ---- Transfer encodings

owned<GMimeStream> stream_over(std::string_view octets) {
  return owned<GMimeStream>(g_mime_stream_mem_new_with_buffer(octets.data(), octets.size()));
}

bool is_identity(GMimeContentEncoding encoding) {
  return encoding == GMIME_CONTENT_ENCODING_DEFAULT || encoding == GMIME_CONTENT_ENCODING_7BIT ||
         encoding == GMIME_CONTENT_ENCODING_8BIT || encoding == GMIME_CONTENT_ENCODING_BINARY;
}

std::string decoded_by_gmime(std::string_view octets, GMimeContentEncoding encoding) {
  if (is_identity(encoding)) return std::string(octets);
  const owned<GMimeStream> from = stream_over(octets), to(g_mime_stream_mem_new());
  const owned<GMimeDataWrapper> wrapper(g_mime_data_wrapper_new_with_stream(from.get(), encoding));
  g_mime_data_wrapper_write_to_stream(wrapper.get(), to.get());
  const GByteArray* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to.get()));
  return {reinterpret_cast<const char*>(array->data), array->len};
}

constexpr bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

/// Whether a line may be base64: it has nothing else, and not only what rulers are made of.
bool is_base64_line(std::string_view line) {
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return std::all_of(line.begin(), line.end(), [](char c) { return is_base64(c) || c == '='; }) &&
         line.find_first_not_of("-_+/=") != line.npos;
}

/// Decodes base64 of any form: with blanks, in the alphabet for URLs too, without padding, several
/// texts one behind the other. Foreign octets are passed over, but behind padding all is left out
/// from the first line on that is no base64. `is_clean` says whether it was as it should be.
std::string decoded_base64(std::string_view octets, bool& is_clean) {
  is_clean = true;
  std::string content, run;
  const auto finish_run = [&] {
    if (run.size() % 4 == 1) run.pop_back();
    run.append((4 - run.size() % 4) % 4, '=');
    GMimeEncoding decoder;
    g_mime_encoding_init_decode(&decoder, GMIME_CONTENT_ENCODING_BASE64);
    const std::size_t size = content.size();
    content.resize(size + g_mime_encoding_outlen(&decoder, run.size()));
    content.resize(size +
                   g_mime_encoding_step(&decoder, run.data(), run.size(), content.data() + size));
    run.clear();
  };
  bool is_behind_padding = false;
  std::size_t checked = 0;  // What comes before is known to be base64.
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const char c = octets[i];
    if (is_blank(c)) continue;
    if (is_behind_padding && c != '=') {
      is_clean = false;
      if (i >= checked) {
        checked = std::min(octets.find('\n', i), octets.size());
        if (!is_base64_line(octets.substr(i, checked - i))) break;
      }
      is_behind_padding = false;
    }
    if (c == '=') {
      if (!is_behind_padding) finish_run();
      is_behind_padding = true;
    } else if (is_base64(c)) {
      if (c == '-' || c == '_') is_clean = false;
      run += c == '-' ? '+' : c == '_' ? '/' : c;
    } else {
      is_clean = false;
    }
  }
  if (run.size() % 4 != 0) is_clean = false;
  if (!run.empty()) finish_run();
  return content;
}

/// Whether a text may be base64: its first line is.
bool begins_like_base64(std::string_view text) {
  constexpr std::size_t shortest_line = 16;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_base64) -
                                            text.begin());
  return end >= shortest_line && (end == text.size() || is_blank(text[end]) || text[end] == '=');
}

std::string decoded(std::string_view raw, GMimeContentEncoding encoding,
                    std::vector<mail_remark>& remarks) {
  if (encoding != GMIME_CONTENT_ENCODING_BASE64) return decoded_by_gmime(raw, encoding);
  bool is_clean;
  std::string content = decoded_base64(raw, is_clean);
  if (!is_clean) remarks.push_back({mail_fault::base64_form});
  return content;
}

/// Adds a remark, unless there are enough of its kind.
void add_remark(std::vector<mail_remark>& remarks, mail_fault fault, std::size_t offset = 0,
                std::string_view subject = {}) {
  const auto same = [fault](const mail_remark& remark) { return remark.fault == fault; };
  if (std::count_if(remarks.begin(), remarks.end(), same) < most_remarks_of_kind)
    remarks.push_back({fault, offset, std::string(subject.substr(0, longest_remark_subject))});
}

bool is_readable(std::string_view content) {
  const tlsrpt::payload payload = tlsrpt::classify_payload(content);
  return payload == tlsrpt::payload::json || payload == tlsrpt::payload::gzip;
}

// ---- GMime's parser

mail_fault fault_of(GMimeParserWarning warning) {
  switch (warning) {
    case GMIME_WARN_DUPLICATED_HEADER:
    case GMIME_CRIT_CONFLICTING_HEADER:
      return mail_fault::repeated_field;
    case GMIME_WARN_DUPLICATED_PARAMETER:
    case GMIME_CRIT_CONFLICTING_PARAMETER:
      return mail_fault::repeated_parameter;
    case GMIME_WARN_UNENCODED_8BIT_HEADER:
      return mail_fault::raw_octets_in_header;
    case GMIME_CRIT_INVALID_HEADER_NAME:
      return mail_fault::header_line;
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
      return mail_fault::boundary_missing;
    case GMIME_CRIT_NESTING_OVERFLOW:
      return mail_fault::unread_parts;
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MESSAGE:
      return mail_fault::boundary_not_closed;
    default:
      return mail_fault::field_syntax;
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

/// A mail, or a part, as GMime reads it.
class parsed_mail {
 public:
  explicit parsed_mail(std::string_view mail) : stream_(stream_over(mail)) {
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
    const gint64 end = g_mime_parser_get_headers_end(parser.get());
    body_ = end < 0 ? mail.size() : std::min(static_cast<std::size_t>(end), mail.size());
  }

  parsed_mail(const parsed_mail&) = delete;
  parsed_mail& operator=(const parsed_mail&) = delete;

  GMimeObject* root() const { return root_.get(); }
  std::size_t body() const { return body_; }  ///< Where it begins, with the empty line in front.
  bool has_too_many_fields() const { return fields_ > most_fields; }
  const std::vector<mail_remark>& remarks() const { return remarks_; }
  /// Offsets of the lines of headers that are no fields.
  const std::vector<std::size_t>& odd_lines() const { return odd_lines_; }

 private:
  static void take_warning(gint64 offset, GMimeParserWarning warning, const char* item,
                           gpointer self) {
    if (!concerns_reports(warning, item)) return;
    auto& mail = *static_cast<parsed_mail*>(self);
    const std::size_t place = offset < 0 ? 0 : static_cast<std::size_t>(offset);
    if (warning == GMIME_CRIT_INVALID_HEADER_NAME && mail.odd_lines_.size() < most_fields)
      mail.odd_lines_.push_back(place);
    add_remark(mail.remarks_, fault_of(warning), place, item ? item : "");
  }

  /// Counts fields, and ends the mail where there are too many.
  static void take_field(GMimeParser*, const char* name, const char*, gint64 offset,
                         gpointer self) {
    auto& mail = *static_cast<parsed_mail*>(self);
    // A JSON text that follows a header without an empty line.
    if (*name == '{') take_warning(offset, GMIME_CRIT_INVALID_HEADER_NAME, name, self);
    if (++mail.fields_ > most_fields)
      g_mime_stream_seek(mail.stream_.get(), 0, GMIME_STREAM_SEEK_END);
  }

  owned<GMimeStream> stream_;
  owned<GMimeObject> root_;
  std::size_t body_ = 0, fields_ = 0;
  std::vector<mail_remark> remarks_;
  std::vector<std::size_t> odd_lines_;
};

// ---- Headers

/// A value on one line, without blanks around.
std::string on_one_line(std::string_view value) {
  value.remove_prefix(std::min(value.find_first_not_of(" \t\r\n"), value.size()));
  std::string line(value.substr(0, value.find_last_not_of(" \t\r\n") + 1));
  std::replace_if(line.begin(), line.end(), is_blank, ' ');
  return line;
}

/// The fields of a mail, whose Content- fields GMime may keep elsewhere.
std::shared_ptr<const mail_header> header_of(GMimeObject* object) {
  auto shared = std::make_shared<mail_header>();
  mail_header& header = *shared;
  GMimeHeaderList* const list = g_mime_object_get_header_list(object);
  for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
    GMimeHeader* const field = g_mime_header_list_get_header_at(list, i);
    const std::string name = text_of(g_mime_header_get_name(field));
    const auto value = [field] { return on_one_line(text_of(g_mime_header_get_value(field))); };
    const auto add = [&](std::optional<std::string>& to) {
      if (!to) to = value();
    };
    const auto add_value = [&](std::vector<std::string>& to) {
      if (to.size() < most_values_of_field) to.push_back(value());
    };
    if (equals(name, "subject"))
      add(header.subject);
    else if (equals(name, "from"))
      add(header.from);
    else if (equals(name, "date"))
      add(header.date);
    else if (equals(name, "tls-report-domain"))
      add_value(header.report_domain);
    else if (equals(name, "tls-report-submitter"))
      add_value(header.report_submitter);
  }
  return shared;
}

/// The value of a Content-Type field written "ContentType", when there is no other.
std::optional<std::string> type_without_hyphen(GMimeObject* object) {
  GMimeHeaderList* const list = g_mime_object_get_header_list(object);
  if (g_mime_header_list_get_header(list, "Content-Type")) return {};
  GMimeHeader* const field = g_mime_header_list_get_header(list, "ContentType");
  if (!field) return {};
  return text_of(g_mime_header_get_value(field));
}

// ---- Boundaries that GMime does not know

/// The line of `body` that is most likely the first boundary: it begins with "--", and a Content-
/// field follows, or at least something like a header when `any_header`. body.size() for none.
std::size_t find_boundary_line(std::string_view body, bool any_header) {
  for (std::size_t begin = 0; begin < body.size();) {
    if (begin != 0) {
      begin = body.find("\n--", begin - 1);
      if (begin == body.npos) break;
      ++begin;
    } else if (!body.starts_with("--")) {
      begin = 1;
      continue;
    }
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string_view next = body.substr(std::min(end + 1, body.size()), 128);
    const std::string_view mark = body.substr(begin + 2, end - begin - 2);
    constexpr std::size_t longest_mark = 200;
    if (mark.find_first_not_of(" \t\r-") != mark.npos && mark.size() <= longest_mark &&
        (begins_with(next, "content-") || begins_with(next, "contenttype") ||
         (any_header &&
          (next.starts_with('\n') || next.starts_with("\r\n") || is_header_field(next)))))
      return begin;
    begin = end;
  }
  return body.size();
}

/// A multipart of which `body`, from a boundary line on, is the content.
std::string multipart_of(std::string_view body) {
  std::string_view mark = body.substr(2, body.find('\n') - 2);
  mark = mark.substr(0, mark.find_last_not_of(" \t\r") + 1);
  std::string mail = "Content-Type: multipart/mixed; boundary=\"";
  for (char c : mark) {
    if (c == '"' || c == '\\') mail += '\\';
    mail += c;
  }
  return (mail += "\"\n\n") += body;
}

// ---- The walk

/// Where a part stands.
struct place {
  std::string path{};
  std::shared_ptr<const mail_header> header{};
  std::string wrapper_type{}, report_type{};
  int depth = 0;         ///< Of parts and mails.
  int mails = 0;         ///< How many mails are around the part, besides the outermost.
  int parsed_mails = 0;  ///< How many times the content of a part was parsed.

  /// The part number `i` of a multipart, counted from 0.
  place child(int i) const {
    place inside = *this;
    inside.path += (path.empty() ? "" : ".") + std::to_string(i + 1);
    ++inside.depth;
    return inside;
  }
  /// The mail in a part.
  place mail() const {
    place inside = *this;
    ++inside.depth;
    ++inside.mails;
    return inside;
  }
};

/// Takes one mail apart, with all mails in it.
class walker {
 public:
  explicit walker(bool looks_into_texts = false) : looks_into_texts_(looks_into_texts) {}

  /// A mail without preface, whose lines end in LF or CR LF.
  void walk_mail(std::string_view mail, const place& where);

  mail_contents& contents() { return contents_; }
  bool found_readable_part() const { return found_readable_part_; }
  bool has_unread_parts() const { return has_unread_parts_; }
  /// Offsets of the lines of headers that are no fields.
  const std::vector<std::size_t>& odd_lines() const { return odd_lines_; }

 private:
  void walk_root(GMimeObject* root, std::string_view body, const place& where);
  void walk_part(GMimeObject* object, const place& where);
  void walk_multipart(GMimeMultipart* multipart, std::string_view body, place where);
  void walk_message(GMimeMessage* message, const place& where);
  void walk_leaf(GMimePart* leaf, const place& where, const place& multipart);
  bool walk_guessed_parts(std::string_view body, bool any_header, place where);
  void keep(mail_part&& part, const place& where);
  bool is_too_deep(const place& where);
  void remark_once(mail_fault fault);

  mail_contents contents_;
  bool found_readable_part_ = false, has_unread_parts_ = false, looks_into_texts_;
  std::vector<std::size_t> odd_lines_;
};

void walker::remark_once(mail_fault fault) {
  auto& remarks = contents_.remarks;
  if (std::none_of(remarks.begin(), remarks.end(),
                   [fault](const mail_remark& r) { return r.fault == fault; }))
    remarks.push_back({fault});
}

bool walker::is_too_deep(const place& where) {
  const bool is_too_deep = where.depth > deepest_part || where.parsed_mails > deepest_mail;
  has_unread_parts_ = has_unread_parts_ || is_too_deep;
  return is_too_deep;
}

void walker::walk_mail(std::string_view mail, const place& where) {
  const parsed_mail parsed(mail);
  if (parsed.has_too_many_fields()) contents_.refused = mail_fault::too_many_fields;
  const bool is_outermost = where.mails == 0;
  if (is_outermost) odd_lines_ = parsed.odd_lines();
  for (const mail_remark& remark : parsed.remarks())
    add_remark(contents_.remarks, remark.fault, is_outermost ? remark.offset : 0, remark.subject);
  if (!parsed.root() || contents_.refused) return;
  place inside = where;
  inside.header = header_of(parsed.root());
  if (is_outermost) contents_.header = inside.header;
  walk_root(parsed.root(), mail.substr(parsed.body()), inside);
}

/// The content of a mail. Its parts are numbered below the mail's own path.
void walker::walk_root(GMimeObject* root, std::string_view body, const place& where) {
  if (GMIME_IS_MULTIPART(root))
    walk_multipart(GMIME_MULTIPART(root), body, where);
  else if (GMIME_IS_PART(root))
    walk_leaf(GMIME_PART(root), where.child(0), where);
  else
    walk_part(root, where.child(0));
}

void walker::walk_part(GMimeObject* object, const place& where) {
  if (is_too_deep(where)) return;
  if (GMIME_IS_MULTIPART(object))
    walk_multipart(GMIME_MULTIPART(object), {}, where);
  else if (GMIME_IS_MESSAGE_PART(object))
    walk_message(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), where);
  else if (GMIME_IS_PART(object))
    walk_leaf(GMIME_PART(object), where, where);
}

std::string media_type_of(GMimeObject* object) {
  char* const type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
  std::string copy = text_of(type);
  g_free(type);
  return copy;
}

/// `body` is empty for what GMime keeps as text in front of the first boundary.
void walker::walk_multipart(GMimeMultipart* multipart, std::string_view body, place where) {
  GMimeObject* const object = GMIME_OBJECT(multipart);
  where.wrapper_type = media_type_of(object);
  where.report_type = text_of(g_mime_object_get_content_type_parameter(object, "report-type"));
  if (tlsrpt::is_tlsrpt_report_type(where.report_type)) contents_.speaks_of_reports = true;
  const int count = g_mime_multipart_get_count(multipart);
  for (int i = 0; i < count; ++i)
    walk_part(g_mime_multipart_get_part(multipart, i), where.child(i));
  if (count != 0) return;
  const std::string prologue = text_of(g_mime_multipart_get_prologue(multipart));
  walk_guessed_parts(body.empty() ? std::string_view(prologue) : body, true, where);
}

void walker::walk_message(GMimeMessage* message, const place& where) {
  GMimeObject* const root = message ? g_mime_message_get_mime_part(message) : nullptr;
  if (!root) return;
  place inside = where.mail();
  inside.header = header_of(GMIME_OBJECT(message));
  walk_root(root, {}, inside);
}

/// Reads `body` as the content of a multipart if it has a line like a boundary. Whether it did.
bool walker::walk_guessed_parts(std::string_view body, bool any_header, place where) {
  body.remove_prefix(find_boundary_line(body, any_header));
  ++where.parsed_mails;
  if (body.empty() || is_too_deep(where)) return false;
  const parsed_mail parsed(multipart_of(body));
  GMimeObject* const root = parsed.root();
  if (!root || !GMIME_IS_MULTIPART(root)) return false;
  const int count = g_mime_multipart_get_count(GMIME_MULTIPART(root));
  for (int i = 0; i < count; ++i)
    walk_part(g_mime_multipart_get_part(GMIME_MULTIPART(root), i), where.child(i));
  if (count != 0) remark_once(mail_fault::boundary_missing);
  return count != 0;
}

/// The name of a part, without what folding left in it.
std::string file_name_of(GMimeObject* object, const std::optional<std::string>& other_type,
                         std::vector<mail_remark>& remarks) {
  const auto unfolded_name = [](const char* text) {
    std::string name = text_of(text), scratch(name.size(), '\0');
    const auto view = tlsrpt::unfold_file_name(std::string_view(name), scratch);
    return view ? std::string(*view) : name;
  };
  std::string name = unfolded_name(g_mime_object_get_content_type_parameter(object, "name"));
  if (other_type) {
    const owned<GMimeContentType> type(g_mime_content_type_parse(nullptr, other_type->c_str()));
    name = unfolded_name(g_mime_content_type_get_parameter(type.get(), "name"));
  }
  std::string file_name =
      unfolded_name(g_mime_object_get_content_disposition_parameter(object, "filename"));
  if (file_name.empty()) return name;
  if (!name.empty() && name != file_name) remarks.push_back({mail_fault::two_names, 0, name});
  return file_name;
}

/// The octets of a part, still encoded.
std::string raw_content_of(GMimeDataWrapper* wrapper) {
  GMimeStream* const stream = g_mime_data_wrapper_get_stream(wrapper);
  const gint64 length = g_mime_stream_length(stream);
  std::string raw(length > 0 ? static_cast<std::size_t>(length) : 0, '\0');
  g_mime_stream_reset(stream);
  const ssize_t got = g_mime_stream_read(stream, raw.data(), raw.size());
  raw.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return raw;
}

/// `multipart` is where the parts of the leaf would be if it were a multipart.
void walker::walk_leaf(GMimePart* leaf, const place& where, const place& multipart) {
  GMimeObject* const object = GMIME_OBJECT(leaf);
  mail_part part;
  if (GMimeDataWrapper* const wrapper = g_mime_part_get_content(leaf)) {
    part.raw = raw_content_of(wrapper);
    const GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(wrapper);
    part.encoding = static_cast<int>(encoding);
    part.content = decoded(part.raw, encoding, part.remarks);
  }
  const std::optional<std::string> other_type = type_without_hyphen(object);
  if (other_type) part.remarks.push_back({mail_fault::field_without_hyphen});
  part.content_type =
      other_type ? other_type->substr(0, other_type->find(';')) : media_type_of(object);
  part.file_name = file_name_of(object, other_type, part.remarks);

  using tlsrpt::payload;
  if (tlsrpt::classify_payload(part.content) == payload::other) {
    if (kind_of_mail(part.content) != mail_kind::none) {
      const std::size_t parts = contents_.parts.size(), remarks = contents_.remarks.size();
      place inside = where.mail();
      ++inside.parsed_mails;
      if (!is_too_deep(inside)) walk_mail(without_preface(part.content), inside);
      if (contents_.parts.size() != parts) return remark_once(mail_fault::encoded_message);
      if (!contents_.refused) contents_.remarks.resize(remarks);
    }
    for (other_content& other : other_contents(part, looks_into_texts_)) {
      if (!is_readable(other.content)) continue;
      part.content = std::move(other.content);
      part.remarks = {{other.fault}};
      break;
    }
    if (!is_readable(part.content) && walk_guessed_parts(part.content, false, multipart)) return;
  }
  keep(std::move(part), where);
}

/// Whether a file name is one of RFC 8460 and no other: those of DMARC reports differ in the
/// extension only.
bool says_json(std::string_view name) {
  std::string lower_case(name);
  for (char& c : lower_case) c = g_ascii_tolower(c);
  return tlsrpt::parse_file_name(name) && lower_case.find(".json") != lower_case.npos;
}

/// Keeps a part that may be or was to be a report.
void walker::keep(mail_part&& part, const place& where) {
  using namespace tlsrpt;
  const part_reading found = examine_part(part.content_type, part.file_name, part.content);
  const bool is_octets = found.content == payload::empty || found.content == payload::other;
  if (found.claim == report_claim::none && is_octets) return;
  if (found.claim == report_claim::media_type ||
      (found.claim == report_claim::file_name && says_json(part.file_name)))
    contents_.speaks_of_reports = true;
  if (!is_octets) found_readable_part_ = true;
  part.path = where.path;
  part.wrapper_type = where.wrapper_type;
  part.report_type = where.report_type;
  if (where.header) part.header = where.header;
  if (where.mails != 0) part.remarks.push_back({mail_fault::forwarded});
  contents_.parts.push_back(std::move(part));
}

// ---- Repairs

/// The mail with an empty line in front of the first odd line of each header, and with LF for CR.
std::string repaired(std::string_view mail, const std::vector<std::size_t>& odd_lines) {
  std::string changed;
  std::size_t done = 0;
  std::size_t header_end = 0;  // Of the header that was changed last; looked for once for each.
  for (const std::size_t at : odd_lines) {
    if (at < done || at < header_end || at > mail.size()) continue;
    (changed += mail.substr(done, at - done)) += '\n';
    done = at;
    header_end = std::min(mail.find("\n\n", at), mail.find("\n\r\n", at));
  }
  changed += mail.substr(done);
  return has_lone_cr(changed) ? with_line_feeds(changed) : changed;
}

}  // namespace

std::vector<other_content> other_contents(const mail_part& part, bool looks_into_texts) {
  std::vector<other_content> others;
  const auto add = [&](std::string content, mail_fault fault) {
    if (!content.empty() && content != part.content) others.push_back({std::move(content), fault});
  };
  const auto encoding = static_cast<GMimeContentEncoding>(part.encoding);
  bool is_clean;
  if (encoding != GMIME_CONTENT_ENCODING_BASE64 && begins_like_base64(part.raw))
    add(decoded_base64(part.raw, is_clean), mail_fault::transfer_encoding);
  if (encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE && part.raw.find('=') != part.raw.npos)
    add(decoded_by_gmime(part.raw, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE),
        mail_fault::transfer_encoding);
  add(part.raw, mail_fault::transfer_encoding);
  if (part.content != part.raw && begins_like_base64(part.content))
    add(decoded_base64(part.content, is_clean), mail_fault::transfer_encoding);
  if (looks_into_texts &&
      tlsrpt::classify_media_type(part.content_type) == tlsrpt::media_type::text)
    if (const std::size_t at = part.content.find("\n{"); at != part.content.npos)
      add(part.content.substr(at + 1), mail_fault::report_in_text);
  return others;
}

mail_contents read_mail(std::string_view mail) {
  need_gmime();
  if (mail.size() > largest_mail) return {.refused = mail_fault::too_long};
  std::vector<mail_remark> changes;
  if (mail.starts_with(byte_order_mark)) changes.push_back({mail_fault::byte_order_mark});
  mail = without_preface(mail);
  std::string changed;
  if (has_lone_cr(mail.substr(0, header_size(mail)))) {
    changes.push_back({mail_fault::line_ends});
    changed = with_line_feeds(mail);
    mail = changed;
  }
  const std::size_t header = header_size(mail);
  if (const std::size_t nul = mail.substr(0, header).find('\0'); nul != mail.npos) {
    changes.push_back({mail_fault::nul_in_header, nul});
    changed = mail;
    std::replace(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(header), '\0', ' ');
    mail = changed;
  }
  if (const auto refused = refusal(mail)) return {.refused = refused};

  // What is not damaged is read at the first go.
  walker walk;
  walk.walk_mail(mail, {});
  if (!walk.found_readable_part() && !walk.contents().refused) {
    const std::string other = repaired(mail, walk.odd_lines());
    walker again;
    if (other != mail) again.walk_mail(other, {});
    if (again.found_readable_part()) {
      changes.push_back(
          {has_lone_cr(mail) ? mail_fault::line_ends : mail_fault::missing_blank_line});
      walk = std::move(again);
    } else {
      walker into_texts(true);
      into_texts.walk_mail(mail, {});
      if (into_texts.found_readable_part()) walk = std::move(into_texts);
    }
  }
  mail_contents contents = std::move(walk.contents());
  if (walk.has_unread_parts()) changes.push_back({mail_fault::unread_parts});
  contents.remarks.insert(contents.remarks.begin(), changes.begin(), changes.end());
  const mail_header& head = *contents.header;
  if (!head.report_domain.empty() || !head.report_submitter.empty())
    contents.speaks_of_reports = true;
  contents.has_report_subject =
      head.subject && tlsrpt::parse_subject(std::string_view(*head.subject));
  return contents;
}

}  // namespace cli
