/// @file
/// An independent reader of reports, on nlohmann/json, and a comparison of what it finds with what
/// the library finds. It knows the documented lenient readings, and nothing of the library's code.

#ifndef TLSRPT_TESTS_COMPARE
#define TLSRPT_TESTS_COMPARE

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <zlib.h>

#include <nlohmann/json.hpp>

#include <tlsrpt/error.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/report.hpp>

#include "describe.hpp"

namespace compare {

using json = nlohmann::ordered_json;

// ---- files

/// The tests are built without exceptions as well.
[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) give_up("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The cells of a tab-separated file.
inline std::vector<std::vector<std::string>> read_table(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + 1) {
      end = line.find('\t', at);
      row.push_back(line.substr(at, end == std::string::npos ? end : end - at));
    }
  }
  return rows;
}

inline bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// One gzip member with `text`.
inline std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    give_up("no memory");
  std::string bytes(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int status = deflate(&stream, Z_FINISH);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) give_up("cannot compress");
  return bytes;
}

/// The content of a gzip member that is known to be good.
inline std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) give_up("no memory");
  std::string text(std::size_t{1} << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int status = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  if (status != Z_STREAM_END) give_up("cannot inflate");
  return text;
}

/// The document, of an object's equal members the first; nothing when nlohmann/json refuses it.
inline std::optional<json> read_document(std::string_view text) {
  std::map<int, std::set<std::string>> seen;  // by depth
  const auto keep_first = [&seen](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) seen[depth + 1].clear();
    return event != json::parse_event_t::key ||
           seen[depth].insert(parsed.get<std::string>()).second;
  };
  json document = json::parse(text, keep_first, /*allow_exceptions=*/false);
  return document.is_discarded() ? std::optional<json>() : std::move(document);
}

// ---- the lenient readings

inline std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  return text;
}

inline std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// The member called `name`, else the first that is meant by it; null when there is none.
inline const json* member(const json& object, const std::string& name) {
  if (!object.is_object()) return nullptr;
  if (const auto found = object.find(name); found != object.end()) return &*found;
  static const std::vector<std::pair<std::string, std::string>> aliases = {
      {"receiving-mx-host-name", "receiving-mx-hostname"},
      {"failure-error-code", "failure-reason-code"},
      {"mx-host-pattern", "mx-host"},
      {"additional-info-uri", "additional-information"}};
  for (const auto& [key, value] : object.items()) {
    std::string meant = lower(key);
    std::replace(meant.begin(), meant.end(), '_', '-');
    for (const auto& [alias, real] : aliases)
      if (meant == alias) meant = real;
    if (meant == name) return &value;
  }
  return nullptr;
}

/// A string member; null and "" are absent, the text of numbers and literals is kept.
inline std::optional<std::string> text_of(const json* value) {
  if (value == nullptr) return {};
  if (value->is_string())
    return value->get_ref<const std::string&>().empty() ? std::optional<std::string>()
                                                        : value->get<std::string>();
  if (value->is_number() || value->is_boolean()) return value->dump();
  // An array of one string is read as that string.
  if (value->is_array() && value->size() == 1 && value->front().is_string())
    return text_of(&value->front());
  return {};
}

inline std::optional<std::uint64_t> count_of(const json* value) {
  if (value == nullptr) return {};
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  if (value->is_number_integer()) {
    const auto count = value->get<std::int64_t>();
    return count < 0 ? std::optional<std::uint64_t>() : static_cast<std::uint64_t>(count);
  }
  if (value->is_number_float()) {
    const double count = value->get<double>();
    if (count < 0 || count >= 18446744073709551616.0 ||
        count != static_cast<double>(static_cast<std::uint64_t>(count)))
      return {};
    return static_cast<std::uint64_t>(count);
  }
  if (!value->is_string()) return {};
  const std::string digits = trimmed(value->get<std::string>());
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return {};
  std::uint64_t count = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return read.ec == std::errc() ? count : std::optional<std::uint64_t>();
}

