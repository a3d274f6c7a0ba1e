/// An implementation of simdjson for a processor that does not exist.

#ifndef TLSRPT_TESTS_JSON_FOREIGN_IMPLEMENTATION
#define TLSRPT_TESTS_JSON_FOREIGN_IMPLEMENTATION

#include <doctest/doctest.h>
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace support {

class foreign_implementation final : public simdjson::implementation {
 public:
  foreign_implementation() : implementation("foreign", "foreign", 0x80000000) {}

  simdjson::error_code create_dom_parser_implementation(
      std::size_t, std::size_t,
      std::unique_ptr<simdjson::internal::dom_parser_implementation>&) const noexcept override {
    FAIL("its code would be run");
    return simdjson::SUCCESS;
  }
  simdjson::error_code minify(const std::uint8_t*, std::size_t, std::uint8_t*,
                              std::size_t&) const noexcept override {
    return simdjson::SUCCESS;
  }
  bool validate_utf8(const char*, std::size_t) const noexcept override { return true; }
};

}  // namespace support

#endif
