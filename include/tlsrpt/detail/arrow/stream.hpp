/// @file
/// Streams: the callbacks, and the state that they work on.

#ifndef TLSRPT_HPP_DETAIL_ARROW_STREAM
#define TLSRPT_HPP_DETAIL_ARROW_STREAM

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/arrow/abi.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt::detail {

/// What went wrong in a stream: the first fault, which stays.
class stream_fault {
 public:
  int code() const noexcept { return code_; }
  int set(int code, std::string_view text, std::string_view name = {}) noexcept {
    if (code_ != 0) return code_;
    code_ = code;
    text_ = {};
    text_.append(text.substr(0, longest));
    text_.append(name.substr(0, longest));
    text_.append({"\0", 1});
    return code_;
  }
  int no_memory() noexcept { return set(ENOMEM, "out of memory"); }
  const char* text() const noexcept { return code_ == 0 ? nullptr : text_.view().data(); }

 private:
  static constexpr std::size_t longest = 200;

  int code_ = 0;
  short_text<2 * longest + 1> text_;
};

/// Makes a stream of `Work`, which has get_schema(), get_next() and fault().
template <class Work, class... Argument>
bool make_stream(ArrowArrayStream& out, Argument&&... arguments) noexcept {
  void* const memory = std::malloc(sizeof(Work));
  if (memory == nullptr) return false;
  out = {};
  out.private_data =
      std::construct_at(static_cast<Work*>(memory), std::forward<Argument>(arguments)...);
  out.get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
    *schema = {};
    return static_cast<Work*>(stream->private_data)->get_schema(*schema);
  };
  out.get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
    *array = {};
    Work& work = *static_cast<Work*>(stream->private_data);
    return work.fault().code() != 0 ? work.fault().code() : work.get_next(*array);
  };
  out.get_last_error = [](ArrowArrayStream* stream) {
    return static_cast<Work*>(stream->private_data)->fault().text();
  };
  out.release = [](ArrowArrayStream* stream) {
    std::destroy_at(static_cast<Work*>(stream->private_data));
    std::free(stream->private_data);
    *stream = {};
  };
  return true;
}

}  // namespace tlsrpt::detail

#endif
