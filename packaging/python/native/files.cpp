#include <cerrno>
#include <cstdio>
#include <cstring>

#include <tlsrpt/envelope.hpp>
#include <tlsrpt/file_name.hpp>

#include "streams.hpp"

namespace tlsrpt_python {

namespace {

struct close_file {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

class files : public any_inputs {
 public:
  files(std::vector<std::string> paths, std::size_t largest)
      : paths_(std::move(paths)), largest_(largest) {}

  bool next(tlsrpt::arrow_input& input) override {
    if (next_ == paths_.size()) return false;
    const std::string& path = paths_[next_++];
    content_ = read_file(path, largest_);
    input.source.name = path;
    input.source.report_domain = domain_in_name(path);
    if (content_.error != 0)
      input.unreadable = std::strerror(content_.error);
    else
      input.octets = std::as_bytes(std::span(content_.octets));
    return true;
  }

 private:
  std::vector<std::string> paths_;
  std::size_t largest_;
  std::size_t next_ = 0;
  file_content content_;
};

/// Bytes objects, which are kept as long as the stream.
class list : public any_inputs {
 public:
  explicit list(PyObject* owner) : owner_(owner) {}
  ~list() override {
    const PyGILState_STATE state = PyGILState_Ensure();
    Py_DECREF(owner_);
    PyGILState_Release(state);
  }

  void add(std::span<const std::byte> octets) { all_.push_back(octets); }
  bool next(tlsrpt::arrow_input& input) override {
    if (next_ == all_.size()) return false;
    input.source.position = static_cast<std::int64_t>(next_);
    input.octets = all_[next_++];
    return true;
  }

 private:
  PyObject* owner_;
  std::vector<std::span<const std::byte>> all_;
  std::size_t next_ = 0;
};

}  // namespace

std::string_view domain_in_name(std::string_view path) noexcept {
  tlsrpt::envelope_view says;
  if (const auto name = tlsrpt::parse_file_name(path)) says.file_name = *name;
  return tlsrpt::infer_policy_domain(says).policy_domain;
}

file_content read_file(const std::string& path, std::size_t largest) {
  const std::unique_ptr<std::FILE, close_file> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return {{}, errno};
  file_content content;
  constexpr std::size_t step = std::size_t{64} << 10;
  while (content.octets.size() <= largest) {
    const std::size_t size = content.octets.size();
    content.octets.resize(size + std::max(step, size));
    errno = 0;
    const std::size_t got =
        std::fread(content.octets.data() + size, 1, content.octets.size() - size, file.get());
    content.octets.resize(size + got);
    if (std::ferror(file.get()) != 0) return {{}, errno == 0 ? EIO : errno};
    if (std::feof(file.get()) != 0) break;
  }
  return content;
}

std::unique_ptr<any_inputs> inputs_of_files(std::vector<std::string> paths, const options& how) {
  return std::make_unique<files>(std::move(paths), how.largest_input());
}

PyObject* stream_of_files(std::vector<std::string> paths, const options& how) {
  return stream_of(inputs_of_files(std::move(paths), how), how);
}

PyObject* stream_of_list(PyObject* objects, const options& how) {
  // A copy, which nobody changes while the octets are used.
  PyObject* const tuple = PyList_AsTuple(objects);
  if (tuple == nullptr) return nullptr;
  auto inputs = std::make_unique<list>(tuple);
  for (Py_ssize_t i = 0; i < PyTuple_Size(tuple); ++i) {
    char* octets = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(PyTuple_GetItem(tuple, i), &octets, &size) != 0) return nullptr;
    inputs->add({reinterpret_cast<const std::byte*>(octets), static_cast<std::size_t>(size)});
  }
  return stream_of(std::move(inputs), how);
}

}  // namespace tlsrpt_python