/// An array of strings. Elements that are neither string, number nor literal are left out.
inline std::vector<std::string> texts_of(const json* value) {
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (value->is_string() && !value->get_ref<const std::string&>().empty())
    texts.push_back(value->get<std::string>());
  if (!value->is_array()) return texts;
  for (const json& element : *value) {
    if (element.is_string())
      texts.push_back(element.get<std::string>());
    else if (element.is_number() || element.is_boolean())
      texts.push_back(element.dump());
  }
  return texts;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// The text with line ends where they were escaped once too often: anywhere in TLSA records, in an
/// MTA-STS policy when each line has a key and there is no line end yet.
inline std::string with_line_ends(const std::string& text, bool is_tlsa) {
  const std::string fed = replaced(text, "\\n", "\n");
  if (is_tlsa) return replaced(fed, "\\r", "\n");
  if (text.find('\n') != std::string::npos) return text;
  std::istringstream in(fed);
  for (std::string line; std::getline(in, line);) {
    const std::string key = line.substr(0, line.find(':'));
    const std::string octets = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (key.empty() || key.size() > 32 || key.size() == line.size() ||
        octets.find(key[0]) >= octets.size() - 3 ||
        key.find_first_not_of(octets) != std::string::npos)
      return text;
  }
  return replaced(fed, "\\r\n", "\n");
}

/// policy-string: one string, or one element that has several parts, is split at line ends or, for
/// tlsa, at ";"; an array in a string is taken apart.
inline std::vector<std::string> policy_string_of(const json* value, bool is_tlsa) {
  std::vector<std::string> texts = texts_of(value);
  if (texts.size() != 1) return texts;
  if (const auto inner = read_document(texts[0]); inner && inner->is_array())
    if (std::all_of(inner->begin(), inner->end(), [](const json& e) { return e.is_string(); }))
      return inner->get<std::vector<std::string>>();
  texts[0] = with_line_ends(texts[0], is_tlsa);
  if (!value->is_string()) {
    const std::size_t end = texts[0].find_first_of(is_tlsa ? ";\n" : "\n");
    if (end == std::string::npos || trimmed(texts[0].substr(end + 1)).empty())
      return texts_of(value);
  }
  std::vector<std::string> parts;
  std::istringstream in(texts[0]);
  for (std::string line; std::getline(in, line);) {
    if (!is_tlsa) {
      if (line.ends_with('\r')) line.pop_back();
      parts.push_back(line);
      continue;
    }
    std::istringstream records(line);
    for (std::string record; std::getline(records, record, ';');)
      if (!trimmed(record).empty()) parts.push_back(trimmed(record));
  }
  return parts;
}

/// The elements of an array of objects; a lone object counts as an array of one.
inline std::vector<const json*> objects_of(const json* value) {
  std::vector<const json*> objects;
  if (value == nullptr) return objects;
  if (value->is_object()) objects.push_back(value);
  if (value->is_array())
    for (const json& element : *value)
      if (element.is_object()) objects.push_back(&element);
  return objects;
}

// ---- the comparison

/// Differences in words, and how many values were compared.
struct outcome {
  std::size_t values = 0, policies = 0, failures = 0;
  std::vector<std::string> differences;
};

class comparison {
 public:
  outcome run(const json& document, const tlsrpt::report_view& report) {
    text("organization-name", member(document, "organization-name"), report.organization_name);
    text("contact-info", member(document, "contact-info"), report.contact_info);
    text("report-id", member(document, "report-id"), report.report_id);
    const json* const range = member(document, "date-range");
    time("start-datetime", range, report.date_range.start_datetime);
    time("end-datetime", range, report.date_range.end_datetime);

    std::vector<const json*> elements;
    for (const json* element : objects_of(member(document, "policies")))
      if (has_policy(*element) || has_counts(*element)) elements.push_back(element);
    same("number of policies", elements.size(), report.policies.size());
    for (std::size_t i = 0; i < std::min(elements.size(), report.policies.size()); ++i)
      policy(*elements[i], report.policies[i]);
    return std::move(outcome_);
  }

 private:
  static bool has_policy(const json& element) {
    const json* const policy = member(element, "policy");
    if (policy != nullptr && policy->is_object()) return true;
    for (const char* name : {"policy-type", "policy-string", "policy-domain", "mx-host"})
      if (member(element, name) != nullptr) return true;
    return false;
  }

  static bool has_counts(const json& element) {
    const json* const failures = member(element, "failure-details");
    if (failures != nullptr && failures->is_structured()) return true;
    const json* summary = member(element, "summary");
    if (summary == nullptr) summary = &element;
    for (const char* name : {"total-successful-session-count", "total-failure-session-count"})
      if (count_of(member(*summary, name))) return true;
    return false;
  }

  template <class A, class B>
  void same(const std::string& what, const A& expected, const B& found) {
    ++outcome_.values;
    if (expected == found) return;
    std::ostringstream words;
    words << what << ": expected <" << expected << ">, found <" << found << '>';
    outcome_.differences.push_back(words.str());
  }

  void text(const std::string& what, const json* value, std::string_view found) {
    const std::optional<std::string> expected = text_of(value);
    same(what + " is present", expected.has_value(), tlsrpt::present(found));
    // The text of a fraction or an exponent is not to be had from nlohmann/json.
    if (expected && !value->is_number_float()) same(what, *expected, found);
  }

  void count(const std::string& what, const json* value, tlsrpt::session_count found) {
    const std::optional<std::uint64_t> expected = count_of(value);
    same(what + " is known", expected.has_value(), found.known());
    if (expected) same(what, *expected, found.value());
  }

  void texts(const std::string& what, const std::vector<std::string>& expected,
             std::span<const std::string_view> found) {
    same("size of " + what, expected.size(), found.size());
    for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i)
      same(what, expected[i], found[i]);
  }

  /// Seconds are compared for the usual form, a time in UTC.
  void time(const std::string& name, const json* range, const tlsrpt::timestamp& found) {
    const json* const value = range == nullptr ? nullptr : member(*range, name);
    text(name, value, found.text);
    const std::optional<std::string> written = text_of(value);
    if (!written) return same(name + " is known", false, found.known);
    std::tm fields{};
    const char* const rest = strptime(written->c_str(), "%Y-%m-%dT%H:%M:%S", &fields);
    if (written->size() != 20 || rest == nullptr || std::string_view(rest) != "Z" ||
        fields.tm_sec == 60 || fields.tm_year < 70)
      return;
    same(name + " is known", true, found.known);
    same(name + " in seconds", static_cast<std::int64_t>(timegm(&fields)), found.seconds);
  }

  template <class E>
  void token(const std::string& what, const json* value, const tlsrpt::token<E>& found,
             std::initializer_list<const char*> registered) {
    text(what, value, found.text);
    std::string meant = lower(trimmed(text_of(value).value_or("")));
    std::replace(meant.begin(), meant.end(), '_', '-');
    const auto known = std::find(registered.begin(), registered.end(), meant);
    same(what + " is known", known != registered.end(), found.known());
    if (known != registered.end()) same(what + " means", meant, name(found.value));
  }

  void address(const std::string& what, const json* value, const tlsrpt::ip_view& found) {
    text(what, value, found.text);
    const std::string written = text_of(value).value_or("");
    std::uint8_t octets[16]{};
    const bool v4 = inet_pton(AF_INET, written.c_str(), octets) == 1;
    if (!v4 && inet_pton(AF_INET6, written.c_str(), octets) != 1) return;
    const auto read = found.address();
    same(what + " is readable", true, read.has_value());
    if (!read) return;
    same(what + " is IPv4", v4, read->is_v4());
    same(what + " in octets", true, std::memcmp(octets, read->octets().data(), v4 ? 4 : 16) == 0);
  }

  void policy(const json& element, const tlsrpt::policy_view& found) {
    ++outcome_.policies;
    const json* inner = member(element, "policy");
    if (inner == nullptr || !inner->is_object()) inner = &element;
    const json* const type = member(*inner, "policy-type");
    token("policy-type", type, found.policy_type, {"sts", "tlsa", "no-policy-found"});
    text("policy-domain", member(*inner, "policy-domain"), found.policy_domain);
    const bool is_tlsa = lower(trimmed(text_of(type).value_or(""))) == "tlsa";
    texts("policy-string", policy_string_of(member(*inner, "policy-string"), is_tlsa),
          found.policy_string);
    texts("mx-host", texts_of(member(*inner, "mx-host")), found.mx_host);

    const json* summary = member(element, "summary");
    if (summary == nullptr) summary = &element;
    count("total-successful-session-count", member(*summary, "total-successful-session-count"),
          found.total_successful_session_count);
    count("total-failure-session-count", member(*summary, "total-failure-session-count"),
          found.total_failure_session_count);

    const std::vector<const json*> failures = objects_of(member(element, "failure-details"));
    same("number of failure details", failures.size(), found.failure_details.size());
    for (std::size_t i = 0; i < std::min(failures.size(), found.failure_details.size()); ++i)
      failure(*failures[i], found.failure_details[i]);
  }

  void failure(const json& expected, const tlsrpt::failure_details_view& found) {
    ++outcome_.failures;
    token("result-type", member(expected, "result-type"), found.result_type,
          {"starttls-not-supported", "certificate-host-mismatch", "certificate-expired",
           "certificate-not-trusted", "validation-failure", "tlsa-invalid", "dnssec-invalid",
           "dane-required", "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"});
    address("sending-mta-ip", member(expected, "sending-mta-ip"), found.sending_mta_ip);
    address("receiving-ip", member(expected, "receiving-ip"), found.receiving_ip);
    text("receiving-mx-hostname", member(expected, "receiving-mx-hostname"),
         found.receiving_mx_hostname);
    text("receiving-mx-helo", member(expected, "receiving-mx-helo"), found.receiving_mx_helo);
    text("additional-information", member(expected, "additional-information"),
         found.additional_information);
    text("failure-reason-code", member(expected, "failure-reason-code"), found.failure_reason_code);
    count("failed-session-count", member(expected, "failed-session-count"),
          found.failed_session_count);
  }

  outcome outcome_;
};

