/// @file
/// What the files of the module share.

#ifndef TLSRPT_PYTHON_NATIVE_STREAMS
#define TLSRPT_PYTHON_NATIVE_STREAMS

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstddef>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/arrow.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt_python {

/// How to read, by the arguments of a call.
struct options {
  tlsrpt::rules rules{};
  tlsrpt::limits limits{};
  tlsrpt::arrow_options columns{};

  /// Octets of an input beyond which no parser reads it.
  std::size_t largest_input() const noexcept {
    return std::max(limits.max_gzip_bytes, limits.max_text_bytes);
  }
};

/// The options in a tuple; nothing with a Python error.
std::optional<options> read_options(PyObject* tuple);

/// The octets in a list of bytes; nothing with a Python error.
std::optional<std::vector<std::string>> read_list(PyObject* list);

// Streams as capsules; null with a Python error.

PyObject* stream_of_files(std::vector<std::string> paths, const options& how);
PyObject* stream_of_mails(std::vector<std::string> paths, const options& how);
PyObject* stream_of_tar(std::string path, const options& how);
PyObject* stream_of_list(PyObject* list, const options& how);
PyObject* stream_of_column(ArrowArrayStream& in, const options& how);

/// Inputs of any kind, for a stream. Calls come on any thread, without the GIL.
class any_inputs {
 public:
  any_inputs() = default;
  any_inputs(const any_inputs&) = delete;
  any_inputs& operator=(const any_inputs&) = delete;
  virtual ~any_inputs() = default;

  /// As in tlsrpt::arrow_inputs, but it may throw std::bad_alloc.
  virtual bool next(tlsrpt::arrow_input& input) = 0;
};

/// Files, one report in each.
std::unique_ptr<any_inputs> inputs_of_files(std::vector<std::string> paths, const options& how);

/// What may be reports in a file: those of a mail or an mbox, else the file itself.
std::unique_ptr<any_inputs> inputs_of_file(std::string path, const options& how);

/// A capsule with the stream of these inputs.
PyObject* stream_of(std::unique_ptr<any_inputs> inputs, const options& how);

/// A capsule with a stream, which is moved.
PyObject* capsule_of(ArrowArrayStream& stream);

/// A capsule with a schema, which is moved.
PyObject* capsule_of(ArrowSchema& schema);

/// The octets of a file, at most so many; else the errno.
struct file_content {
  std::string octets{};
  int error = 0;
};
file_content read_file(const std::string& path, std::size_t largest);

/// The domain that a report is about, as the name of its file says; empty when it does not.
std::string_view domain_in_name(std::string_view path) noexcept;

}  // namespace tlsrpt_python

#endif
