/// @file
/// Walks through a message, part by part, however deep they are, without recursion and in one pass.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_WALKER
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_WALKER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/late_stack.hpp>
#include <tlsrpt/detail/mail/message/content.hpp>
#include <tlsrpt/detail/mail/message/entity.hpp>
#include <tlsrpt/detail/mail/message/leaf.hpp>
#include <tlsrpt/detail/mail/message/lines.hpp>
#include <tlsrpt/detail/mail/message/mail_start.hpp>
#include <tlsrpt/detail/mail/message/parameters.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/location.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt::detail {

/// The boundary of a multipart.
class part_boundary {
 public:
  constexpr part_boundary() = default;
  /// What follows "--" in a line.
  explicit constexpr part_boundary(std::string_view text) noexcept
      : text_(text), size_(text.size()) {}
  /// The parameter of a Content-Type. A value that has to be decoded is kept as a hash: whoever can
  /// make two alike might write the same one twice, too.
  explicit constexpr part_boundary(const named_parameter& parameter) noexcept {
    if (const auto written = parameter.as_written()) {
      text_ = trim_back(*written, blank_octet);
      size_ = text_.size();
    } else {
      parameter.put_to(*this, false);
    }
  }

  constexpr void append(std::string_view text) noexcept {
    hash_.append(text);
    size_ += text.size();
  }

  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr bool is(std::string_view mark) const noexcept {
    if (mark.size() != size_) return false;
    if (text_.data() != nullptr) return mark == text_;
    fnv1a hash;
    hash.append(mark);
    return hash.value() == hash_.value();
  }

 private:
  std::string_view text_{};
  std::size_t size_ = 0;
  fnv1a hash_{};
};

/// A multipart or a mail that is being walked through.
struct part_level {
  part_boundary boundary{};        ///< Of a multipart.
  type_text type{};                ///< Of a multipart.
  report_type_text report_type{};  ///< Of a multipart.
  std::string_view header{};       ///< Of a mail.
  std::size_t path_size = 0;
  std::uint32_t children = 0;  ///< Parts of a multipart so far.
  bool is_mail = false;
  bool is_unlabelled = false;    ///< A mail that is not labelled as one.
  bool is_returned = false;      ///< See leaf_part.
  bool is_notification = false;  ///< A multipart that brings a mail that came back, by its label.
  bool has_status = false;       ///< The same, by a part that was in it.
};

/// A line that begins, ends or parts the parts of a multipart.
struct part_delimiter {
  static constexpr std::size_t no_level = deepest_part;

  std::size_t begin = 0;         ///< Of the line; the end of the message for none.
  std::size_t next = 0;          ///< Of the next line.
  std::size_t level = no_level;  ///< Which multipart it belongs to.
  bool closes = false;
};

/// What the walk learnt about the whole message.
struct message_facts {
  std::string_view header{};       ///< Of the message itself.
  bool has_report_type = false;    ///< A multipart with the report-type of RFC 8460.
  bool has_report_fields = false;  ///< TLS-Report-Domain or TLS-Report-Submitter.
};

class mail_walker {
 public:
  constexpr mail_walker() = default;
  mail_walker(std::string_view text, const mail_limits& limits, const message_place& place) noexcept
      : text_(text),
        limits_(limits),
        place_(place),
        path_(place.path),
        at_(preface_size(text)),
        step_(step::entity) {
    facts_.header = place.header;
  }

  /// Finds the next part that is not made of parts. False at the end, and where the gate stops.
  template <class Gate>
  bool next(leaf_part& part, Gate& gate) {
    if (take_file(part)) {
      if (entities_ > limits_.max_parts) {
        gate.stop(errc::mail_too_many_parts, {.offset = offset_of(part.body)});
        return end();
      }
      return true;
    }
    for (;;) {
      switch (step_) {
        case step::done:
          return false;
        case step::delimiter:
          if (!pass(find_delimiter(at_), gate)) return end();
          break;
        case step::known_delimiter:
          if (!pass(known_, gate)) return end();
          break;
        case step::entity: {
          const outcome came = enter(part, gate);
          if (came == outcome::stopped) return end();
          if (came == outcome::leaf) return true;
          break;
        }
      }
    }
  }

  const message_facts& facts() const noexcept { return facts_; }

