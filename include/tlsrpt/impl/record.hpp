/// @file
/// Bodies of record.hpp.

#ifndef TLSRPT_HPP_IMPL_RECORD
#define TLSRPT_HPP_IMPL_RECORD

#include <algorithm>
#include <array>
#include <cstdint>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/core/remark.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/text/edit_distance.hpp>
#include <tlsrpt/detail/text/field_name.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

constexpr std::string_view rua_view::target() const noexcept {
  return detail::endpoint_of(uri).target;
}

template <text_output Out>
constexpr void rua_view::decode_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  if (scheme == uri_scheme::mailto)
    detail::put_decoded(out, target());
  else
    detail::put(out, target());
}

namespace detail {

// ---- ranges

constexpr bool rua_step::next(rua_view& rua) noexcept {
  record_part element;
  bool cut = false;
  if (!cursor_.next(element, cut)) return false;
  rua = {element.text, examine_uri(element.text).scheme};
  return true;
}

constexpr bool endpoint_search::next(rua_view& rua) noexcept {
  record_part element;
  bool cut = false;
  while (cursor_.next(element, cut)) {
    const uri_examination found = examine_uri(element.text);
    if (cut || !found.is_deliverable()) continue;
    if (seen_.add(found) != endpoint_set::outcome::added) continue;
    rua = {element.text, found.scheme};
    return true;
  }
  return false;
}

constexpr bool endpoint_step::next(rua_view& rua) noexcept {
  if (plain_.has_next()) {
    rua.uri = plain_.next();
    rua.scheme = plain_scheme(rua.uri);
    return true;
  }
  return search_ && search_->next(rua);
}

constexpr bool extension_step::next(extension_view& extension) noexcept {
  while (fields_.has_next()) {
    const record_field field = split_field(without_wsp(fields_.next()));
    if (!field.has_equals || field.name.text == "rua") continue;
    if (find_name_fault(field.name.text) != std::string_view::npos) continue;
    if (find_value_fault(field.value.text) != std::string_view::npos) continue;
    extension = {field.name.text, field.value.text};
    return true;
  }
  return false;
}

}  // namespace detail

constexpr endpoint_range::iterator endpoint_range::begin() const noexcept {
  return iterator(first_);
}
constexpr endpoint_range::iterator endpoint_range::end() const noexcept { return {}; }

constexpr rua_range::iterator rua_range::begin() const noexcept { return iterator(first_); }
constexpr rua_range::iterator rua_range::end() const noexcept { return {}; }

constexpr extension_range::iterator extension_range::begin() const noexcept {
  return iterator(first_);
}
constexpr extension_range::iterator extension_range::end() const noexcept { return {}; }

constexpr endpoint_range record_view::endpoints() const noexcept {
  return endpoint_range(detail::endpoint_step(text_, list_));
}

constexpr rua_range record_view::rua() const noexcept { return rua_range(detail::rua_step(text_)); }

constexpr extension_range record_view::extensions() const noexcept {
  return extension_range(detail::extension_step(text_));
}

namespace detail {

// ---- the reader

template <class Conformance, class Sink>
class record_reader {
 public:
  [[gnu::always_inline]] static constexpr result<record_view> read(
      std::string_view text, const Conformance& conformance,
      Sink& sink) noexcept(is_nothrow_sink<Sink>) {
    const plain_list list = find_plain_list(text);
    if (list.count != 0) return record_view(text, list);
    return examine(text, conformance, sink);
  }

  /// Reads a record in which there may be something to remark.
  [[gnu::cold, gnu::noinline]] static constexpr result<record_view> examine(
      std::string_view text, const Conformance& conformance,
      Sink& sink) noexcept(is_nothrow_sink<Sink>) {
    record_reader reader(text, conformance, sink);
    if (!reader.accepts()) return reader.gate_.error();
    return record_view(text, {});
  }

 private:
  constexpr record_reader(std::string_view text, const Conformance& conformance,
                          Sink& sink) noexcept
      : text_(text), gate_(conformance, sink, source::record) {}

  constexpr bool accepts() {
    if (text_.size() > max_record_bytes) return fail(errc::record_too_long, max_record_bytes);
    return version() && fields() && verdict();
  }

  // ---- deviations

  /// False means stop.
  constexpr bool deviation(errc code, std::size_t offset, std::string_view subject = {}) {
    return gate_.pass(code, {.offset = offset}, subject);
  }

  constexpr bool fail(errc code, std::size_t offset, errc hint = errc::ok) noexcept {
    return gate_.stop(code, {.offset = offset}, {}, hint);
  }

  /// A deviation that may be why the record turns out to be unusable; the first is the hint.
  constexpr bool slip(errc code, std::size_t offset, std::string_view subject) {
    if (!deviation(code, offset, subject)) return false;
    if (hint_.code == errc::ok) hint_ = {code, offset};
    return true;
  }

