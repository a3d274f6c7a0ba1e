/// @file
/// The typed walk over a report (RFC 8460, section 4.4): one reader for every conformance type,
/// every diagnostic sink, and both builders (see report_builders.hpp).

#ifndef TLSRPT_HPP_DETAIL_REPORT_READER
#define TLSRPT_HPP_DETAIL_REPORT_READER

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/report/count.hpp>
#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/detail/report/member_names.hpp>
#include <tlsrpt/detail/report/policy_string.hpp>
#include <tlsrpt/detail/report/builders.hpp>
#include <tlsrpt/detail/report/text.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/model.hpp>

// Before C++23 a standard attribute cannot be placed where it would apply to a lambda's operator.
#ifdef __GNUC__
#define TLSRPT_HPP_INLINE_LAMBDA __attribute__((always_inline))
#else
#define TLSRPT_HPP_INLINE_LAMBDA
#endif

namespace tlsrpt::detail {

/// Members of one object that were seen, a bit each.
class member_set {
 public:
  /// False when `member` was in the set already.
  constexpr bool add(field member) noexcept {
    const std::uint32_t bit = 1u << static_cast<unsigned>(member);
    const bool added = (bits_ & bit) == 0;
    bits_ |= bit;
    return added;
  }
  constexpr bool has(field member) const noexcept {
    return (bits_ >> static_cast<unsigned>(member) & 1u) != 0;
  }
  constexpr bool has_all(std::same_as<field> auto... members) const noexcept {
    const std::uint32_t wanted = ((1u << static_cast<unsigned>(members)) | ...);
    return (bits_ & wanted) == wanted;
  }

 private:
  std::uint32_t bits_ = 0;
};

/// Members that were recognised, but have to wait for the end of their object: misspelt ones, which
/// count only when the right name is absent, and those of a policy that are outside it.
class waiting_members {
 public:
  struct entry {
    json_token name_token, value;
    field member;
    bool misspelt;
  };

  void add(const entry& e) noexcept {
    if (size_ < entries_.size()) entries_[size_++] = e;
  }
  bool has(field member) const noexcept {
    for (const entry& e : *this)
      if (e.member == member) return true;
    return false;
  }
  bool empty() const noexcept { return size_ == 0; }
  const entry* begin() const noexcept { return entries_.data(); }
  const entry* end() const noexcept { return entries_.data() + size_; }

 private:
  // An object has at most nine members of the schema; each is kept once. Uninitialised on purpose:
  // an object usually has none.
  std::size_t size_ = 0;
  std::array<entry, 9> entries_;
};

template <class Conformance, class Sink, class Builder>
class report_reader {
 public:
  report_reader(report_text& text, const limits& limits, const Conformance& conformance, Sink& sink,
                Builder& builder) noexcept
      : text_(text),
        walk_(text.walk()),
        end_(text.tokens().end()),
        escapes_(text.text()),
        unescaped_end_(text.unescaped().data()),
        limits_(limits),
        conformance_(conformance),
        sink_(sink),
        builder_(builder) {
    if (cares(errc::noncharacter) || cares(errc::u_label))
      has_octets_above_ascii_ = has_octet_above_ascii(text.text());
    is_plain_ = !has_octets_above_ascii_ && !walk_.has_escapes();
  }

  /// Reads the report. False: see is_broken() and error().
  bool read() {
    json_token token = text_.tokens().begin();
    if (text_.has_byte_order_mark()) {
      if (!fail(errc::byte_order_mark, 0)) return false;
      // simdjson takes the mark for a scalar, with what follows it up to whitespace or a structural
      // character.
      if (walk_.token_text(token++) != byte_order_mark) return false;
    }
    if (walk_.at(token) != '{') {
      const json_token next = walk_.skip(token, 0);
      return next != nullptr && next <= end_ && fail(errc::not_an_object, *token);
    }
    const json_token next = report(token);
    if (next == nullptr || next > end_) return false;
    if (!trailing_bytes(next < end_ ? *next : text_.cut_at())) return false;
    return has_metadata_ || policies_kept_ != 0 || fail(errc::not_a_report, *token);
  }

  /// Whether the text is not JSON, as far as the walk can see; else error() says what is wrong.
  bool is_broken() const noexcept { return error_.code == errc::ok; }
  const diagnostic& error() const noexcept { return error_; }
  const report_head_view& head() const noexcept { return head_; }

 private:
  // ---- deviations

  /// Whether a deviation would be heard of or refused. Work that only finds out about it is not
  /// done otherwise.
  bool cares(errc code) const noexcept { return is_listening<Sink> || !conformance_.accepts(code); }

  /// The one function through which every deviation passes: the conformance type accepts it, then
  /// it goes to the sink, or it is the error. False means stop.
  [[gnu::cold, gnu::noinline]] bool deviation(errc code, const location& where,
                                              std::string_view subject = {}) {
    if (grade_of(code) == grade::fatal || !conformance_.accepts(code)) {
      error_ = {code, where, subject};
      return false;
    }
    sink_(diagnostic{code, where, subject});
    return true;
  }

  /// A deviation of the whole document.
  bool fail(errc code, std::size_t offset) { return deviation(code, here(offset, field::none)); }

  location here(std::size_t offset, field member) const noexcept {
    return {offset, policy_, failure_, element_, member};
  }

  bool deviation_at(errc code, json_token token, field member, std::string_view subject = {}) {
    if (grade_of(code) != grade::fatal && !cares(code)) [[likely]]
      return true;
    return known_deviation_at(code, token, member, subject);
  }

