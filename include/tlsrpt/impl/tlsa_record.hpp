/// @file
/// Bodies of tlsa_record.hpp.

#ifndef TLSRPT_HPP_IMPL_TLSA_RECORD
#define TLSRPT_HPP_IMPL_TLSA_RECORD

#include <algorithm>
#include <array>
#include <limits>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/policy/parts.hpp>
#include <tlsrpt/detail/core/remark.hpp>

namespace tlsrpt {

namespace detail {

struct tlsa_mnemonic {
  std::uint8_t value;
  std::string_view name;
};
using tlsa_mnemonics = std::span<const tlsa_mnemonic>;

// RFC 7218, section 2.
inline constexpr tlsa_mnemonic tlsa_usages[] = {
    {0, "PKIX-TA"}, {1, "PKIX-EE"}, {2, "DANE-TA"}, {3, "DANE-EE"}, {255, "PrivCert"}};
inline constexpr tlsa_mnemonic tlsa_selectors[] = {{0, "Cert"}, {1, "SPKI"}, {255, "PrivSel"}};
inline constexpr tlsa_mnemonic tlsa_matching_types[] = {
    {0, "Full"}, {1, "SHA2-256"}, {2, "SHA2-512"}, {255, "PrivMatch"}};

constexpr std::string_view find_mnemonic(tlsa_mnemonics names, std::uint8_t value) noexcept {
  for (const tlsa_mnemonic& m : names)
    if (m.value == value) return m.name;
  return {};
}

}  // namespace detail

constexpr std::string_view name(tlsa_usage usage) noexcept {
  return detail::find_mnemonic(detail::tlsa_usages, static_cast<std::uint8_t>(usage));
}

constexpr std::string_view name(tlsa_selector selector) noexcept {
  return detail::find_mnemonic(detail::tlsa_selectors, static_cast<std::uint8_t>(selector));
}

constexpr std::string_view name(tlsa_matching_type type) noexcept {
  return detail::find_mnemonic(detail::tlsa_matching_types, static_cast<std::uint8_t>(type));
}

template <text_output Out>
constexpr void tlsa_record_view::decode_to(Out&& out) const
    noexcept(detail::is_nothrow_output<Out>) {
  for (std::size_t i = 0; i + 1 < data.size(); i += 2)
    detail::put(
        out, static_cast<char>(detail::hex_value(data[i]) << 4 | detail::hex_value(data[i + 1])));
}

namespace detail {

/// Hands out the words of a text between whitespace.
class word_cursor {
 public:
  explicit constexpr word_cursor(std::string_view text) noexcept : rest_(text) {}

  /// Empty at the end.
  constexpr std::string_view next() noexcept {
    std::size_t first = 0;
    while (first < rest_.size() && wsp_octet(rest_[first])) ++first;
    std::size_t end = first;
    while (end < rest_.size() && !wsp_octet(rest_[end])) ++end;
    const std::string_view word = rest_.substr(first, end - first);
    rest_.remove_prefix(end);
    return word;
  }
  /// What is left, without surrounding whitespace.
  constexpr std::string_view rest() const noexcept { return trim(rest_, wsp_octet); }

