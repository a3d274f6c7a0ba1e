#include "decoding.hpp"

#include <algorithm>

#include "gmime.hpp"

namespace cli {

namespace {

constexpr bool is_whitespace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

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

/// Whether a text may be base64: its first line is.
bool begins_like_base64(std::string_view text) {
  constexpr std::size_t min_line = 16;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_base64) -
                                            text.begin());
  return end >= min_line && (end == text.size() || is_whitespace(text[end]) || text[end] == '=');
}

/// Decodes base64 of any form: with whitespace, in the alphabet for URLs too, without padding,
/// several texts one after the other. Foreign octets are skipped, but after padding all is left out
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
  bool is_after_padding = false;
  std::size_t checked = 0;  // What comes before is known to be base64.
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const char c = octets[i];
    if (is_whitespace(c)) continue;
    if (is_after_padding && c != '=') {
      is_clean = false;
      if (i >= checked) {
        checked = std::min(octets.find('\n', i), octets.size());
        if (!is_base64_line(octets.substr(i, checked - i))) break;
      }
      is_after_padding = false;
    }
    if (c == '=') {
      if (!is_after_padding) finish_run();
      is_after_padding = true;
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

std::string decoded_base64(std::string_view octets) {
  bool is_clean;
  return decoded_base64(octets, is_clean);
}

std::string decoded_by_gmime(std::string_view octets, GMimeContentEncoding encoding) {
  const owned<GMimeStream> from = stream_over(octets), to(g_mime_stream_mem_new());
  const owned<GMimeDataWrapper> wrapper(g_mime_data_wrapper_new_with_stream(from.get(), encoding));
  g_mime_data_wrapper_write_to_stream(wrapper.get(), to.get());
  const GByteArray* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to.get()));
  return {reinterpret_cast<const char*>(array->data), array->len};
}

/// What next_content() tries, in this order.
enum attempt : unsigned { base64, quoted_printable, not_encoded, base64_twice, in_text, done };

/// Empty when the attempt makes no sense.
other_content content_by(attempt how, const mail_part& part) {
  using tlsrpt::errc;
  switch (how) {
    case base64:
      if (part.encoding == transfer_encoding::base64 || !begins_like_base64(part.raw)) break;
      return {decoded_base64(part.raw), errc::mail_transfer_encoding};
    case quoted_printable:
      if (part.encoding == transfer_encoding::quoted_printable ||
          part.raw.find('=') == part.raw.npos)
        break;
      return {decoded_by_gmime(part.raw, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE),
              errc::mail_transfer_encoding};
    case not_encoded:
      return {part.raw, errc::mail_transfer_encoding};
    case base64_twice:
      if (part.content == part.raw || !begins_like_base64(part.content)) break;
      return {decoded_base64(part.content), errc::mail_transfer_encoding};
    case in_text:
      if (tlsrpt::classify_media_type(part.content_type) != tlsrpt::media_type::text) break;
      if (const std::size_t at = part.content.find("\n{"); at != part.content.npos)
        return {part.content.substr(at + 1), errc::mail_report_in_text};
      break;
    case done:
      break;
  }
  return {};
}

}  // namespace

void decode(mail_part& part) {
  bool is_clean = true;
  switch (part.encoding) {
    case transfer_encoding::identity:
      part.content = part.raw;
      break;
    case transfer_encoding::base64:
      part.content = decoded_base64(part.raw, is_clean);
      break;
    case transfer_encoding::quoted_printable:
      part.content = decoded_by_gmime(part.raw, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
      break;
    case transfer_encoding::uuencode:
      part.content = decoded_by_gmime(part.raw, GMIME_CONTENT_ENCODING_UUENCODE);
      break;
  }
  if (!is_clean) part.remarks.push_back({tlsrpt::errc::mail_base64_form});
}

bool is_readable(std::string_view content) {
  const tlsrpt::payload payload = tlsrpt::classify_payload(content);
  return payload == tlsrpt::payload::json || payload == tlsrpt::payload::gzip;
}

std::optional<other_content> next_content(mail_part& part, bool looks_into_texts) {
  const attempt end = looks_into_texts ? done : in_text;
  while (part.decodings_tried < end) {
    other_content other = content_by(static_cast<attempt>(part.decodings_tried++), part);
    if (is_readable(other.content) && other.content != part.content) return other;
  }
  return {};
}

}  // namespace cli
