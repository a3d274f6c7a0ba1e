/// How far a report is on its way, over years of faults.

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "../../examples/reporter/send/delivery/attempts.hpp"

namespace {

using reporter::attempts;
using reporter::phase;
using tlsrpt::verdict;

constexpr std::int64_t minute = 60, hour = 3600, day = 86'400;

/// A sender whose machine stops at any time, and endpoints that answer anything. What the sender
/// has on its disk survives.
class world {
 public:
  static constexpr int days = 1000, reports_of_a_day = 5;

  void run() {
    for (int today = 0; today < days; ++today) {
      const std::int64_t midnight = today * day;
      for (int i = 0; i < reports_of_a_day; ++i) {
        const std::uint64_t hash = random_();
        const std::int64_t first = tlsrpt::first_attempt(tlsrpt::day{today - 1}, hash);
        disk_.push_back({.first = first, .next = first, .hash = hash});
      }
      if (happens(50)) continue;  // the machine is off
      for (std::int64_t time = midnight; time < midnight + day; time += 20 * minute)
        if (!happens(20)) send(happens(100) ? time - hour : time);
    }
    // The clock is right again.
    for (std::int64_t time = days * day; time < (days + 2) * day; time += 20 * minute) send(time);
  }

  std::size_t count(phase of) const {
    std::size_t count = 0;
    for (const attempts& one : disk_) count += one.phase == of ? 1 : 0;
    return count;
  }

  std::size_t twice = 0;     ///< Deliveries of a report that had been answered with success.
  std::size_t too_many = 0;  ///< Attempts after the eighth with a connection.
  std::size_t too_late = 0;  ///< Attempts a day after the first.
  std::set<std::size_t> answered{};

 private:
  /// Once in so many times.
  bool happens(unsigned times) { return random_() % times == 0; }

  /// The program is started, and does what is due.
  void send(std::int64_t now) {
    for (; first_ < disk_.size() && is_over(disk_[first_]); ++first_) {
    }
    for (std::size_t i = first_; i < disk_.size(); ++i) disk_[i].recover();
    for (std::size_t i = first_; i < disk_.size(); ++i)
      if (disk_[i].is_due(now) && !attempt(i, now)) return;
  }

  static bool is_over(const attempts& one) {
    return one.phase != phase::waiting && one.phase != phase::started;
  }

  /// False when the machine stops.
  bool attempt(std::size_t i, std::int64_t now) {
    attempts memory = disk_[i];
    if (memory.is_too_late(now)) {
      memory.phase = phase::given_up;
    } else {
      memory.begin(now);
      too_late += now - memory.first > day ? 1 : 0;
      bool is_sent = false;
      for (bool follows = true; follows;) {
        if (happens(200)) return false;
        tlsrpt::verdict verdict = verdict::retry;
        if (!happens(4)) {  // there is a connection
          if (!is_sent && ++sent_[i] > tlsrpt::most_attempts) ++too_many;
          is_sent = true;
          memory.start();
          disk_[i] = memory;
          if (happens(200)) return false;
          verdict = answer(i, memory);
          if (happens(200)) return false;
        }
        const std::int64_t wait = happens(10) ? static_cast<std::int64_t>(random_() % day) : 0;
        follows = memory.end({verdict, wait, happens(3)}, now, happens(50));
      }
    }
    disk_[i] = memory;
    return true;
  }

  verdict answer(std::size_t i, const attempts& memory) {
    if (answered.contains(i)) ++twice;
    if (happens(3)) {
      answered.insert(i);
      return verdict::done;
    }
    if (happens(20)) return verdict::give_up;
    if (happens(20) && !memory.is_cut) return verdict::smaller;
    if (happens(20) && !memory.is_uncompressed) return verdict::uncompressed;
    return verdict::retry;
  }

  std::mt19937_64 random_{8460};
  std::vector<attempts> disk_{};
  std::size_t first_ = 0;                   ///< All before it are over.
  std::map<std::size_t, unsigned> sent_{};  ///< Attempts that came to a connection.
};

}  // namespace

TEST_CASE("over 1000 days of faults nothing is delivered twice: DE-02, DE-23") {
  world world;
  world.run();
  CHECK(world.twice == 0);
  CHECK(world.too_many == 0);
  CHECK(world.too_late == 0);
  CHECK(world.count(phase::waiting) + world.count(phase::started) == 0);
  // All ways to end are there, and nearly everything that was answered is known to be.
  CHECK(world.count(phase::given_up) > 100);
  CHECK(world.count(phase::unknown) > 20);
  CHECK(world.count(phase::done) > 3000);
  CHECK(world.answered.size() >= world.count(phase::done));
  CHECK(world.answered.size() <= world.count(phase::done) + world.count(phase::unknown));
}
