/// @file
/// What a function of a grammar found, before a gate has heard of it.

#ifndef TLSRPT_HPP_DETAIL_CORE_REMARK
#define TLSRPT_HPP_DETAIL_CORE_REMARK

#include <cstddef>

#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// Something found in a text, with the octet where it was; errc::ok for nothing.
struct remark {
  errc code = errc::ok;
  std::size_t offset = 0;
};

}  // namespace tlsrpt::detail

#endif