  // ---- the version

  constexpr bool version() {
    if (!text_.starts_with(record_version)) return other_version();
    std::size_t at = record_version.size();
    while (at < text_.size() && wsp_octet(text_[at])) ++at;
    if (at == text_.size()) return fail(errc::missing_field, at);
    if (text_[at] == ';')
      return at == record_version.size() ||
             deviation(errc::whitespace_after_version, record_version.size());
    if (text_[at] == '\\') return fail(errc::escaped_by_hand, at);
    if (at == record_version.size() && is_digit(text_[at]))
      return fail(errc::unsupported_version, record_version.size() - 1);
    const errc hint = octet_above_ascii(text_[at]) || control_octet(text_[at])
                          ? illegal_octet_code(text_, at)
                          : errc::ok;
    return fail(errc::version_delimiter, at, hint);
  }

  /// The text does not begin with the version: says why.
  constexpr bool other_version() {
    if (text_.starts_with('"')) return fail(errc::quoted_twice, 0);
    std::string_view rest = text_;
    for (;;) {
      if (!rest.empty() && whitespace_octet(rest.front()))
        rest.remove_prefix(1);
      else if (rest.starts_with("\xc2\xa0"))
        rest.remove_prefix(2);
      else
        break;
    }
    if (rest.size() != text_.size() && rest.starts_with(record_version))
      return fail(
          errc::whitespace_before_version, 0,
          text_.find("\xc2\xa0") < text_.size() - rest.size() ? errc::no_break_space : errc::ok);
    if (text_.starts_with(byte_order_mark)) return fail(errc::not_tlsrpt, 0, errc::illegal_octet);

    const std::string_view tag = text_.substr(0, text_.find_first_of(";,\\\""));
    constexpr std::string_view lower = "v=tlsrptv1";
    constexpr std::size_t number = lower.size() - 1;
    if (equals_folded(tag.substr(0, number), lower.substr(0, number)) && tag.size() > number &&
        is_digit(tag[number]) && !(tag[number] == '1' && tag.size() == lower.size()))
      return fail(errc::unsupported_version, number);
    if (equals_folded(tag.substr(0, lower.size()), lower)) return fail(errc::version_case, 0);

    std::array<char, max_edited> squeezed{};  // without whitespace
    std::size_t size = 0;
    bool has_whitespace = false;
    for (char c : tag) {
      if (wsp_octet(c))
        has_whitespace = true;
      else if (size < squeezed.size())
        squeezed[size++] = c;
    }
    if (edit_distance({squeezed.data(), size}, lower) <= 2)
      return fail(errc::version_misspelt, 0,
                  has_whitespace ? errc::whitespace_around_equals : errc::ok);
    return fail(errc::not_tlsrpt, 0);
  }

  // ---- the fields

  constexpr bool fields() {
    part_cursor parts = fields_of(text_);
    for (bool first = true; parts.has_next(); first = false) {
      const record_part whole = parts.next();
      const record_part field = without_wsp(whole);
      const bool last = !parts.has_next();
      if (field.text.empty()) {
        if (last && first) return fail(errc::missing_field, text_.size());
        if (last) break;  // after the closing delimiter
        if (!deviation(errc::empty_field, whole.offset)) return false;
        continue;
      }
      if (!one_field(field)) return false;
      const std::size_t end = field.offset + field.text.size();
      if (last && end != text_.size() && !deviation(errc::trailing_whitespace, end)) return false;
    }
    return true;
  }

  constexpr bool one_field(const record_part& part) {
    const record_field field = split_field(part);
    if (is_after_scheme_) {
      is_after_scheme_ = false;  // reported with the scheme
      return true;
    }
    if (has_rua_ && is_list_element(field.name.text)) return lost_element(part);
    if (equals_folded(scheme_of(field.name.text), "rua"))
      return slip(errc::colon_after_rua, part.offset + field.name.text.find(':'), part.text);
    if (!field.has_equals) return slip(errc::field_without_equals, part.offset, part.text);
    if (field.name.text == "rua") return rua_list(field, part);
    const std::size_t fault = find_name_fault(field.name.text);
    if (fault != std::string_view::npos) {
      const errc code = octet_fault(field.name.text, fault, errc::extension_name);
      return slip(code, code == errc::extension_name ? part.offset : part.offset + fault,
                  part.text);
    }
    if (equals_folded(field.name.text, "rua"))
      return slip(errc::rua_name_case, part.offset, part.text);
    if (equals_folded(field.name.text, "ruf") && !slip(errc::dmarc_ruf, part.offset, part.text))
      return false;
    const std::size_t value_fault = find_value_fault(field.value.text);
    if (value_fault != std::string_view::npos)
      return slip(value_fault == 0
                      ? octet_fault(field.value.text, 0, errc::extension_value)
                      : illegal_octet_fault(field.value.text, value_fault, errc::extension_value),
                  field.value.offset + value_fault, part.text);
    if (field.name.text == "v") return deviation(errc::repeated_version, part.offset, part.text);
    return true;
  }