 private:
  std::string_view rest_;
};

/// What follows the type, when an owner name, a time to live and a class, or some of them, come
/// before a record as in a zone file; else the text.
constexpr std::string_view without_owner(std::string_view text) noexcept {
  word_cursor words(text);
  for (int i = 0; i < 4; ++i)
    if (equals_folded(words.next(), "TLSA")) return words.rest();
  return text;
}

/// Where whitespace begins that is not a single space; npos when all is.
constexpr std::size_t find_odd_whitespace(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\t' || (text[i] == ' ' && i + 1 < text.size() && wsp_octet(text[i + 1])))
      return i;
  return std::string_view::npos;
}

/// A number of a TLSA record, however it is written.
struct tlsa_number {
  std::uint8_t value = 0;
  errc remark = errc::ok;  ///< tlsa_number: there is no value
};

constexpr tlsa_number read_tlsa_number(std::string_view text, tlsa_mnemonics names) noexcept {
  for (const tlsa_mnemonic& m : names)
    if (equals_folded(text, m.name)) return {m.value, errc::tlsa_mnemonic};
  const auto value = read_number<std::uint8_t>(text);
  if (!value) return {0, errc::tlsa_number};
  return {*value, find_mnemonic(names, *value).empty() ? errc::tlsa_unassigned : errc::ok};
}

/// Why `data`, without surrounding whitespace, is not data of a TLSA record, and where; else
/// errc::ok.
constexpr remark find_tlsa_data_fault(std::string_view data) noexcept {
  std::size_t whitespace = std::string_view::npos;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (hex_octet(data[i])) continue;
    if (!wsp_octet(data[i])) return {errc::tlsa_not_hexadecimal, i};
    whitespace = std::min(whitespace, i);
  }
  if (whitespace != std::string_view::npos) return {errc::tlsa_folded, whitespace};
  if (data.size() % 2 != 0) return {errc::tlsa_odd_digits, data.size()};
  return {};
}

/// What is odd about readable data, or errc::ok.
constexpr errc tlsa_data_remark(std::string_view data, tlsa_matching_type type) noexcept {
  // Of no octets.
  constexpr std::string_view sha2_256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  constexpr std::string_view sha2_512 =
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
  const auto judge_digest = [data](std::string_view of_nothing) {
    if (data.size() != of_nothing.size()) return errc::tlsa_digest_length;
    return equals_folded(data, of_nothing) ? errc::tlsa_digest_of_nothing : errc::ok;
  };
  switch (type) {
    case tlsa_matching_type::full:
      return data.starts_with("30") ? errc::ok : errc::tlsa_not_der;  // a SEQUENCE
    case tlsa_matching_type::sha2_256:
      return judge_digest(sha2_256);
    case tlsa_matching_type::sha2_512:
      return judge_digest(sha2_512);
    default:
      return errc::ok;
  }
}

/// What separates records, or surrounds the pieces of one in a zone file.
inline constexpr charset tlsa_breaking_octet = charset(";\n()");

/// Reads a TLSA record and calls remark(code, at, subject) for each deviation; `at` is a slice of
/// `text` that begins where it is.
template <class Remark>
constexpr tlsa_record_view read_tlsa_record(std::string_view text, Remark&& remark) {
  tlsa_record_view record{.text = text};

  // What is around it.
  const std::string_view line_end = line_end_of(text);
  std::string_view rest = text.substr(0, text.size() - line_end.size());
  if (!line_end.empty()) remark(errc::policy_line_end, line_end, text);
  if (trim(rest, wsp_octet).size() != rest.size()) remark(errc::tlsa_whitespace, rest, text);
  rest = trim(rest, wsp_octet);
  if (is_quoted(rest)) remark(errc::policy_quoted, rest, text);
  rest = without_quotes(rest);
  if (rest.ends_with(';')) {
    remark(errc::tlsa_semicolon, rest.substr(rest.size() - 1), text);
    rest = trim(rest.substr(0, rest.size() - 1), wsp_octet);
  }
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!tlsa_breaking_octet(rest[i])) continue;
    const bool is_folded = rest[i] == '(' || rest[i] == ')';
    return remark(is_folded ? errc::tlsa_folded : errc::tlsa_joined, rest.substr(i), text), record;
  }
  const std::string_view fields = without_owner(rest);
  if (fields.size() != rest.size()) remark(errc::tlsa_zone_syntax, rest, text);

  // The fields.
  word_cursor words(fields);
  std::array<std::string_view, 3> numbers{};
  for (std::string_view& number : numbers) number = words.next();
  const std::string_view data = words.rest();
  if (data.empty()) return remark(errc::tlsa_fields, fields.substr(fields.size()), text), record;
  const std::size_t odd_whitespace =
      find_odd_whitespace(fields.substr(0, fields.size() - data.size()));
  if (odd_whitespace != std::string_view::npos)
    remark(errc::tlsa_whitespace, fields.substr(odd_whitespace), text);

  constexpr std::array<tlsa_mnemonics, 3> names{tlsa_usages, tlsa_selectors, tlsa_matching_types};
  std::array<std::uint8_t, 3> values{};
  for (std::size_t i = 0; i < 3; ++i) {
    const tlsa_number number = read_tlsa_number(numbers[i], names[i]);
    if (number.remark != errc::ok) remark(number.remark, numbers[i], numbers[i]);
    if (number.remark == errc::tlsa_number) return record;
    values[i] = number.value;
  }
  if (values[0] < 2) remark(errc::tlsa_pkix_usage, numbers[0], numbers[0]);

  const detail::remark fault = find_tlsa_data_fault(data);
  if (fault.code != errc::ok) return remark(fault.code, data.substr(fault.offset), data), record;
  record.usage = static_cast<tlsa_usage>(values[0]);
  record.selector = static_cast<tlsa_selector>(values[1]);
  record.matching_type = static_cast<tlsa_matching_type>(values[2]);
  record.data = data;
  const errc about_data = tlsa_data_remark(data, record.matching_type);
  if (about_data != errc::ok) remark(about_data, data, data);
  return record;
}

