/// @file
/// Bodies of write_advice.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_ADVICE
#define TLSRPT_HPP_IMPL_WRITE_ADVICE

#include <concepts>
#include <string_view>

#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/escape.hpp>

namespace tlsrpt {

namespace detail {

/// Writes the members of a JSON object.
template <class Out>
class object_writer {
 public:
  static constexpr bool is_nothrow = is_nothrow_output<Out>;

  explicit object_writer(Out& out) noexcept(is_nothrow) : out_(out) { put(out_, '{'); }

  void member(std::string_view name, std::string_view text) noexcept(is_nothrow) {
    begin(name);
    escape::json_string(out_, text);
  }
  template <std::integral Number>
  void member(std::string_view name, Number number) noexcept(is_nothrow) {
    begin(name);
    put_number(out_, number);
  }
  void member(std::string_view name, day day) noexcept(is_nothrow) {
    const day_text text = to_text(day);
    member(name, text.view());
  }
  /// null for an empty text.
  void member_or_null(std::string_view name, std::string_view text) noexcept(is_nothrow) {
    if (!text.empty()) return member(name, text);
    begin(name);
    put(out_, std::string_view("null"));
  }
  template <class Texts>
  void list(std::string_view name, const Texts& texts) noexcept(is_nothrow) {
    begin(name);
    char separator = '[';
    for (const auto& text : texts) {
      put(out_, separator);
      text_of_item(text);
      separator = ',';
    }
    put(out_, texts.empty() ? std::string_view("[]") : std::string_view("]"));
  }
  /// A list of objects, of which `write` writes the members.
  template <class Values, class F>
  void objects(std::string_view name, const Values& values, const F& write) noexcept(is_nothrow) {
    begin(name);
    char separator = '[';
    for (const auto& value : values) {
      put(out_, separator);
      object_writer object(out_);
      write(object, value);
      object.end();
      separator = ',';
    }
    put(out_, values.empty() ? std::string_view("[]") : std::string_view("]"));
  }
  void end() noexcept(is_nothrow) { put(out_, '}'); }

 private:
  void begin(std::string_view name) noexcept(is_nothrow) {
    if (!is_first_) put(out_, ',');
    is_first_ = false;
    put(out_, '"');
    put(out_, name);
    put(out_, std::string_view("\":"));
  }

  void text_of_item(std::string_view text) noexcept(is_nothrow) { escape::json_string(out_, text); }
  void text_of_item(const digest& report) noexcept(is_nothrow) {
    const digest_text text = to_text(report);
    escape::json_string(out_, text.view());
  }

  Out& out_;
  bool is_first_ = true;
};

template <class Out>
void write_finding(object_writer<Out>& object,
                   const finding& finding) noexcept(is_nothrow_output<Out>) {
  object.member("code", finding.code);
  object.member("key", finding.key);
  object.member("severity", finding.severity);
  object.member("impact", name(finding.impact));
  object.member("party", name(finding.party));
  object.member("certainty", name(finding.certainty));
  object.list("domains", finding.domains);
  object.member_or_null("host", finding.host);
  object.member_or_null("node", finding.node);
  object.member("reason", finding.reason);
  object.member("since", finding.since);
  object.member("last", finding.last);
  object.member("change", finding.is_spike ? std::string_view("spike") : name(finding.change));
  object.list("reporters", finding.reporters);
  object.list("others", finding.others);
  object.member("noted", finding.noted);
  object.member("failed-at-least", finding.failed_at_least);
  if (finding.unexplained != 0) object.member("unexplained", finding.unexplained);
  object.member("text", finding.text);
  object.member("do-first", finding.do_first);
  object.list("evidence", finding.evidence);
}

}  // namespace detail

template <text_output Out>
void write_advice_json(Out&& out, const advice& advice) noexcept(detail::is_nothrow_output<Out>) {
  using writer = detail::object_writer<std::remove_reference_t<Out>>;
  writer object(out);
  object.member("version", advice_json_version);
  object.member("now", advice.today());
  object.objects("advice", advice.findings(),
                 [](writer& one, const finding& finding) { detail::write_finding(one, finding); });
  object.objects("silent", advice.silent(), [](writer& one, const silent_reporter& silent) {
    one.member("reporter", silent.reporter);
    one.member("domain", silent.domain);
    one.member("last-day", silent.last);
    one.member("days", silent.days);
  });
  object.end();
}

}  // namespace tlsrpt

#endif
