/// @file
/// The only file that includes the parser: all kinds of inputs become streams here.

#include "streams.hpp"

#include <cerrno>
#include <new>

#include <tlsrpt/report.hpp>
#if __has_include(<libdeflate.h>)
#include <tlsrpt/libdeflate.hpp>
#endif

namespace tlsrpt_python {

namespace {

#if __has_include(<libdeflate.h>)
using parser = tlsrpt::report_parser<tlsrpt::rules, tlsrpt::libdeflate_inflater>;
#else
using parser = tlsrpt::report_parser<tlsrpt::rules>;
#endif

/// Inputs as a stream takes them: nothing is thrown.
class held_inputs {
 public:
  explicit held_inputs(std::unique_ptr<any_inputs> inputs) noexcept : inputs_(std::move(inputs)) {}

  bool next(tlsrpt::arrow_input& input) noexcept {
    try {
      return inputs_->next(input);
    } catch (const std::bad_alloc&) {
      error_ = ENOMEM;
      return false;
    }
  }
  int error() const noexcept { return error_; }

 private:
  std::unique_ptr<any_inputs> inputs_;
  int error_ = 0;
};

template <class T>
PyObject* capsule_with(T& moved, const char* name) {
  T* const kept = new (std::nothrow) T(std::exchange(moved, {}));
  if (kept == nullptr) {
    moved.release(&moved);
    return PyErr_NoMemory();
  }
  PyObject* const capsule = PyCapsule_New(kept, name, [](PyObject* dying) {
    auto* const held = static_cast<T*>(PyCapsule_GetPointer(dying, PyCapsule_GetName(dying)));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
  if (capsule == nullptr) {
    kept->release(kept);
    delete kept;
  }
  return capsule;
}

}  // namespace

PyObject* capsule_of(ArrowArrayStream& stream) {
  return capsule_with(stream, "arrow_array_stream");
}
PyObject* capsule_of(ArrowSchema& schema) { return capsule_with(schema, "arrow_schema"); }

PyObject* stream_of(std::unique_ptr<any_inputs> inputs, const options& how) {
  ArrowArrayStream stream{};
  if (!tlsrpt::make_arrow_stream(parser(how.limits, how.rules), held_inputs(std::move(inputs)),
                                 stream, how.columns))
    return PyErr_NoMemory();
  return capsule_of(stream);
}

PyObject* stream_of_column(ArrowArrayStream& in, const options& how) {
  ArrowArrayStream stream{};
  if (!tlsrpt::parse_arrow_stream(parser(how.limits, how.rules), in, stream, how.columns))
    return PyErr_NoMemory();
  return capsule_of(stream);
}

}  // namespace tlsrpt_python
