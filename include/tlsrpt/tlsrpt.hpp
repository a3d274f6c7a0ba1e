/// @file
/// All that reads reports and records. Programs that only need a part include that part. What is
/// for many reports, for whole mails and for writing is included by name.

#ifndef TLSRPT_HPP_TLSRPT
#define TLSRPT_HPP_TLSRPT

#include <tlsrpt/bytes.hpp>
#include <tlsrpt/consistency.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/duplicate.hpp>
#include <tlsrpt/envelope.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/gzip.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/padded.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/payload.hpp>
#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/subject.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/version.hpp>
#include <tlsrpt/vocabulary.hpp>

#endif