  /// Whether what should be the name of a field is an address or a URI.
  static constexpr bool is_list_element(std::string_view name) noexcept {
    const std::string_view scheme = scheme_of(name);
    return name.find('@') != std::string_view::npos || equals_folded(scheme, "mailto") ||
           equals_folded(scheme, "https") || equals_folded(scheme, "http");
  }

  /// An element of a list, after a semicolon.
  constexpr bool lost_element(const record_part& part) {
    const std::size_t semicolon = text_.rfind(';', part.offset);
    if (!slip(errc::semicolon_in_list, semicolon, part.text)) return false;
    // A comma would have made this usable, so no slip before matters more.
    if (examine_uri(part.text).is_deliverable()) hint_ = {errc::semicolon_in_list, semicolon};
    return true;
  }

  /// What an octet that does not belong there says of the slip.
  static constexpr errc octet_fault(std::string_view text, std::size_t at,
                                    errc otherwise) noexcept {
    if (at < text.size() && wsp_octet(text[at])) return errc::whitespace_around_equals;
    return illegal_octet_fault(text, at, otherwise);
  }
  static constexpr errc illegal_octet_fault(std::string_view text, std::size_t at,
                                            errc otherwise) noexcept {
    if (at < text.size() && (octet_above_ascii(text[at]) || control_octet(text[at])) &&
        !wsp_octet(text[at]))
      return illegal_octet_code(text, at);
    return otherwise;
  }

  // ---- rua

  constexpr bool rua_list(const record_field& field, const record_part& part) {
    if (has_rua_ && !deviation(errc::repeated_rua, part.offset, part.text)) return false;
    has_rua_ = true;
    const record_part list = without_wsp(field.value);
    if (list.text.empty()) return slip(errc::empty_rua, field.value.offset, part.text);
    if (list.offset != field.value.offset &&
        !deviation(errc::whitespace_around_equals, field.value.offset, part.text))
      return false;
    part_cursor elements(list, ',');
    record_part element = without_wsp(elements.next());
    for (bool first = true;; first = false) {
      const bool has_next = elements.has_next();
      const record_part next = has_next ? without_wsp(elements.next()) : record_part{};
      const bool cut = has_next && may_be_cut_off(next.text);
      if (!rua_element(element, !first && may_be_cut_off(element.text), cut)) return false;
      if (!has_next) return true;
      element = next;
    }
  }

  /// `is_rest`: this may be the rest of the element before; `cut`: the next may be the rest of
  /// this.
  constexpr bool rua_element(const record_part& element, bool is_rest, bool cut) {
    if (element.text.empty()) return slip(errc::empty_rua_element, element.offset, element.text);
    const uri_examination found = examine_uri(element.text);
    const std::size_t end = element.offset + element.text.size();
    if (is_scheme(element.text) && without_wsp({text_.substr(end), end}).text.starts_with(';')) {
      has_faults_ = is_after_scheme_ = true;
      return slip(errc::scheme_without_colon, end, element.text);
    }
    if (is_rest && found.fault.code == errc::missing_scheme)
      return slip(errc::raw_comma_in_uri, element.offset, element.text);
    if (found.fault.code != errc::ok) {
      has_faults_ = true;
      return slip(found.fault.code, element.offset + found.fault.offset, element.text);
    }
    for (const remark& r : found.remarks) {
      if (r.code == errc::ok) break;
      const bool unsupported = found.scheme == uri_scheme::other;
      if (!(unsupported ? slip(r.code, element.offset + r.offset, element.text)
                        : deviation(r.code, element.offset + r.offset, element.text)))
        return false;
    }
    has_faults_ = has_faults_ || cut;
    if (cut || !found.is_deliverable()) return true;
    switch (endpoints_.add(found)) {
      case endpoint_set::outcome::duplicate:
        return deviation(errc::duplicate_endpoint, element.offset, element.text);
      case endpoint_set::outcome::full:
        if (is_cut_reported_) return true;
        is_cut_reported_ = true;
        return deviation(errc::endpoints_cut, element.offset, element.text);
      default:
        return true;
    }
  }

  // ---- the verdict

