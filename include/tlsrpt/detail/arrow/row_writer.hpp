/// @file
/// Reports, and inputs that are none, as the next row of columns.

#ifndef TLSRPT_HPP_DETAIL_ARROW_ROW_WRITER
#define TLSRPT_HPP_DETAIL_ARROW_ROW_WRITER

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/arrow/column.hpp>
#include <tlsrpt/detail/arrow/fields.hpp>
#include <tlsrpt/detail/ledger/names.hpp>
#include <tlsrpt/detail/ledger/period.hpp>
#include <tlsrpt/detail/ledger/policy_normal.hpp>
#include <tlsrpt/detail/ledger/reason.hpp>
#include <tlsrpt/detail/ledger/receipts.hpp>
#include <tlsrpt/detail/ledger/report_rows.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/ledger_entry.hpp>
#include <tlsrpt/ledger_row.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/timestamp.hpp>

namespace tlsrpt::detail {

using column_set = std::array<column, column_count>;

inline constexpr std::int64_t microseconds = 1'000'000;

/// Puts values into columns, one after the other in the order of column_fields.
class row_writer {
 public:
  explicit row_writer(bool with_optional) noexcept : with_optional_(with_optional) {}

  void begin(column_set& columns) noexcept {
    columns_ = &columns;
    names_.clear();
    next_ = 0;
    next().put_row();
  }
  bool lacks_memory() const noexcept { return lacks_memory_; }
  /// Begins anew after that.
  void forget() noexcept { lacks_memory_ = false; }
  /// About how many octets were put since the last call.
  std::size_t take_octets() noexcept { return std::exchange(octets_, 0); }

  void text(std::string_view text) noexcept {
    octets_ += text.size();
    next().put_text(text);
  }
  void optional_text(std::string_view text) noexcept {
    if (text.data() == nullptr) return nothing();
    this->text(text);
  }
  void number(std::int64_t number) noexcept { next().put_number(number); }
  void optional_number(std::optional<std::int64_t> number) noexcept {
    if (!number) return nothing();
    next().put_number(*number);
  }

  /// The error columns of an input that was read.
  void no_error() noexcept {
    nothing();
    nothing();
    nothing();
    nothing();
    nothing();
  }
  void error(const diagnostic& error) noexcept {
    text(name(error.code));
    text(name(error.where.in));
    number(clipped(error.where.offset));
    const path_text where = path(error.where);
    text(where);
    if (error.hint == errc::ok) return nothing();
    text(name(error.hint));
  }

  /// The same of an input that could not be got.
  void unreadable(std::string_view why) noexcept {
    text("cannot-read");
    nothing();
    nothing();
    nothing();
    text(why);
  }

  void report(const report_view& report) noexcept { members(schema::report, report); }
  void no_report() noexcept {
    while (next_ < place_of_findings) put_null(next_);
  }

  /// The domain that the envelope says; null for what is no host name.
  void report_domain(std::string_view domain) noexcept {
    if (!is_host_name(domain)) return nothing();
    made_text(names_.host(domain));
  }

  /// What the ledger takes from a report, and from how it came; times in microseconds.
  void of_ledger(const report_view& report, std::string_view submitter,
                 std::optional<std::int64_t> received) noexcept {
    if (!with_optional_) return;
    receipt how;
    how.authenticated_submitter = submitter;
    const auto joined = rows_.receipt_of(how);
    constexpr ledger_limits limits;
    if (!joined || !rows_.read(report, limits.details_per_element, limits.elements)) {
      lacks_memory_ = true;
      return no_report();
    }
    const digest_text digest = to_text(digest_of(report));
    text(digest);
    const day_span period = days_of(report.date_range);
    if (period.days != 0)
      next().put_day(period.first.number);
    else if (received)
      next().put_day(day_of(*received / microseconds).number);
    else
      nothing();
    number(std::max(period.days, 1));
    text(rows_.about());
    text(rows_.contact());
    text(joined->reporter(rows_.contact()));
    text(name(joined->trust()));
    list(rows_.totals(), [this](const ledger_total& row) { put_row(row); });
    list(rows_.failures(), [this](const ledger_failure& row) { put_row(row); });
  }

  void findings(std::span<const diagnostic> findings, std::size_t left_out) noexcept {
    list(findings, [this](const diagnostic& found) {
      text(name(found.code));
      text(name(grade_of(found.code)));
      text(name(found.where.in));
      number(clipped(found.where.offset));
      const path_text where = path(found.where);
      text(where);
      constexpr std::size_t longest_subject = 200;
      optional_text(found.subject.empty() ? std::string_view()
                                          : cut_at_character(found.subject, longest_subject));
    });
    number(clipped(left_out));
  }

 private:
  static std::int64_t clipped(std::uint64_t number) noexcept {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(number, largest));
  }

  column& next() noexcept {
    if (!with_optional_) next_ = first_not_optional[next_];
    octets_ += sizeof(std::int64_t);
    return (*columns_)[next_++];
  }
  /// A null of any kind.
  void nothing() noexcept { next().put_null(); }

  void put_null(std::size_t place) noexcept {
    if (with_optional_ || !column_fields[place].is_optional) nothing();
    next_ = column_fields[place].end;
  }

