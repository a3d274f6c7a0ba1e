/// Fuzz target: gzip data. zlib's own reader must agree with ours; what zlib writes, in any number
/// of members, must come out as it went in.

#include <tlsrpt/detail/report/gunzip.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "../one_shot_inflater.hpp"
#include "gzip_reference.hpp"
#include "gzip_writer.hpp"
#include "relations.hpp"

namespace {

using support::one_shot_inflater;
using tlsrpt::errc;
using tlsrpt::inflate_status;
using tlsrpt::inflate_step;
using tlsrpt::zlib_inflater;

struct outcome {
  tlsrpt::diagnostic error{};
  std::string text{};
  std::vector<std::pair<errc, std::size_t>> found{};

  bool operator==(const outcome&) const = default;
  bool usable() const { return error.code == errc::ok; }
};

template <class Inflater = zlib_inflater, class Conformance = tlsrpt::lenient>
outcome unpack(std::string_view gzip, const tlsrpt::limits& limits = {}) {
  outcome o;
  Inflater decoder;
  tlsrpt::detail::padded_buffer buffer;
  const auto sink = [&o](const tlsrpt::diagnostic& d) {
    o.found.emplace_back(d.code, d.where.offset);
  };
  const auto size = tlsrpt::detail::gunzip(std::as_bytes(std::span(gzip)), buffer, decoder, limits,
                                           Conformance(), sink);
  o.error = size.error();
  HOLDS(o.error.where.offset <= gzip.size());
  HOLDS(buffer.data() == nullptr ||
        buffer.capacity() <= std::max(limits.max_text_bytes, std::size_t{1}));
  if (size) {
    o.text.assign(buffer.data(), *size);
    const std::string_view after(buffer.data() + *size, tlsrpt::padding);
    HOLDS(after == std::string(tlsrpt::padding, '\0'));
  }
  return o;
}

/// Whatever begins like gzip data.
void check_data(std::string_view gzip) {
  const outcome o = unpack(gzip);
  const outcome one_shot = unpack<one_shot_inflater>(gzip);
  HOLDS(o.usable() == one_shot.usable() && o.text == one_shot.text && o.found == one_shot.found);

  std::size_t end = 0;
  const auto reference = fuzz::gunzip_reference(gzip, tlsrpt::limits().max_text_bytes, &end);
  if (o.usable()) {
    HOLDS(reference == o.text);
    HOLDS(o.found.size() == (end == gzip.size() ? 0 : 1));
    for (const auto& [code, offset] : o.found) {
      HOLDS(offset == end);
      HOLDS((code == errc::gzip_zero_padding) ==
            (gzip.substr(end).find_first_not_of('\0') == std::string_view::npos));
    }
  } else if (reference) {
    HOLDS(o.error.code == errc::expansion_ratio || o.error.code == errc::too_many_gzip_members);
  }
  const outcome strict = unpack<zlib_inflater, tlsrpt::strict>(gzip);
  const bool refused =
      o.usable() && !o.found.empty() && o.found[0].first == errc::gzip_trailing_bytes;
  HOLDS(refused ? strict.error.code == errc::gzip_trailing_bytes : strict == o);

  // Limits at the size of the text, and one below.
  if (!o.usable()) return;
  tlsrpt::limits limits;
  limits.max_text_bytes = o.text.size();
  HOLDS(unpack(gzip, limits) == o);
  if (o.text.empty()) return;
  --limits.max_text_bytes;
  HOLDS(unpack(gzip, limits).error.code == errc::text_too_long);
  // Without the last octet of the last trailer it is cut.
  if (end == gzip.size()) HOLDS(unpack(gzip.substr(0, end - 1)).error.code == errc::gzip_truncated);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (tlsrpt::is_gzip(bytes)) {
    check_data(bytes);
    // Again with checksums and lengths that are right, which no fuzzer finds.
    if (const std::string repaired = fuzz::repaired_gzip(bytes); repaired != bytes)
      check_data(fuzz::exact_copy(repaired).view());
  }

  fuzz::numbers random(bytes);
  const std::string gzip = fuzz::gzip_in_members(bytes, 1 + random.below(16), random);
  const outcome o = unpack(fuzz::exact_copy(gzip).view());
  if (o.error.code != errc::expansion_ratio) HOLDS(o == outcome{{}, std::string(bytes), {}});
  if (bytes.size() < 2000) check_data(fuzz::exact_copy(gzip).view());
  return 0;
}
