/// Fuzz target: reports again, from mutants that stay reports: members, values, duplicates,
/// escapes, order and white space change, and gzip data keep checksums that are right.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gzip_writer.hpp"
#include "report_relations.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed);

namespace {

using fuzz::json_member;
using fuzz::json_node;
using fuzz::numbers;
using kind = json_node::kind;

constexpr std::string_view member_names[] = {
    "organization-name", "date-range", "start-datetime", "end-datetime", "contact-info",
    "report-id", "policies", "policy", "policy-type", "policy-string", "policy-domain", "mx-host",
    "summary", "total-successful-session-count", "total-failure-session-count", "failure-details",
    "result-type", "sending-mta-ip", "receiving-mx-hostname", "receiving-mx-helo", "receiving-ip",
    "failed-session-count", "additional-information", "failure-reason-code",
    // Other spellings, and an unknown one.
    "receiving-mx-host-name", "failure-error-code", "mx-host-pattern", "additional-info-uri",
    "Report-ID", "policy_type", "x-unknown"};

/// Values as JSON text.
constexpr std::string_view values[] = {
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-0",
    "1",
    "5.0",
    "5e0",
    "0.5e1",
    "1E+2",
    "1.5",
    "-1",
    "9007199254740991",
    "9007199254740992",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e400",
    "1e-400",
    "\"5\"",
    "\" 7 \"",
    "\"sts\"",
    "\"tlsa\"",
    "\"no-policy-found\"",
    "\"STS \"",
    "\"certificate-expired\"",
    "\"Validation_Failure\"",
    "\"sts-policy-fetch-error\"",
    "\"x\"",
    "[\"version: STSv1\",\"mode: enforce\",\"mx: *.example.com\",\"max_age: 604800\"]",
    "\"version: STSv1\\r\\nmode: testing\\nmx: a.example\\n\"",
    "\"3 1 1 00ff; 2 1 1 ab\"",
    "[\"[\\\"3 0 1 1F85\\\",\\\"a\\\\u0062\\\"]\"]",
    "\"[\\\"version: STSv1\\\"]\"",
    "\"[1]\"",
    "\"[]\"",
    "\"[\\\"\\\\ud800\\\"]\"",
    "[\"\"]",
    "[null,1,{},[\"a\"]]",
    "[[[[[[[[]]]]]]]]",
    "\"2026-11-22T00:00:00Z\"",
    "\"2026-11-22\"",
    "\"2026-11-22T24:00:00\"",
    "\"0001-01-01T00:00:00Z\"",
    "\"192.0.2.1\"",
    "\"[IPv6:2001:db8::1]\"",
    "\"unknown\"",
    "\"mx.example.com\"",
    "\"mx: mx.example.com\"",
    "\"b\xc3\xbc"
    "cher.example\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\uffff\"",
    "\"\\u0000\"",
    "\"\xef\xbf\xbf\"",
    "\"\\\\\\\"\\/\\b\\f\\n\\r\\t\"",
    "\"a@example.com\"",
    "{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},\"summary\":{}}",
    "{\"result-type\":\"validation-failure\",\"failed-session-count\":1}"};

constexpr std::string_view plain_report =
    R"({"organization-name":"Example","date-range":{"start-datetime":"2026-11-22T00:00:00Z",)"
    R"("end-datetime":"2026-11-22T23:59:59Z"},"contact-info":"a@example.com","report-id":"1",)"
    R"("policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1"],)"
    R"("policy-domain":"example.com","mx-host":["mx.example.com"]},"summary":{)"
    R"("total-successful-session-count":1,"total-failure-session-count":1},"failure-details":[{)"
    R"("result-type":"certificate-expired","sending-mta-ip":"192.0.2.1","receiving-mx-hostname":)"
    R"("mx.example.com","receiving-ip":"2001:db8::1","failed-session-count":1}]}]})";

json_node tree_of(std::string_view text) {
  auto tree = fuzz::json_tree_reader(text).read();
  return tree ? std::move(*tree) : json_node{};
}

std::string text_of(const json_node& node) {
  std::string text;
  fuzz::write_json(node, text, [](std::string&) {});
  return text;
}

std::string as_content(std::string_view text) {
  std::string content;
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      content += "\\u00";
      content += "0123456789abcdef"[c >> 4 & 15];
      content += "0123456789abcdef"[c & 15];
      continue;
    }
    if (c == '"' || c == '\\') content += '\\';
    content += c;
  }
  return content;
}

class tree_mutator {
 public:
  tree_mutator(json_node& root, numbers& random) : root_(root), random_(random) { collect(root_); }

  void mutate() {
    json_node& node = *nodes_[random_.below(nodes_.size())];
    switch (random_.below(14)) {
      case 0:
        node = random_value();
        break;
      case 1:
        insert_member(node);
        break;
      case 2:
        if (!node.members.empty()) node.members.erase(node.members.begin() + at(node));
        break;
      case 3:
        if (node.members.size() > 1) std::swap(random_member(node), random_member(node));
        break;
      case 4:
        duplicate_member(node);
        break;
      case 5:
        if (node.what == kind::object && !node.members.empty()) rename(random_member(node).name);
        break;
      case 6:
        if (node.what == kind::string) escape(node.text);
        break;
      case 7:
        wrap(node);
        break;
      case 8:
        unwrap(node);
        break;
      case 9: {  // a copy of another part of the tree
        json_node copy = *nodes_[random_.below(nodes_.size())];
        if (text_of(copy).size() < 2000) node = std::move(copy);
        break;
      }
      case 10:
        if (node.what == kind::string || node.what == kind::scalar) mutate_text(node.text);
        break;
      case 11:  // numbers as strings and strings as numbers
        if (node.what == kind::scalar)
          node.what = kind::string;
        else if (node.what == kind::string && !node.text.empty() &&
                 node.text.find_first_not_of("0123456789") == std::string::npos)
          node.what = kind::scalar;
        break;
      case 12:
        encode(node);
        break;
      default:
        for (std::size_t i = node.members.size(); i > 1; --i)
          std::swap(node.members[i - 1], node.members[random_.below(i)]);
    }
  }

