/* Reads TLS reports from C: an opaque parser and a plain struct. */

#ifndef TLSRPT_EXAMPLES_EMBED_IN_C
#define TLSRPT_EXAMPLES_EMBED_IN_C

#include <stddef.h>  // NOLINT(modernize-deprecated-headers): read by C, too
#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tls_report_reader tls_report_reader;

typedef struct tls_report_summary {
  char organization_name[128]; /* Cut when longer; untrusted text. */
  int64_t start, end;          /* Seconds since 1970; 0 when unknown. */
  size_t policies;
  uint64_t successful_sessions, failed_sessions;
} tls_report_summary;

/* One reader per thread. NULL when there is no memory. */
tls_report_reader* tls_report_reader_new(void);
void tls_report_reader_free(tls_report_reader* reader);

/* Reads a report of `size` octets, JSON or gzip. NULL on success, else one sentence. */
const char* tls_report_read(tls_report_reader* reader, const void* bytes, size_t size,
                            tls_report_summary* summary);

#ifdef __cplusplus
}
#endif

#endif