  /// The rest of deviation_at(), so that only a call is left where something might be odd.
  [[gnu::cold, gnu::noinline]] bool known_deviation_at(errc code, json_token token, field member,
                                                       std::string_view subject) {
    return deviation(code, here(*token, member), subject);
  }

  /// Reports those of `members` that an object should have and that were not seen.
  bool none_missing(const member_set& seen, errc code, json_token object,
                    std::same_as<field> auto... members) {
    if (seen.has_all(members...)) [[likely]]
      return true;
    return ((seen.has(members) || deviation_at(code, object, members)) && ...);
  }

  /// Something after the end of the report, from `offset` on.
  bool trailing_bytes(std::size_t offset) {
    const std::string_view text = text_.text();
    while (offset < text.size() && is_json_blank(text[offset])) ++offset;
    if (offset == text.size()) return true;
    return deviation(errc::trailing_bytes, here(offset, field::none), text.substr(offset));
  }

  // ---- members of an object

  template <field... Members>
  struct schema {};

  /// Walks an object whose members are `Members`, calling the member function `Read` for each,
  /// once, with the members seen so far and `parts`, and returning all seen in `seen`. `Outer` are
  /// members that belong one level deeper; they are left in `waiting`.
  template <auto Read, field... Members, field... Outer, class Parts>
  [[gnu::always_inline]] json_token object(json_token token, field container, member_set& seen,
                                           waiting_members& waiting, schema<Members...>,
                                           schema<Outer...> outer, Parts& parts) {
    using enum json_walk::object_state;
    ++depth_;
    json_walk::object_state state = walk_.enter_object(token, depth_);
    // Most senders keep the order of the RFC, so the members are first looked for in that order.
    if (state == at_name && (read_usual<Read, Members>(token, state, seen, parts) && ...))
        [[unlikely]] {
      member_set seen_now = seen;  // A copy, so that `seen` itself may stay in a register.
      state = members_in_any_order<Read>(token, container, seen_now, waiting, schema<Members...>{},
                                         outer, parts);
      seen = seen_now;
    }
    --depth_;
    // Anything may follow the text; what ends there does not count.
    if (state == broken || token > end_) [[unlikely]]
      return nullptr;
    if (!waiting.empty()) [[unlikely]] {
      member_set seen_now = seen;
      if (!misspelt_members<Read, Members...>(waiting, seen_now, container, parts)) return nullptr;
      seen = seen_now;
    }
    return token;
  }

  /// Reads `Member` and moves on, if it begins here. False when the object ends after it or is
  /// broken.
  template <auto Read, field Member, class Parts>
  [[gnu::always_inline]] bool read_usual(json_token& token, json_walk::object_state& state,
                                         member_set& seen, Parts& parts) {
    if (!begins_with_member<Member>(walk_.text() + *token)) return true;
    seen.add(Member);
    token = (this->*Read)(Member, token + 2, seen, parts);
    state = walk_.next_member(token);
    return state == json_walk::object_state::at_name;
  }

  /// Continues with an object whose members do not come in the RFC's order, are unknown or
  /// repeated.
  template <auto Read, field... Members, field... Outer, class Parts>
  [[gnu::noinline]] json_walk::object_state members_in_any_order(json_token& token, field container,
                                                                 member_set& seen,
                                                                 waiting_members& waiting,
                                                                 schema<Members...>,
                                                                 schema<Outer...>, Parts& parts) {
    using enum json_walk::object_state;
    json_walk::object_state state = at_name;
    while (state == at_name) {
      if (!(read_named<Read, Members>(token, seen, parts) || ...)) {
        if (!walk_.is_name(token)) return broken;
        token = unusual_member<Read, Members..., Outer...>(token, container, seen, waiting,
                                                           schema<Members...>{}, parts);
      }
      state = walk_.next_member(token);
    }
    return state;
  }

  /// Reads `Member`, if it begins here, and goes past it. False when it does not.
  template <auto Read, field Member, class Parts>
  [[gnu::always_inline]] bool read_named(json_token& token, member_set& seen, Parts& parts) {
    // The next token is the colon, unless whitespace comes before it.
    constexpr std::size_t to_colon = member_name<Member>.size() + 2;
    if (token[1] - token[0] != to_colon || !begins_with_member<Member>(walk_.text() + *token))
      return false;
    token = seen.add(Member) ? (this->*Read)(Member, token + 2, seen, parts)
                             : duplicate(Member, token, token + 2);
    return true;
  }

  /// Reads the members that were misspelt, where the right name is absent.
  template <auto Read, field... Members, class Parts>
  [[gnu::cold, gnu::noinline]] bool misspelt_members(const waiting_members& waiting,
                                                     member_set& seen, field container,
                                                     Parts& parts) {
    for (const auto& w : waiting) {
      if (!w.misspelt || ((w.member != Members) && ...)) continue;
      if (!seen.add(w.member)) {
        if (!unknown_member(name_of(w), w.name_token, w.value, container)) return false;
        continue;
      }
      if (!deviation_at(errc::misspelt_member, w.name_token, w.member, name_of(w))) return false;
      if ((this->*Read)(w.member, w.value, seen, parts) == nullptr) return false;
    }
    return true;
  }

