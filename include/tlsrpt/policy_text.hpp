/// @file
/// The texts in `policy-string`, both kinds: MTA-STS policies and TLSA records.

#ifndef TLSRPT_HPP_POLICY_TEXT
#define TLSRPT_HPP_POLICY_TEXT

#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/tlsa_record.hpp>

#endif
