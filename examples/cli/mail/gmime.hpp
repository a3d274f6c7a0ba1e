/// @file
/// What the program needs of GMime, in the types of C++.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_GMIME
#define TLSRPT_EXAMPLES_CLI_MAIL_GMIME

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmime/gmime.h>

#include "mail.hpp"

namespace cli {

struct unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using owned = std::unique_ptr<T, unreference>;

/// Makes GMime ready for use until the program ends.
void need_gmime();

/// A stream over a copy of the octets.
owned<GMimeStream> stream_over(std::string_view octets);

/// Whether `text` begins with `lower_case`, in any case.
bool begins_with(std::string_view text, std::string_view lower_case);

/// Empty for null.
std::string text_of(const char* text);

/// A mail, or a part, as GMime reads it.
class parsed_mail {
 public:
  explicit parsed_mail(std::string_view mail);
  parsed_mail(const parsed_mail&) = delete;
  parsed_mail& operator=(const parsed_mail&) = delete;

  GMimeObject* root() const { return root_.get(); }
  std::size_t body() const { return body_; }  ///< Where it begins, with the empty line before it.
  bool has_too_many_fields() const;
  const std::vector<mail_remark>& remarks() const { return remarks_; }
  /// Offsets of the lines of headers that are no fields.
  const std::vector<std::size_t>& odd_lines() const { return odd_lines_; }

 private:
  static void take_warning(gint64 offset, GMimeParserWarning warning, const char* item,
                           gpointer self);
  static void take_field(GMimeParser*, const char* name, const char*, gint64 offset, gpointer self);

  owned<GMimeStream> stream_;
  owned<GMimeObject> root_;
  std::size_t body_ = 0, fields_ = 0;
  std::vector<mail_remark> remarks_;
  std::vector<std::size_t> odd_lines_;
};

/// The fields of a mail, whose Content- fields GMime may keep elsewhere, judged.
std::shared_ptr<const mail_header> header_of(GMimeObject* object);

/// The type of a multipart.
mail_wrapper wrapper_of(GMimeObject* object);

/// A part with its labels and its content.
mail_part part_of(GMimePart* leaf);

}  // namespace cli

#endif
