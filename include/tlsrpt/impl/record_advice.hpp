/// @file
/// Bodies of record_advice.hpp.

#ifndef TLSRPT_HPP_IMPL_RECORD_ADVICE
#define TLSRPT_HPP_IMPL_RECORD_ADVICE

#include <tlsrpt/detail/advice/key.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/zone_text.hpp>

namespace tlsrpt {

namespace detail {

/// What helps against a code of records. Most slips are mended by writing the part anew.
constexpr std::string_view remedy_of_record(errc code) noexcept {
  switch (code) {
    case errc::no_txt_record:
    case errc::not_tlsrpt:
      return "Publish one TXT record at _smtp._tls. and the domain: v=TLSRPTv1; rua=mailto: and an "
             "address.";
    case errc::several_records:
      return "Leave one of the records, with all addresses in its rua field, and delete the "
             "others.";
    case errc::identical_records:
      return "Delete all copies but one.";
    case errc::wrong_owner_name:
      return "Publish the record at _smtp._tls. and the domain.";
    case errc::zone_unclosed_string:
      return "Close the quotation mark on its line.";
    case errc::zone_unclosed_parenthesis:
      return "Close the parenthesis.";
    case errc::zone_escape:
      return "Leave out the backslash, or write two.";
    case errc::zone_unquoted_semicolon:
      return "Put the value between quotation marks.";
    case errc::quoted_twice:
    case errc::escaped_by_hand:
      return "Publish the value without quotation marks and backslashes.";
    case errc::missing_field:
    case errc::missing_rua:
    case errc::empty_rua:
      return "Add rua=mailto: and an address.";
    case errc::rua_name_case:
      return "Write rua in lower case.";
    case errc::semicolon_in_list:
      return "Put commas between the addresses.";
    case errc::missing_scheme:
      return "Write mailto: before the address.";
    case errc::unfilled_template:
      return "Put an address of yours in its place.";
    case errc::http_endpoint:
    case errc::unsupported_scheme:
    case errc::local_host:
      return "Give an address that senders elsewhere reach, with mailto: or https:.";
    case errc::discarded_record:
      return "Delete what is no TLSRPT record from that name.";
    default:
      return grade_of(code) == grade::fatal
                 ? "Publish the record anew as v=TLSRPTv1; rua=mailto: and an address."
                 : "Mend that part of the record.";
  }
}

constexpr int severity_of_record(errc code) noexcept {
  if (code == errc::wrong_owner_name) return 1;
  switch (grade_of(code)) {
    case grade::fatal:
      return 1;
    case grade::violation:
      return 2;
    case grade::warning:
      return 3;
    default:
      return 5;
  }
}

/// Whether a record sends reports to one of the addresses.
constexpr bool reaches_one_of(const record_view& record,
                              std::span<const std::string_view> own) noexcept {
  for (const rua_view& endpoint : record.endpoints())
    for (std::string_view uri : own)
      if (same_endpoint(endpoint_of(endpoint.uri), endpoint_of(uri))) return true;
  return false;
}

/// Whether senders ask for the name when mail goes to the domain.
constexpr bool is_name_of_record(std::string_view owner, std::string_view domain) noexcept {
  if (owner.empty()) return true;
  const owner_reading read = read_owner_name(owner);
  return read.code == errc::ok && (read.domain.empty() || same_host(read.domain, domain));
}

}  // namespace detail

template <record_finding_sink Sink>
constexpr void advise_record(const published_record& published, Sink&& sink) noexcept(
    std::is_nothrow_invocable_v<Sink&, const record_finding&>) {
  record_finding found;
  found.domain = published.domain;
  if (published.has_no_answer) {
    found.matter = record_matter::no_answer;
    found.severity = 2;
    found.certainty = certainty::likely;
    found.text = "The name servers of the domain gave no answer, so senders may get none either.";
    found.do_first = "Ask for the TXT record at _smtp._tls. and the domain from outside.";
    sink(found);
    return;
  }
  const auto add = [&](record_matter matter, errc code, std::string_view subject, errc hint) {
    found.matter = matter;
    found.reason = code;
    found.severity = detail::severity_of_record(code);
    found.subject = subject;
    found.text = message(code);
    found.do_first = grade_of(code) == grade::note
                         ? std::string_view()
                         : detail::remedy_of_record(hint == errc::ok ? code : hint);
    sink(found);
  };
  const auto record = select_record(published.records);
  if (!detail::is_name_of_record(published.owner, published.domain))
    add(record_matter::unusable, errc::wrong_owner_name, published.owner, errc::ok);
  if (!record) {
    const diagnostic& fault = record.error();
    add(record_matter::unusable, fault.code, fault.subject, fault.hint);
  } else if (!published.own.empty() && !detail::reaches_one_of(*record, published.own)) {
    found.matter = record_matter::elsewhere;
    found.reason = errc::ok;
    found.severity = 2;
    found.subject = published.own.front();
    found.text = "The record sends reports to other addresses only.";
    found.do_first = "Add the address to its rua field, unless others are to read the reports.";
    sink(found);
  }
  const auto slip = [&](const diagnostic& remark) {
    add(record_matter::slip, remark.code, remark.subject, remark.hint);
  };
  for (const diagnostic& fault : published.zone_faults) slip(fault);
  (void)select_record(published.records, slip);
}

template <text_output Out>
constexpr void write_key(Out&& out,
                         const record_finding& found) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, "dns.");
  detail::put_key_name(out, found.domain);
  detail::put(out, '.');
  detail::put(out, found.matter == record_matter::no_answer   ? "no-answer"
                   : found.matter == record_matter::elsewhere ? "elsewhere"
                                                              : name(found.reason));
  detail::put(out, ".record");
}

}  // namespace tlsrpt

#endif
