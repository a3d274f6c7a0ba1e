/// @file
/// Work on several threads, for the programs that read many reports.

#ifndef TLSRPT_EXAMPLES_THREADS
#define TLSRPT_EXAMPLES_THREADS

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

/// Things in a row, by their numbers.
struct batch {
  std::size_t number;      ///< Of the batch, from 0.
  std::size_t begin, end;  ///< Of the things.
};

/// Things in their order, of which each thread takes some at a time until there are no more.
class batches {
 public:
  /// Batches are small enough that there is something to do for all threads, to the end.
  batches(std::size_t count, std::size_t threads)
      : count_(count), size_(std::clamp<std::size_t>(count / (threads * 8), 1, 32)) {}

  std::optional<batch> next() {
    const std::size_t number = next_.fetch_add(1, std::memory_order_relaxed);
    if (is_stopped_.load(std::memory_order_relaxed) || number >= (count_ + size_ - 1) / size_)
      return std::nullopt;
    return batch{number, number * size_, std::min((number + 1) * size_, count_)};
  }

  /// Lets nobody take another one.
  void stop() { is_stopped_.store(true, std::memory_order_relaxed); }

 private:
  const std::size_t count_, size_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> is_stopped_{false};
};

/// Calls `work` on so many threads at once, of which one is the caller's, and waits for all. What
/// it throws on another thread ends the program.
template <class Work>
void work_on_threads(std::size_t threads, const Work& work) {
  struct joiner {
    std::vector<std::thread> threads{};
    ~joiner() {
      for (std::thread& thread : threads) thread.join();
    }
  } others;
  others.threads.reserve(threads);
  while (others.threads.size() + 1 < threads) others.threads.emplace_back(std::cref(work));
  work();
}

#endif
