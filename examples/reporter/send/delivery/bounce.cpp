#include "bounce.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/number.hpp>

#include "../work.hpp"

namespace reporter {

namespace {

/// The number of a delivery and its proof.
std::string tag_of(const tlsrpt::delivery_salt& salt, const delivery& one) {
  std::string tag = std::to_string(one.id) + ".";
  const std::uint64_t proof = tlsrpt::delivery_hash(salt, one.address, "bounce " + tag);
  for (unsigned octet = 0; octet < 4; ++octet)
    tlsrpt::detail::put_hex(tag, static_cast<std::uint8_t>(proof >> 8 * octet));
  return tag;
}

/// Whether a mail is a report of a delivery that has failed (RFC 3464, section 2.3.3).
bool is_failure(std::istream& mail) {
  constexpr std::string_view wanted = "action:failed";
  constexpr std::size_t most_lines = 100'000;
  std::string line;
  for (std::size_t i = 0; i < most_lines && std::getline(mail, line); ++i) {
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    std::ranges::transform(line, line.begin(), tlsrpt::detail::lower_case);
    if (line == wanted) return true;
  }
  return false;
}

}  // namespace

std::string bounce_address(std::string_view bounces, const tlsrpt::delivery_salt& salt,
                           const delivery& one) {
  const std::size_t at = bounces.rfind('@');
  return std::string(bounces.substr(0, at)) + "+" + tag_of(salt, one) +
         std::string(bounces.substr(at));
}

void take_bounce(std::string_view address, std::istream& mail, std::int64_t now, state& state) {
  const std::string_view local = address.substr(0, address.rfind('@'));
  const std::string_view tag = local.substr(local.rfind('+') + 1);
  std::int64_t id = 0;
  std::from_chars(tag.data(), tag.data() + tag.size(), id);
  const auto found = state.find(id);
  if (!found || tag_of(state.salt(), *found) != tag)
    throw std::runtime_error("no mail was sent from " + std::string(address));
  if (!is_failure(mail)) return;
  tlsrpt::endpoint_health health = state.endpoint(found->address);
  health.note_bounce(tlsrpt::day_of(now));
  state.save(found->address, health);
  say(found->day, found->domain + " to " + found->address +
                      ": came back; nothing is sent there before " +
                      std::string(to_text(health.off_until)));
}

}  // namespace reporter
