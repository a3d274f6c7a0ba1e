#include "walker.hpp"

#include <algorithm>
#include <utility>

#include "../input/mail_start.hpp"
#include "decoding.hpp"
#include "judgement.hpp"
#include "limits.hpp"

namespace cli {

namespace {

/// The line of `body` that is most likely the first boundary: it begins with "--", and a Content-
/// field follows, or at least something like a header when `any_header`. body.size() for none.
std::size_t find_boundary_line(std::string_view body, bool any_header) {
  for (std::size_t begin = 0; begin < body.size();) {
    if (begin != 0) {
      begin = body.find("\n--", begin - 1);
      if (begin == body.npos) break;
      ++begin;
    } else if (!body.starts_with("--")) {
      begin = 1;
      continue;
    }
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string_view next = body.substr(std::min(end + 1, body.size()), 128);
    const std::string_view mark = body.substr(begin + 2, end - begin - 2);
    constexpr std::size_t max_mark = 200;
    if (mark.find_first_not_of(" \t\r-") != mark.npos && mark.size() <= max_mark &&
        (begins_with(next, "content-") || begins_with(next, "contenttype") ||
         (any_header &&
          (next.starts_with('\n') || next.starts_with("\r\n") || is_header_field(next)))))
      return begin;
    begin = end;
  }
  return body.size();
}

/// A multipart of which `body`, from a boundary line on, is the content.
std::string multipart_of(std::string_view body) {
  std::string_view mark = body.substr(2, body.find('\n') - 2);
  mark = mark.substr(0, mark.find_last_not_of(" \t\r") + 1);
  std::string mail = "Content-Type: multipart/mixed; boundary=\"";
  for (char c : mark) {
    if (c == '"' || c == '\\') mail += '\\';
    mail += c;
  }
  return (mail += "\"\n\n") += body;
}

}  // namespace

walker::place walker::place::child(int i) const {
  place inside = *this;
  inside.path += (path.empty() ? "" : ".") + std::to_string(i + 1);
  ++inside.depth;
  return inside;
}

walker::place walker::place::mail() const {
  place inside = *this;
  ++inside.depth;
  ++inside.mails;
  return inside;
}

void walker::remark_once(tlsrpt::errc code) {
  auto& remarks = contents_.remarks;
  if (std::none_of(remarks.begin(), remarks.end(),
                   [code](const mail_remark& r) { return r.code == code; }))
    remarks.push_back({code});
}

bool walker::is_too_deep(const place& where) {
  const bool is_too_deep = where.depth > max_part_depth || where.parsed_mails > max_mail_depth;
  has_unread_parts_ = has_unread_parts_ || is_too_deep;
  return is_too_deep;
}

void walker::walk_mail(std::string_view mail, const place& where) {
  const parsed_mail parsed(mail);
  if (parsed.has_too_many_fields()) contents_.refused = tlsrpt::errc::mail_too_many_fields;
  const bool is_outermost = where.mails == 0;
  if (is_outermost) odd_lines_ = parsed.odd_lines();
  for (const mail_remark& remark : parsed.remarks())
    add_remark(contents_.remarks, remark.code, is_outermost ? remark.offset : 0, remark.subject);
  if (!parsed.root() || contents_.refused) return;
  place inside = where;
  inside.header = header_of(parsed.root());
  if (is_outermost) contents_.header = inside.header;
  walk_root(parsed.root(), mail.substr(parsed.body()), inside);
}

/// The content of a mail. Its parts are numbered below the mail's own path.
void walker::walk_root(GMimeObject* root, std::string_view body, const place& where) {
  if (GMIME_IS_MULTIPART(root))
    walk_multipart(GMIME_MULTIPART(root), body, where);
  else if (GMIME_IS_PART(root))
    walk_leaf(GMIME_PART(root), where.child(0), where);
  else
    walk_part(root, where.child(0));
}

void walker::walk_part(GMimeObject* object, const place& where) {
  if (is_too_deep(where)) return;
  if (GMIME_IS_MULTIPART(object))
    walk_multipart(GMIME_MULTIPART(object), {}, where);
  else if (GMIME_IS_MESSAGE_PART(object))
    walk_message(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), where);
  else if (GMIME_IS_PART(object))
    walk_leaf(GMIME_PART(object), where, where);
}

