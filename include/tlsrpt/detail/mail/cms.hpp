/// @file
/// CMS (RFC 5652), which S/MIME puts around mails: which kind it is, and what was signed.

#ifndef TLSRPT_HPP_DETAIL_MAIL_CMS
#define TLSRPT_HPP_DETAIL_MAIL_CMS

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/step_iterator.hpp>

namespace tlsrpt::detail {

enum class cms_kind : std::uint8_t {
  none,         ///< Not CMS.
  signed_data,  ///< Signed, and perhaps readable: see cms_segments.
  encrypted,    ///< Encrypted: nothing can be read without a key.
  other         ///< Compressed or digested data.
};

/// The identifier and length octets of a value (X.690, sections 8.1.2 and 8.1.3).
struct ber_header {
  enum : std::uint8_t {
    end_of_contents = 0x00,
    integer = 0x02,
    octet_string = 0x04,
    object_identifier = 0x06,
    joined_octet_string = 0x24,  ///< Constructed of octet strings.
    sequence = 0x30,
    set = 0x31,
    explicit_0 = 0xa0
  };

  std::uint8_t tag = 0;
  bool is_indefinite = false;  ///< The value ends with end_of_contents.
  std::size_t size = 0;        ///< Of a definite value, as written: it may be beyond all data.
};

/// Takes a header off the front of `data`. False when there is none: the data end too early, or the
/// tag or the length has a form that CMS does not need.
constexpr bool take_header(std::string_view& data, ber_header& header) noexcept {
  constexpr std::uint8_t long_tag = 0x1f, long_length = 0x80;
  const auto octet = [data](std::size_t i) { return static_cast<std::uint8_t>(data[i]); };
  if (data.size() < 2 || (octet(0) & long_tag) == long_tag) return false;
  header = {octet(0), octet(1) == long_length, 0};
  std::size_t used = 2;
  if (octet(1) < long_length) {
    header.size = octet(1);
  } else {
    const std::size_t digits = octet(1) & ~long_length & 0xff;
    if (digits > sizeof(std::uint32_t) || digits > data.size() - used) return false;
    for (; used < 2 + digits; ++used) header.size = header.size << 8 | octet(used);
  }
  data.remove_prefix(used);
  return true;
}

/// Takes a value off the front of `data`. Linear, whatever is nested in it: only values of
/// indefinite length have to be looked into.
constexpr bool skip_value(std::string_view& data) noexcept {
  std::size_t open = 0;
  do {
    ber_header header;
    if (!take_header(data, header)) return false;
    if (header.is_indefinite) {
      ++open;
    } else if (header.tag == ber_header::end_of_contents) {
      if (open == 0 || header.size != 0) return false;
      --open;
    } else {
      if (header.size > data.size()) return false;
      data.remove_prefix(header.size);
    }
  } while (open != 0);
  return true;
}

/// Whether `data` begins with a value that has `tag`; then `data` is its content, as far as it is
/// there, and after an indefinite length all that follows.
constexpr bool enter_value(std::string_view& data, std::uint8_t tag) noexcept {
  ber_header header;
  if (!take_header(data, header) || header.tag != tag) return false;
  if (!header.is_indefinite) data = data.substr(0, header.size);
  return true;
}

/// Takes an object identifier off the front of `data`; empty for none.
constexpr std::string_view take_object_identifier(std::string_view& data) noexcept {
  ber_header header;
  if (!take_header(data, header) || header.tag != ber_header::object_identifier ||
      header.size > data.size())
    return {};
  const std::string_view taken = data.substr(0, header.size);
  data.remove_prefix(header.size);
  return taken;
}

/// Which kind of CMS the data are: by the content type of their ContentInfo, not by their label.
constexpr cms_kind cms_kind_of(std::string_view data) noexcept {
  if (!enter_value(data, ber_header::sequence)) return cms_kind::none;
  const std::string_view type = take_object_identifier(data);
  constexpr std::string_view pkcs7 = "\x2a\x86\x48\x86\xf7\x0d\x01\x07",  // 1.2.840.113549.1.7
      smime_type = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01";            // 1.2.840.113549.1.9.16.1
  const bool is_smime = type.starts_with(smime_type);
  const std::size_t arcs = is_smime ? smime_type.size() : pkcs7.size();
  if ((!is_smime && !type.starts_with(pkcs7)) || type.size() != arcs + 1) return cms_kind::none;
  switch (type.back()) {
    case 2:  // signedData, or a receipt
      return is_smime ? cms_kind::other : cms_kind::signed_data;
    case 3:     // envelopedData
    case 4:     // signedAndEnvelopedData of PKCS #7
    case 6:     // encryptedData
    case 0x17:  // authEnvelopedData
      return cms_kind::encrypted;
    default:
      return cms_kind::other;
  }
}

/// Hands out what was signed, piece by piece: the octet strings of eContent (RFC 5652, section
/// 5.2), of which there may be one or, nested in any way, many.
class cms_segment_step {
 public:
  using value_type = std::string_view;

