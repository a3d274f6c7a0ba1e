#include "report_text.hpp"

#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_report.hpp>

namespace cli {

tlsrpt::result<void> write_report_text(std::string& out, const tlsrpt::report_view& report,
                                       report_form form) {
  const auto layout = form.pretty ? tlsrpt::json_layout::pretty : tlsrpt::json_layout::compact;
  std::string json;
  if (form.faithful)
    write_canonical(json, report, layout);
  else if (const auto written = write_report(json, report, layout); !written)
    return written;
  if (form.gzip) return tlsrpt::write_gzip(out, json);
  (out += json) += '\n';
  return {};
}

}  // namespace cli
