/* Uses embed_in_c.h from C. */

#include <stdio.h>

#include "embed_in_c.h"

int main(int argc, char** argv) {
  static char bytes[1 << 20];
  FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: embed_in_c FILE\n");
    return 2;
  }
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);

  tls_report_reader* reader = tls_report_reader_new();
  if (reader == NULL) return 1;
  tls_report_summary summary;
  const char* error = tls_report_read(reader, bytes, size, &summary);
  if (error == NULL)
    printf("policies: %zu, sessions: %llu succeeded, %llu failed\n", summary.policies,
           (unsigned long long)summary.successful_sessions,
           (unsigned long long)summary.failed_sessions);
  else
    fprintf(stderr, "%s\n", error);
  tls_report_reader_free(reader);
  return error != NULL;
}