  /// Of nothing.
  constexpr cms_segment_step() = default;
  /// Of CMS signed data; of anything else there are no segments.
  explicit constexpr cms_segment_step(std::string_view data) noexcept {
    if (cms_kind_of(data) != cms_kind::signed_data) return;
    const bool is_there =
        enter_value(data, ber_header::sequence) && skip_value(data) &&  // contentType
        enter_value(data, ber_header::explicit_0) && enter_value(data, ber_header::sequence) &&
        skip_value(data) && skip_value(data) &&                         // version, algorithms
        enter_value(data, ber_header::sequence) && skip_value(data) &&  // eContentType
        enter_value(data, ber_header::explicit_0);
    if (is_there) rest_ = data;
  }

  constexpr bool next(std::string_view& segment) noexcept {
    ber_header header;
    while (!rest_.empty()) {
      if (!take_header(rest_, header)) return damaged();
      switch (header.tag) {
        case ber_header::octet_string:
          if (header.is_indefinite) return damaged();
          segment = rest_.substr(0, header.size);
          is_damaged_ |= header.size > rest_.size();
          rest_.remove_prefix(segment.size());
          if (around_ == nothing) rest_ = {};
          return true;
        case ber_header::joined_octet_string:
          enter(header);
          break;
        case ber_header::end_of_contents:
          if (open_ == 0 || header.size != 0) return damaged();
          if (--open_ == 0 && around_ == indefinite) rest_ = {};
          break;
        default:
          return damaged();
      }
    }
    is_damaged_ |= open_ != 0;
    return false;
  }

  /// After the last segment: the data end too early or are not what they should be, so that pieces
  /// may be missing.
  constexpr bool is_damaged() const noexcept { return is_damaged_; }

 private:
  /// Where a string of several begins, the pieces of those in it are as good as its own: only of
  /// the outermost the end has to be known, and of indefinite ones how many there are.
  constexpr void enter(const ber_header& header) noexcept {
    if (header.is_indefinite) ++open_;
    if (around_ != nothing) return;
    around_ = header.is_indefinite ? indefinite : definite;
    if (header.is_indefinite) return;
    is_damaged_ |= header.size > rest_.size();
    rest_ = rest_.substr(0, header.size);
  }

  constexpr bool damaged() noexcept {
    is_damaged_ = true;
    rest_ = {};
    open_ = 0;
    return false;
  }

  std::string_view rest_;
  std::size_t open_ = 0;  ///< Indefinite lengths that have not ended.
  enum : std::uint8_t { nothing, definite, indefinite } around_ = nothing;
  bool is_damaged_ = false;
};

/// The pieces of what was signed, in order; none when it is not in the data (a detached signature,
/// certificates only) or the data are something else. Nothing is copied.
class cms_segments {
 public:
  explicit constexpr cms_segments(std::string_view data) noexcept : first_(data) {}

  constexpr step_iterator<cms_segment_step> begin() const noexcept { return step_iterator(first_); }
  constexpr step_iterator<cms_segment_step> end() const noexcept { return {}; }

 private:
  cms_segment_step first_;
};

/// What was signed, in one piece.
struct cms_content {
  std::size_t size = 0;
  bool is_damaged = false;  ///< Something may be missing.
};

/// Writes what was signed to `out`, which has room for as many octets as `data` has. It may be the
/// begin of the data: no octet moves towards their end.
constexpr cms_content join_cms_segments(std::string_view data, char* out) noexcept {
  cms_content joined;
  cms_segment_step step(data);
  for (std::string_view segment; step.next(segment); joined.size += segment.size())
    for (std::size_t i = 0; i < segment.size(); ++i) out[joined.size + i] = segment[i];
  joined.is_damaged = step.is_damaged();
  return joined;
}

}  // namespace tlsrpt::detail

#endif