// ---- what the library finds

/// "code@offset", as in the tables of expected diagnostics.
inline std::string at_offset(tlsrpt::errc code, const tlsrpt::location& where) {
  return std::string(name(code)) + '@' + std::to_string(where.offset);
}

/// A sink that keeps "code@offset" of each diagnostic, and which of them break the RFC.
struct noting_sink {
  std::vector<std::string> all, violations;
  void operator()(const tlsrpt::diagnostic& d) {
    all.push_back(at_offset(d.code, d.where));
    if (grade_of(d.code) >= tlsrpt::grade::violation) violations.push_back(all.back());
  }
  std::vector<std::string> sorted() const {
    std::vector<std::string> copy = all;
    std::sort(copy.begin(), copy.end());
    return copy;
  }
};

/// What the library makes of one document, and where it contradicts itself or the other reader.
struct examination {
  tlsrpt::diagnostic error{};  ///< Code errc::ok when the document is usable.
  noting_sink notes{};
  bool compared = false;  ///< False when nlohmann/json refuses the document.
  outcome result{};
};

/// Reads a document in every way that the library offers.
inline examination examine(std::string_view bytes) {
  examination found;
  const auto differ = [&found](const char* what) { found.result.differences.push_back(what); };
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes, found.notes);
  found.error = report.error();

  tlsrpt::report_parser<tlsrpt::strict> strict;
  const auto in_strict = strict.parse(bytes);
  if (!report) {
    if (found.notes.violations.empty() && in_strict.error() != report.error())
      differ("strict: another error");
    return found;
  }
  const std::vector<std::string>& violations = found.notes.violations;
  if (in_strict.has_value() != violations.empty())
    differ("strict: the violations say otherwise");
  else if (!in_strict &&
           at_offset(in_strict.error().code, in_strict.error().where) != violations[0])
    differ("strict: the error is not the first violation");

  std::string text = is_gzip(bytes) ? gunzip(bytes) : std::string(bytes);
  const std::string description = describe(*report);
  tlsrpt::report_parser<> other;
  noting_sink notes;
  const auto again = other.parse(is_gzip(bytes) ? text : gzip(text), notes);
  if (!again || describe(*again) != description || notes.all != found.notes.all)
    differ("gzip and plain text differ");

  notes = {};
  describing_visitor visitor;
  const auto visited = other.visit(bytes, visitor, notes);
  if (!visited || visitor.all.text() != description || notes.sorted() != found.notes.sorted())
    differ("visit and parse differ");

  notes = {};
  const auto in_place = other.parse_in_place(tlsrpt::pad(text), notes);
  if (!in_place || describe(*in_place) != description || notes.all != found.notes.all)
    differ("parse_in_place and parse differ");
  text.resize(text.size() - tlsrpt::padding);

  for (const std::string& note : found.notes.all)
    if (note.starts_with("trailing-bytes@")) text.resize(std::stoul(note.substr(15)));
  if (const std::optional<json> document = read_document(text)) {
    found.compared = true;
    outcome compared = comparison().run(*document, *report);
    compared.differences.insert(compared.differences.end(), found.result.differences.begin(),
                                found.result.differences.end());
    found.result = std::move(compared);
  }
  return found;
}

}  // namespace compare

#endif
