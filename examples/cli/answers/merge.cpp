#include "merge.hpp"

#include <stdexcept>
#include <string>

#include <tlsrpt/error.hpp>

#include "../output/terminal.hpp"

namespace cli {

bool merge(const collection_options& options) {
  const collection all = collect(options);
  std::string text;
  if (const auto written = all.ledger.write(text); !written)
    throw std::runtime_error(message(written.error().code).data());
  write_out(text);
  return all.unusable == 0;
}

}  // namespace cli
