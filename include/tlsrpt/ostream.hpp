/// @file
/// Values of the library on std::ostream. No other header includes this one.
///
/// What is written is to_text() or name() of the value, with the width and the fill of the stream.
/// Texts of senders are written as they are: they are untrusted, so escape them before you show
/// them.

#ifndef TLSRPT_HPP_OSTREAM
#define TLSRPT_HPP_OSTREAM

#include <cstddef>
#include <ostream>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// The text.
template <std::size_t Capacity>
std::ostream& operator<<(std::ostream& out, const short_text<Capacity>& text) {
  return out << text.view();
}

/// The name, such as "missing-time-zone".
inline std::ostream& operator<<(std::ostream& out, errc code) { return out << name(code); }
/// The name, such as "violation".
inline std::ostream& operator<<(std::ostream& out, grade g) { return out << name(g); }
/// The name in the JSON, such as "policy-domain".
inline std::ostream& operator<<(std::ostream& out, field member) { return out << name(member); }

/// The name, such as "gzip".
inline std::ostream& operator<<(std::ostream& out, source in) { return out << name(in); }
/// Such as "/policies/0/policy/policy-domain, octet 312".
inline std::ostream& operator<<(std::ostream& out, const location& where) {
  return out << to_text(where);
}
/// One line with grade, name, place and sentence, but without the sender's text.
inline std::ostream& operator<<(std::ostream& out, const diagnostic& d) {
  return out << grade_of(d.code) << ' ' << d.code << " at " << d.where << ": " << message(d.code);
}

/// The registered name, such as "sts"; nothing for unknown.
inline std::ostream& operator<<(std::ostream& out, policy_type type) { return out << name(type); }
/// The registered name, such as "certificate-expired"; nothing for unknown.
inline std::ostream& operator<<(std::ostream& out, result_type type) { return out << name(type); }
/// The name, such as "negotiation"; nothing for unknown.
inline std::ostream& operator<<(std::ostream& out, result_group group) {
  return out << name(group);
}
/// The registered name; else the sender's text, or "unknown".
template <class E>
std::ostream& operator<<(std::ostream& out, const token<E>& token) {
  return out << to_text(token);
}

/// The count; "unknown" when it is unknown.
inline std::ostream& operator<<(std::ostream& out, session_count count) {
  return out << to_text(count);
}
/// The time in UTC; "unknown" when it is unknown.
inline std::ostream& operator<<(std::ostream& out, const timestamp& time) {
  return out << to_text(time);
}
/// The day, or both ends.
inline std::ostream& operator<<(std::ostream& out, const date_range_view& period) {
  return out << to_text(period);
}
/// 32 hexadecimal digits.
inline std::ostream& operator<<(std::ostream& out, const digest& d) { return out << to_text(d); }
/// The canonical form.
inline std::ostream& operator<<(std::ostream& out, const ip_address& address) {
  return out << to_text(address);
}
/// The canonical form of an address that can be read; else the sender's text.
inline std::ostream& operator<<(std::ostream& out, const ip_view& ip) {
  if (const auto address = ip.address()) return out << *address;
  return out << ip.text;
}

}  // namespace tlsrpt

#endif
