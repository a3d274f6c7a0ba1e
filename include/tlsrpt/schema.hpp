/// @file
/// The members of a report (RFC 8460, section 4.4), once: their names, their order, which object
/// each belongs in, and where the model keeps its value. What goes through all members of a report
/// goes through these lists, so a new member is added here and in model.hpp.
///
///     std::ostream& operator<<(std::ostream& out, const tlsrpt::failure_details_view& failure) {
///       tlsrpt::schema::for_each(tlsrpt::schema::failure_details, failure,
///                                [&](const auto& member, const auto& value) {
///                                  out << member.name << ": " << text_of(value) << '\n';
///                                });
///       return out;
///     }

#ifndef TLSRPT_HPP_SCHEMA
#define TLSRPT_HPP_SCHEMA

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt {

/// A member of a report. none is used for the whole document, and for texts that are no report.
enum class field : std::uint8_t {
  none,  ///< No member.
  organization_name,
  date_range,
  start_datetime,
  end_datetime,
  contact_info,
  report_id,
  policies,
  policy,
  policy_type,
  policy_string,
  policy_domain,
  mx_host,
  summary,
  total_successful_session_count,
  total_failure_session_count,
  failure_details,
  result_type,
  sending_mta_ip,
  receiving_mx_hostname,
  receiving_mx_helo,
  receiving_ip,
  failed_session_count,
  additional_information,
  failure_reason_code
};

/// The member's name in the JSON, such as "policy-domain", a literal; empty for field::none.
constexpr std::string_view name(field member) noexcept;

namespace schema {

/// A member with a value of its own: a string, a word of a vocabulary, a time, a count, an address
/// or an array of strings.
template <class View, class Value>
struct value_member {
  field id;               ///< The member in locations.
  std::string_view name;  ///< Its name in the JSON, a literal.
  Value View::*at;        ///< Where the model keeps its value.
  /// What a reader reports when it is absent; errc::ok when it may be.
  errc if_missing = errc::ok;

  /// The value in `view`.
  constexpr const Value& of(const View& view) const noexcept { return view.*at; }
};
template <class View, class Value>
value_member(field, std::string_view, Value View::*) -> value_member<View, Value>;
template <class View, class Value>
value_member(field, std::string_view, Value View::*, errc) -> value_member<View, Value>;

/// A member that is an object with the members `Members`, for which the model has a view of its
/// own.
template <const auto& Members, class View, class Value>
struct object_member {
  field id;               ///< The member in locations.
  std::string_view name;  ///< Its name in the JSON, a literal.
  Value View::*at;        ///< Where the model keeps the view of the object.
  /// What a reader reports when it is absent; errc::ok when it may be.
  errc if_missing = errc::ok;

  /// The members of the object.
  static constexpr const auto& members = Members;
  /// The view of the object in `view`.
  constexpr const Value& of(const View& view) const noexcept { return view.*at; }
};

/// A member that is an object with the members `Members`, which the model keeps in the view around
/// it.
template <const auto& Members, class View>
struct merged_member {
  field id;               ///< The member in locations.
  std::string_view name;  ///< Its name in the JSON, a literal.
  /// What a reader reports when it is absent; errc::ok when it may be.
  errc if_missing = errc::ok;

  /// The members of the object.
  static constexpr const auto& members = Members;
  /// The view that has the object's members: `view` itself.
  constexpr const View& of(const View& view) const noexcept { return view; }
};

/// A member that is an array of objects with the members `Members`.
template <const auto& Members, class View, class Value>
struct array_member {
  field id;                          ///< The member in locations.
  std::string_view name;             ///< Its name in the JSON, a literal.
  std::span<const Value> View::*at;  ///< Where the model keeps the views of the elements.
  /// What a reader reports when it is absent; errc::ok when it may be.
  errc if_missing = errc::ok;

  /// The members of each element.
  static constexpr const auto& members = Members;
  /// The views of the elements in `view`.
  constexpr std::span<const Value> of(const View& view) const noexcept { return view.*at; }
};

/// A member at its place in a list.
template <std::size_t I, class Member>
struct listed {
  Member member;  ///< What the schema says of it.
};

/// The members of a list, numbered by `Places`.
template <class Places, class... Member>
struct listed_members;
/// The members of a list, each with its place as a base.
template <std::size_t... I, class... Member>
struct listed_members<std::index_sequence<I...>, Member...> : listed<I, Member>... {
  /// Calls `f(member)` for each member.
  template <class F>
  constexpr void visit(F& f) const {
    (static_cast<void>(f(this->listed<I, Member>::member)), ...);
  }
};

/// A list of members of several types. It can do less than std::tuple, and compiles faster.
template <class... Member>
struct list : listed_members<std::index_sequence_for<Member...>, Member...> {
  /// The members in the order of RFC 8460.
  constexpr list(const Member&... member) noexcept
      : listed_members<std::index_sequence_for<Member...>, Member...>{{member}...} {}
};

/// The member with the index `I`.
template <std::size_t I, class Member>
constexpr const Member& get(const listed<I, Member>& place) noexcept {
  return place.member;
}

/// The members of `date-range`.
inline constexpr list date_range{
    value_member{field::start_datetime, "start-datetime", &date_range_view::start_datetime,
                 errc::missing_date_time},
    value_member{field::end_datetime, "end-datetime", &date_range_view::end_datetime,
                 errc::missing_date_time},
};

/// The members of `policy`.
inline constexpr list policy{
    value_member{field::policy_type, "policy-type", &policy_head_view::policy_type,
                 errc::missing_member},
    value_member{field::policy_string, "policy-string", &policy_head_view::policy_string},
    value_member{field::policy_domain, "policy-domain", &policy_head_view::policy_domain,
                 errc::missing_member},
    value_member{field::mx_host, "mx-host", &policy_head_view::mx_host},
};

/// The members of `summary`.
inline constexpr list summary{
    value_member{field::total_successful_session_count, "total-successful-session-count",
                 &policy_head_view::total_successful_session_count, errc::missing_member},
    value_member{field::total_failure_session_count, "total-failure-session-count",
                 &policy_head_view::total_failure_session_count, errc::missing_member},
};

/// The members of an element of `failure-details`.
inline constexpr list failure_details{
    value_member{field::result_type, "result-type", &failure_details_view::result_type,
                 errc::missing_member},
    value_member{field::sending_mta_ip, "sending-mta-ip", &failure_details_view::sending_mta_ip},
    value_member{field::receiving_mx_hostname, "receiving-mx-hostname",
                 &failure_details_view::receiving_mx_hostname},
    value_member{field::receiving_mx_helo, "receiving-mx-helo",
                 &failure_details_view::receiving_mx_helo},
    value_member{field::receiving_ip, "receiving-ip", &failure_details_view::receiving_ip},
    value_member{field::failed_session_count, "failed-session-count",
                 &failure_details_view::failed_session_count, errc::missing_member},
    value_member{field::additional_information, "additional-information",
                 &failure_details_view::additional_information},
    value_member{field::failure_reason_code, "failure-reason-code",
                 &failure_details_view::failure_reason_code},
};

/// The members of an element of `policies`.
inline constexpr list policies{
    merged_member<policy, policy_head_view>{field::policy, "policy", errc::missing_policy},
    merged_member<summary, policy_head_view>{field::summary, "summary", errc::missing_member},
    array_member<failure_details, policy_view, failure_details_view>{
        field::failure_details, "failure-details", &policy_view::failure_details},
};

/// The members of a report.
inline constexpr list report{
    value_member{field::organization_name, "organization-name",
                 &report_head_view::organization_name, errc::missing_member},
    object_member<date_range, report_head_view, date_range_view>{
        field::date_range, "date-range", &report_head_view::date_range, errc::missing_date_range},
    value_member{field::contact_info, "contact-info", &report_head_view::contact_info,
                 errc::missing_member},
    value_member{field::report_id, "report-id", &report_head_view::report_id, errc::missing_member},
    array_member<policies, report_view, policy_view>{
        field::policies, "policies", &report_view::policies, errc::missing_policies},
};

/// Calls `f(member)` for each of `members`, one of the lists above, in the order of RFC 8460.
template <class... Member, class F>
constexpr void for_each(const list<Member...>& members, F&& f) {
  members.visit(f);
}

/// Calls `f(member, member.of(view))` for each of `members` that `view` holds, in the order of RFC
/// 8460: of a report_head_view all but `policies`, of a policy_head_view all but `failure-details`.
/// A member that is an object or an array has its own list in `member.members`.
template <class... Member, class View, class F>
constexpr void for_each(const list<Member...>& members, const View& view, F&& f) {
  for_each(members, [&](const auto& member) {
    if constexpr (requires { member.of(view); }) f(member, member.of(view));
  });
}

}  // namespace schema

}  // namespace tlsrpt

#include <tlsrpt/impl/schema.hpp>

#endif
