#include <tlsrpt/record.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <tlsrpt/write_record.hpp>

namespace {

using tlsrpt::errc;
using tlsrpt::uri_scheme;

/// A finding, or a reason for refusal: its code and its octet.
struct at {
  errc code = errc::ok;
  std::size_t offset = 0;
  constexpr bool operator==(const at&) const = default;
};

struct example {
  std::string_view id;
  std::array<std::string_view, 2> rrset;  ///< One text, or two TXT records of one name.
  std::array<std::string_view, 2> targets;
  std::array<at, 2> found;  ///< In lenient mode.
  at refused;               ///< In lenient mode.
  errc hint = errc::ok;
  at strict{};  ///< The error of strict mode, when it differs.
};

constexpr example examples[] = {
    {"Ex-01", {"v=TLSRPTv1;rua=mailto:reports@example.com"}, {"reports@example.com"}, {}, {}},
    {"Ex-02",
     {"v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt"},
     {"https://reporting.example.com/v1/tlsrpt"},
     {},
     {}},
    {"Ex-03",
     {"v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.net/t ;"},
     {"a@example.com", "https://r.example.net/t"},
     {},
     {}},
    {"Ex-04",
     {"v=TLSRPTv1; rua=mailto:a@example.com ,\tmailto:b@example.com"},
     {"a@example.com", "b@example.com"},
     {},
     {}},
    {"Ex-05", {"v=TLSRPTv1; x-1=ok; y.z_w=1; rua=mailto:a@example.com"}, {"a@example.com"}, {}, {}},
    {"Ex-06",
     {"v=TLSRPTv1; rua=mailto:tls-reports@example.com"},
     {"tls-reports@example.com"},
     {},
     {}},
    {"Ex-07", {"v=TLSRPTv1;rua=mailto:a@example.com"}, {"a@example.com"}, {}, {}},
    {"Ex-08",
     {"v=TLSRPTv1; rua=mailto:sales%21eu@example.com"},
     {"sales%21eu@example.com"},
     {},
     {}},
    {"Ex-09",
     {"v=TLSRPTv1; rua=https://r.example/t?d=example.com&k=a%3Bb"},
     {"https://r.example/t?d=example.com&k=a%3Bb"},
     {},
     {}},
    {"Ex-10", {"v=TLSRPTv1; rua=MAILTO:a@EXAMPLE.com"}, {"a@EXAMPLE.com"}, {}, {}},
    {"Ex-11",
     {"v=TLSRPTv1; rua=mailto:tls@xn--bcher-kva.example"},
     {"tls@xn--bcher-kva.example"},
     {},
     {}},
    {"Ex-12",
     {"v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::other_txt_record, 0}},
     {}},
    {"Ex-13",
     {"v=TLSRPTv1 ; rua=mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::whitespace_after_version, 10}},
     {}},
    {"Ex-14",
     {"v=TLSRPTv1 ; rua=mailto:a@example.com", "v=TLSRPTv1; rua=mailto:b@example.com"},
     {"b@example.com"},
     {at{errc::discarded_record, 0}},
     {}},
    {"Ex-15",
     {"v=TLSRPTv1; rua=mailto:a@example.com; rua=https://b.example/t"},
     {"a@example.com", "https://b.example/t"},
     {at{errc::repeated_rua, 38}},
     {}},
    {"Ex-16",
     {"v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::repeated_rua, 38}, at{errc::duplicate_endpoint, 42}},
     {}},
    {"Ex-17",
     {"v=TLSRPTv1; v=TLSRPTv1; rua=mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::repeated_version, 12}},
     {}},
    {"Ex-18",
     {"v=TLSRPTv1; rua=ftp://x.example/y,mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::unsupported_scheme, 16}},
     {}},
    {"Ex-19",
     {"v=TLSRPTv1; rua=mailto:a@example.com?subject=tls"},
     {"a@example.com"},
     {at{errc::mailto_header_fields, 36}},
     {}},
    {"Ex-20",
     {"v=TLSRPTv1; rua=mailto:tls@b%C3%BCcher.example"},
     {"tls@b%C3%BCcher.example"},
     {at{errc::encoded_u_label, 27}},
     {}},
    {"Ex-21",
     {"v=TLSRPTv1; rua=https://r.example/t#x"},
     {"https://r.example/t"},
     {at{errc::uri_fragment, 35}},
     {}},
    {"Ex-22",
     {"v=TLSRPTv1; rua=mailto:a@example.com;;"},
     {"a@example.com"},
     {at{errc::empty_field, 37}},
     {}},
    {"Ex-23",
     {"v=TLSRPTv1; rua=mailto:a@example.com "},
     {"a@example.com"},
     {at{errc::trailing_whitespace, 36}},
     {}},
    {"Ex-24",
     {"v=TLSRPTv1; rua=mailto:a@example.com; note=two words"},
     {"a@example.com"},
     {at{errc::extension_value, 46}},
     {}},
    {"Ex-25",
     {"v=TLSRPTv1; rua=mailto:a@example.com; k=YWI="},
     {"a@example.com"},
     {at{errc::extension_value, 43}},
     {}},
    {"Ex-26",
     {"v=TLSRPTv1; rua=mailto:a@example.com; flag"},
     {"a@example.com"},
     {at{errc::field_without_equals, 38}},
     {}},
    {"Ex-27",
     {"v=TLSRPTv1; abcdefghijklmnopqrstuvwxyz1234567=1; rua=mailto:a@example.com"},
     {"a@example.com"},
     {at{errc::extension_name, 12}},
     {}},
    {"Ex-28",
     {"v=TLSRPTv1; rua=mailto:a@example.com,b@example.com"},
     {"a@example.com"},
     {at{errc::missing_scheme, 37}},
     {}},
    {"Ex-29",
     {"v=TLSRPTv1; rua=https://r.example/t?x=1,2"},
     {},
     {at{errc::raw_comma_in_uri, 40}},
     {errc::no_usable_endpoint, 40},
     errc::raw_comma_in_uri,
     {errc::raw_comma_in_uri, 40}},
    {"Ex-30",
     {"v=TLSRPTv1; rua=a@example.com"},
     {},
     {at{errc::missing_scheme, 16}},
     {errc::no_usable_endpoint, 16},
     errc::missing_scheme,
     {errc::missing_scheme, 16}},
    {"Ex-31",
     {"v=TLSRPTv1; RUA=mailto:a@example.com"},
     {},
     {at{errc::rua_name_case, 12}},
     {errc::missing_rua, 12},
     errc::rua_name_case},
    {"Ex-32", {"v=tlsrptv1; rua=mailto:a@example.com"}, {}, {}, {errc::version_case, 0}},
    {"Ex-33", {"v=TLSRPTv10; rua=mailto:a@example.com"}, {}, {}, {errc::unsupported_version, 9}},
    {"Ex-34", {"v=TLSRPTv2; rua=mailto:a@example.com"}, {}, {}, {errc::unsupported_version, 9}},
    {"Ex-35",
     {" v=TLSRPTv1; rua=mailto:a@example.com"},
     {},
     {},
     {errc::whitespace_before_version, 0}},
    {"Ex-36", {"v=TLSRPTv1;"}, {}, {}, {errc::missing_field, 11}},
    {"Ex-37",
     {"v=TLSRPTv1; rua="},
     {},
     {at{errc::empty_rua, 16}},
     {errc::no_usable_endpoint, 16},
     errc::empty_rua,
     {errc::empty_rua, 16}},
    {"Ex-38", {"v=TLSRPTv1; foo=bar"}, {}, {}, {errc::missing_rua, 19}},
    {"Ex-39",
     {"v=TLSRPTv1; rua = mailto:a@example.com"},
     {},
     {at{errc::whitespace_around_equals, 15}},
     {errc::missing_rua, 15},
     errc::whitespace_around_equals,
     {errc::whitespace_around_equals, 15}},
    {"Ex-40", {"v=TLSRPTv1, rua=mailto:a@example.com"}, {}, {}, {errc::version_delimiter, 10}},
    {"Ex-41", {"v=TLSRPTv1\\; rua=mailto:a@example.com"}, {}, {}, {errc::escaped_by_hand, 10}},
    {"Ex-42", {"\"v=TLSRPTv1; rua=mailto:a@example.com\""}, {}, {}, {errc::quoted_twice, 0}},
    {"Ex-43",
     {"v=TLSRPTv1; rua=http://r.example/t"},
     {},
     {at{errc::http_endpoint, 16}},
     {errc::no_supported_endpoint, 16},
     errc::http_endpoint},
    {"Ex-44",
     {"v=TLSRPTv1; rua=mailto:a@example.com!10m"},
     {},
     {at{errc::size_suffix, 36}},
     {errc::no_usable_endpoint, 36},
     errc::size_suffix,
     {errc::size_suffix, 36}},
    {"Ex-45",
     {"v=TLSRPTv1; rua=mailto:tls@b\xc3\xbc"
      "cher.example"},
     {},
     {at{errc::u_label, 28}},
     {errc::no_usable_endpoint, 28},
     errc::u_label,
     {errc::u_label, 28}},
    {"Ex-46",
     {"v=TLSRPTv1; rua=https://user:pw@r.example/t"},
     {},
     {at{errc::userinfo, 24}},
     {errc::no_usable_endpoint, 24},
     errc::userinfo,
     {errc::userinfo, 24}},
    {"Ex-47",
     {"v=TLSRPTv1; rua=https:///t"},
     {},
     {at{errc::empty_host, 24}},
     {errc::no_usable_endpoint, 24},
     errc::empty_host,
     {errc::empty_host, 24}},
    {"Ex-48",
     {"v=TLSRPTv1; rua=mailto:a%0D%0ABcc%3Ax@example.com"},
     {},
     {at{errc::control_in_address, 24}},
     {errc::no_usable_endpoint, 24},
     errc::control_in_address,
     {errc::control_in_address, 24}},
    {"Ex-49",
     {"v=TLSRPTv1;\nrua=mailto:a@example.com"},
     {},
     {at{errc::illegal_octet, 11}},
     {errc::missing_rua, 11},
     errc::illegal_octet,
     {errc::illegal_octet, 11}},
    {"Ex-50",
     {"v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1; rua=mailto:b@example.com"},
     {},
     {},
     {errc::several_records, 0}},
};
static_assert(std::size(examples) == 50);

template <class C, class Sink>
constexpr tlsrpt::result<tlsrpt::record_view> read(const example& e, Sink& sink) {
  if (e.rrset[1].empty()) return tlsrpt::parse_record<C>(e.rrset[0], sink);
  return tlsrpt::select_record<C>(e.rrset, sink);
}

constexpr bool lenient_is_as_expected(const example& e) {
  tlsrpt::diagnostic_list<4> found;
  const auto record = read<tlsrpt::lenient>(e, found);
  const auto& error = record.error();
  if (at{error.code, error.where.offset} != e.refused || error.hint != e.hint) return false;
  std::size_t count = 0;
  for (const at& expected : e.found) {
    if (expected.code == errc::ok) break;
    if (count == found.size()) return false;
    if (at{found[count].code, found[count].where.offset} != expected) return false;
    ++count;
  }
  if (count != found.size()) return false;
  std::size_t targets = 0;
  if (record)
    for (const tlsrpt::rua_view& rua : record->endpoints())
      if (targets == 2 || rua.target() != e.targets[targets++]) return false;
  return targets == 2 || e.targets[targets].empty();
}

constexpr bool strict_is_as_expected(const example& e) {
  tlsrpt::ignore_diagnostics none;
  const auto record = read<tlsrpt::strict>(e, none);
  at expected = e.strict.code != errc::ok ? e.strict : e.refused;
  // A usable record with a violation is refused for that.
  if (expected.code == errc::ok && e.found[0].code != errc::ok &&
      grade_of(e.found[0].code) == tlsrpt::grade::violation)
    expected = e.found[0];
  return at{record.error().code, record.error().where.offset} == expected;
}

constexpr bool all_are_as_expected() {
  for (const example& e : examples)
    if (!lenient_is_as_expected(e) || !strict_is_as_expected(e)) return false;
  return true;
}
static_assert(all_are_as_expected());

using list = std::vector<std::string>;

/// Targets in lenient mode, or the code of the error and its hint.
list endpoints(std::string_view text) {
  const auto record = tlsrpt::parse_record(text);
  if (!record)
    return {std::string(name(record.error().code)), std::string(name(record.error().hint))};
  list targets;
  for (const tlsrpt::rua_view& rua : record->endpoints()) targets.emplace_back(rua.target());
  return targets;
}

/// Names of all findings in lenient mode.
std::string findings(std::string_view text) {
  std::string names;
  auto sink = [&names](const tlsrpt::diagnostic& d) {
    names += (names.empty() ? "" : ",") + std::string(name(d.code)) + '@' +
             std::to_string(d.where.offset);
  };
  (void)tlsrpt::parse_record(text, sink);
  return names;
}

/// All that a reader says of a record: its error or its findings, and what the ranges hand out.
struct account {
  tlsrpt::diagnostic error{};
  std::vector<std::pair<errc, std::size_t>> findings{};
  std::vector<std::pair<uri_scheme, std::string>> endpoints{};
  list targets{}, rua{}, extensions{};
  bool operator==(const account&) const = default;
};

template <class Read>
account account_of(Read&& read) {
  account all;
  auto sink = [&all](const tlsrpt::diagnostic& d) {
    all.findings.emplace_back(d.code, d.where.offset);
  };
  const tlsrpt::result<tlsrpt::record_view> record = read(sink);
  all.error = record.error();
  if (!record) return all;
  for (const tlsrpt::rua_view& rua : record->endpoints()) {
    all.endpoints.emplace_back(rua.scheme, rua.uri);
    all.targets.emplace_back(rua.target());
  }
  for (const tlsrpt::rua_view& rua : record->rua()) all.rua.emplace_back(rua.uri);
  for (const tlsrpt::extension_view& extension : record->extensions())
    all.extensions.emplace_back(std::string(extension.name) + '=' + std::string(extension.value));
  return all;
}

/// Whether the usual way to read a record and the one that examines everything say the same.
template <class C>
bool both_ways_agree(std::string_view text) {
  const account usual =
      account_of([text](auto& sink) { return tlsrpt::parse_record<C>(text, sink); });
  const account examined = account_of([text](auto& sink) {
    return tlsrpt::detail::record_reader<C, std::remove_reference_t<decltype(sink)>>::examine(
        text, C{}, sink);
  });
  // Without a sink other functions are made of the same templates.
  const auto silent = tlsrpt::parse_record<C>(text);
  return usual == examined && silent.error() == usual.error;
}

bool is_plain(std::string_view text) { return tlsrpt::detail::find_plain_list(text).count != 0; }

/// The target of a URI, by the words of RFC 6068 and 3986.
std::string_view target_of(std::string_view uri) {
  uri = uri.substr(0, uri.find('#'));
  std::string scheme(uri.substr(0, std::min<std::size_t>(uri.size(), 7)));
  for (char& c : scheme) c = tlsrpt::detail::lower_case(c);
  if (scheme != "mailto:") return uri;
  uri = uri.substr(7);
  uri = uri.substr(0, uri.find('?'));
  while (uri.starts_with(' ') || uri.starts_with('\t')) uri.remove_prefix(1);
  return uri;
}

}  // namespace

TEST_CASE("G-01: Ex-01 to Ex-50 in both modes, with code, octet and grade of each finding") {
  for (const example& e : examples) {
    CAPTURE(e.id);
    CHECK(lenient_is_as_expected(e));
    CHECK(strict_is_as_expected(e));
  }
}

TEST_CASE("Ex-06, Ex-07, A-11, A-12: strings are joined before anything is looked at") {
  const std::string_view parts[] = {"v=TLS", "RPTv1;rua=mailto:tls-rep", "orts@example.com"};
  std::string text;
  tlsrpt::join_strings(text, parts);
  CHECK(endpoints(text) == list{"tls-reports@example.com"});
  char room[10];
  tlsrpt::span_output out(room);
  tlsrpt::join_strings(out, parts);
  CHECK(out.text() == "v=TLSRPTv1");
  CHECK(out.size() == text.size());
  tlsrpt::join_strings(text, {});
  CHECK(text.size() == out.size());
}

TEST_CASE("A-16 to A-21: picking the record among the TXT records") {
  using tlsrpt::select_record;
  const std::string_view good = "v=TLSRPTv1; rua=mailto:a@example.com";
  auto code = [](std::initializer_list<std::string_view> rrset) {
    return select_record(std::span(rrset.begin(), rrset.size())).error();
  };
  CHECK(code({}).code == errc::no_txt_record);
  CHECK(code({"v=spf1 -all"}).code == errc::not_tlsrpt);
  CHECK(code({"v=spf1 -all", "x"}).code == errc::not_tlsrpt);
  CHECK(code({"v=TLSRPTv1 ;rua=mailto:a@b.example", "x"}).hint == errc::discarded_record);
  CHECK(code({good, "x", good}).code == errc::identical_records);
  CHECK(code({good, "v=TLSRPTv1; broken"}).code == errc::several_records);
  CHECK(code({good, "v=TLSRPTv2; rua=mailto:a@b.example"}).code == errc::ok);
  for (const auto& [beside, found] : {std::pair("v=TLSRPTv1 ; x", errc::discarded_record),
                                      std::pair("v=TLSRPTv1", errc::other_txt_record)}) {
    const std::string_view rrset[] = {beside, good};
    tlsrpt::diagnostic_list<2> all;
    CHECK(tlsrpt::select_record(rrset, all).has_value());
    CHECK(all.size() == 1);
    CHECK(all[0].code == found);
  }
  const auto broken = code({"x", "v=TLSRPTv1; RUA=mailto:a@b.example"});
  CHECK(broken.code == errc::missing_rua);
  CHECK(broken.where == tlsrpt::location{.offset = 12, .in = tlsrpt::source::record});
}

TEST_CASE("A-14, A-15, A-22, Q104, Q113: slips in the version have names") {
  CHECK(endpoints("") == list{"not-tlsrpt", "ok"});
  CHECK(endpoints("v=TLSRPT1;rua=mailto:a@b.example") == list{"version-misspelt", "ok"});
  CHECK(endpoints("v=TSLRPTv1;rua=mailto:a@b.example") == list{"version-misspelt", "ok"});
  CHECK(endpoints("v = TLSRPTv1; rua=mailto:a@b.example") ==
        list{"version-misspelt", "whitespace-around-equals"});
  CHECK(endpoints("V=TLSRPTv1; rua=mailto:a@b.example") == list{"version-case", "ok"});
  CHECK(endpoints("v=TLSRPTv1 rua=mailto:a@b.example") == list{"version-delimiter", "ok"});
  CHECK(endpoints("v=TLSRPTv1\xc2\xa0; rua=mailto:a@b.example") ==
        list{"version-delimiter", "no-break-space"});
  CHECK(endpoints("\xc2\xa0v=TLSRPTv1; rua=mailto:a@b.example") ==
        list{"whitespace-before-version", "no-break-space"});
  CHECK(endpoints("\xef\xbb\xbfv=TLSRPTv1; rua=mailto:a@b.example") ==
        list{"not-tlsrpt", "illegal-octet"});
  CHECK(endpoints("v=TLSRPTv99;rua=mailto:a@b.example") == list{"unsupported-version", "ok"});
  CHECK(endpoints("v=DMARC1; p=none") == list{"not-tlsrpt", "ok"});
  for (std::string_view other :
       {"v=DMARC1; p=none", "\xef\xbb\xbfv=TLSRPTv1; rua=mailto:a@b.example"})
    CHECK(tlsrpt::parse_record(other).error().where ==
          tlsrpt::location{.in = tlsrpt::source::record});
  CHECK(endpoints("v=STSv1; id=1") == list{"not-tlsrpt", "ok"});
  CHECK(endpoints("v=TLSRPTv1") == list{"missing-field", "ok"});
  CHECK(endpoints("v=TLSRPTv1; \\ rua=mailto:a@b.example") ==
        list{"missing-rua", "escaped-by-hand"});
  CHECK(findings("v=TLSRPTv1;\xc2\xa0rua=mailto:a@b.example") == "no-break-space@11");
}

TEST_CASE("A-31, A-60, Q107, Q108: lists with bad elements keep the good ones") {
  CHECK(findings("v=TLSRPTv1;rua=,mailto:a@b.example,") ==
        "empty-rua-element@15,empty-rua-element@35");
  CHECK(endpoints("v=TLSRPTv1;rua=,mailto:a@b.example,") == list{"a@b.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto:a@b.example,mailto:no-at") == list{"a@b.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto:a@b.example,ruf=mailto:c@d.example") ==
        list{"a@b.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto: \ta@b.example?x=y") == list{"a@b.example"});
  CHECK(findings("v=TLSRPTv1; rua=mailto: \ta@b.example?x=y") ==
        "whitespace-in-uri@23,mailto-header-fields@36");
  CHECK(endpoints("v=TLSRPTv1; rua=mailto: a b@c.example") ==
        list{"no-usable-endpoint", "whitespace-in-uri"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto: ?x=y") == list{"no-usable-endpoint", "mail-address"});
  CHECK(endpoints("v=TLSRPTv1; rua=https: //a.example") ==
        list{"no-usable-endpoint", "whitespace-in-uri"});
  CHECK(endpoints("v=TLSRPTv1; rua=https://x.example/?a=1,2,mailto:a@b.example") ==
        list{"a@b.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto;a@b.example") ==
        list{"no-usable-endpoint", "scheme-without-colon"});
  CHECK(endpoints("v=TLSRPTv1; rua= mailto:a@b.example") == list{"a@b.example"});
  CHECK(findings("v=TLSRPTv1; rua= mailto:a@b.example") == "whitespace-around-equals@16");
  CHECK(endpoints("v=TLSRPTv1;;rua=mailto:a@b.example;;") == list{"a@b.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=noscheme") == list{"no-usable-endpoint", "missing-scheme"});
  CHECK(endpoints("v=TLSRPTv1; rua=http://a.example,ftp://b.example,x@y") ==
        list{"no-usable-endpoint", "http-endpoint"});
}

TEST_CASE("A-45 to A-58: what can and cannot be an endpoint") {
  auto usable = [](std::string_view uri) {
    const std::string text = "v=TLSRPTv1; rua=" + std::string(uri) + ";x=1";
    return tlsrpt::parse_record<tlsrpt::strict>(text).has_value();
  };
  for (const char* uri :
       {"mailto:a@b.example", "mailto:a.b+c-d_e=f@b.example.", "mailto:a@[192.0.2.1]",
        "mailto:a%2Cb@c.example", "mailto:%22a%20b%22@c.example", "mailto:0@x_y.example",
        "https://a.example", "https://a.example:8443/x?y=z", "https://a.example:/",
        "https://192.0.2.1/", "https://[2001:db8::1]:443/t", "HTTPS://A_b.Example/%7e",
        "https://a/?q='()*$&+@:~"}) {
    CAPTURE(uri);
    CHECK(usable(uri));
  }
  for (const char* uri : {"mailto:",
                          "mailto:@",
                          "mailto:a@",
                          "mailto:@b",
                          "mailto:a",
                          "mailto:a@b@c",
                          "mailto://a@b.example",
                          "mailto:a@b/c",
                          "mailto:a@.b",
                          "mailto:a@b..c",
                          "mailto:a%@b",
                          "mailto:a%4@b",
                          "mailto:a%00@b",
                          "mailto:a@b%0a",
                          "https:a",
                          "https:/a",
                          "https://",
                          "https://:443/",
                          "https://a:x/",
                          "https://a:65536/",
                          "https://[::1",
                          "https://[]/",
                          "https://a b/",
                          "https://a\\b/",
                          "https://a\"/",
                          "https://a@b/",
                          "://a",
                          "1a:b",
                          "a b:c"}) {
    CAPTURE(uri);
    CHECK_FALSE(usable(uri));
  }
  CHECK(findings("v=TLSRPTv1; rua=mailto:%C3%A4@b.example") == "smtputf8-address@23");
}

TEST_CASE("A-41, A-42: equal endpoints count once, ten are used") {
  CHECK(endpoints("v=TLSRPTv1; rua=mailto:a@B.example,MAILTO:a@b.EXAMPLE,mailto:A@b.example") ==
        list{"a@B.example", "A@b.example"});
  CHECK(
      endpoints("v=TLSRPTv1; rua=https://a.example,https://A.EXAMPLE:443/,https://a.example/#f") ==
      list{"https://a.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=mailto:tls@x.example,mailto:%74ls@x.example") ==
        list{"tls@x.example"});
  CHECK(endpoints("v=TLSRPTv1; rua=https://a.example/%2c,https://a.example/%2C").size() == 1);
  CHECK(endpoints("v=TLSRPTv1; rua=https://a.example/a,https://a.example/A").size() == 2);
  std::string many = "v=TLSRPTv1; rua=mailto:0@a.example";
  for (int i = 1; i < 10; ++i) many += ",mailto:" + std::to_string(i) + "@a.example";
  CHECK(endpoints(many).size() == 10);
  CHECK(findings(many).empty());
  const std::size_t end = many.size();
  many += ",mailto:x@a.example,mailto:y@a.example";
  CHECK(endpoints(many).size() == 10);
  CHECK(findings(many) == "endpoints-cut@" + std::to_string(end + 1));
}

TEST_CASE("A-35: every octet in names and values") {
  for (int octet = 0; octet < 256; ++octet) {
    if (octet == ';' || octet == '=') continue;
    const char c = static_cast<char>(octet);
    CAPTURE(octet);
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    auto extensions = [](const std::string& field) {
      const std::string text = "v=TLSRPTv1;rua=mailto:a@b.example;" + field + ";z=1";
      const auto record = tlsrpt::parse_record(text);
      REQUIRE(record);
      return std::ranges::distance(record->extensions());
    };
    const bool blank = c == ' ' || c == '\t';
    CHECK(extensions(std::string(1, c) + "x=1") == (alphanumeric || blank ? 2 : 1));
    CHECK(extensions(std::string("x") + c + "y=1") ==
          (alphanumeric || c == '-' || c == '_' || c == '.' ? 2 : 1));
    CHECK(extensions(std::string("x=1") + c + "2") == (octet > 0x20 && octet < 0x7f ? 2 : 1));
  }
  CHECK(endpoints("v=TLSRPTv1;" + std::string(32, 'a') + "=1;rua=mailto:a@b.example").size() == 1);
}

TEST_CASE("the ranges are forward ranges, and a record is little more than its text") {
  const std::string text =
      "v=TLSRPTv1; a=1; rua=mailto:a@b.example,,x,ftp://c; b=2; rua=https://d.example";
  const auto record = tlsrpt::parse_record(text);
  REQUIRE(record);
  static_assert(sizeof(tlsrpt::record_view) <= sizeof(std::string_view) + 8);
  static_assert(std::ranges::forward_range<decltype(record->endpoints())>);
  static_assert(std::ranges::forward_range<decltype(record->rua())>);
  static_assert(std::ranges::forward_range<decltype(record->extensions())>);
  list written;
  for (const tlsrpt::rua_view& rua : record->rua()) written.emplace_back(rua.uri);
  CHECK(written == list{"mailto:a@b.example", "x", "ftp://c", "https://d.example"});
  auto range = record->extensions();
  auto first = range.begin();
  auto second = first++;
  CHECK(second->name == "a");
  CHECK(first->value == "2");
  CHECK(++first == range.end());
  CHECK(record->text().data() == text.data());
}

TEST_CASE("decode_to decodes addresses, and nothing else, to any output") {
  const tlsrpt::rua_view rua{"mailto:a%2Cb%21@c.example?x=y", uri_scheme::mailto};
  std::string text = "to ";
  rua.decode_to(text);
  CHECK(text == "to a,b!@c.example");
  char small[3] = {};
  tlsrpt::span_output out(std::span(small, 2));
  rua.decode_to(out);
  CHECK(out.size() == 14);
  CHECK(std::string_view(small, 3) == std::string_view("a,\0", 3));
  const tlsrpt::rua_view https{"https://a.example/%3B#f", uri_scheme::https};
  std::vector<char> octets;
  https.decode_to(octets);
  CHECK(std::string_view(octets.data(), octets.size()) == "https://a.example/%3B");
}

TEST_CASE("decode_to leaves a percent sign alone that begins no triplet") {
  const std::string text = "v=TLSRPTv1; rua=mailto:a@c.example,mailto:%4,mailto:b%4z%41%";
  const auto record = tlsrpt::parse_record(text);
  REQUIRE(record);
  std::string decoded;
  for (const tlsrpt::rua_view& rua : record->rua()) {
    // To the octet, so that AddressSanitizer sees a read past the end.
    const std::vector<char> uri(rua.uri.begin(), rua.uri.end());
    const tlsrpt::rua_view copy{{uri.data(), uri.size()}, rua.scheme};
    copy.decode_to(decoded);
    decoded += ' ';
  }
  CHECK(decoded == "a@c.example %4 b%4zA% ");
}

TEST_CASE("A-01, A-05 to A-07: the name to query") {
  const auto written = [](std::string_view domain) {
    std::string name = "at ";
    const auto done = tlsrpt::query_name(name, domain);
    if (!done) CHECK(name == "at ");
    return name;
  };
  const auto error = [](std::string_view domain) {
    std::string name;
    return tlsrpt::query_name(name, domain).error();
  };
  CHECK(written("example.com.") == "at _smtp._tls.example.com");
  const std::string label(60, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(59, 'b');
  CHECK(longest.size() == 242);
  CHECK(written(longest).size() == 3 + 253);
  CHECK(error(longest + 'b') == tlsrpt::diagnostic{errc::policy_domain_too_long,
                                                   {.offset = 242, .in = tlsrpt::source::domain},
                                                   longest + 'b'});
  CHECK(error("[192.0.2.1]").code == errc::address_literal_domain);
  CHECK(error("b\xc3\xbc"
              "cher.example")
            .hint == errc::u_label);
  CHECK(error("").code == errc::invalid_domain);
  CHECK(error("a..b").code == errc::invalid_domain);
  CHECK(written("a..b") == "at ");
  char room[14];
  tlsrpt::span_output exact(room), small(std::span(room, 13));
  CHECK(tlsrpt::query_name(exact, "a.b").has_value());
  CHECK(exact.text() == "_smtp._tls.a.b");
  CHECK(tlsrpt::query_name(small, "a.b").has_value());
  CHECK_FALSE(small.fits());
  CHECK(small.size() == 14);
}

TEST_CASE("A-43: what is written is read back") {
  for (const example& e : examples) {
    const auto record = tlsrpt::parse_record(e.rrset[0]);
    if (!record) continue;
    std::vector<std::string_view> uris;
    for (const tlsrpt::rua_view& rua : record->endpoints()) uris.push_back(rua.uri);
    std::string text;
    CHECK(tlsrpt::write_record(text, uris).has_value());
    CHECK(tlsrpt::parse_record<tlsrpt::strict>(text).has_value());
    CHECK(endpoints(text).size() == uris.size());
  }
}

TEST_CASE("A-13: 4096 octets are read, 4097 are not, and hostile records cost little") {
  const std::string head = "v=TLSRPTv1;rua=mailto:a@b.example;x=";
  const std::string at_limit = head + std::string(4096 - head.size(), 'a');
  CHECK(tlsrpt::parse_record(at_limit).has_value());
  const std::string above = at_limit + 'a';
  CHECK(tlsrpt::parse_record(above).error().code == errc::record_too_long);
  std::string different = "v=TLSRPTv1;rua=";
  for (int i = 0; different.size() < 4070; ++i) different += "mailto:" + std::to_string(i) + "@a,";
  for (const std::string& text :
       {"v=TLSRPTv1;rua=" + std::string(4000, ','), "v=TLSRPTv1" + std::string(4000, ';'),
        different, "v=TLSRPTv1;" + std::string(4000, 'a'), "v=TLSRPTv1" + std::string(4000, ' ')}) {
    const auto record = tlsrpt::parse_record(text);
    if (record) CHECK(std::ranges::distance(record->endpoints()) == 10);
  }
}

TEST_CASE("plain records are distinguished from those in which there may be something to report") {
  for (const char* text :
       {"v=TLSRPTv1; rua=mailto:a@b.c", "v=TLSRPTv1;rua=mailto:tls-rpt_1.x+y=z@a-b.c_d.example;",
        "v=TLSRPTv1;\t rua=https://a.b", "v=TLSRPTv1;rua=https://r.example/v1/t?x=y&z=[1]:@",
        "v=TLSRPTv1; rua=mailto:a@b.example, \thttps://b.example/t,mailto:c@b.example"}) {
    CAPTURE(text);
    CHECK(is_plain(text));
    CHECK(both_ways_agree<tlsrpt::strict>(text));
    CHECK(findings(text).empty());
  }
  // Usable or not, these are for the reader that examines everything.
  for (const char* text : {"v=TLSRPTv1; rua=mailto:a@b.c ",
                           "v=TLSRPTv1; rua=mailto:a@b.c; ",
                           "v=TLSRPTv1; rua=mailto:a@b.c;;",
                           "v=TLSRPTv1; rua= mailto:a@b.c",
                           "v=TLSRPTv1 ; rua=mailto:a@b.c",
                           "v=TLSRPTv1; rua=mailto:a@b.c,",
                           "v=TLSRPTv1; rua=mailto:a@b..c",
                           "v=TLSRPTv1; rua=mailto:a@.b",
                           "v=TLSRPTv1; rua=mailto:a@b.",
                           "v=TLSRPTv1; rua=mailto:a@",
                           "v=TLSRPTv1; rua=mailto:@b",
                           "v=TLSRPTv1; rua=mailto:a@b.d@c.d",
                           "v=TLSRPTv1; rua=mailto:a%40b@c.d",
                           "v=TLSRPTv1; rua=mailto:a@b.c?x=y",
                           "v=TLSRPTv1; rua=",
                           "v=TLSRPTv1; rua=https://",
                           "v=TLSRPTv1; rua=https:///t",
                           "v=TLSRPTv1; rua=https://a.b:443/",
                           "v=TLSRPTv1; rua=https://a.b#b",
                           "v=TLSRPTv1; rua=https://a.b/#b",
                           "v=TLSRPTv1; rua=https://a.b/%41",
                           "v=TLSRPTv1; rua=https://u@a.b/",
                           "v=TLSRPTv1; rua=mailto:a@b.c,c",
                           "v=TLSRPTv1; rua=mailto:a@b.c!1",
                           "v=TLSRPTv1; rua=mailto:a@b.c,mailto:a@B.c",
                           "v=TLSRPTv1; rua=https://a.b,https://A.b/",
                           "v=TLSRPTv1; rua=mailto:a@b.c; rua=mailto:c@d.e",
                           "v=TLSRPTv1; rua=mailto:a@b.c; x=1",
                           "v=TLSRPTv1; rua=MAILTO:a@b.c",
                           "v=TLSRPTv1; rua=mailto:a@localhost",
                           "v=TLSRPTv1; rua=https://localhost/",
                           "v=TLSRPTv1; rua=https://192.0.2.1/",
                           "v=TLSRPTv1; rua=mailto:a@192.0.2.1",
                           "v=TLSRPTv1;",
                           "v=TLSRPTv1",
                           ""}) {
    CAPTURE(text);
    CHECK_FALSE(is_plain(text));
  }
  std::string many = "v=TLSRPTv1; rua=mailto:0@a.example";
  for (int i = 1; i < 10; ++i) many += ",mailto:" + std::to_string(i) + "@a.example";
  CHECK(is_plain(many));
  CHECK(both_ways_agree<tlsrpt::strict>(many));
  CHECK_FALSE(is_plain(many + ",mailto:x@a.example"));
  const std::string head = "v=TLSRPTv1;rua=https://a.example/";
  CHECK(is_plain(head + std::string(4096 - head.size(), 'a')));
  CHECK_FALSE(is_plain(head + std::string(4097 - head.size(), 'a')));
}

TEST_CASE("every octet at every place of a plain record: both ways to read it agree") {
  for (const std::string_view text :
       {"v=TLSRPTv1; rua=mailto:ab.c@de.fg", "v=TLSRPTv1;rua=https://a.b/c,mailto:a@b;"})
    for (std::size_t i = 0; i <= text.size(); ++i)
      for (int octet = 0; octet < 256; ++octet) {
        std::string changed(text);
        changed.insert(i, 1, static_cast<char>(octet));
        CAPTURE(changed);
        CHECK(both_ways_agree<tlsrpt::lenient>(changed));
        CHECK(both_ways_agree<tlsrpt::strict>(changed));
        if (i == text.size()) continue;
        changed.erase(i + 1, 1);
        CHECK(both_ways_agree<tlsrpt::lenient>(changed));
        CHECK(both_ways_agree<tlsrpt::strict>(changed));
      }
}

TEST_CASE("records put together by chance: both ways to read them agree") {
  std::uint32_t state = 3986;
  auto random = [&state](std::size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  // Each list begins with `plain` pieces; in half of the records all are of these.
  bool is_wild = false;
  auto pick = [&](std::size_t plain, std::initializer_list<std::string_view> texts) {
    return texts.begin()[random(is_wild ? texts.size() : plain)];
  };
  auto element = [&] {
    std::string uri(pick(2, {"mailto:", "https://", "mailto:", "https://", "MailTo:", "HTTPS://",
                             "mailto: ", "http://", "https:", ""}));
    const bool is_mail = uri.starts_with('m') || uri.starts_with('M');
    if (is_mail) {
      uri.append(pick(4, {"a", "b", "tls.rpt", "x+y", "a%2Cb", ".a", "a..b", ""}));
      uri.append(pick(1, {"@", "@", "@", "@", "@@", ""}));
    }
    uri.append(pick(5, {"b.example", "c.example", "B.example", "d-e.f_g.example", "b", "b..example",
                        ".b", "b.", "[192.0.2.1]", "b%C3%BC", ""}));
    if (is_mail ? is_wild && random(3) == 0 : random(2) == 0)
      uri.append(pick(3, {"/", "/t", "/t?x=y", "?x=y", "#f", ":443", ":8443/", "!1m"}));
    return uri;
  };
  std::size_t plain = 0, plain_lists = 0, refused = 0, remarked = 0;
  for (int round = 0; round < 20'000; ++round) {
    is_wild = random(2) == 0;
    std::string text(pick(1, {"v=TLSRPTv1;", "v=TLSRPTv1;", "v=TLSRPTv1;", "v=TLSRPTv1;",
                              "v=TLSRPTv1 ;", "v=TLSRPTv2;"}));
    text.append(pick(3, {"", " ", " \t", "x=1; "})).append("rua=");
    for (std::size_t elements = 1 + random(4); elements > 0; --elements) {
      text.append(element());
      if (elements > 1) text.append(pick(3, {",", ", ", ",\t ", " ,", ",,", "; rua=", ";"}));
    }
    text.append(pick(2, {"", ";", " ", "; ", ";;", "; x=1", ",", "\n"}));
    // To the octet, so that AddressSanitizer sees a read past the end.
    const std::vector<char> octets(text.begin(), text.end());
    const std::string_view record(octets.data(), octets.size());
    CAPTURE(text);
    REQUIRE(both_ways_agree<tlsrpt::lenient>(record));
    REQUIRE(both_ways_agree<tlsrpt::strict>(record));
    const auto read = tlsrpt::parse_record(record);
    if (read)
      for (const tlsrpt::rua_view& rua : read->rua()) REQUIRE(rua.target() == target_of(rua.uri));
    const std::size_t count = tlsrpt::detail::find_plain_list(record).count;
    if (count != 0) {
      REQUIRE(findings(record).empty());
      REQUIRE(std::size_t(std::ranges::distance(read->endpoints())) == count);
    }
    plain += count != 0;
    plain_lists += count > 1;
    refused += !read;
    remarked += read && !findings(record).empty();
  }
  CHECK(plain > 1'000);
  CHECK(plain_lists > 200);
  CHECK(refused > 1'000);
  CHECK(remarked > 1'000);
}

TEST_CASE("iterators of endpoints are independent of those they are copies of") {
  for (const std::string_view text :
       {"v=TLSRPTv1; rua=mailto:a@b.example, https://c.example,mailto:d@e.example",
        "v=TLSRPTv1; rua=mailto:a@b.example,ftp://x, https://c.example,mailto:d@e.example; y=1"}) {
    CAPTURE(text);
    const auto record = tlsrpt::parse_record(text);
    REQUIRE(record);
    auto range = record->endpoints();
    auto first = range.begin();
    auto second = std::next(first), third = std::next(second);
    CHECK(first->target() == "a@b.example");
    CHECK(second->scheme == uri_scheme::https);
    CHECK(third->target() == "d@e.example");
    CHECK(std::next(second) == third);
    CHECK(std::next(third) == range.end());
    second = first;
    CHECK((++second)->target() == "https://c.example");
    second = range.end();
    CHECK(second == range.end());
    CHECK(std::next(first)->target() == "https://c.example");
  }
}

TEST_CASE("changed records: what strict accepts lenient reads the same") {
  std::uint32_t state = 8460;
  auto random = [&state](std::size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  const std::string octets = "v=TLSRPTv1; rua=mailto:a@b,https://[]%?#!\t\"\\\xc3\xa0\n";
  long accepted = 0;
  for (const example& e : examples)
    for (int round = 0; round < 1'000; ++round) {
      std::string text(e.rrset[0]);
      for (std::size_t changes = 1 + random(3); changes > 0 && !text.empty(); --changes) {
        if (random(2) == 0)
          text[random(text.size())] = octets[random(octets.size())];
        else
          text.insert(random(text.size()), 1, octets[random(octets.size())]);
      }
      const auto strict = tlsrpt::parse_record<tlsrpt::strict>(text);
      const auto lenient = tlsrpt::parse_record(text);
      CAPTURE(text);
      if (strict) {
        ++accepted;
        REQUIRE(lenient);
      }
      if (!lenient) continue;
      REQUIRE(lenient->endpoints().begin() != lenient->endpoints().end());
      for (const tlsrpt::rua_view& rua : lenient->endpoints()) {
        REQUIRE(rua.uri.data() >= text.data());
        REQUIRE(rua.uri.data() + rua.uri.size() <= text.data() + text.size());
        REQUIRE(rua.scheme != uri_scheme::other);
      }
    }
  CHECK(accepted > 1'000);
}

TEST_CASE("whitespace after mailto: is not written") {
  const std::string_view uri = "mailto: tlsrpt@example.com";
  std::string written;
  REQUIRE(tlsrpt::write_record(written, std::span(&uri, 1)).has_value());
  CHECK(written == "v=TLSRPTv1; rua=mailto:tlsrpt@example.com");
}

TEST_CASE("schemes have names") {
  using tlsrpt::uri_scheme;
  CHECK(name(uri_scheme::mailto) == "mailto");
  CHECK(name(uri_scheme::https) == "https");
  CHECK(name(uri_scheme::other) == "other");
  CHECK(name(uri_scheme(3)).empty());
}

TEST_CASE("rules are given after a sink or in its place") {
  const std::string text = "v=TLSRPTv1;; rua=mailto:a@b.example";
  const auto accepted = tlsrpt::rules(tlsrpt::lenient{}).without(errc::empty_field);
  tlsrpt::diagnostic_list<4> found;
  CHECK(tlsrpt::parse_record(text).has_value());
  CHECK(tlsrpt::parse_record(text, accepted).error().code == errc::empty_field);
  CHECK(tlsrpt::parse_record(text, found, accepted).error().code == errc::empty_field);
  CHECK(tlsrpt::parse_record(text, tlsrpt::rules()).has_value());
  CHECK(tlsrpt::parse_record(text, tlsrpt::strict{}).error().code == errc::empty_field);
  const std::string_view rrset[] = {text, "v=spf1 -all"};
  CHECK(tlsrpt::select_record(rrset).has_value());
  CHECK(tlsrpt::select_record(rrset, accepted).error().code == errc::empty_field);
  const auto alone = tlsrpt::rules().without(errc::other_txt_record);
  CHECK(tlsrpt::select_record(rrset, alone).error() ==
        tlsrpt::diagnostic{errc::other_txt_record,
                           {.element = 1, .in = tlsrpt::source::record_set},
                           "v=spf1 -all"});
  CHECK(found.empty());
  static_assert(noexcept(tlsrpt::parse_record(text, accepted)));
  // A sink that could be rules as well is a sink.
  struct : tlsrpt::strict {
    int count = 0;
    void operator()(const tlsrpt::diagnostic&) { ++count; }
  } both;
  CHECK(tlsrpt::parse_record(text, both).has_value());
  CHECK(both.count == 1);
}

TEST_CASE("the hint names the slip that cost an address") {
  const auto refusal = [](std::string_view fields) {
    const std::string text = "v=TLSRPTv1; " + std::string(fields);
    const auto record = tlsrpt::parse_record(text);
    const std::size_t offset = record.error().where.offset;
    return std::string(name(record.error().code)) + ' ' + std::string(name(record.error().hint)) +
           " at " + text.substr(offset, 4);
  };
  // A semicolon for a comma, which counts more than what is wrong before it.
  CHECK(refusal("rua=a@example.com;mailto:b@example.com") ==
        "no-usable-endpoint semicolon-in-list at ;mai");
  CHECK(refusal("rua=a@example.com ; https://b.example/?c=d") ==
        "no-usable-endpoint semicolon-in-list at ; ht");
  CHECK(refusal("rua=a@example.com; b@example.com") == "no-usable-endpoint missing-scheme at a@ex");
  CHECK(refusal("rua=;http://b.example") == "no-usable-endpoint empty-rua at ;htt");
  // Before any list such a field is nothing that a comma would mend.
  CHECK(refusal("mailto:b@example.com") == "missing-rua field-without-equals at mail");
  CHECK(refusal("rua:mailto:a@example.com") == "missing-rua colon-after-rua at :mai");
  CHECK(refusal("RUA:mailto:a@example.com?x=y") == "missing-rua colon-after-rua at :mai");
  CHECK(refusal("rua=mailto=a@example.com") == "no-usable-endpoint scheme-without-colon at =a@e");
  CHECK(refusal("rua=mailto;a@example.com") == "no-usable-endpoint scheme-without-colon at ;a@e");
  CHECK(refusal("rua=HTTPS ;//a.example") == "no-usable-endpoint scheme-without-colon at  ;//");
  CHECK(refusal("rua=mailto") == "no-usable-endpoint missing-scheme at mail");
  CHECK(refusal("rua=mailto,x; y=z w") == "no-usable-endpoint missing-scheme at mail");
  CHECK(refusal("rua=HTTPS=//a.example") == "no-usable-endpoint scheme-without-colon at =//a");
  CHECK(refusal("rua=mailto://a@example.com") == "no-usable-endpoint mailto-slashes at //a@");
  CHECK(refusal("ruf=mailto:a@example.com") == "missing-rua dmarc-ruf at ruf=");
  CHECK(refusal("ruf=https://a.example/?b=c") == "missing-rua dmarc-ruf at ruf=");
  CHECK(refusal("\\ rua=mailto:a@example.com") == "missing-rua escaped-by-hand at \\ ru");
  CHECK(refusal("rua=mailto:a@example.com\\; x=y") ==
        "no-usable-endpoint escaped-by-hand at \\; x");
  CHECK(refusal("rua=mailto:tls@<your domain>") == "no-usable-endpoint unfilled-template at <you");
}

TEST_CASE("fields that a comma or another letter would have made addresses are reported") {
  const std::string good = "v=TLSRPTv1; rua=mailto:a@b.example; ";
  const auto found = [&good](const char* field) { return findings(good + field); };
  CHECK(found("mailto:c@d.example") == "semicolon-in-list@34");
  CHECK(found("c@d.example") == "semicolon-in-list@34");
  CHECK(found("https://d.example/?e=f") == "semicolon-in-list@34");
  CHECK(found("http://d.example") == "semicolon-in-list@34");
  CHECK(found("contact=c@d.example").empty());
  CHECK(found("ruf=mailto:c@d.example") == "dmarc-ruf@36");
  CHECK(found("RUF=x=y") == "dmarc-ruf@36,extension-value@41");
  const std::string text = good + "ruf=mailto:c@d.example";
  const auto rules = tlsrpt::rules(tlsrpt::lenient{}).without(errc::dmarc_ruf);
  const auto refused = tlsrpt::parse_record(text, rules);
  CHECK(refused.error().code == errc::dmarc_ruf);
  CHECK(findings("v=TLSRPTv1; rua=mailto:a@b.example,mailto;c@d.example; e")
            .ends_with("scheme-without-colon@41,field-without-equals@55"));
  CHECK(found("ftp://d.example") == "field-without-equals@36");
}

TEST_CASE("only an error about a record as a whole has a hint") {
  const std::string_view text = "v=TLSRPTv1; rua=ftp://x.example,mailto:a@b.example;;";
  const auto error = tlsrpt::parse_record(text, tlsrpt::strict{}).error();
  CHECK(error.code == errc::empty_field);
  CHECK(error.hint == errc::ok);
  CHECK(error.where.offset == 51);
}

TEST_CASE("findings about a set of records have an index, those about a record have none") {
  const std::string_view rrset[] = {"v=spf1 -all", "v=TLSRPTv1;; rua=mailto:a@b.example"};
  tlsrpt::diagnostic_list<4> found;
  REQUIRE(tlsrpt::select_record(rrset, found).has_value());
  REQUIRE(found.size() == 2);
  CHECK(found[0].where == tlsrpt::location{.element = 0, .in = tlsrpt::source::record_set});
  CHECK(found[1].where == tlsrpt::location{.offset = 11, .in = tlsrpt::source::record});
}
