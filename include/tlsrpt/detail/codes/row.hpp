/// @file
/// A row of the tables of codes.

#ifndef TLSRPT_HPP_DETAIL_CODES_ROW
#define TLSRPT_HPP_DETAIL_CODES_ROW

#include <string_view>

#include <tlsrpt/errc.hpp>

namespace tlsrpt::detail {

struct code_row {
  errc code;
  grade how_grave;
  std::string_view name, requirement, message;
};

}  // namespace tlsrpt::detail

#endif
