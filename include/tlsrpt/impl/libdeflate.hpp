/// @file
/// Bodies of libdeflate.hpp.

#ifndef TLSRPT_HPP_IMPL_LIBDEFLATE
#define TLSRPT_HPP_IMPL_LIBDEFLATE

namespace tlsrpt {

inline bool libdeflate_inflater::start(std::span<const std::byte> input) noexcept {
  input_ = input;
  if (!decompressor_) decompressor_.reset(libdeflate_alloc_decompressor());
  return decompressor_ != nullptr;
}

inline inflate_step libdeflate_inflater::inflate(std::span<char> output) noexcept {
  std::size_t consumed = 0, produced = 0;
  switch (libdeflate_deflate_decompress_ex(decompressor_.get(), input_.data(), input_.size(),
                                           output.data(), output.size(), &consumed, &produced)) {
    case LIBDEFLATE_SUCCESS:
      return {inflate_status::done, consumed, produced};
    case LIBDEFLATE_INSUFFICIENT_SPACE:
      return {inflate_status::need_output};
    default:
      return {inflate_status::corrupt};
  }
}

inline std::uint32_t libdeflate_inflater::crc32(std::span<const std::byte> octets) const noexcept {
  // A null pointer asks libdeflate for the initial value, which is that of no octets.
  return libdeflate_crc32(0, octets.data(), octets.size());
}

}  // namespace tlsrpt

#endif