  /// `put(element)` puts the columns of an element, a struct.
  template <class Element, class Put>
  void list(std::span<Element> elements, const Put& put) noexcept {
    column& list = next();
    const std::size_t first = next_, end = column_fields[first - 1].end;
    for (const Element& element : elements) {
      next_ = first;
      next().put_row();
      put(element);
    }
    list.put_list(elements.size());
    next_ = end;
  }
  void texts(std::span<const std::string_view> texts) noexcept {
    column& list = next();
    const std::size_t item = next_;
    for (std::string_view each : texts) {
      next_ = item;
      text(each);
    }
    list.put_list(texts.size());
    next_ = item + 1;
  }

  // ---- members of a report

  template <class View, class... Member>
  void members(const schema::list<Member...>& members, const View& view) noexcept {
    schema::for_each(members, view, [&](const auto& member, const auto& value) {
      if constexpr (requires { member.members; })
        part(member.members, value);
      else
        put(member.id, view, value);
    });
  }
  template <class Members, class View>
  void part(const Members& members, const View& view) noexcept {
    this->members(members, view);
  }
  template <class Members, class View>
  void part(const Members& members, std::span<const View> views) noexcept {
    list(views, [&](const View& view) {
      enter(view);
      this->members(members, view);
      if (with_optional_) put_of_ledger(view);
    });
  }

  template <class View>
  void put(field member, const View&, std::string_view value) noexcept {
    if (is_host(member))
      host(value);
    else
      optional_text(value);
  }
  template <class View>
  void put(field, const View&, session_count count) noexcept {
    if (!count.known()) return nothing();
    number(clipped(count.value()));
  }
  template <class View>
  void put(field, const View&, const timestamp& time) noexcept {
    const bool is_usable = time.known && has_four_digit_year(time.seconds);
    if (is_usable)
      number(time.seconds * microseconds);
    else
      nothing();
    text_unless(is_usable && is_canonical(time), time.text);
  }
  template <class View, class E>
  void put(field, const View&, const token<E>& token) noexcept {
    optional_text(token.known() ? name(token.value) : std::string_view());
    text_unless(token.known() && name(token.value) == token.text, token.text);
  }
  template <class View>
  void put(field, const View&, const ip_view& ip) noexcept {
    const auto address = ip.address();
    if (!address) {
      nothing();
      return optional_text(ip.text);
    }
    const ip_text canonical = to_text(*address);
    text(canonical);
    text_unless(canonical == ip.text, ip.text);
  }
  template <class View>
  void put(field member, const View& view, std::span<const std::string_view> values) noexcept {
    texts(values);
    if constexpr (requires { view.policy_string_text; })
      if (member == field::policy_string) optional_text(view.policy_string_text);
  }

  /// Whether the text is what to_text() makes of the time; nearly always that is seen without it.
  static bool is_canonical(const timestamp& time) noexcept {
    return read_canonical_date_time(time.text) == time.seconds || to_text(time) == time.text;
  }

  void host(std::string_view value) noexcept {
    if (value.data() == nullptr) {
      nothing();
      return nothing();
    }
    const std::string_view canonical = names_.host(value);
    made_text(canonical);
    text_unless(canonical == value, value);
  }
  /// What the sender wrote, where it is not what the column before says.
  void text_unless(bool is_same, std::string_view text) noexcept {
    optional_text(is_same ? std::string_view() : text);
  }
  /// A text for which there may have been no memory.
  void made_text(std::string_view text) noexcept {
    if (text.data() == nullptr) lacks_memory_ = true;
    optional_text(text);
  }

  void enter(const policy_view& policy) noexcept {
    policy_ = &policy;
    is_short_ = is_short_policy(policy);
  }
  void enter(const failure_details_view&) noexcept {}
  void put_of_ledger(const policy_view& policy) noexcept {
    if (!normalizer_.read(policy)) lacks_memory_ = true;
    const policy_id_text id = to_text(id_of_policy(policy.policy_type.value, normalizer_.text()));
    text(id);
  }
  void put_row(const ledger_total& row) noexcept {
    put_policy_of(row);
    const policy_id_text id = to_text(row.policy);
    text(id);
    sum(row.ok);
    sum(row.failed);
    number(clipped(row.elements));
  }
  void put_row(const ledger_failure& row) noexcept {
    put_policy_of(row);
    text(row.result.text);
    text(row.host);
    text(row.node);
    text(row.reason);
    sum(row.noted);
  }
  template <class Row>
  void put_policy_of(const Row& row) noexcept {
    text(row.domain);
    text(kind_name(row.kind));
    text(mode_name(row.kind, row.mode));
  }
  void sum(const session_sum& sum) noexcept {
    number(clipped(sum.sessions));
    number(clipped(sum.unknown));
  }
  void put_of_ledger(const failure_details_view& failure) noexcept {
    made_text(names_.node(failure));
    made_text(names_.reason(known_reason(*policy_, is_short_, failure), failure));
  }

  bool with_optional_;
  bool lacks_memory_ = false;
  column_set* columns_ = nullptr;
  std::size_t next_ = 0;
  std::size_t octets_ = 0;
  name_maker names_;
  policy_normalizer normalizer_;
  report_rows rows_;
  const policy_view* policy_ = nullptr;  ///< The one whose failures are put.
  bool is_short_ = false;                ///< Whether it is searched for each of them.
};

}  // namespace tlsrpt::detail

#endif
