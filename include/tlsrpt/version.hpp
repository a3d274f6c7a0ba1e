/// @file
/// The version of tlsrpt: the one place where it is written.

#ifndef TLSRPT_HPP_VERSION
#define TLSRPT_HPP_VERSION

/// Changes when programs may have to be changed.
#define TLSRPT_HPP_VERSION_MAJOR 0
/// Changes when something was added; before 1.0.0 programs may have to be changed as well.
#define TLSRPT_HPP_VERSION_MINOR 1
/// Changes when faults were corrected.
#define TLSRPT_HPP_VERSION_PATCH 0
/// The three numbers as a text.
#define TLSRPT_HPP_VERSION_STRING "0.1.0"

#endif
