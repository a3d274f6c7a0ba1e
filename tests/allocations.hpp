/// Counting allocations, for the tests that are programs of their own.

#ifndef TLSRPT_TESTS_ALLOCATIONS
#define TLSRPT_TESTS_ALLOCATIONS

#include <atomic>
#include <cstddef>
#include <cstdlib>

// Counts the allocations of the process, which operator new and zlib make by malloc, or lets
// them fail. Sanitizers
// replace malloc themselves, and other C libraries than glibc have no second name for it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define TLSRPT_TEST_COUNTS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define TLSRPT_TEST_COUNTS 0
#endif
#endif
#ifndef TLSRPT_TEST_COUNTS
#define TLSRPT_TEST_COUNTS 1
#endif

namespace {

[[maybe_unused]] std::atomic<long> allocations{0};
/// Octets asked for in all these allocations together, given back or not.
[[maybe_unused]] std::atomic<std::size_t> octets_allocated{0};

}  // namespace

#if TLSRPT_TEST_COUNTS
namespace {

/// The allocation of this number gets no memory.
std::atomic<long> refused{-1};
/// Those after it get none, either.
std::atomic<bool> are_later_refused{false};

bool is_refused(std::size_t size) {
  octets_allocated += size;
  const long number = allocations++, first = refused;
  return number == first || (are_later_refused && first >= 0 && number > first);
}

}  // namespace

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): glibc's names
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
// NOLINTEND(bugprone-reserved-identifier)
void* malloc(std::size_t size) { return is_refused(size) ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) {
  return is_refused(count * size) ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
  return is_refused(size) ? nullptr : __libc_realloc(block, size);
}
}
#endif

#endif
