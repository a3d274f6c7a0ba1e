/// @file
/// How far one report is on its way to one endpoint. Decides, and does nothing itself: a program
/// keeps these values, before and after each step.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_ATTEMPTS
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_ATTEMPTS

#include <algorithm>
#include <cstdint>

#include <tlsrpt/endpoint.hpp>

namespace reporter {

/// What comes next. Programs keep the numbers.
enum class phase : std::uint8_t {
  waiting = 0,   ///< An attempt.
  started = 1,   ///< The answer to an attempt.
  done = 2,      ///< Nothing: it was delivered.
  given_up = 3,  ///< Nothing: it was not.
  unknown = 4    ///< Nothing: the program was stopped before the answer came.
};

/// What is left to do after an attempt.
struct attempt_end {
  tlsrpt::verdict verdict = tlsrpt::verdict::give_up;
  std::int64_t wait = 0;        ///< Seconds that the answer asked for.
  bool is_certificate = false;  ///< It failed for the certificate, or did not check it.
};

/// One report on its way to one endpoint.
struct attempts {
  std::int64_t first = 0;             ///< When the first attempt is due.
  std::int64_t next = 0;              ///< When the next one is due.
  std::uint64_t hash = 0;             ///< See tlsrpt::delivery_hash().
  unsigned made = 0;                  ///< Attempts that have ended.
  unsigned certificate_failures = 0;  ///< See tlsrpt::checks_certificate().
  bool is_cut = false;                ///< With fewer details, as the endpoint wants it.
  bool is_uncompressed = false;       ///< As JSON, as the endpoint wants it.
  reporter::phase phase = phase::waiting;

  constexpr bool is_due(std::int64_t now) const noexcept {
    return phase == phase::waiting && next <= now;
  }

  /// Whether it is given up without another attempt, since the program did not run for a day.
  constexpr bool is_too_late(std::int64_t now) const noexcept {
    constexpr std::int64_t longest = 86'400;
    return made != 0 && now - first > longest;
  }

  /// An attempt begins. The first may be late; the others follow it.
  constexpr void begin(std::int64_t now) noexcept {
    if (made == 0) first = std::max(first, now);
  }

  /// The report begins to go out. To be kept before its first octet does: what was sent when the
  /// program stops may have been taken, and is not sent again.
  constexpr void start() noexcept { phase = phase::started; }

  /// After a stop of the program.
  constexpr void recover() noexcept {
    if (phase == phase::started) phase = phase::unknown;
  }

  /// The attempt has ended. `is_only` when its host gets one attempt only. Whether another one
  /// follows at once, in a form that is_cut and is_uncompressed say.
  constexpr bool end(const attempt_end& how, std::int64_t now, bool is_only) noexcept {
    using tlsrpt::verdict;
    if (how.is_certificate) ++certificate_failures;
    if (how.verdict == verdict::smaller) return is_cut = true;
    if (how.verdict == verdict::uncompressed) return is_uncompressed = true;
    ++made;
    phase = how.verdict == verdict::done ? phase::done : phase::given_up;
    if (how.verdict != verdict::retry || is_only) return false;
    if (const auto again = tlsrpt::next_attempt(first, hash, made, now, how.wait)) {
      next = *again;
      phase = phase::waiting;
    }
    return false;
  }
};

}  // namespace reporter

#endif
