#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string_view>

#include "streams.hpp"

namespace tlsrpt_python {

namespace {

struct close_file {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// The files of an archive in the formats of POSIX and GNU.
class tar : public any_inputs {
 public:
  tar(std::string path, std::size_t largest)
      : path_(std::move(path)), largest_(largest), file_(std::fopen(path_.c_str(), "rb")) {
    if (file_ == nullptr) fault_ = std::strerror(errno);
  }

  bool next(tlsrpt::arrow_input& input) override {
    while (fault_.empty() && !is_at_end_) {
      if (!read_header()) break;
      const char type = header_[156];
      if (type == 'L' || type == 'x') {
        if (!read_content(longest_extension)) break;
        name_ = type == 'L' ? until_nul(content_) : path_in(content_);
        continue;
      }
      const bool is_file = type == '0' || type == '\0' || type == '7';
      if (name_.empty()) name_ = name_in_header();
      const std::uint64_t begin = at_;
      if (!read_content(is_file ? largest_ + 1 : 0)) break;
      shown_name_ = std::exchange(name_, {});
      if (!is_file) continue;
      input.source.name = shown_name_;
      input.source.report_domain = domain_in_name(shown_name_);
      input.source.position = static_cast<std::int64_t>(begin);
      input.octets = std::as_bytes(std::span(content_));
      return true;
    }
    if (fault_.empty()) return false;
    // The rest of the archive is one row.
    shown_fault_ = std::exchange(fault_, {});
    is_at_end_ = true;
    input.source.name = path_;
    input.source.position = static_cast<std::int64_t>(at_);
    input.unreadable = shown_fault_;
    return true;
  }

 private:
  static constexpr std::size_t block = 512;
  static constexpr std::size_t longest_extension = std::size_t{1} << 20;

  bool read(char* to, std::size_t size) {
    const std::size_t got = std::fread(to, 1, size, file_.get());
    at_ += got;
    if (got == size) return true;
    fault_ = std::ferror(file_.get()) != 0 ? std::strerror(errno) : "the archive ends early";
    return false;
  }

  /// Ends at a block of zeros, and where there is none at the end of the file.
  bool read_header() {
    const int first = std::fgetc(file_.get());
    if (first == EOF && std::ferror(file_.get()) == 0) {
      is_at_end_ = true;
      return false;
    }
    std::ungetc(first, file_.get());
    if (!read(header_, block)) return false;
    if (std::string_view(header_, block).find_first_not_of('\0') == std::string_view::npos) {
      is_at_end_ = true;
      return false;
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < block; ++i)
      sum += i >= 148 && i < 156 ? std::uint64_t{' '} : static_cast<unsigned char>(header_[i]);
    if (sum != number(148, 8)) {
      fault_ = "this is no tar archive, or it is compressed";
      return false;
    }
    size_ = number(124, 12);
    return true;
  }

  /// Octal digits, or octets in network order after a mark.
  std::uint64_t number(std::size_t begin, std::size_t size) const {
    std::uint64_t value = 0;
    if ((header_[begin] & 0x80) != 0) {
      for (std::size_t i = begin + size - 8; i < begin + size; ++i)
        value = value << 8 | static_cast<unsigned char>(header_[i]);
      return value;
    }
    for (std::size_t i = begin; i < begin + size; ++i)
      if (header_[i] >= '0' && header_[i] <= '7')
        value = value << 3 | static_cast<std::uint64_t>(header_[i] - '0');
    return value;
  }

  /// Keeps the first octets of what follows the header, and passes over the others.
  bool read_content(std::size_t most) {
    const std::uint64_t kept = std::min<std::uint64_t>(size_, most);
    content_.clear();
    for (std::uint64_t size = 0; size < kept; size = content_.size()) {
      // Step by step: a header may claim anything.
      constexpr std::uint64_t step = std::uint64_t{1} << 20;
      content_.resize(static_cast<std::size_t>(std::min(kept, size + step)));
      if (!read(content_.data() + size, content_.size() - static_cast<std::size_t>(size)))
        return false;
    }
    char passed[block];
    std::uint64_t left = size_ - kept;
    for (; left >= block; left -= block)
      if (!read(passed, block)) return false;
    if (!read(passed, static_cast<std::size_t>(left))) return false;
    const std::size_t padding = static_cast<std::size_t>((block - size_ % block) % block);
    return read(passed, padding);
  }

  static std::string until_nul(const std::string& text) { return text.substr(0, text.find('\0')); }
  std::string field(std::size_t begin, std::size_t size) const {
    return until_nul(std::string(header_ + begin, size));
  }
  std::string name_in_header() const {
    const bool has_prefix = std::string_view(header_ + 257, 6) == std::string_view("ustar\0", 6);
    const std::string prefix = has_prefix ? field(345, 155) : std::string();
    return prefix.empty() ? field(0, 100) : prefix + '/' + field(0, 100);
  }
  /// The path in records such as "30 path=a/b\n".
  static std::string path_in(std::string_view records) {
    while (!records.empty()) {
      std::size_t size = 0, digits = 0;
      while (digits < records.size() && digits < 8 && records[digits] >= '0' &&
             records[digits] <= '9')
        size = size * 10 + static_cast<std::size_t>(records[digits++] - '0');
      if (size <= digits + 1 || size > records.size()) return {};
      const std::string_view record = records.substr(digits + 1, size - digits - 2);
      constexpr std::string_view key = "path=";
      if (record.starts_with(key)) return std::string(record.substr(key.size()));
      records.remove_prefix(size);
    }
    return {};
  }

  std::string path_;
  std::size_t largest_;
  std::unique_ptr<std::FILE, close_file> file_;
  std::string fault_, shown_fault_, name_, shown_name_, content_;
  char header_[block]{};
  std::uint64_t size_ = 0, at_ = 0;
  bool is_at_end_ = false;
};

}  // namespace

PyObject* stream_of_tar(std::string path, const options& how) {
  return stream_of(std::make_unique<tar>(std::move(path), how.largest_input()), how);
}

}  // namespace tlsrpt_python
