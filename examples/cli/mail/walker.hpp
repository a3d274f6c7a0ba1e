/// @file
/// Walks through one mail and all mails in it.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_WALKER
#define TLSRPT_EXAMPLES_CLI_MAIL_WALKER

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gmime.hpp"
#include "mail.hpp"

namespace cli {

/// Takes one mail apart, with all mails in it.
class walker {
 public:
  explicit walker(bool looks_into_texts = false) : looks_into_texts_(looks_into_texts) {}

  /// A mail without preface, whose lines end in LF or CR LF.
  void walk(std::string_view mail) { walk_mail(mail, {}); }

  mail_contents& contents() { return contents_; }
  /// Whether a part has the octets of a report, or of what reports are packed in.
  bool found_content() const { return found_content_; }
  /// Whether parts are nested too deep.
  bool has_unread_parts() const { return has_unread_parts_; }
  /// Offsets of the lines of the outermost mail's headers that are no fields.
  const std::vector<std::size_t>& odd_lines() const { return odd_lines_; }

 private:
  /// Where a part is.
  struct place {
    std::string path{};
    std::shared_ptr<const mail_header> header{};
    std::shared_ptr<const mail_wrapper> wrapper{};
    int depth = 0;         ///< Of parts and mails.
    int mails = 0;         ///< How many mails are around the part, besides the outermost.
    int parsed_mails = 0;  ///< How many times the content of a part was parsed.

    /// The part number `i` of a multipart, counted from 0.
    place child(int i) const;
    /// The mail in a part.
    place mail() const;
  };

  void walk_mail(std::string_view mail, const place& where);
  void walk_root(GMimeObject* root, std::string_view body, const place& where);
  void walk_part(GMimeObject* object, const place& where);
  void walk_multipart(GMimeMultipart* multipart, std::string_view body, place where);
  void walk_message(GMimeMessage* message, const place& where);
  void walk_leaf(GMimePart* leaf, const place& where, const place& multipart);
  bool walk_encoded_mail(const mail_part& part, const place& where);
  bool walk_guessed_parts(std::string_view body, bool any_header, place where);
  void keep(mail_part&& part, const place& where);
  bool is_too_deep(const place& where);
  void remark_once(tlsrpt::errc code);

  mail_contents contents_;
  bool found_content_ = false, has_unread_parts_ = false, looks_into_texts_;
  std::vector<std::size_t> odd_lines_;
};

}  // namespace cli

#endif
