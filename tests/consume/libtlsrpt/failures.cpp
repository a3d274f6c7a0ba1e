// libtlsrpt's header after this library's.

#include <tlsrpt/tlsrpt.hpp>

#include <tlsrpt.h>

#include "failures.hpp"

int failure_code(tlsrpt::result_type type) {
  switch (type) {
    case tlsrpt::result_type::starttls_not_supported:
      return TLSRPT_STARTTLS_NOT_SUPPORTED;
    case tlsrpt::result_type::certificate_host_mismatch:
      return TLSRPT_CERTIFICATE_HOST_MISMATCH;
    case tlsrpt::result_type::certificate_not_trusted:
      return TLSRPT_CERTIFICATE_NOT_TRUSTED;
    case tlsrpt::result_type::certificate_expired:
      return TLSRPT_CERTIFICATE_EXPIRED;
    case tlsrpt::result_type::validation_failure:
      return TLSRPT_VALIDATION_FAILURE;
    case tlsrpt::result_type::sts_policy_fetch_error:
      return TLSRPT_STS_POLICY_FETCH_ERROR;
    case tlsrpt::result_type::sts_policy_invalid:
      return TLSRPT_STS_POLICY_INVALID;
    case tlsrpt::result_type::sts_webpki_invalid:
      return TLSRPT_STS_WEBPKI_INVALID;
    case tlsrpt::result_type::tlsa_invalid:
      return TLSRPT_TLSA_INVALID;
    case tlsrpt::result_type::dnssec_invalid:
      return TLSRPT_DNSSEC_INVALID;
    case tlsrpt::result_type::dane_required:
      return TLSRPT_DANE_REQUIRED;
    case tlsrpt::result_type::unknown:
      break;
  }
  return 0;
}
