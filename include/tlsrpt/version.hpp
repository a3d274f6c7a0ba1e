/// @file
/// The version of tlsrpt: the one place where it is written.

#ifndef TLSRPT_HPP_VERSION
#define TLSRPT_HPP_VERSION

#define TLSRPT_HPP_VERSION_MAJOR 0
#define TLSRPT_HPP_VERSION_MINOR 1
#define TLSRPT_HPP_VERSION_PATCH 0
#define TLSRPT_HPP_VERSION_STRING "0.1.0"

#endif
