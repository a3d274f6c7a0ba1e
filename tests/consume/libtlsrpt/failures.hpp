// What both libraries can name: a result-type of a report as libtlsrpt has it.

#ifndef FAILURES_HPP
#define FAILURES_HPP

#include <tlsrpt/vocabulary.hpp>

int failure_code(tlsrpt::result_type type);

#endif
