/// Fuzz target: what is in mails in the place of reports. CMS, uuencode and HTML must come out the
/// same in one go, in steps and in place, and what is written must be read.

#include <tlsrpt/detail/mail/cms.hpp>
#include <tlsrpt/detail/mail/html_text.hpp>
#include <tlsrpt/detail/mail/uuencode.hpp>
#include <tlsrpt/payload.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include "relations.hpp"

namespace {

namespace detail = tlsrpt::detail;

template <class Decoder>
std::string decode(std::string_view text) {
  const std::size_t bound = Decoder::bound(text.size());
  std::string once(bound, '?');
  Decoder whole(text);
  once.resize(whole.read(once));

  std::string steps;
  Decoder stepping(text);
  for (char room[7];;) {
    const std::size_t size = stepping.read(room);
    if (size == 0) break;
    steps.append(room, size);
  }
  // Markup may fill no room at all.
  HOLDS(once.starts_with(steps));

  std::string in_place(text);
  in_place.resize(bound);
  Decoder overwriting(std::string_view(in_place).substr(0, text.size()));
  HOLDS(in_place.substr(0, overwriting.read(in_place)) == once);
  return once;
}

void check_uuencode(std::string_view text) {
  detail::uuencode_step step(text);
  std::size_t end = 0;
  for (detail::uuencoded_file file; step.next(file);) {
    HOLDS(file.offset >= end && text.substr(file.offset).starts_with("begin "));
    HOLDS(fuzz::lies_within(file.data, text) && fuzz::lies_within(file.name, text));
    end = static_cast<std::size_t>(file.data.data() - text.data()) + file.data.size();
    HOLDS(decode<detail::uuencode_decoder>(file.data).size() <= file.data.size());
  }
}

/// The octets written as a file in a text, by any habit.
void check_uuencoded(std::string_view octets) {
  fuzz::numbers random(octets);
  const char zero = random.once_in(2) ? '`' : ' ';
  constexpr std::string_view line_ends[] = {"\n", "\r\n", "\r"};
  const std::string_view line_end = line_ends[random.below(3)];
  std::string text = "begin 644 file" + std::string(line_end);
  const auto put = [&](unsigned value) {
    text += (value & 0x3f) == 0 ? zero : static_cast<char>((value & 0x3f) + ' ');
  };
  for (std::string_view rest = octets; !rest.empty();) {
    const std::string_view line = rest.substr(0, 1 + random.below(45));
    rest.remove_prefix(line.size());
    put(static_cast<unsigned>(line.size()));
    for (std::size_t i = 0; i < line.size(); i += 3) {
      const auto octet = [&](std::size_t at) {
        return at < line.size() ? static_cast<unsigned char>(line[at]) : 0u;
      };
      const unsigned group = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
      for (int shift = 18; shift >= 0; shift -= 6) put(group >> shift);
    }
    text += line_end;
  }
  (text += zero) += line_end;
  text += "end";
  detail::uuencode_step step(text);
  detail::uuencoded_file file;
  HOLDS(step.next(file) && file.name == "file" && file.has_end);
  HOLDS(decode<detail::uuencode_decoder>(file.data) == octets);
  HOLDS(!step.next(file));
}

void check_html(std::string_view html) {
  const std::string text = decode<detail::html_text_decoder>(html);
  HOLDS(text.size() <= html.size());

  // What is escaped comes out as it was.
  std::string escaped = "<pre>";
  for (char c : html) {
    if (c == '<')
      escaped += "&lt;";
    else if (c == '&')
      escaped += "&amp;";
    else
      escaped += c;
  }
  if (html.find("\xc2\xa0") == html.npos) HOLDS(decode<detail::html_text_decoder>(escaped) == html);
}

void check_cms(std::string_view data) {
  detail::cms_segment_step step(data);
  std::string joined;
  for (std::string_view segment; step.next(segment); joined += segment)
    HOLDS(fuzz::lies_within(segment, data));
  HOLDS(joined.size() <= data.size());
  if (tlsrpt::classify_payload(data) != tlsrpt::payload::cms_signed) HOLDS(joined.empty());

  std::string in_place(data);
  const detail::cms_content content = detail::join_cms_segments(in_place, in_place.data());
  HOLDS(std::string_view(in_place).substr(0, content.size) == joined);
  HOLDS(content.is_damaged == step.is_damaged());
}

std::string value(char tag, std::string_view content, bool is_indefinite) {
  if (is_indefinite) return std::string{tag, '\x80'} + std::string(content) + std::string(2, '\0');
  std::string text{tag, '\x84'};
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(content.size() >> shift & 0xff);
  return text + std::string(content);
}

/// The octets in strings that are nested at random.
std::string nested_strings(std::string_view octets, fuzz::numbers& random, int depth) {
  if (depth == 0 || random.once_in(3)) return value('\x04', octets, false);
  std::string content;
  for (std::size_t pieces = random.below(4); pieces > 0; --pieces) {
    const std::string_view piece = octets.substr(0, random.below(octets.size() + 1));
    octets.remove_prefix(piece.size());
    content += nested_strings(piece, random, depth - 1);
  }
  return value('\x24', content + nested_strings(octets, random, depth - 1), random.once_in(2));
}

void check_signed(std::string_view octets) {
  fuzz::numbers random(octets);
  const auto around = [&](char tag, const std::string& content) {
    return value(tag, content, random.once_in(2));
  };
  const auto type = [](char last) {
    return value('\x06', std::string("\x2a\x86\x48\x86\xf7\x0d\x01\x07") + last, false);
  };
  const std::string strings = nested_strings(octets, random, 5);
  const std::string content = around('\x30', type(1) + around('\xa0', strings));
  const std::string data = around(
      '\x30', type(2) + around('\xa0', around('\x30', value('\x02', "\1", false) +
                                                          around('\x31', around('\x30', "")) +
                                                          content + around('\x31', ""))));
  std::string out(data.size(), '\0');
  const auto joined = detail::join_cms_segments(fuzz::exact_copy(data).view(), out.data());
  HOLDS(!joined.is_damaged && out.substr(0, joined.size) == octets);
  const std::string cut = data.substr(0, random.below(data.size() + 1));
  check_cms(fuzz::exact_copy(cut).view());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  fuzz::touch(name(refusal_of(tlsrpt::classify_payload(bytes))));
  check_uuencode(bytes);
  check_uuencoded(bytes);
  check_html(bytes);
  check_cms(bytes);
  check_signed(bytes);
  return 0;
}