  /// A member whose name is not one of the object's, or is written in another way than most.
  template <auto Read, field... Known, field... Members, class Parts>
  [[gnu::noinline]] json_token unusual_member(json_token name_token, field container,
                                              member_set& seen, waiting_members& waiting,
                                              schema<Members...>, Parts& parts) {
    const std::string_view name = walk_.name_text(name_token);
    const json_token value = name_token + 2;
    std::array<char, 6 * longest_member_name> unescaped_name;
    std::string_view meaning = name;
    if (walk_.has_escapes() && name.find('\\') != std::string_view::npos) {
      if (find_bad_escape(name) != std::string_view::npos) return nullptr;
      if (name.size() <= unescaped_name.size()) {
        const unescaped_string u = unescape(name, unescaped_name.data());
        meaning = {unescaped_name.data(), static_cast<std::size_t>(u.end - unescaped_name.data())};
      }
    }
    if (const field member = exact_member<Members...>(meaning); member != field::none)
      return seen.add(member) ? (this->*Read)(member, value, seen, parts)
                              : duplicate(member, name_token, value);
    const json_token next = skip(value);
    if (next == nullptr) return nullptr;
    const field exact = exact_member<Known...>(meaning);
    const field member = exact != field::none ? exact : meant_member<Known...>(meaning);
    if (member == field::none)
      return unknown_member(name, name_token, value, container) ? next : nullptr;
    if (waiting.has(member))
      return deviation_at(errc::duplicate_member, name_token, member, name) ? next : nullptr;
    waiting.add({name_token, value, member, exact == field::none});
    return next;
  }

  std::string_view name_of(const waiting_members::entry& w) const noexcept {
    bool closed;
    return walk_.string_text(w.name_token, closed);
  }

  /// Validates any value and goes past it, unless it ends after the text.
  json_token skip(json_token value) const noexcept {
    const json_token next = walk_.skip(value, depth_);
    return next != nullptr && next <= end_ ? next : nullptr;
  }

  /// Goes past a value that is walked later.
  json_token put_off(json_token value) const noexcept {
    const char c = walk_.at(value);
    return c == '[' || c == '{' ? walk_.skip_unread(value, end_) : skip(value);
  }

  /// Walks a value that was put off, whose object has ended meanwhile.
  template <class Walk>
  json_token make_up(json_token value, Walk&& walk) {
    ++depth_;
    const json_token next = walk(value);
    --depth_;
    return next;
  }

  template <class Element>
  json_token array(json_token token, Element&& element) {
    ++depth_;
    const json_token next = walk_.for_each_element(token, depth_, element);
    --depth_;
    return next != nullptr && next <= end_ ? next : nullptr;
  }

  json_token duplicate(field member, json_token name_token, json_token value) {
    const json_token next = skip(value);
    if (next == nullptr) return nullptr;
    const std::string_view subject = walk_.value_text(value, next);
    return deviation_at(errc::duplicate_member, name_token, member, subject) ? next : nullptr;
  }

  /// A member that is ignored; `value` has been validated as JSON.
  bool unknown_member(std::string_view name, json_token name_token, json_token value,
                      field container) {
    if (!cares(errc::unknown_member) && !cares(errc::noncharacter)) return true;
    if (!deviation_at(errc::unknown_member, name_token, container, name)) return false;
    if (!walk_.has_escapes() && !has_octets_above_ascii_) return true;
    const json_token end = walk_.skip(value, 0);  // validated before
    for (json_token token = name_token; token < end; ++token) {
      if (walk_.at(token) != '"') continue;
      bool closed;
      const std::string_view text = walk_.string_text(token, closed);
      if (!i_json_string(text, container)) return false;
    }
    return true;
  }

  // ---- strings

  /// Finds surrogates and noncharacters (B-05) in a string that is not kept.
  bool i_json_string(std::string_view text, field member) {
    if (text.find('\\') != std::string_view::npos) {
      if (!unescape_string(text, member, nullptr)) return false;
    }
    return no_noncharacter(text, member);
  }

  bool no_noncharacter(std::string_view text, field member) {
    const std::size_t found = find_noncharacter(text);
    if (found == std::string_view::npos) return true;
    return deviation(errc::noncharacter, here(offset_of(text) + found, member), text);
  }

  std::size_t offset_of(std::string_view slice) const noexcept {
    return static_cast<std::size_t>(slice.data() - walk_.text());
  }

  /// Unescapes `text`, a slice of the document whose escapes are right, into the parser's buffer.
  /// With `kept` null only the findings matter.
  [[gnu::cold, gnu::noinline]] bool unescape_string(std::string_view text, field member,
                                                    std::string_view* kept) {
    if (find_bad_escape(text) != std::string_view::npos) return false;
    const unescaped_string u = unescape(text, unescaped_end_);
    if (u.remark != errc::ok &&
        !deviation(u.remark, here(offset_of(text) + u.remark_at, member), text))
      return false;
    if (kept != nullptr) {
      *kept = {unescaped_end_, static_cast<std::size_t>(u.end - unescaped_end_)};
      unescaped_end_ = u.end;
    }
    return true;
  }

  /// The content of the string at `token`; false when the text is broken or refused.
  [[gnu::always_inline]] bool string_value(json_token token, field member, std::string_view& kept) {
    bool closed;
    kept = walk_.string_text(token, closed);
    if (!closed) [[unlikely]]
      return false;
    return is_plain_ || unusual_string(member, kept);
  }

  /// A string of a text that has escapes or octets outside ASCII somewhere.
  [[gnu::noinline]] bool unusual_string(field member, std::string_view& kept) {
    if (has_octets_above_ascii_ && has_octet_above_ascii(kept) && !no_noncharacter(kept, member))
      return false;
    if (walk_.has_escapes() && escapes_.finds_in(kept)) return unescape_string(kept, member, &kept);
    return true;
  }

