#include "limits.hpp"

#include <algorithm>
#include <array>

#include <glib.h>

namespace cli {

namespace {

/// Octets of one field. GMime walks down nested groups of addresses, and compares all names of the
/// parameters of a field with each other.
constexpr std::size_t max_field_bytes = std::size_t{64} << 10;
constexpr std::size_t max_parameters_of_field = 256;
constexpr std::size_t max_parameters = 100'000;
/// Lines that begin with "--". GMime compares each with the boundaries of all open multiparts.
constexpr std::size_t max_boundary_lines = 20'000;

/// Fields that GMime takes apart as soon as it has them.
bool is_parsed_field(std::string_view line) {
  constexpr auto names = std::to_array<std::string_view>(
      {"content-", "contenttype", "from", "to", "cc", "bcc", "sender", "reply-to", "resent-"});
  return std::any_of(names.begin(), names.end(), [line](std::string_view name) {
    return line.size() >= name.size() &&
           g_ascii_strncasecmp(line.data(), name.data(), name.size()) == 0;
  });
}

}  // namespace

std::optional<tlsrpt::errc> refusal(std::string_view mail) {
  using tlsrpt::errc;
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
      if (line.starts_with("--") && ++boundary_lines > max_boundary_lines)
        return errc::mail_too_many_parts;
    }
    if ((is_parsed || in_first_header) && end - field > max_field_bytes)
      return errc::mail_field_too_long;
    if (is_parsed) {
      const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), ';'));
      parameters_of_field += count;
      parameters += count;
      if (parameters_of_field > max_parameters_of_field || parameters > max_parameters)
        return errc::mail_field_too_long;
    }
    begin = end + 1;
  }
  return {};
}

void add_remark(std::vector<mail_remark>& remarks, tlsrpt::errc code, std::size_t offset,
                std::string_view subject) {
  constexpr std::ptrdiff_t max_remarks_of_code = 3;
  constexpr std::size_t max_subject_bytes = 200;
  const auto same = [code](const mail_remark& remark) { return remark.code == code; };
  if (std::count_if(remarks.begin(), remarks.end(), same) < max_remarks_of_code)
    remarks.push_back({code, offset, std::string(subject.substr(0, max_subject_bytes))});
}

}  // namespace cli