/// `body` is empty for what GMime keeps as text before the first boundary.
void walker::walk_multipart(GMimeMultipart* multipart, std::string_view body, place where) {
  where.wrapper = std::make_shared<mail_wrapper>(wrapper_of(GMIME_OBJECT(multipart)));
  if (tlsrpt::is_tlsrpt_report_type(where.wrapper->report_type)) contents_.has_report_type = true;
  const int count = g_mime_multipart_get_count(multipart);
  for (int i = 0; i < count; ++i)
    walk_part(g_mime_multipart_get_part(multipart, i), where.child(i));
  if (count != 0) return;
  const std::string prologue = text_of(g_mime_multipart_get_prologue(multipart));
  walk_guessed_parts(body.empty() ? std::string_view(prologue) : body, true, where);
}

void walker::walk_message(GMimeMessage* message, const place& where) {
  GMimeObject* const root = message ? g_mime_message_get_mime_part(message) : nullptr;
  if (!root) return;
  place inside = where.mail();
  inside.header = header_of(GMIME_OBJECT(message));
  walk_root(root, {}, inside);
}

/// Reads `body` as the content of a multipart if it has a line like a boundary. Whether it did.
bool walker::walk_guessed_parts(std::string_view body, bool any_header, place where) {
  body.remove_prefix(find_boundary_line(body, any_header));
  ++where.parsed_mails;
  if (body.empty() || is_too_deep(where)) return false;
  const parsed_mail parsed(multipart_of(body));
  GMimeObject* const root = parsed.root();
  if (!root || !GMIME_IS_MULTIPART(root)) return false;
  const int count = g_mime_multipart_get_count(GMIME_MULTIPART(root));
  for (int i = 0; i < count; ++i)
    walk_part(g_mime_multipart_get_part(GMIME_MULTIPART(root), i), where.child(i));
  if (count != 0) remark_once(tlsrpt::errc::mail_boundary_missing);
  return count != 0;
}

/// `multipart` is where the parts of the leaf would be if it were a multipart.
void walker::walk_leaf(GMimePart* leaf, const place& where, const place& multipart) {
  mail_part part = part_of(leaf);
  if (tlsrpt::classify_payload(std::string_view(part.content)) == tlsrpt::payload::other) {
    if (walk_encoded_mail(part, where)) return;
    if (auto other = next_content(part, looks_into_texts_)) {
      part.content = std::move(other->content);
      part.remarks = {{other->code}};
    } else if (walk_guessed_parts(part.content, false, multipart)) {
      return;
    }
  }
  keep(std::move(part), where);
}

/// Reads the content of a part as a mail if it begins like one. Whether that had parts.
bool walker::walk_encoded_mail(const mail_part& part, const place& where) {
  if (kind_of_mail(part.content) == mail_kind::none) return false;
  const std::size_t parts = contents_.parts.size(), remarks = contents_.remarks.size();
  place inside = where.mail();
  ++inside.parsed_mails;
  if (!is_too_deep(inside)) walk_mail(without_preface(part.content), inside);
  if (contents_.parts.size() != parts) {
    remark_once(tlsrpt::errc::mail_encoded_message);
    return true;
  }
  if (!contents_.refused) contents_.remarks.resize(remarks);
  return false;
}

/// Keeps a part that may be or was to be a report.
void walker::keep(mail_part&& part, const place& where) {
  mail_part& kept = contents_.parts.emplace_back(std::move(part));
  kept.path = where.path;
  kept.header = where.header ? where.header : contents_.header;
  kept.wrapper = where.wrapper;
  if (where.mails != 0) kept.remarks.push_back({tlsrpt::errc::mail_forwarded});
  judge(kept);
  const tlsrpt::payload content = kept.labels.content;
  if (content != tlsrpt::payload::empty && content != tlsrpt::payload::other)
    found_content_ = true;
  else if (kept.labels.evidence == tlsrpt::evidence::none)
    contents_.parts.pop_back();
}

}  // namespace cli