 private:
  enum class step : std::uint8_t { done, entity, delimiter, known_delimiter };
  enum class outcome : std::uint8_t { stopped, entered, leaf };

  bool end() noexcept {
    file_.after_file = {};
    step_ = step::done;
    return false;
  }

  part_level& top() noexcept { return levels_.back(); }
  bool is_deepest() const noexcept {
    const std::size_t deepest = std::min<std::size_t>(limits_.max_part_depth, deepest_part);
    return place_.depth + levels_.size() >= deepest;
  }

  /// Whether an entity that begins now is that of a mail, and not a part of a multipart.
  bool is_mail_itself() const noexcept { return levels_.empty() || levels_.back().is_mail; }

  // ---- lines with boundaries

  /// What follows "--" in the line that begins at `begin`, without whitespace after it.
  std::string_view mark_at(std::size_t begin, std::size_t& next) const noexcept {
    const message_line line = line_at(text_, begin);
    next = line.next;
    return trim_back(line.text.substr(2), blank_octet);
  }

  /// The first line at or after `from`, where a line begins, that begins with "--"; the end for
  /// none.
  std::size_t find_dashes(std::size_t from) const noexcept {
    for (std::size_t at = from;; at += 2) {
      at = text_.find("--", at);
      if (at == text_.npos) return text_.size();
      if (at == from || text_[at - 1] == '\n' || text_[at - 1] == '\r') return at;
    }
  }

  part_delimiter delimiter_at(std::size_t begin) const noexcept {
    part_delimiter found{.begin = begin};
    const std::string_view mark = mark_at(begin, found.next);
    if (mark.empty()) return found;
    const std::string_view closed = mark.ends_with("--") ? mark.substr(0, mark.size() - 2) : mark;
    for (std::size_t level = levels_.size(); level-- != 0;) {
      const part_boundary& boundary = levels_[level].boundary;
      if (boundary.empty()) continue;
      const bool opens = boundary.is(mark);
      if (!opens && (closed.size() == mark.size() || !boundary.is(closed))) continue;
      found.level = level;
      found.closes = !opens;
      break;
    }
    return found;
  }

  /// The first delimiter at or after `from`, where a line begins.
  part_delimiter find_delimiter(std::size_t from) const noexcept {
    return find_delimiter(from, [](const part_delimiter&) {});
  }
  /// The same; other lines that begin with "--" are given to `look_at`.
  template <class Look>
  part_delimiter find_delimiter(std::size_t from, Look&& look_at) const noexcept {
    if (multiparts_ == 0) return {.begin = text_.size(), .next = text_.size()};
    for (;;) {
      const std::size_t begin = find_dashes(from);
      if (begin == text_.size()) return {.begin = begin, .next = begin};
      const part_delimiter found = delimiter_at(begin);
      if (found.level != part_delimiter::no_level) return found;
      look_at(found);
      from = found.next;
    }
  }

  /// Whether a line that begins with "--" is likely a delimiter whose boundary nobody declared: a
  /// Content- field follows, or, when `any_header`, at least something like a header.
  bool is_likely_delimiter(const part_delimiter& line, bool any_header) const noexcept {
    constexpr std::size_t longest = 200;
    std::size_t next = 0;
    const std::string_view mark = mark_at(line.begin, next);
    if (mark.size() > longest || consists_of(mark, [](char c) { return c == '-'; })) return false;
    const std::string_view rest = text_.substr(next, 128);
    if (starts_with_folded(rest, "content-") || starts_with_folded(rest, "contenttype"))
      return true;
    return any_header && (line_end_size(rest) != 0 || is_header_field(until(rest, line_break)));
  }
  static constexpr charset line_break = charset("\r\n");

  // ---- going from part to part

  /// Goes on after a delimiter.
  template <class Gate>
  bool pass(const part_delimiter& found, Gate& gate) {
    const bool is_end = found.level == part_delimiter::no_level;
    if (!leave(is_end ? 0 : found.level + 1, found.begin, gate)) return false;
    if (is_end) return end(), true;
    if (!remark_on_line_ends(found, gate)) return false;
    at_ = found.next;
    // Of a line end of several CRs the rest is no empty line, when a header follows.
    if (text_[at_ - 1] == '\r' && text_.substr(at_).starts_with("\r\n") &&
        is_header_field(until(text_.substr(at_ + 2), line_break)))
      at_ += 2;
    if (found.closes) {
      leave_level();
      step_ = levels_.empty() ? step::done : step::delimiter;
      return true;
    }
    if (at_ == text_.size()) {
      // The last line lacks its "--".
      step_ = step::delimiter;
      return true;
    }
    part_level& level = top();
    path_.cut(level.path_size);
    descend(path_, ++level.children);
    step_ = step::entity;
    return true;
  }