 private:
  void collect(json_node& node) {
    nodes_.push_back(&node);
    for (json_member& member : node.members) collect(member.value);
  }
  std::ptrdiff_t at(const json_node& node) {
    return static_cast<std::ptrdiff_t>(random_.below(node.members.size()));
  }
  json_member& random_member(json_node& node) {
    return node.members[random_.below(node.members.size())];
  }
  json_node random_value() { return tree_of(values[random_.below(std::size(values))]); }
  std::string random_name() {
    return std::string(member_names[random_.below(std::size(member_names))]);
  }
  void insert_member(json_node& node) {
    if (node.what != kind::object && node.what != kind::array) return;
    json_member member;
    if (node.what == kind::object) member.name = random_name();
    member.value = random_value();
    const auto place = static_cast<std::ptrdiff_t>(random_.below(node.members.size() + 1));
    node.members.insert(node.members.begin() + place, std::move(member));
  }
  void duplicate_member(json_node& node) {
    if (node.members.empty()) return;
    json_member copy = random_member(node);
    if (node.what == kind::object && random_.once_in(2)) rename(copy.name);
    if (random_.once_in(2)) copy.value = random_value();
    const auto place = static_cast<std::ptrdiff_t>(random_.below(node.members.size() + 1));
    node.members.insert(node.members.begin() + place, std::move(copy));
  }
  void rename(std::string& name) {
    const std::size_t place = name.empty() ? 0 : random_.below(name.size());
    switch (random_.below(5)) {
      case 0:
        name = random_name();
        break;
      case 1:
        escape(name);
        break;
      case 2:
        for (char& c : name)
          if (c >= 'a' && c <= 'z' && random_.once_in(3)) c = static_cast<char>(c - 'a' + 'A');
        break;
      case 3:
        for (char& c : name)
          if (c == '-' && random_.once_in(2)) c = '_';
        break;
      default:
        if (!name.empty() && name.find('\\') == std::string::npos) name.erase(place, 1);
    }
  }
  /// Some characters of ASCII as escapes such as \u0041.
  void escape(std::string& text) {
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\\') {
        escaped += text.substr(i, 2);
        ++i;
      } else if (static_cast<unsigned char>(c) < 0x80 && random_.once_in(4)) {
        escaped += "\\u00";
        escaped += "01234567"[c >> 4 & 7];
        escaped += (random_.once_in(2) ? "0123456789abcdef" : "0123456789ABCDEF")[c & 15];
      } else {
        escaped += c;
      }
    }
    text = std::move(escaped);
  }
  void wrap(json_node& node) {
    json_node outer;
    outer.what = random_.once_in(3) ? kind::object : kind::array;
    json_member& member = outer.members.emplace_back();
    if (outer.what == kind::object) member.name = random_name();
    member.value = std::move(node);
    node = std::move(outer);
  }
  void unwrap(json_node& node) {
    if (node.members.empty()) return;
    json_node inner = std::move(random_member(node).value);
    node = std::move(inner);
  }
  void mutate_text(std::string& text) {
    const std::size_t size = text.size();
    text.resize(size + 16);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
    if (!random_.once_in(8)) text = as_content(text);
  }
  /// A value as JSON inside a string.
  void encode(json_node& node) {
    const std::string text = text_of(node);
    if (text.size() > 2000) return;
    node = {};
    node.what = kind::string;
    node.text = as_content(text);
  }

  json_node& root_;
  numbers& random_;
  std::vector<json_node*> nodes_;
};

std::string mutant_of(std::string_view bytes, numbers& random) {
  std::string text;
  if (bytes.starts_with("\x1f\x8b"))
    text = fuzz::gunzip_reference(bytes, 1 << 16).value_or("");
  else
    text = bytes;
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  json_node root = random.once_in(100) ? json_node{} : tree_of(text);
  if (root.what != kind::object) root = tree_of(plain_report);
  for (std::size_t count = 1 + random.below(4); count > 0; --count)
    tree_mutator(root, random).mutate();

  const bool blanks = random.once_in(5);
  std::string mutant;
  fuzz::write_json(root, mutant, [&](std::string& out) {
    if (blanks && random.once_in(4)) out += " \t\r\n"[random.below(4)];
  });
  if (random.once_in(40)) mutant.insert(0, "\xef\xbb\xbf");
  if (random.once_in(40)) mutant += random.once_in(2) ? "\n{}" : "\n\"";
  if (random.once_in(40)) mutant.resize(random.below(mutant.size() + 1));
  if (random.once_in(40) && !mutant.empty())
    mutant[random.below(mutant.size())] = static_cast<char>(random.next());
  if (!random.once_in(6)) return mutant;

  std::string gzip = fuzz::gzip_in_members(mutant, 1 + random.below(3), random);
  if (random.once_in(10)) gzip += std::string(random.below(4), '\0');
  if (random.once_in(10)) gzip += "\n";
  return gzip;
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                    unsigned seed) {
  numbers random(seed);
  const std::string mutant = mutant_of({reinterpret_cast<const char*>(data), size}, random);
  if (mutant.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(mutant.begin(), mutant.end(), reinterpret_cast<char*>(data));
  return mutant.size();
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::check_report({reinterpret_cast<const char*>(data), size});
  return 0;
}