  constexpr bool verdict() {
    if (endpoints_.size() != 0) return true;
    const std::size_t offset = hint_.code == errc::ok ? text_.size() : hint_.offset;
    if (text_.find('\\') != std::string_view::npos) hint_.code = errc::escaped_by_hand;
    if (!has_rua_) return fail(errc::missing_rua, offset, hint_.code);
    const bool only_unsupported = !has_faults_ && (hint_.code == errc::unsupported_scheme ||
                                                   hint_.code == errc::http_endpoint);
    return fail(only_unsupported ? errc::no_supported_endpoint : errc::no_usable_endpoint, offset,
                hint_.code);
  }

  std::string_view text_;
  deviation_gate<Conformance, Sink> gate_;
  remark hint_{};
  endpoint_set endpoints_{};
  bool has_rua_ = false;
  bool has_faults_ = false;
  bool is_after_scheme_ = false;  ///< A semicolon in place of a colon.
  bool is_cut_reported_ = false;
};

/// Picks the record among several TXT records. Null when there is not exactly one, or something
/// that is not accepted: see the gate's error.
template <class Conformance, class Sink>
constexpr const std::string_view* pick_record(std::span<const std::string_view> rrset,
                                              deviation_gate<Conformance, Sink>& gate) {
  const std::string_view* chosen = nullptr;
  bool is_alone = true, all_are_equal = true;
  errc hint = errc::ok;
  for (const std::string_view& record : rrset) {
    const location where{.element = static_cast<std::uint32_t>(&record - rrset.data())};
    if (record.starts_with(plain_version)) {
      if (chosen == nullptr) {
        chosen = &record;
      } else {
        is_alone = false;
        all_are_equal = all_are_equal && record == *chosen;
      }
      continue;
    }
    const std::string_view tag = record.substr(0, record.find(';'));
    const bool is_near = tag.size() < record.size() && tag.starts_with(record_version) &&
                         without_wsp({tag, 0}).text == record_version;
    const errc code = is_near ? errc::discarded_record : errc::other_txt_record;
    if (is_near) hint = code;
    if (!gate.pass(code, where, record)) return nullptr;
  }
  if (chosen == nullptr) {
    gate.stop(errc::not_tlsrpt, {}, {}, hint);
  } else if (!is_alone) {
    gate.stop(all_are_equal ? errc::identical_records : errc::several_records,
              {.element = static_cast<std::uint32_t>(chosen - rrset.data())});
    return nullptr;
  }
  return chosen;
}

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<record_view> parse_record(std::string_view txt, S&& sink,
                                           C conformance) noexcept(detail::is_nothrow_sink<S>) {
  return detail::record_reader<C, std::remove_reference_t<S>>::read(txt, conformance, sink);
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<record_view> parse_record(
    std::string_view txt, const C& conformance) noexcept {
  return parse_record(txt, ignore_diagnostics{}, conformance);
}

template <conformance C, diagnostic_sink S>
constexpr result<record_view> select_record(std::span<const std::string_view> rrset, S&& sink,
                                            C conformance) noexcept(detail::is_nothrow_sink<S>) {
  using sink_type = std::remove_reference_t<S>;
  if (rrset.empty()) return diagnostic{errc::no_txt_record, {.in = source::record_set}};
  const std::string_view* record = rrset.data();
  if (rrset.size() > 1) {
    detail::deviation_gate<C, sink_type> gate(conformance, sink, source::record_set);
    record = detail::pick_record(rrset, gate);
    if (record == nullptr) return gate.error();
  }
  return detail::record_reader<C, sink_type>::read(*record, conformance, sink);
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<record_view> select_record(
    std::span<const std::string_view> rrset, const C& conformance) noexcept {
  return select_record(rrset, ignore_diagnostics{}, conformance);
}

template <text_output Out>
constexpr void join_strings(Out&& out, std::span<const std::string_view> strings) noexcept(
    detail::is_nothrow_output<Out>) {
  for (std::string_view string : strings) detail::put(out, string);
}

template <text_output Out>
constexpr result<void> query_name(Out&& out, std::string_view policy_domain) noexcept(
    detail::is_nothrow_output<Out>) {
  constexpr std::string_view prefix = "_smtp._tls.";
  constexpr std::size_t longest = 253 - prefix.size();
  if (policy_domain.starts_with('['))
    return diagnostic{errc::address_literal_domain, {.in = source::domain}, policy_domain};
  if (has_non_ascii(policy_domain))
    return diagnostic{errc::invalid_domain, {.in = source::domain}, policy_domain, errc::u_label};
  const std::string_view domain = detail::without_trailing_dot(policy_domain);
  if (domain.size() > longest)
    return diagnostic{
        errc::policy_domain_too_long, {.offset = longest, .in = source::domain}, policy_domain};
  if (!is_host_name(domain))
    return diagnostic{errc::invalid_domain, {.in = source::domain}, policy_domain};
  detail::put(out, prefix);
  detail::put(out, domain);
  return {};
}

}  // namespace tlsrpt

#endif
