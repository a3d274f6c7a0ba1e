#include <tlsrpt/diagnostic.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <type_traits>
#include <vector>

namespace {

using tlsrpt::diagnostic;
using tlsrpt::errc;

constexpr auto collect = [](const diagnostic&) {};
static_assert(tlsrpt::diagnostic_sink<tlsrpt::ignore_diagnostics>);
static_assert(tlsrpt::diagnostic_sink<tlsrpt::diagnostic_list<1>&>);
static_assert(tlsrpt::diagnostic_sink<decltype(collect)>);
static_assert(!tlsrpt::diagnostic_sink<int>);
static_assert(!tlsrpt::diagnostic_sink<int&>);

// A temporary that keeps findings is no sink; every lambda is one.
struct collector {
  std::vector<errc> all{};
  void operator()(const diagnostic& d) { all.push_back(d.code); }
};
struct forwarder {
  collector& to;
  void operator()(const diagnostic& d) const { to(d); }
};
static_assert(!tlsrpt::diagnostic_sink<tlsrpt::diagnostic_list<1>>);
static_assert(!tlsrpt::diagnostic_sink<collector> && tlsrpt::diagnostic_sink<collector&>);
static_assert(tlsrpt::diagnostic_sink<forwarder>);
static_assert(tlsrpt::diagnostic_sink<std::function<void(const diagnostic&)>>);
static_assert(tlsrpt::diagnostic_sink<std::reference_wrapper<tlsrpt::diagnostic_list<1>>>);
constexpr auto make_counting = [](int& count) {
  return [&count, left = 3](const diagnostic&) mutable { count += left-- > 0; };
};
static_assert(tlsrpt::diagnostic_sink<std::invoke_result_t<decltype(make_counting), int&>>);

static_assert(!tlsrpt::detail::is_listening<const tlsrpt::ignore_diagnostics&>);
static_assert(tlsrpt::detail::is_listening<decltype(collect)>);

}  // namespace

TEST_CASE("a diagnostic list keeps the first ones and counts the others") {
  tlsrpt::diagnostic_list<2> list;
  CHECK(list.empty());
  for (errc code : {errc::null_member, errc::empty_member, errc::date_only})
    list(diagnostic{code, {}, {}});
  CHECK(list.size() == 2);
  CHECK(list.dropped() == 1);
  CHECK(list[1].code == errc::empty_member);
  std::vector<errc> seen;
  for (const diagnostic& d : list) seen.push_back(d.code);
  CHECK(seen == std::vector{errc::null_member, errc::empty_member});
  CHECK(list.kept().size() == 2);
  list.clear();
  CHECK((list.empty() && list.dropped() == 0));
}

TEST_CASE("a diagnostic list works in constant expressions and can be copied") {
  constexpr auto last_of_three = [] {
    tlsrpt::diagnostic_list<3> list;
    for (errc code : {errc::null_member, errc::empty_member, errc::date_only})
      list(diagnostic{code, {}, {}});
    const tlsrpt::diagnostic_list<3> copy = list;
    list.clear();
    return copy[2].code;
  };
  static_assert(last_of_three() == errc::date_only);
  CHECK(last_of_three() == errc::date_only);
}
