#include "mail_date.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "../output/words.hpp"

namespace cli {

namespace {

/// Takes what it reads off a text.
class date_reader {
 public:
  explicit date_reader(std::string_view text) : rest_(text) {}

  /// A number with up to so many digits, in a range.
  std::optional<int> number(std::size_t most_digits, int least, int most) {
    skip_whitespace();
    std::size_t digits = 0;
    int value = 0;
    for (; digits < std::min(most_digits, rest_.size()) && is_digit(rest_[digits]); ++digits)
      value = 10 * value + (rest_[digits] - '0');
    if (digits == 0 || value < least || value > most) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

  /// The number of a month whose name is written in letters, in full or the first three.
  std::optional<int> month() {
    constexpr std::string_view names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
    skip_whitespace();
    int number = 0;
    for (const std::string_view name : names) {
      ++number;
      if (take(name) || take(name.substr(0, 3))) return number;
    }
    return std::nullopt;
  }

  /// Seconds east of UTC: "+0100", "+01:00", "+01", "Z", "GMT", "EST" (RFC 5322, section 4.3).
  std::optional<int> zone() {
    struct named_zone {
      std::string_view name;
      int hours;
    };
    constexpr named_zone named[] = {{"GMT", 0},  {"UTC", 0},  {"UT", 0},   {"Z", 0},
                                    {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                                    {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    skip_whitespace();
    for (const named_zone& each : named)
      if (take(each.name)) {
        const bool is_whole = rest_.empty() || rest_.find_first_of(" \t\r\n()") == 0;
        return is_whole ? std::optional(each.hours * 60 * 60) : std::nullopt;
      }
    const int sign = take("+") ? 1 : take("-") ? -1 : 0;
    if (sign == 0 || rest_.starts_with(' ')) return std::nullopt;
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits % 2 != 0) return std::nullopt;
    const auto hours = number(2, 0, 99);
    if (!hours) return std::nullopt;
    take(":");
    const bool has_minutes = !rest_.empty() && is_digit(rest_.front());
    const auto minutes = has_minutes ? number(2, 0, 59) : 0;
    if (!minutes) return std::nullopt;
    return sign * (*hours * 60 + *minutes) * 60;
  }

  bool take(std::string_view word) {
    if (!equal_ignoring_case(rest_.substr(0, word.size()), word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  void skip_whitespace() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::int64_t> read_mail_date(std::string_view date) {
  if (const std::size_t comma = date.find(','); comma != date.npos) date.remove_prefix(comma + 1);
  date_reader read(date);
  const auto day = read.number(2, 1, 31), month = read.month();
  auto year = read.number(4, 0, 9999);
  if (!day || !month || !year) return std::nullopt;
  if (*year < 1000) *year += *year < 50 ? 2000 : 1900;  // RFC 5322, section 4.3
  const auto hour = read.number(2, 0, 23);
  if (!hour || !read.take(":")) return std::nullopt;
  const auto minute = read.number(2, 0, 59);
  constexpr int with_leap_second = 60;
  const auto second = read.take(":") ? read.number(2, 0, with_leap_second) : 0;
  const auto zone = read.zone();
  if (!minute || !second || !zone) return std::nullopt;
  using namespace std::chrono;
  const sys_days first = std::chrono::year(*year) / *month / 1;
  const sys_seconds time = first + days(*day - 1) + hours(*hour) + minutes(*minute);
  return (time.time_since_epoch() + seconds(*second - *zone)).count();
}

}  // namespace cli