  /// Leaves the levels from `depth` on, none of which was closed.
  template <class Gate>
  bool leave(std::size_t depth, std::size_t at, Gate& gate) {
    while (levels_.size() > depth) {
      const bool is_multipart = !top().is_mail;
      leave_level();
      if (is_multipart && !gate.pass(errc::mail_boundary_not_closed, {.offset = at}, {}))
        return false;
    }
    return true;
  }

  void leave_level() noexcept {
    if (!top().is_mail) --multiparts_;
    levels_.pop();
  }

  template <class Gate>
  bool remark_on_line_ends(const part_delimiter& found, Gate& gate) {
    const auto is_lone = [this](std::size_t cr) {
      return text_[cr] == '\r' && (cr + 1 == text_.size() || text_[cr + 1] != '\n');
    };
    if ((found.begin != 0 && is_lone(found.begin - 1)) || is_lone(found.next - 1))
      return remark_on_line_ends(found.begin, gate);
    return true;
  }
  template <class Gate>
  bool remark_on_line_ends(std::size_t at, Gate& gate) {
    if (has_odd_line_ends_) return true;
    has_odd_line_ends_ = true;
    return gate.pass(errc::mail_line_ends, {.offset = at}, {});
  }

  // ---- mails and parts

  /// Reads the header of the mail or part that begins here, and enters it, or makes a leaf of it.
  template <class Gate>
  outcome enter(leaf_part& part, Gate& gate) {
    if (++entities_ > limits_.max_parts)
      return stop(gate.stop(errc::mail_too_many_parts, {.offset = at_}));
    entity_header header;
    const bool is_mail = is_mail_itself();
    if (!entity_reader(text_, gate).read(at_, !is_mail, header)) return outcome::stopped;
    if (header.body - at_ > limits_.max_header_bytes)
      return stop(gate.stop(errc::mail_header_too_long, {.offset = at_}));
    if (header.has_odd_line_ends && !remark_on_line_ends(at_, gate)) return outcome::stopped;
    if (is_mail) note_mail(header);
    if (!check_parameters(header, gate)) return outcome::stopped;

    const part_type type(header.content_type);
    switch (type.label()) {
      case media_type::multipart_report:
      case media_type::multipart:
        return enter_multipart(header, type, part, gate);
      case media_type::message:
        // An encoded mail is a leaf, unless its label is wrong.
        if (read_transfer_encoding(header.transfer_encoding) == transfer_encoding::identity ||
            begins_like_mail(text_.substr(header.body)))
          return enter_mail(header, is_mail, false, part, gate);
        break;
      default:
        break;
    }
    return enter_leaf(header, type, is_mail, find_delimiter(header.body), part, gate);
  }

  static outcome stop(bool) noexcept { return outcome::stopped; }

  void note_mail(const entity_header& header) noexcept {
    if (levels_.empty() && place_.header.empty())
      facts_.header = header.text;
    else if (!levels_.empty())
      top().header = header.text;
    if (header.has_report_fields && !is_returned()) facts_.has_report_fields = true;
  }

  bool is_returned() const noexcept {
    return place_.is_returned || (!levels_.empty() && levels_.back().is_returned);
  }

  template <class Gate>
  bool check_parameters(const entity_header& header, Gate& gate) const {
    if (!gate.cares(errc::mail_repeated_parameter) && !gate.cares(errc::mail_field_syntax))
      return true;
    const auto check = [this, &gate](std::string_view field, auto first, auto... others) {
      named_parameter::read(field, first, others...);
      const location where{.offset = field.data() == nullptr ? 0 : offset_of(field)};
      const auto is_once = [&](const named_parameter& read) {
        return !read.is_repeated() || gate.pass(errc::mail_repeated_parameter, where, read.name());
      };
      return is_once(first) &&
             (first.is_clean() || gate.pass(errc::mail_field_syntax, where, field)) &&
             (... && is_once(others));
    };
    return check(header.content_type, named_parameter("boundary"), named_parameter("report-type"),
                 named_parameter("name")) &&
           check(header.disposition, named_parameter("filename"));
  }

