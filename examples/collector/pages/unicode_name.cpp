#include "unicode_name.hpp"

#ifdef TLSRPT_PAGES_ICU
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <unicode/uidna.h>
#include <unicode/uspoof.h>
#endif

namespace collector {

#ifdef TLSRPT_PAGES_ICU

namespace {

/// Reads labels, and judges their letters.
class label_reader {
 public:
  label_reader() noexcept
      : names_(uidna_openUTS46(
            UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status_)),
        letters_(uspoof_open(&status_)) {
    uspoof_setChecks(letters_.getAlias(), USPOOF_RESTRICTION_LEVEL | USPOOF_CHAR_LIMIT, &status_);
    uspoof_setRestrictionLevel(letters_.getAlias(), USPOOF_SINGLE_SCRIPT_RESTRICTIVE);
    uspoof_setAllowedChars(letters_.getAlias(), uspoof_getRecommendedSet(&status_), &status_);
  }

  /// The U-label of an A-label; nothing when it is none, or of several scripts, or has letters that
  /// no language uses today.
  std::optional<std::string> read(std::string_view a_label) const {
    constexpr std::size_t longest_label = 63, most_octets = 4;
    if (U_FAILURE(status_) || a_label.size() > longest_label) return std::nullopt;
    std::array<char, most_octets * longest_label> text{};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t size = uidna_labelToUnicodeUTF8(
        names_.getAlias(), a_label.data(), static_cast<std::int32_t>(a_label.size()), text.data(),
        static_cast<std::int32_t>(text.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0) return std::nullopt;
    const std::int32_t doubts =
        uspoof_check2UTF8(letters_.getAlias(), text.data(), size, nullptr, &status);
    if (U_FAILURE(status) || doubts != 0) return std::nullopt;
    return std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  UErrorCode status_ = U_ZERO_ERROR;
  icu::LocalUIDNAPointer names_;
  icu::LocalUSpoofCheckerPointer letters_;
};

}  // namespace

std::string unicode_name(std::string_view domain) {
  constexpr std::string_view ace_prefix = "xn--";
  static const label_reader reader;
  std::string name;
  bool has_u_label = false;
  while (!domain.empty()) {
    const std::size_t size = std::min(domain.find('.'), domain.size());
    const std::string_view label = domain.substr(0, size);
    if (label.starts_with(ace_prefix)) {
      const auto u_label = reader.read(label);
      if (!u_label) return {};
      name += *u_label;
      has_u_label = true;
    } else {
      name += label;
    }
    if (size != domain.size()) name += '.';
    domain.remove_prefix(std::min(size + 1, domain.size()));
  }
  return has_u_label ? name : std::string();
}

#else

std::string unicode_name(std::string_view) { return {}; }

#endif

}  // namespace collector