constexpr tlsa_record_view read_tlsa_record(std::string_view text) noexcept {
  return read_tlsa_record(text, [](errc, std::string_view, std::string_view) {});
}

/// The same with a sink and a conformance type. False: see the gate's error.
template <class Conformance, class Sink>
constexpr bool read_tlsa_record(std::string_view text, location where,
                                deviation_gate<Conformance, Sink>& gate, tlsa_record_view& record) {
  bool go_on = true;
  record = read_tlsa_record(text, [&](errc code, std::string_view at, std::string_view subject) {
    if (!go_on) return;
    where.offset = static_cast<std::size_t>(at.data() - text.data());
    go_on = gate.pass(code, where, subject);
  });
  return go_on;
}

constexpr bool tlsa_record_step::next(tlsa_record_view& record) noexcept {
  if (elements_.empty()) return false;
  record = read_tlsa_record(elements_.front());
  elements_ = elements_.subspan(1);
  return true;
}

/// tlsa_order() of records that were read.
constexpr std::weak_ordering compare_tlsa_records(const tlsa_record_view& x,
                                                  const tlsa_record_view& y) noexcept {
  if (!x.readable() && !y.readable()) return x.text <=> y.text;
  if (x.readable() != y.readable()) return y.readable() <=> x.readable();
  if (x.usage != y.usage) return x.usage <=> y.usage;
  if (x.selector != y.selector) return x.selector <=> y.selector;
  if (x.matching_type != y.matching_type) return x.matching_type <=> y.matching_type;
  for (std::size_t i = 0; i < std::min(x.data.size(), y.data.size()); ++i) {
    if (x.data[i] == y.data[i]) continue;
    const int digit = hex_value(x.data[i]), other = hex_value(y.data[i]);
    if (digit != other) return digit <=> other;
  }
  return x.data.size() <=> y.data.size();
}

/// Whether there is room for the elements in a DNS message.
constexpr bool is_tlsa_rrset(std::span<const std::string_view> elements) noexcept {
  std::size_t octets = 0;
  for (std::string_view element : elements) octets += element.size();
  return elements.size() <= max_tlsa_records && octets <= max_tlsa_octets;
}