  std::size_t offset_of(std::string_view place) const noexcept {
    return static_cast<std::size_t>(place.data() - text_.data());
  }

  part_level& push() noexcept {
    const bool comes_back = is_returned();
    part_level& level = levels_.push({});
    level.path_size = path_.size();
    level.is_returned = comes_back;
    return level;
  }

  template <class Gate>
  outcome enter_multipart(const entity_header& header, const part_type& type, leaf_part& part,
                          Gate& gate) {
    const bool is_mail = is_mail_itself();
    if (is_deepest()) return enter_too_deep(header, is_mail, part, gate);
    named_parameter boundary("boundary"), kind("report-type");
    named_parameter::read(header.content_type, boundary, kind);
    report_type_text report_type;
    kind.put_to(report_type, false);
    part_level& level = push();
    ++multiparts_;
    level.boundary = part_boundary(boundary);
    level.type.append(type.text());
    level.report_type = report_type;
    level.is_notification = equals_folded(report_type.view(), "delivery-status") ||
                            equals_folded(report_type.view(), "feedback-report") ||
                            equals_folded(report_type.view(), "disposition-notification");
    if (is_tlsrpt_report_type(report_type.view()) && !level.is_returned)
      facts_.has_report_type = true;

    const std::size_t own = levels_.size() - 1;
    part_delimiter likely;
    const part_delimiter found =
        find_delimiter(header.body, [this, &likely](const part_delimiter& line) {
          if (likely.next == 0 && is_likely_delimiter(line, true)) likely = line;
        });
    if (found.level == own && !found.closes) return go_on_at(found);
    if (likely.next != 0) {
      std::size_t next = 0;
      level.boundary = part_boundary(mark_at(likely.begin, next));
      if (!gate.pass(errc::mail_boundary_missing, {.offset = likely.begin}, {}))
        return outcome::stopped;
      likely.level = own;
      return go_on_at(likely);
    }
    // Without a part in it, it is a part itself. What closes it belongs to nothing then.
    leave_level();
    const outcome came = enter_leaf(header, type, is_mail, found, part, gate);
    if (came == outcome::leaf && found.level == own) known_ = find_delimiter(found.next);
    return came;
  }

  outcome go_on_at(const part_delimiter& found) noexcept {
    known_ = found;
    step_ = step::known_delimiter;
    return outcome::entered;
  }

  template <class Gate>
  outcome enter_mail(const entity_header& header, bool is_mail, bool is_unlabelled, leaf_part& part,
                     Gate& gate) {
    if (is_deepest()) return enter_too_deep(header, is_mail, part, gate);
    // A mail that is all of another one is its only part.
    if (is_mail) descend(path_, 1);
    const bool is_returned_now = is_returned() || is_in_notification();
    part_level& level = push();
    level.is_mail = true;
    level.is_unlabelled = is_unlabelled;
    level.is_returned = is_returned_now;
    at_ = header.body + preface_size(text_.substr(header.body));
    step_ = step::entity;
    return outcome::entered;
  }

  /// Whether the innermost multipart brings what a mail system says about another mail.
  bool is_in_notification() const noexcept {
    for (std::size_t level = levels_.size(); level-- != 0;) {
      if (levels_[level].is_mail) return false;
      if (levels_[level].is_notification || levels_[level].has_status) return true;
    }
    return false;
  }

  template <class Gate>
  outcome enter_too_deep(const entity_header& header, bool is_mail, leaf_part& part, Gate& gate) {
    if (!gate.pass(errc::mail_nested_too_deep, {.offset = at_}, {})) return outcome::stopped;
    const part_delimiter found = find_delimiter(header.body);
    fill(part, header, is_mail, found);
    part.kind = part_kind::too_deep;
    return go_on_at(found), outcome::leaf;
  }

