/// @file
/// What the ranges of a record hand out, one after another.

#ifndef TLSRPT_HPP_DETAIL_RECORD_STEPS
#define TLSRPT_HPP_DETAIL_RECORD_STEPS

#include <optional>
#include <string_view>

#include <tlsrpt/detail/record/parts.hpp>
#include <tlsrpt/detail/record/plain_record.hpp>

namespace tlsrpt {

struct rua_view;
struct extension_view;

}  // namespace tlsrpt

namespace tlsrpt::detail {

template <class Conformance, class Sink>
class record_reader;

/// Every element of all rua fields.
class rua_step {
 public:
  using value_type = rua_view;

  constexpr rua_step() = default;
  explicit constexpr rua_step(std::string_view record) noexcept : cursor_(record) {}

  constexpr bool next(rua_view& rua) noexcept;

 private:
  rua_cursor cursor_{};
};

/// Looks for the endpoints of a record in which there may be anything.
class endpoint_search {
 public:
  [[gnu::cold, gnu::noinline]] explicit constexpr endpoint_search(std::string_view record) noexcept
      : cursor_(record) {}

  [[gnu::cold]] constexpr bool next(rua_view& rua) noexcept;

 private:
  rua_cursor cursor_;
  endpoint_set seen_{};
};

/// The endpoints of a record.
class endpoint_step {
 public:
  using value_type = rua_view;

  constexpr endpoint_step() = default;
  [[gnu::always_inline]] constexpr endpoint_step(std::string_view record, plain_list list) noexcept
      : plain_(record, list) {
    if (list.count == 0) search_.emplace(record);
  }

  [[gnu::always_inline]] constexpr bool next(rua_view& rua) noexcept;

 private:
  plain_cursor plain_{};
  std::optional<endpoint_search> search_{};  // only where the list is not plain
};

/// The well-formed fields that are not rua.
class extension_step {
 public:
  using value_type = extension_view;

  constexpr extension_step() = default;
  explicit constexpr extension_step(std::string_view record) noexcept
      : fields_(fields_of(record)) {}

  constexpr bool next(extension_view& extension) noexcept;

 private:
  part_cursor fields_{};
};

}  // namespace tlsrpt::detail

#endif
