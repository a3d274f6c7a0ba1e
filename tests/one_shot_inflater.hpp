/// A decoder that cannot pause, as that of libdeflate.

#ifndef TLSRPT_TESTS_ONE_SHOT_INFLATER
#define TLSRPT_TESTS_ONE_SHOT_INFLATER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tlsrpt/gzip.hpp>

namespace support {

using tlsrpt::inflate_status;
using tlsrpt::inflate_step;
using tlsrpt::zlib_inflater;

/// When the output is too small it knows nothing and leaves rubbish, and it cannot distinguish a
/// truncated stream from a corrupt one.
class one_shot_inflater {
 public:
  bool start(std::span<const std::byte> input) noexcept {
    input_ = input;
    return true;
  }
  inflate_step inflate(std::span<char> output) noexcept {
    zlib_inflater fresh;
    if (!fresh.start(input_)) return {inflate_status::out_of_memory};
    const inflate_step step = fresh.inflate(output);
    if (step.status == inflate_status::done) return step;
    std::fill(output.begin(), output.end(), '#');
    if (step.status == inflate_status::need_output) return {step.status};
    return {inflate_status::corrupt};
  }
  std::uint32_t crc32(std::span<const std::byte> data) const noexcept {
    return zlib_inflater().crc32(data);
  }

 private:
  std::span<const std::byte> input_;
};

}  // namespace support

#endif