  template <class Gate>
  outcome enter_leaf(const entity_header& header, const part_type& type, bool is_mail,
                     const part_delimiter& found, leaf_part& part, Gate& gate) {
    // A line that was to close the multipart lacks its "--".
    if (!is_mail && header.text.empty() && found.begin == at_) return go_on_at(found);
    fill(part, header, is_mail, found);
    if (part.label == transfer_encoding::identity && kind_by_type(type) == part_kind::other &&
        classify_payload(part.body) == payload::other && !is_deepest()) {
      if (begins_like_mail(part.body)) return enter_mail(header, is_mail, true, part, gate);
      if (enter_unlabelled_multipart(header, type, found)) {
        if (!gate.pass(errc::mail_boundary_missing, {.offset = known_.begin}, {}))
          return outcome::stopped;
        return outcome::entered;
      }
    }
    content_judge(part, type).judge();
    if (part.kind == part_kind::mail && is_deepest()) {
      part.kind = part_kind::too_deep;
      if (!gate.pass(errc::mail_nested_too_deep, {.offset = at_}, {})) return outcome::stopped;
    }
    if (!is_mail) {
      part.is_returned = part.is_returned || top().has_status ||
                         (part.kind == part_kind::mail && is_in_notification());
      top().has_status = top().has_status || part.kind == part_kind::status;
    }
    if (!part.after_file.empty()) {
      // The labels are read again for each file, so of long ones the beginning has to do.
      constexpr std::size_t longest_label = 256;
      file_ = part;
      file_.form = content_form::plain;
      file_.content_type = file_.content_type.substr(0, longest_label);
      file_.disposition = file_.disposition.substr(0, longest_label);
    }
    return go_on_at(found), outcome::leaf;
  }

  /// Takes the next of several uuencoded files in one text: each is a part in the same place.
  bool take_file(leaf_part& part) noexcept {
    if (file_.after_file.empty()) return false;
    file_.body = take_uuencoded_report(file_.after_file);
    if (file_.body.empty()) return false;
    ++entities_;
    file_.number = ++leaves_;
    part = file_;
    content_judge(part, part_type(part.content_type)).judge();
    return true;
  }

  /// Mails that came back are often texts that hold the source of another mail.
  bool enter_unlabelled_multipart(const entity_header& header, const part_type& type,
                                  const part_delimiter& found) noexcept {
    for (std::size_t from = header.body;;) {
      part_delimiter line{.begin = find_dashes(from)};
      if (line.begin >= found.begin) return false;
      std::size_t next = 0;
      const std::string_view mark = mark_at(line.begin, next);
      line.next = next;
      if (is_likely_delimiter(line, false)) {
        // The path of the leaf is that of the multipart.
        part_level& level = push();
        ++multiparts_;
        level.boundary = part_boundary(mark);
        level.type.append(type.text());
        line.level = levels_.size() - 1;
        go_on_at(line);
        return true;
      }
      from = next;
    }
  }

  void fill(leaf_part& part, const entity_header& header, bool is_mail,
            const part_delimiter& found) noexcept {
    part.path = path_;
    if (is_mail) descend(part.path, 1);
    part.number = ++leaves_;
    part.depth = place_.depth + levels_.size();
    part.body = text_.substr(header.body, found.begin - std::min(found.begin, header.body));
    if (found.level != part_delimiter::no_level) part.body = without_line_end(part.body);
    part.after_file = {};
    part.content_type = header.content_type;
    part.disposition = header.disposition;
    part.wrapper_type = {};
    part.report_type = {};
    part.header = facts_.header;
    part.label = part.encoding = read_transfer_encoding(header.transfer_encoding);
    part.kind = part_kind::other;
    part.labels = {};
    part.form = content_form::plain;
    part.is_named_report = false;
    part.is_forwarded = place_.is_inside;
    part.is_returned = is_returned();
    part.is_in_unlabelled_mail = false;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const part_level& level = levels_[i];
      if (level.is_mail) {
        part.header = level.header;
        part.is_forwarded = true;
        part.is_in_unlabelled_mail = part.is_in_unlabelled_mail || level.is_unlabelled;
      } else {
        part.wrapper_type = level.type;
        part.report_type = level.report_type;
      }
    }
  }

  std::string_view text_{};
  mail_limits limits_{};
  message_place place_{};
  part_path path_{};  ///< Of the mail or part that begins next.
  late_stack<part_level, deepest_part> levels_{};
  std::size_t multiparts_ = 0, at_ = 0;
  part_delimiter known_{};
  leaf_part file_{};  ///< The uuencoded file that was found last.
  std::uint32_t entities_ = 0, leaves_ = 0;
  step step_ = step::done;
  bool has_odd_line_ends_ = false;
  message_facts facts_{};
};

}  // namespace tlsrpt::detail

#endif