  /// A string member: null and "" count as absent, numbers and literals keep their text.
  [[gnu::always_inline]] json_token string_member(json_token token, field member,
                                                  std::string_view& kept) {
    if (walk_.at(token) != '"') [[unlikely]]
      return odd_string(token, member, kept);
    if (!string_value(token, member, kept)) [[unlikely]]
      return nullptr;
    if (kept.empty()) [[unlikely]] {
      kept = {};
      if (!deviation_at(errc::empty_member, token, member)) return nullptr;
    }
    return token + 1;
  }

  /// A member that should be a string: an array of one string is read as that string.
  [[gnu::noinline]] json_token odd_string(json_token token, field member, std::string_view& kept) {
    if (walk_.at(token) == '[') {
      const json_token next = skip(token);
      if (next != nullptr && next - token == 3 && walk_.at(token + 1) == '"') {
        if (!deviation_at(errc::needless_array, token, member, walk_.value_text(token, next)) ||
            !string_value(token + 1, member, kept))
          return nullptr;
        if (kept.empty()) kept = {};
        return next;
      }
    }
    return odd_scalar(token, member, kept, errc::null_member);
  }

  /// Numbers and literals keep their text; `if_null` says what null means.
  json_token odd_scalar(json_token token, field member, std::string_view& kept, errc if_null) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    const std::string_view text = walk_.value_text(token, next);
    errc code = errc::scalar_as_string;
    if (text == "null")
      code = if_null;
    else if (text.front() == '{' || text.front() == '[')
      code = errc::wrong_type;
    else
      kept = text;
    return deviation_at(code, token, member, text) ? next : nullptr;
  }

  bool host_name(std::string_view host, json_token token, field member) {
    if (!has_octets_above_ascii_ || !has_non_ascii(host)) return true;
    return deviation_at(errc::u_label, token, member, host);
  }

