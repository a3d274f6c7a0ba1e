/// @file
/// Bodies of write_mail.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_MAIL
#define TLSRPT_HPP_IMPL_WRITE_MAIL

#include <algorithm>
#include <cstddef>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/detail/mail/domain.hpp>
#include <tlsrpt/detail/mail/message_id.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/write/base64.hpp>
#include <tlsrpt/detail/write/mail_text.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/payload.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/subject.hpp>

namespace tlsrpt {

namespace detail {

/// Writes the date of a mail (RFC 5322, section 3.3), which is in the years 1900 to 9999.
template <class Out>
constexpr void put_mail_date(Out& out, std::int64_t seconds) noexcept(is_nothrow_output<Out>) {
  constexpr std::string_view days = "ThuFriSatSunMonTueWed";  // 1970 began on a Thursday
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::int64_t day = (seconds >= 0 ? seconds : seconds - 86'399) / 86'400;
  const date_time_text text = to_date_time(seconds);  // 2026-11-23T23:59:59Z
  const std::string_view date = text;
  const auto month = static_cast<std::size_t>((date[5] - '0') * 10 + (date[6] - '0') - 1);
  put(out, days.substr(static_cast<std::size_t>((day % 7 + 7) % 7) * 3, 3));
  put(out, ", ");
  put(out, date.substr(8, 2));
  put(out, ' ');
  put(out, months.substr(month * 3, 3));
  put(out, ' ');
  put(out, date.substr(0, 4));
  put(out, ' ');
  put(out, date.substr(11, 8));
  put(out, " +0000");
}

/// Writes mails of parts that were checked.
template <class Out>
class mail_writer {
 public:
  constexpr mail_writer(Out& out, const report_view& report, std::string_view octets,
                        const mail_options& options) noexcept
      : out_(out),
        report_(report),
        octets_(octets),
        options_(options),
        from_(options.from.empty() ? report.contact_info : options.from),
        about_(without_trailing_dot(options.about)),
        submitter_(report.contact_info.substr(report.contact_info.rfind('@') + 1)),
        boundary_(to_text(digest_of(report))) {}

  /// What forbids writing; its code is errc::ok when nothing does.
  constexpr diagnostic find_fault() noexcept {
    if (!is_ascii_address(report_.contact_info))
      return {errc::contact_info, {.member = field::contact_info}, report_.contact_info};
    std::uint32_t element = 0;
    for (std::string_view address : {from_, options_.to}) {
      if (!is_ascii_address(address))
        return {errc::mail_address, {.element = element, .in = source::header_field}, address};
      ++element;
    }
    constexpr std::int64_t first_date = -2'208'988'800, last_date = 253'402'300'799;
    if (options_.date < first_date || options_.date > last_date)
      return {errc::unreadable_date_time, {.in = source::header_field}};
    const payload content = classify_payload(octets_);
    if (content != payload::json && content != payload::gzip) return {errc::not_a_report};
    span_output counter({});
    if (const auto written = put_subject(counter); !written) return written.error();
    if (options_.unique_id.size() > longest_unique_id)
      return {errc::file_name_unique_id, {.in = source::file_name}, options_.unique_id};
    return write_name().error();
  }

  constexpr void write() noexcept(is_nothrow_output<Out>) {
    header();
    begin_part();
    line("Content-Type: text/plain; charset=us-ascii");
    line("Content-Transfer-Encoding: 7bit");
    line();
    mail_text_writer(out_, report_, about_).write();
    begin_part();
    put(out_, "Content-Type: ");
    put(out_, media_type_of_report(octets_));
    file_name_parameter("name");
    line("Content-Transfer-Encoding: base64");
    put(out_, "Content-Disposition: attachment");
    file_name_parameter("filename");
    line();
    put_base64(out_, octets_);
    line("--", boundary, boundary_, "--");
  }

 private:
  static constexpr std::string_view boundary = "=_tlsrpt_";  // never in base64
  static constexpr std::size_t longest_unique_id = 64;

  /// An address that SMTP has room for (RFC 5321, section 4.5.3.1).
  static constexpr bool is_ascii_address(std::string_view address) noexcept {
    constexpr std::size_t longest = 254;
    return address.size() <= longest && is_addr_spec(address) && !has_non_ascii(address);
  }

  template <class... Text>
  constexpr void line(const Text&... texts) noexcept(is_nothrow_output<Out>) {
    (put(out_, std::string_view(texts)), ...);
    put(out_, "\r\n");
  }

  template <class Other>
  constexpr result<void> put_subject(Other& out) const noexcept(is_nothrow_output<Other>) {
    return write_subject(
        out, {.domain = about_, .submitter = submitter_, .report_id = report_.report_id},
        mail_columns);
  }

  constexpr result<void> write_name() noexcept {
    file_name_ = {};
    return write_file_name(file_name_, {.sender = submitter_,
                                        .policy_domain = about_,
                                        .begin = report_.date_range.start_datetime,
                                        .end = report_.date_range.end_datetime,
                                        .unique_id = options_.unique_id,
                                        .is_gzip = classify_payload(octets_) == payload::gzip});
  }

  constexpr void header() noexcept(is_nothrow_output<Out>) {
    address_field("From:", from_);
    address_field("To:", options_.to);
    put(out_, "Subject: ");
    static_cast<void>(put_subject(out_));
    line();
    put(out_, "Date: ");
    put_mail_date(out_, options_.date);
    line();
    put(out_, "Message-ID:");
    put_message_id_of_mail();
    line("TLS-Report-Domain: ", about_);
    line("TLS-Report-Submitter: ", submitter_);
    line("TLS-Required: No");
    line("Auto-Submitted: auto-generated");
    line("MIME-Version: 1.0");
    line("Content-Type: multipart/report; report-type=\"tlsrpt\";");
    line(" boundary=\"", boundary, boundary_, "\"");
  }

  /// Begins the value of a field on a line of its own, if there is no room for it.
  constexpr void begin_value(std::size_t name_size,
                             std::size_t value_size) noexcept(is_nothrow_output<Out>) {
    put(out_, name_size + 1 + value_size > mail_columns ? "\r\n " : " ");
  }

  constexpr void address_field(std::string_view name,
                               std::string_view address) noexcept(is_nothrow_output<Out>) {
    put(out_, name);
    begin_value(name.size(), address.size());
    line(address);
  }

  constexpr void put_message_id_of_mail() noexcept(is_nothrow_output<Out>) {
    short_text<11> endpoint;
    put(endpoint, '.');
    put_number(endpoint, options_.endpoint);
    span_output id_left({});  // only counts
    put_id_left(id_left, report_.report_id);
    begin_value(std::string_view("Message-ID:").size(),
                id_left.size() + endpoint.size() + submitter_.size() + 3);
    put(out_, '<');
    put_id_left(out_, report_.report_id);
    line(endpoint, "@", submitter_, ">");
  }

  constexpr void begin_part() noexcept(is_nothrow_output<Out>) {
    line();
    line("--", boundary, boundary_);
  }

  /// A long name is continued as RFC 2231, section 3 has it.
  constexpr void file_name_parameter(std::string_view parameter) noexcept(is_nothrow_output<Out>) {
    std::string_view rest = file_name_;
    const std::size_t around = parameter.size() + 4;  // a space, "=" and two quotation marks
    if (around + rest.size() <= mail_columns) return line(";\r\n ", parameter, "=\"", rest, "\"");
    const std::size_t room = mail_columns - around - 4;  // "*", two digits and ";"
    for (std::size_t number = 0; !rest.empty(); ++number) {
      put(out_, ";\r\n ");
      put(out_, parameter);
      put(out_, '*');
      put_number(out_, number);
      put(out_, "=\"");
      put(out_, rest.substr(0, room));
      put(out_, '"');
      rest.remove_prefix(std::min(room, rest.size()));
    }
    line();
  }

  Out& out_;
  const report_view& report_;
  std::string_view octets_;
  const mail_options& options_;
  std::string_view from_, about_, submitter_;
  digest_text boundary_;
  /// Two domains, two numbers of 19 digits, the unique-id, and what is around them.
  short_text<2 * 253 + 2 * 19 + longest_unique_id + 12> file_name_{};
};

}  // namespace detail

template <text_output Out>
constexpr result<void> write_mail(
    Out&& out, const report_view& report, std::string_view octets,
    const mail_options& options) noexcept(detail::is_nothrow_output<Out>) {
  detail::mail_writer<std::remove_reference_t<Out>> writer(out, report, octets, options);
  const diagnostic fault = writer.find_fault();
  if (fault.code != errc::ok) return fault;
  writer.write();
  return {};
}

constexpr std::string_view media_type_of_report(std::string_view octets) noexcept {
  return classify_payload(octets) == payload::gzip ? "application/tlsrpt+gzip"
                                                   : "application/tlsrpt+json";
}

}  // namespace tlsrpt

#endif
