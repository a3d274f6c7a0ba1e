/// @file
/// The inflater of the programs: that of libdeflate where there was one when they were built.

#ifndef TLSRPT_EXAMPLES_INFLATER
#define TLSRPT_EXAMPLES_INFLATER

#ifdef TLSRPT_EXAMPLES_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
using program_inflater = tlsrpt::libdeflate_inflater;
#else
#include <tlsrpt/gzip.hpp>
using program_inflater = tlsrpt::zlib_inflater;
#endif

#endif