  /// Any value that is not of the wanted type; `if_null` says what null means in its place.
  json_token skip_wrong_type(json_token token, field member, errc if_null = errc::null_member) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    const std::string_view text = walk_.value_text(token, next);
    const errc code = text == "null" ? if_null : errc::wrong_type;
    return deviation_at(code, token, member, text) ? next : nullptr;
  }

  // ---- scalars of the schema

  [[gnu::always_inline]] json_token count_member(json_token token, field member,
                                                 session_count& count) {
    const char* const first = walk_.text() + token[0];
    const leading_digits digits = read_leading_digits(first);
    const char* const next = walk_.text() + token[1];
    const char* end = first + digits.size;
    while (end < next && is_json_blank(*end)) ++end;
    const bool is_usual = digits.size != 0 && (*first != '0' || digits.size == 1);
    if (end != next || !is_usual) [[unlikely]]
      return odd_count(token, member, count);
    count = digits.value;
    return token + 1;
  }

  [[gnu::cold, gnu::noinline]] json_token odd_count(json_token token, field member,
                                                    session_count& count) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    std::string_view text = walk_.value_text(token, next);
    count_reading read{0, errc::count_unreadable};
    if (text.front() == '"') {
      if (!string_value(token, member, text)) return nullptr;
      read = read_count_string(text);
    } else if (text == "null") {
      read.remark = errc::null_member;
    } else if (text.front() == '-' || is_digit(text.front())) {
      read = read_count(text);
    }
    if (read.remark != errc::count_unreadable && read.remark != errc::null_member)
      count = read.value;
    if (read.remark != errc::ok && !deviation_at(read.remark, token, member, text)) return nullptr;
    if (count.known() && count.value() > largest_exact_integer &&
        read.remark != errc::count_beyond_double &&
        !deviation_at(errc::count_beyond_double, token, member, text))
      return nullptr;
    return next;
  }

  [[gnu::always_inline]] json_token date_time_member(json_token token, field member, day_end end,
                                                     timestamp& time) {
    const json_token next = string_member(token, member, time.text);
    if (next == nullptr) return nullptr;
    if (!present(time.text)) [[unlikely]]
      return no_date_time(token, member) ? next : nullptr;
    if (const auto canonical = read_canonical_date_time(time.text)) [[likely]] {
      time.seconds = *canonical;
      time.known = true;
      return next;
    }
    return odd_date_time(token, member, end, time) ? next : nullptr;
  }

  /// A time that is null or "" counts as missing; for other values without a text that was said.
  [[gnu::cold, gnu::noinline]] bool no_date_time(json_token token, field member) {
    const char first = walk_.at(token);
    return first == '{' || first == '[' || deviation_at(errc::missing_date_time, token, member);
  }

  [[gnu::cold, gnu::noinline]] bool odd_date_time(json_token token, field member, day_end end,
                                                  timestamp& time) {
    const date_time_reading read = read_date_time(time.text, end);
    time.seconds = read.seconds;
    time.known = read.known;
    for (errc remark : read.remarks)
      if (remark != errc::ok && !deviation_at(remark, token, member, time.text)) return false;
    return true;
  }

  [[gnu::always_inline]] json_token ip_member(json_token token, field member, ip_view& ip) {
    const json_token next = string_member(token, member, ip.text);
    if (next == nullptr || !present(ip.text)) return next;
    if (cares(errc::unreadable_ip) || cares(errc::ip_decorated)) {
      std::array<std::uint8_t, 16> octets;
      if (!parse_ipv4(ip.text, octets.data()) && !parse_ipv6(ip.text, octets)) {
        const errc remark = read_ip_address(ip.text).remark;
        if (remark != errc::ok && !deviation_at(remark, token, member, ip.text)) return nullptr;
      }
    }
    return next;
  }

  json_token helo(json_token token, std::string_view& kept) {
    const json_token next = string_member(token, field::receiving_mx_helo, kept);
    // A line break in JSON is always escaped.
    if (next == nullptr || !walk_.has_escapes() || kept.find('\n') == std::string_view::npos)
      return next;
    return deviation_at(errc::multi_line_helo, token, field::receiving_mx_helo, kept) ? next
                                                                                      : nullptr;
  }

  json_token information(json_token token, std::string_view& kept) {
    const json_token next = string_member(token, field::additional_information, kept);
    if (next == nullptr || !present(kept) || !cares(errc::information_not_uri) || is_uri(kept))
      return next;
    return deviation_at(errc::information_not_uri, token, field::additional_information, kept)
               ? next
               : nullptr;
  }

  template <class E>
  [[gnu::always_inline]] json_token token_member(json_token token, field member,
                                                 tlsrpt::token<E>& kept,
                                                 match<E> (*find)(std::string_view) noexcept,
                                                 errc unknown) {
    const json_token next = string_member(token, member, kept.text);
    if (next == nullptr || !present(kept.text)) return next;
    const match<E> found = find(kept.text);
    kept.value = found.value;
    if (!found.exact) [[unlikely]] {
      const errc code = kept.known() ? errc::folded_value : unknown;
      if (!deviation_at(code, token, member, kept.text)) return nullptr;
    }
    return next;
  }

  // ---- the report

  json_token report(json_token token) {
    member_set seen;
    waiting_members waiting;
    json_token policies = nullptr;  // when they have to wait
    using fields = schema<field::organization_name, field::date_range, field::contact_info,
                          field::report_id, field::policies>;
    const json_token next = object<&report_reader::report_member>(token, field::none, seen, waiting,
                                                                  fields{}, schema<>{}, policies);
    if (next == nullptr) return nullptr;
    find_metadata();
    if (!has_metadata_ && !seen.has(field::policies))
      return fail(errc::not_a_report, *token), nullptr;
    if (!none_missing(seen, errc::missing_member, token, field::organization_name) ||
        !none_missing(seen, errc::missing_date_range, token, field::date_range) ||
        !none_missing(seen, errc::missing_member, token, field::contact_info, field::report_id) ||
        !none_missing(seen, errc::missing_policies, token, field::policies))
      return nullptr;
    const auto walk_policies = [&](json_token value) { return policy_array(value); };
    if (policies != nullptr && (!begin_if_report() || make_up(policies, walk_policies) == nullptr))
      return nullptr;
    return begin_if_report() ? next : nullptr;
  }

  [[gnu::always_inline]] json_token report_member(field member, json_token value,
                                                  const member_set& seen,
                                                  json_token& waiting_policies) {
    switch (member) {
      case field::organization_name:
        return string_member(value, member, head_.organization_name);
      case field::date_range:
        return date_range(value);
      case field::contact_info:
        return contact_info(value);
      case field::report_id:
        return string_member(value, member, head_.report_id);
      default:
        break;
    }
    // A visitor gets the report's head before its policies, and only if the text has them.
    const bool may_begin =
        !Builder::in_order ||
        (value < end_ && seen.has_all(field::organization_name, field::date_range,
                                      field::contact_info, field::report_id));
    if (may_begin) return begin_if_report() ? policy_array(value) : nullptr;
    waiting_policies = value;
    return put_off(value);
  }

  void find_metadata() noexcept {
    has_metadata_ = present(head_.organization_name) || present(head_.contact_info) ||
                    present(head_.report_id) || present(head_.date_range.start_datetime.text) ||
                    present(head_.date_range.end_datetime.text);
  }

  /// Hands the head to a visitor, once, as soon as it is known that this is a report: it has
  /// metadata or `is_report`.
  bool begin_if_report(bool is_report = false) {
    if constexpr (Builder::in_order) {
      if (begun_) return true;
      find_metadata();
      if (!is_report && !has_metadata_) return true;
      begun_ = true;
      return builder_.begin_report(head_) || fail(errc::stopped_by_visitor, 0);
    }
    return true;
  }

  json_token contact_info(json_token token) {
    const json_token next = string_member(token, field::contact_info, head_.contact_info);
    if (next == nullptr || !present(head_.contact_info)) return next;
    if (cares(errc::contact_info) && !(is_plain_ && is_usual_addr_spec(head_.contact_info)) &&
        !is_addr_spec(head_.contact_info) &&
        !deviation_at(errc::contact_info, token, field::contact_info, head_.contact_info))
      return nullptr;
    return next;
  }

  json_token date_range(json_token token) {
    if (walk_.at(token) != '{')
      return skip_wrong_type(token, field::date_range, errc::missing_date_range);
    member_set seen;
    waiting_members waiting;
    using fields = schema<field::start_datetime, field::end_datetime>;
    const json_token next = object<&report_reader::date_range_member>(
        token, field::date_range, seen, waiting, fields{}, schema<>{}, head_.date_range);
    if (next == nullptr) return nullptr;
    return none_missing(seen, errc::missing_date_time, token, field::start_datetime,
                        field::end_datetime)
               ? next
               : nullptr;
  }

  [[gnu::always_inline]] json_token date_range_member(field member, json_token value,
                                                      const member_set&, date_range_view& range) {
    return member == field::start_datetime
               ? date_time_member(value, member, day_end::first_second, range.start_datetime)
               : date_time_member(value, member, day_end::last_second, range.end_datetime);
  }

  // ---- policies

  json_token policy_array(json_token token) {
    std::uint32_t index = 0;
    auto element = [&](json_token value) -> json_token {
      if (index == limits_.max_policies) {
        fail(errc::too_many_policies, *value);
        return nullptr;
      }
      policy_ = index++;
      const json_token next = walk_.at(value) == '{'
                                  ? policy_entry(value)
                                  : skip_wrong_type(value, field::none, errc::wrong_type);
      policy_ = location::npos;
      return next;
    };
    if (walk_.at(token) == '[') [[likely]] {
      const json_token next = array(token, element);
      if (next != nullptr && index == 0 &&
          !deviation_at(errc::empty_policies, token, field::policies))
        return nullptr;
      return next;
    }
    if (walk_.at(token) != '{' || token >= end_)
      return skip_wrong_type(token, field::policies, errc::missing_policies);
    if (!deviation_at(errc::not_an_array, token, field::policies)) return nullptr;
    return element(token);
  }

  /// What is gathered of an element of `policies` while it is walked.
  struct policy_parts {
    policy_head_view& head;
    json_token single_policy_string = nullptr;  // policy-string that is one string
    json_token only_policy_string = nullptr;    // the only string kept of one that is an array
    string_range policy_string{}, mx_host{};
    json_token waiting_failures = nullptr;  // when they have to wait
    bool has_policy = false;
    bool announced = false;
  };

  json_token policy_entry(json_token token) {
    policy_head_view* const head = builder_.begin_policy();
    if (head == nullptr) return out_of_memory(), nullptr;
    head->index = policy_;
    head->offset = *token;
    policy_parts parts{*head};
    member_set seen;
    waiting_members waiting;
    using fields = schema<field::policy, field::summary, field::failure_details>;
    using misplaced =
        schema<field::policy_type, field::policy_string, field::policy_domain, field::mx_host,
               field::total_successful_session_count, field::total_failure_session_count>;
    const json_token next = object<&report_reader::policy_entry_member>(
        token, field::none, seen, waiting, fields{}, misplaced{}, parts);
    if (next == nullptr) return nullptr;
    if (!waiting.empty() && !misplaced_members(waiting, seen, parts)) return nullptr;
    if (!parts.has_policy) {
      const auto validate = [&](json_token value) { return skip(value); };
      if (parts.waiting_failures != nullptr && make_up(parts.waiting_failures, validate) == nullptr)
        return nullptr;
      if constexpr (!Builder::in_order) builder_.drop_policy();
      const std::string_view text = walk_.value_text(token, next);
      return deviation_at(errc::missing_policy, token, field::none, text) ? next : nullptr;
    }
    if (!seen.has(field::summary) && !deviation_at(errc::missing_member, token, field::summary))
      return nullptr;
    if (!announce(parts)) return nullptr;
    const auto walk_failures = [&](json_token value) { return failure_array(value); };
    if (parts.waiting_failures != nullptr &&
        make_up(parts.waiting_failures, walk_failures) == nullptr)
      return nullptr;
    ++policies_kept_;
    if constexpr (!Builder::in_order) builder_.end_policy(parts.policy_string, parts.mx_host);
    return next;
  }

  [[gnu::always_inline]] json_token policy_entry_member(field member, json_token value,
                                                        const member_set& seen,
                                                        policy_parts& parts) {
    if (member == field::policy) return policy(value, parts);
    if (member == field::summary) return summary(value, parts);
    // Of an element without a policy nothing is kept; a visitor gets the whole policy before its
    // failures.
    if (parts.has_policy && (!Builder::in_order || (value < end_ && seen.has(field::summary)))) {
      if (!announce(parts)) return nullptr;
      return failure_array(value);
    }
    parts.waiting_failures = value;
    return put_off(value);
  }

  /// Members of the policy or the summary that are directly in the element: read as if inside,
  /// when there is no such object.
  [[gnu::cold, gnu::noinline]] bool misplaced_members(const waiting_members& waiting,
                                                      member_set& seen, policy_parts& parts) {
    const bool policy_seen = parts.has_policy;
    const bool summary_seen = seen.has(field::summary);
    member_set found;
    for (const auto& w : waiting) {
      const bool of_policy = w.member >= field::policy_type && w.member <= field::mx_host;
      const bool of_summary = w.member == field::total_successful_session_count ||
                              w.member == field::total_failure_session_count;
      if (!of_policy && !of_summary) continue;
      if (of_policy ? policy_seen : summary_seen) {
        if (!unknown_member(name_of(w), w.name_token, w.value, field::none)) return false;
        continue;
      }
      const field object = of_policy ? field::policy : field::summary;
      if (found.add(object) && !deviation_at(errc::flat_policy, w.name_token, w.member, name_of(w)))
        return false;
      if (w.misspelt && !deviation_at(errc::misspelt_member, w.name_token, w.member, name_of(w)))
        return false;
      seen.add(object);
      if (of_policy) parts.has_policy = true;
      if ((of_policy ? policy_member(w.member, w.value, seen, parts)
                     : summary_member(w.member, w.value, seen, parts)) == nullptr)
        return false;
    }
    return !parts.has_policy || policy_seen || end_policy_object(parts);
  }

  /// Hands the policy to a visitor, once.
  bool announce(policy_parts& parts) {
    if constexpr (Builder::in_order) {
      if (parts.announced) return true;
      parts.announced = true;
      if (!begin_if_report(true)) return false;
      return builder_.announce_policy(parts.policy_string, parts.mx_host) ||
             fail(errc::stopped_by_visitor, 0);
    }
    return true;
  }

  bool out_of_memory() { return fail(errc::out_of_memory, 0); }

  json_token policy(json_token token, policy_parts& parts) {
    if (walk_.at(token) != '{') return skip_wrong_type(token, field::policy);
    parts.has_policy = true;
    member_set seen;
    waiting_members waiting;
    using fields =
        schema<field::policy_type, field::policy_string, field::policy_domain, field::mx_host>;
    const json_token next = object<&report_reader::policy_member>(
        token, field::policy, seen, waiting, fields{}, schema<>{}, parts);
    if (next == nullptr) return nullptr;
    return none_missing(seen, errc::missing_member, token, field::policy_type,
                        field::policy_domain) &&
                   end_policy_object(parts)
               ? next
               : nullptr;
  }

  [[gnu::always_inline]] json_token policy_member(field member, json_token value, const member_set&,
                                                  policy_parts& parts) {
    switch (member) {
      case field::policy_type:
        return token_member<policy_type>(value, member, parts.head.policy_type, match_policy_type,
                                         errc::unknown_policy_type);
      case field::policy_domain: {
        const json_token next = string_member(value, member, parts.head.policy_domain);
        return next != nullptr && host_name(parts.head.policy_domain, value, member) ? next
                                                                                     : nullptr;
      }
      case field::mx_host:
        return string_array<field::mx_host>(value, parts.mx_host, parts);
      default:
        return string_array<field::policy_string>(value, parts.policy_string, parts);
    }
  }

  /// An array of strings, or one string.
  template <field Member>
  json_token string_array(json_token token, string_range& range, policy_parts& parts) {
    range.first = builder_.string_count();
    if (walk_.at(token) != '[') [[unlikely]]
      return odd_string_array<Member>(token, range, parts);
    std::uint32_t index = 0;
    json_token last_string = nullptr;
    const json_token next = array(token, [&](json_token value) TLSRPT_HPP_INLINE_LAMBDA {
      element_ = index++;
      if (walk_.at(value) != '"') return odd_element<Member>(value);
      last_string = value;
      return string_element<Member>(value);
    });
    element_ = location::npos;
    range.size = builder_.string_count() - range.first;
    // Whether the only element holds an array is seen later, when the type is known.
    if (Member == field::policy_string && range.size == 1) parts.only_policy_string = last_string;
    return next;
  }

  template <field Member>
  [[gnu::always_inline]] json_token string_element(json_token token) {
    std::string_view text;
    if (!string_value(token, Member, text)) [[unlikely]]
      return nullptr;
    if (Member == field::mx_host && !mx_pattern(text, token)) [[unlikely]]
      return nullptr;
    return keep_string(text, token, Member) ? token + 1 : nullptr;
  }

  template <field Member>
  [[gnu::cold, gnu::noinline]] json_token odd_string_array(json_token token, string_range& range,
                                                           policy_parts& parts) {
    if (walk_.at(token) != '"') return skip_wrong_type(token, Member);
    std::string_view text;
    if (!string_value(token, Member, text)) return nullptr;
    if (text.empty()) return deviation_at(errc::empty_member, token, Member) ? token + 1 : nullptr;
    if (Member == field::policy_string) {
      // How to split it depends on the policy's type, which may come later.
      parts.single_policy_string = token;
      parts.head.policy_string_text = text;
      return token + 1;
    }
    if (!deviation_at(errc::not_an_array, token, Member, text)) return nullptr;
    range.size = 1;
    return string_element<Member>(token);
  }

  /// An element of an array of strings that is not a string: the text of numbers and literals is
  /// kept.
  template <field Member>
  [[gnu::cold, gnu::noinline]] json_token odd_element(json_token token) {
    std::string_view text;
    const json_token next = odd_scalar(token, Member, text, errc::wrong_type);
    if (next == nullptr || !present(text)) return next;
    return keep_string(text, token, Member) ? next : nullptr;
  }

  /// Keeps a string of `member`, policy-string or mx-host.
  [[gnu::always_inline]] bool keep_string(std::string_view text, json_token token, field member) {
    if (strings_kept_ == limits_.max_policy_strings) [[unlikely]]
      return deviation_at(errc::too_many_policy_strings, token, member);
    ++strings_kept_;
    return builder_.string(text) || out_of_memory();
  }

  bool mx_pattern(std::string_view pattern, json_token token) {
    if (pattern.starts_with("mx:") &&
        !deviation_at(errc::mx_prefix, token, field::mx_host, pattern))
      return false;
    return host_name(pattern, token, field::mx_host);
  }

  /// Splits a policy-string that is one string (F-19, B-82), an array inside one (B-81), or
  /// one element with all lines or records in it (B-63).
  bool end_policy_object(policy_parts& parts) {
    if (parts.single_policy_string == nullptr) [[likely]] {
      if (parts.only_policy_string == nullptr) return true;
      // Without escapes an element can hold neither line ends nor strings in quotes.
      const std::string_view element = builder_.string_at(parts.policy_string.first);
      const auto has = [element](char c) {
        return std::memchr(element.data(), c, element.size()) != nullptr;
      };
      if (!walk_.has_escapes() && !has(';') && !has('[')) return true;
    }
    return take_policy_string_apart(parts);
  }

  [[gnu::noinline]] bool take_policy_string_apart(policy_parts& parts) {
    std::string_view& text = parts.head.policy_string_text;
    string_range& range = parts.policy_string;
    const bool single = parts.single_policy_string != nullptr;
    const bool is_tlsa = parts.head.policy_type.value == policy_type::tlsa;
    if (!single) {
      const std::string_view element = builder_.string_at(range.first);
      if (!looks_like_array(element) && !holds_several(element, is_tlsa)) return true;
      text = element;
    }
    const json_token written = single ? parts.single_policy_string : parts.only_policy_string;
    if (single && !deviation_at(errc::single_string_policy, written, field::policy_string, text))
      return false;
    string_range pieces{builder_.string_count(), 0};
    bool all_kept = true;
    auto keep = [&](std::string_view piece) {
      all_kept = all_kept && keep_string(piece, written, field::policy_string);
      ++pieces.size;
    };
    if (looks_like_array(text)) {
      char* const before = unescaped_end_;
      if (split_encoded_array(text, unescaped_end_, text_.unescaped_limit(), keep)) {
        if (!all_kept) return false;
        range = pieces;
        return deviation_at(errc::encoded_policy_string, written, field::policy_string, text);
      }
      unescaped_end_ = before;
      pieces = {builder_.string_count(), 0};
    }
    if (!single) {
      if (!holds_several(text, is_tlsa)) {
        text = {};
        return true;  // one element that only looks like an array
      }
      if (!deviation_at(errc::joined_policy_string, written, field::policy_string, text))
        return false;
    }
    if (is_tlsa)
      split_tlsa_records(text, keep);
    else
      split_lines(text, keep);
    range = pieces;
    return all_kept;
  }

  json_token summary(json_token token, policy_parts& parts) {
    if (walk_.at(token) != '{') return skip_wrong_type(token, field::summary);
    member_set seen;
    waiting_members waiting;
    using fields =
        schema<field::total_successful_session_count, field::total_failure_session_count>;
    const json_token next = object<&report_reader::summary_member>(
        token, field::summary, seen, waiting, fields{}, schema<>{}, parts);
    if (next == nullptr) return nullptr;
    return none_missing(seen, errc::missing_member, token, field::total_successful_session_count,
                        field::total_failure_session_count)
               ? next
               : nullptr;
  }

  [[gnu::always_inline]] json_token summary_member(field member, json_token value,
                                                   const member_set&, policy_parts& parts) {
    return count_member(value, member,
                        member == field::total_successful_session_count
                            ? parts.head.total_successful_session_count
                            : parts.head.total_failure_session_count);
  }

  // ---- failure details

  json_token failure_array(json_token token) {
    std::uint32_t index = 0;
    auto element = [&](json_token value) -> json_token {
      if (failures_seen_ == limits_.max_failure_details) {
        fail(errc::too_many_failure_details, *value);
        return nullptr;
      }
      ++failures_seen_;
      failure_ = index++;
      const json_token next = walk_.at(value) == '{'
                                  ? failure_details(value)
                                  : skip_wrong_type(value, field::none, errc::wrong_type);
      failure_ = location::npos;
      return next;
    };
    if (walk_.at(token) == '[') [[likely]]
      return array(token, element);
    if (walk_.at(token) != '{' || token >= end_)
      return skip_wrong_type(token, field::failure_details);
    if (!deviation_at(errc::not_an_array, token, field::failure_details)) return nullptr;
    return element(token);
  }

  json_token failure_details(json_token token) {
    failure_details_view* const begun = builder_.begin_failure();
    if (begun == nullptr) return out_of_memory(), nullptr;
    failure_details_view& failure = *begun;
    failure.index = failure_;
    failure.offset = *token;
    member_set seen;
    waiting_members waiting;
    using fields =
        schema<field::result_type, field::sending_mta_ip, field::receiving_mx_hostname,
               field::receiving_mx_helo, field::receiving_ip, field::failed_session_count,
               field::additional_information, field::failure_reason_code>;
    const json_token next = object<&report_reader::failure_member>(
        token, field::none, seen, waiting, fields{}, schema<>{}, failure);
    if (next == nullptr) return nullptr;
    if (!none_missing(seen, errc::missing_member, token, field::result_type,
                      field::failed_session_count))
      return nullptr;
    if constexpr (Builder::in_order) {
      if (!builder_.end_failure()) return fail(errc::stopped_by_visitor, *token), nullptr;
    }
    return next;
  }

  [[gnu::always_inline]] json_token failure_member(field member, json_token value,
                                                   const member_set&,
                                                   failure_details_view& failure) {
    switch (member) {
      case field::result_type:
        return token_member<result_type>(value, member, failure.result_type, match_result_type,
                                         errc::unknown_result_type);
      case field::sending_mta_ip:
        return ip_member(value, member, failure.sending_mta_ip);
      case field::receiving_mx_hostname:
        return string_member(value, member, failure.receiving_mx_hostname);
      case field::receiving_mx_helo:
        return helo(value, failure.receiving_mx_helo);
      case field::receiving_ip:
        return ip_member(value, member, failure.receiving_ip);
      case field::failed_session_count:
        return count_member(value, member, failure.failed_session_count);
      case field::additional_information:
        return information(value, failure.additional_information);
      default:
        return string_member(value, member, failure.failure_reason_code);
    }
  }

  report_text& text_;
  const json_walk walk_;
  json_token end_;
  escape_search escapes_;
  char* unescaped_end_;
  const limits& limits_;
  const Conformance& conformance_;
  Sink& sink_;
  Builder& builder_;

  report_head_view head_{};
  diagnostic error_{};
  std::uint32_t policy_ = location::npos, failure_ = location::npos, element_ = location::npos;
  std::uint32_t policies_kept_ = 0, failures_seen_ = 0, strings_kept_ = 0;
  std::uint32_t depth_ = 0;  ///< Containers around the value that is read.
  bool has_octets_above_ascii_ = false;
  bool is_plain_ = false;  ///< No string needs a second look.
  bool has_metadata_ = false;
  bool begun_ = false;
};

}  // namespace tlsrpt::detail

#endif
