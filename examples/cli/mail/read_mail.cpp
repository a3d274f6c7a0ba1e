#include "gmime.hpp"
#include "limits.hpp"
#include "mail.hpp"
#include "repair.hpp"
#include "walker.hpp"

#include "../input/mail_start.hpp"

namespace cli {

mail_contents read_mail(std::string_view mail) {
  using tlsrpt::errc;
  if (mail.size() > max_mail_bytes) return {.refused = errc::mail_too_long};
  std::vector<mail_remark> changes;
  if (mail.starts_with(byte_order_mark)) changes.push_back({errc::mail_byte_order_mark});
  const std::size_t preface = mail.size() - without_preface(mail).size();
  mail.remove_prefix(preface);
  std::string changed;
  mail = prepared(mail, changed, changes);
  if (const auto refused = refusal(mail)) return {.refused = refused};

  // What is not damaged is read at the first go.
  walker walk;
  walk.walk(mail);
  if (!walk.found_content() && !walk.contents().refused) {
    const std::string other = repaired(mail, walk.odd_lines());
    walker again;
    if (other != mail) again.walk(other);
    if (again.found_content()) {
      changes.push_back({has_lone_cr(mail) ? errc::mail_line_ends : errc::mail_missing_blank_line});
      walk = std::move(again);
    } else {
      walker into_texts(true);
      into_texts.walk(mail);
      if (into_texts.found_content()) walk = std::move(into_texts);
    }
  }
  mail_contents contents = std::move(walk.contents());
  if (walk.has_unread_parts()) changes.push_back({errc::mail_nested_too_deep});
  contents.remarks.insert(contents.remarks.begin(), changes.begin(), changes.end());
  for (mail_remark& remark : contents.remarks)
    if (remark.offset != 0) remark.offset += preface;
  return contents;
}

}  // namespace cli
