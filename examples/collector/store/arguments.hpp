/// @file
/// The arguments of the programs here: words, and options with and without a value.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_STORE_ARGUMENTS
#define TLSRPT_EXAMPLES_COLLECTOR_STORE_ARGUMENTS

#include <charconv>
#include <chrono>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace collector {

/// What was called the wrong way.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads arguments, and says which of them are not used.
class arguments {
 public:
  /// `flags` are the options without a value. Throws usage_error.
  arguments(int count, char** words, const std::set<std::string_view>& flags) {
    for (int i = 1; i < count; ++i) {
      const std::string_view word = words[i];
      if (!word.starts_with("--")) {
        words_.emplace_back(word);
      } else if (flags.contains(word)) {
        options_[std::string(word)];
      } else if (const std::size_t equals = word.find('='); equals != word.npos) {
        options_[std::string(word.substr(0, equals))] = word.substr(equals + 1);
      } else if (++i == count) {
        throw usage_error(std::string(word) + " needs a value");
      } else {
        options_[std::string(word)] = words[i];
      }
    }
  }

  /// The words that are no options.
  const std::vector<std::string>& words() const { return words_; }

  bool has(const std::string& name) { return options_.erase(name) != 0; }
  /// The value of an option; `otherwise` without it.
  std::string value(const std::string& name, std::string otherwise = {}) {
    const auto found = options_.find(name);
    if (found == options_.end()) return otherwise;
    otherwise = found->second;
    options_.erase(found);
    return otherwise;
  }
  std::string needed(const std::string& name) {
    std::string value = this->value(name);
    if (value.empty()) throw usage_error(name + " is needed");
    return value;
  }
  template <class Number>
  Number number(const std::string& name, Number otherwise) {
    const std::string text = value(name);
    if (text.empty()) return otherwise;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), otherwise);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || otherwise < 0)
      throw usage_error(name + " needs a number");
    return otherwise;
  }

  /// For how long to wait for who has a file locked.
  std::chrono::seconds patience() {
    constexpr int usual = 10, most = 1'000'000;
    const std::chrono::seconds patience(number("--wait", usual));
    if (patience.count() > most) throw usage_error("--wait is too long");
    return patience;
  }

  /// To be called when all options were asked for.
  void end(std::size_t words) const {
    if (!options_.empty()) throw usage_error("there is no option " + options_.begin()->first);
    if (words_.size() != words) throw usage_error("there are too many or too few words");
  }

 private:
  std::vector<std::string> words_{};
  std::map<std::string, std::string> options_{};
};

}  // namespace collector

#endif
