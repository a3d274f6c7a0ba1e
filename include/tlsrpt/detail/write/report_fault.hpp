/// @file
/// What a strict reader would find in a report that is to be written.

#ifndef TLSRPT_HPP_DETAIL_WRITE_REPORT_FAULT
#define TLSRPT_HPP_DETAIL_WRITE_REPORT_FAULT

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/report/count.hpp>
#include <tlsrpt/detail/report/policy_string.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/tlsa_record.hpp>

namespace tlsrpt::detail {

/// Looks for the first fault of a report, in the order of its members.
class report_inspector {
 public:
  /// Its code is errc::ok when there is none.
  diagnostic find_fault(const report_view& report) noexcept {
    inspect(schema::report, report);
    return fault_;
  }

 private:
  bool has_fault() const noexcept { return fault_.code != errc::ok; }

  void fail(errc code, std::string_view subject) noexcept {
    if (!has_fault()) fault_ = {code, where_, subject};
  }

  /// The members of an object.
  template <class Members, class View>
  void inspect(const Members& members, const View& view) noexcept {
    schema::for_each(members, view, [&](const auto& member, const auto& value) {
      if (has_fault()) return;
      where_.member = member.id;
      if (is_left_out(member, value)) {
        if (member.if_missing != errc::ok) fail(member.if_missing, {});
      } else if constexpr (requires { member.members; }) {
        inspect_part(member.members, value);
      } else {
        inspect_value(value, view);
      }
    });
  }

  // A member that has members: an object, or an array of them.

  template <class Members, class View>
  void inspect_part(const Members& members, const View& view) noexcept {
    inspect(members, view);
  }
  template <class Members>
  void inspect_part(const Members& members, std::span<const policy_view> policies) noexcept {
    if (policies.empty()) fail(errc::empty_policies, {});
    inspect_elements(members, policies, where_.policy);
  }
  template <class Members>
  void inspect_part(const Members& members,
                    std::span<const failure_details_view> failures) noexcept {
    inspect_elements(members, failures, where_.failure);
  }

  template <class Members, class View>
  void inspect_elements(const Members& members, std::span<const View> views,
                        std::uint32_t& index) noexcept {
    for (index = 0; index < views.size() && !has_fault(); ++index) inspect(members, views[index]);
    index = location::npos;
  }

  // A member with a value of its own.

  template <class View>
  void inspect_value(std::string_view text, const View&) noexcept {
    inspect_text(text);
    switch (where_.member) {
      case field::contact_info:
        if (!is_addr_spec(text)) fail(errc::contact_info, text);
        break;
      case field::policy_domain:
        if (is_host_name(text)) break;
        fail(has_non_ascii(text) && is_mail_domain(text) ? errc::u_label
                                                         : errc::policy_domain_not_a_name,
             text);
        break;
      case field::receiving_mx_hostname:
        if (has_non_ascii(text)) fail(errc::u_label, text);
        break;
      case field::receiving_mx_helo:
        if (text.find('\n') != std::string_view::npos) fail(errc::multi_line_helo, text);
        break;
      case field::additional_information:
        if (!is_uri(text)) fail(errc::information_not_uri, text);
        break;
      default:
        break;
    }
  }

  void inspect_text(std::string_view text) noexcept {
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = read_utf8(rest).size;
      if (size == 0) return fail(errc::invalid_utf8, text);
      rest.remove_prefix(size);
    }
    if (find_noncharacter(text) != std::string_view::npos) fail(errc::noncharacter, text);
  }

  template <class View>
  void inspect_value(session_count count, const View&) noexcept {
    if (count.value() > largest_exact_integer) fail(errc::count_beyond_double, {});
  }

  template <class View>
  void inspect_value(const timestamp& time, const View&) noexcept {
    // A text has no room for all times, and one stands for an unknown time.
    const date_time_text text = to_text(time);
    const date_time_reading again = read_date_time(text);
    if (!time.known || !again.known || again.seconds != time.seconds)
      fail(errc::unreadable_date_time, time.text);
  }

  template <class View>
  void inspect_value(const ip_view& ip, const View&) noexcept {
    if (!ip.address()) fail(errc::unreadable_ip, ip.text);
  }

  template <class View>
  void inspect_value(const token<policy_type>& type, const View&) noexcept {
    if (!type.known()) fail(errc::unknown_policy_type, type.text);
  }
  template <class View>
  void inspect_value(const token<result_type>& type, const View&) noexcept {
    if (!type.known()) fail(errc::unknown_result_type, type.text);
  }

  void inspect_value(std::span<const std::string_view> texts,
                     const policy_head_view& policy) noexcept {
    const policy_type type = policy.policy_type.value;
    if (where_.member == field::mx_host && type != policy_type::sts)
      return fail(errc::mx_host_without_sts, {});
    if (where_.member == field::policy_string && type == policy_type::tlsa && !is_tlsa_rrset(texts))
      return fail(errc::too_many_policy_strings, {});
    for (where_.element = 0; where_.element < texts.size() && !has_fault(); ++where_.element) {
      const std::string_view text = texts[where_.element];
      inspect_text(text);
      if (where_.member == field::mx_host)
        inspect_pattern(text);
      else if (holds_several(text, type == policy_type::tlsa))
        fail(errc::joined_policy_string, text);
      else if (texts.size() == 1 && encoded_array(text).is_valid())
        fail(errc::encoded_policy_string, text);
    }
    where_.element = location::npos;
  }

  void inspect_pattern(std::string_view pattern) noexcept {
    if (pattern.starts_with("mx:")) fail(errc::mx_prefix, pattern);
    if (has_non_ascii(pattern)) fail(errc::u_label, pattern);
  }

  location where_{};
  diagnostic fault_{};
};

}  // namespace tlsrpt::detail

#endif
