/// @file
/// A row of the tables of codes.

#ifndef TLSRPT_HPP_DETAIL_CODES_ROW
#define TLSRPT_HPP_DETAIL_CODES_ROW

#include <tlsrpt/errc.hpp>

namespace tlsrpt::detail {

/// Pointers, since compilers make 700 views more slowly than they read the rest of the library.
struct code_row {
  errc code;
  grade how_grave;
  const char *name, *requirement, *message;
};

}  // namespace tlsrpt::detail

#endif