/// The elements of an RRset in the order of what they say.
class sorted_tlsa_set {
 public:
  explicit constexpr sorted_tlsa_set(std::span<const std::string_view> elements)
      : elements_(elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) order_[i] = static_cast<std::uint16_t>(i);
    std::sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(elements.size()),
              [&](std::uint16_t a, std::uint16_t b) {
                return tlsa_order(elements_[a], elements_[b]) < 0;
              });
  }

  /// Whether `next_` is at a record; hands out equivalent ones once.
  constexpr bool next(std::string_view& text) noexcept {
    if (next_ == elements_.size()) return false;
    text = elements_[order_[next_]];
    do ++next_;
    while (next_ < elements_.size() && tlsa_order(text, elements_[order_[next_]]) == 0);
    return true;
  }

 private:
  std::span<const std::string_view> elements_;
  std::array<std::uint16_t, max_tlsa_records> order_{};
  std::size_t next_ = 0;
};

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<tlsa_record_view> parse_tlsa_record(
    std::string_view text, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::deviation_gate<C, std::remove_reference_t<S>> gate(conformance, sink,
                                                             source::policy_text);
  tlsa_record_view record;
  if (!detail::read_tlsa_record(text, {}, gate, record)) return gate.error();
  return record;
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<tlsa_record_view> parse_tlsa_record(
    std::string_view text, const C& conformance) noexcept {
  return parse_tlsa_record(text, ignore_diagnostics{}, conformance);
}

constexpr tlsa_record_range::iterator tlsa_record_range::begin() const noexcept {
  return iterator(first_);
}
constexpr tlsa_record_range::iterator tlsa_record_range::end() const noexcept { return {}; }

constexpr tlsa_record_range tlsa_rrset_view::records() const noexcept {
  return tlsa_record_range(detail::tlsa_record_step(elements_));
}

template <conformance C, diagnostic_sink S>
constexpr result<tlsa_rrset_view> parse_tlsa_rrset(
    std::span<const std::string_view> elements, S&& sink,
    C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::deviation_gate<C, std::remove_reference_t<S>> gate(conformance, sink,
                                                             source::policy_text);
  tlsa_record_view record;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const location where{.element = static_cast<std::uint32_t>(i), .member = field::policy_string};
    if (!detail::read_tlsa_record(elements[i], where, gate, record)) return gate.error();
  }
  return tlsa_rrset_view(elements);
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<tlsa_rrset_view> parse_tlsa_rrset(
    std::span<const std::string_view> elements, const C& conformance) noexcept {
  return parse_tlsa_rrset(elements, ignore_diagnostics{}, conformance);
}

constexpr std::weak_ordering tlsa_order(std::string_view a, std::string_view b) noexcept {
  return detail::compare_tlsa_records(detail::read_tlsa_record(a), detail::read_tlsa_record(b));
}

constexpr std::uint64_t tlsa_hash(std::string_view text) noexcept {
  const tlsa_record_view record = detail::read_tlsa_record(text);
  detail::fnv1a hash;
  hash.add(static_cast<std::uint8_t>(record.readable()));
  if (!record.readable()) {
    hash.append(text);
    return hash.mixed();
  }
  hash.add(static_cast<std::uint8_t>(record.usage));
  hash.add(static_cast<std::uint8_t>(record.selector));
  hash.add(static_cast<std::uint8_t>(record.matching_type));
  for (char c : record.data) hash.add(static_cast<std::uint8_t>(detail::hex_value(c)));
  return hash.mixed();
}

constexpr bool same_tlsa_set(std::span<const std::string_view> a,
                             std::span<const std::string_view> b) noexcept {
  const auto equivalent = [](std::string_view x, std::string_view y) {
    return tlsa_order(x, y) == 0;
  };
  if (!detail::is_tlsa_rrset(a) || !detail::is_tlsa_rrset(b))
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equivalent);
  detail::sorted_tlsa_set x(a), y(b);
  for (std::string_view from_x, from_y;;) {
    const bool is_left = x.next(from_x);
    if (is_left != y.next(from_y)) return false;
    if (!is_left) return true;
    if (!equivalent(from_x, from_y)) return false;
  }
}

constexpr std::uint64_t tlsa_set_hash(std::span<const std::string_view> elements) noexcept {
  // What neither order nor repetition changes: the ends of the hashes, and which of 64 groups of
  // hashes are there.
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max(), greatest = 0, groups = 0;
  for (std::string_view element : elements) {
    const std::uint64_t hash = tlsa_hash(element);
    least = std::min(least, hash);
    greatest = std::max(greatest, hash);
    groups |= std::uint64_t{1} << (hash >> 58);
  }
  detail::fnv1a sum;
  for (std::uint64_t part : {least, greatest, groups}) sum.add(part);
  return sum.mixed();
}

}  // namespace tlsrpt

#endif
