/// @file
/// A JSON document as a tree that keeps what the sender wrote: order, duplicates, escapes, numbers.
/// Knows nothing of the library's reader.

#ifndef TLSRPT_TESTS_FUZZ_JSON_TREE
#define TLSRPT_TESTS_FUZZ_JSON_TREE

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct json_member;

struct json_node {
  enum class kind { object, array, string, scalar };

  kind what = kind::scalar;
  std::string text{};                ///< Of strings (without quotes) and scalars, as written.
  std::vector<json_member> members;  ///< Also the elements of an array, without names.
  std::size_t begin = 0, end = 0;    ///< Where it stood in the text that it was read from.
};

struct json_member {
  std::string name{};  ///< As written, without quotes.
  json_node value{};
  std::size_t begin = 0;  ///< Of the name; of the value in an array.
};

/// Reads one value of a text that is known to be JSON; nothing when it is not after all, or nested
/// deeper than any report.
class json_tree_reader {
 public:
  explicit json_tree_reader(std::string_view text) : text_(text) {}

  std::optional<json_node> read() {
    json_node root;
    if (!value(root, 0)) return std::nullopt;
    return root;
  }

 private:
  static constexpr int deepest = 64;

  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool string(std::string& content) {
    if (!take('"')) return false;
    const std::size_t first = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return false;
    content = text_.substr(first, at_ - first);
    ++at_;
    return true;
  }
  bool value(json_node& node, int depth) {
    if (depth > deepest) return false;
    blanks();
    if (at_ >= text_.size()) return false;
    node.begin = at_;
    const char c = text_[at_];
    bool good = true;
    if (c == '{' || c == '[') {
      node.what = c == '{' ? json_node::kind::object : json_node::kind::array;
      good = container(node, c == '{', depth);
    } else if (c == '"') {
      node.what = json_node::kind::string;
      good = string(node.text);
    } else {
      const std::size_t size = text_.substr(at_).find_first_of(",:]}[{\" \t\r\n");
      node.text = text_.substr(at_, size);
      at_ += node.text.size();
      good = !node.text.empty();
    }
    node.end = at_;
    return good;
  }
  bool container(json_node& node, bool object, int depth) {
    const char close = object ? '}' : ']';
    ++at_;
    if (take(close)) return true;
    do {
      json_member& member = node.members.emplace_back();
      blanks();
      member.begin = at_;
      if (object && (!string(member.name) || !take(':'))) return false;
      if (!value(member.value, depth + 1)) return false;
    } while (take(','));
    return take(close);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The text of a tree. `blank(std::string&)` is called wherever whitespace is allowed.
template <class Blank>
void write_json(const json_node& node, std::string& out, Blank&& blank) {
  const bool object = node.what == json_node::kind::object;
  if (node.what == json_node::kind::scalar) {
    out += node.text;
  } else if (node.what == json_node::kind::string) {
    ((out += '"') += node.text) += '"';
  } else {
    out += object ? '{' : '[';
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      if (i != 0) out += ',';
      blank(out);
      if (object) {
        ((out += '"') += node.members[i].name) += '"';
        blank(out);
        out += ':';
        blank(out);
      }
      write_json(node.members[i].value, out, blank);
      blank(out);
    }
    out += object ? '}' : ']';
  }
}

/// A member's name, its escapes of ASCII characters undone.
inline std::string plain_name(std::string_view written) {
  std::string name;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '\\') {
      name += written[i];
    } else if (written.substr(i).starts_with("\\u00") && i + 6 <= written.size()) {
      name += static_cast<char>(std::stoi(std::string(written.substr(i + 4, 2)), nullptr, 16));
      i += 5;
    } else {
      name += written[++i];
    }
  }
  return name;
}

}  // namespace fuzz

#endif
