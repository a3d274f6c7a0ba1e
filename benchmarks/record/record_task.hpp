/// @file
/// Contenders that read TXT records.

#ifndef TLSRPT_BENCHMARKS_RECORD_TASK
#define TLSRPT_BENCHMARKS_RECORD_TASK

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/record.hpp>

#include "../common/registry.hpp"

namespace bench {

/// Where reports go to: mailto: the address, https: the URL. No input has more than four.
struct endpoints {
  struct endpoint {
    bool mailto = false;
    std::string_view target;
    bool operator==(const endpoint&) const = default;
  };

  std::array<endpoint, 4> all{};
  std::size_t size = 0;

  void add(bool mailto, std::string_view target) noexcept {
    if (size < all.size()) all[size] = {mailto, target};
    ++size;
  }
  bool operator==(const endpoints&) const = default;
};

/// The reference, and the floor: looks for delimiters, validates nothing.
inline endpoints split_record(std::string_view record) noexcept {
  constexpr std::string_view mailto = "mailto:";
  endpoints found;
  while (!record.empty()) {
    std::string_view field = record.substr(0, record.find(';'));
    record.remove_prefix(field.size() < record.size() ? field.size() + 1 : record.size());
    while (field.starts_with(' ')) field.remove_prefix(1);
    if (!field.starts_with("rua=")) continue;
    field.remove_prefix(4);
    while (!field.empty()) {
      std::string_view uri = field.substr(0, field.find(','));
      field.remove_prefix(uri.size() < field.size() ? uri.size() + 1 : field.size());
      while (uri.starts_with(' ')) uri.remove_prefix(1);
      const bool is_mail = uri.starts_with(mailto);
      found.add(is_mail, is_mail ? uri.substr(mailto.size()) : uri);
    }
  }
  return found;
}

template <class Contender>
bool add_record(std::string name) {
  contenders().push_back({task::record,
                          std::move(name),
                          {"typical"},
                          [](const input& given) {
                            return compare_answers<Contender>(
                                given.plain, given.plain,
                                [](const document& d) { return split_record(d.text()); });
                          },
                          time_contender<Contender>});
  return true;
}

}  // namespace bench

#endif
