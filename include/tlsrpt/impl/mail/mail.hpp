/// @file
/// Bodies of mail.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_MAIL
#define TLSRPT_HPP_IMPL_MAIL_MAIL

#include <algorithm>
#include <span>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/mail/cms.hpp>
#include <tlsrpt/detail/mail/extension.hpp>
#include <tlsrpt/detail/mail/html_text.hpp>
#include <tlsrpt/detail/mail/message/content.hpp>
#include <tlsrpt/detail/mail/message/mail_start.hpp>
#include <tlsrpt/detail/mail/message/parameters.hpp>
#include <tlsrpt/detail/mail/message/quoted_text.hpp>
#include <tlsrpt/detail/mail/uuencode.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/subject.hpp>

namespace tlsrpt {

namespace detail {

inline bool part_step::next(mail_part_view& part) noexcept {
  const auto is_wanted = [this](const leaf_part& leaf) {
    return choice_ == part_choice::all ||
           tlsrpt::is_candidate(leaf.kind) == (choice_ == part_choice::candidates);
  };
  const auto begin_at = [this, &part] {
    part.offset_ = static_cast<std::size_t>(part.leaf_.body.data() - mail_->text_.data());
    part.limits_ = mail_->limits_;
    return true;
  };
  const first_parts& first = mail_->first_;
  while (at_ < first.size()) {
    const leaf_part& kept = first[at_++];
    if (!is_wanted(kept)) continue;
    part.leaf_ = kept;
    return begin_at();
  }
  while (next_beyond(part.leaf_))
    if (is_wanted(part.leaf_)) return begin_at();
  return false;
}

/// The next part of those that were not kept.
inline bool part_step::next_beyond(leaf_part& leaf) noexcept {
  if (!mail_->has_more_) return false;
  constexpr ignore_diagnostics nobody;
  constexpr lenient accepts_all;
  deviation_gate gate(accepts_all, nobody, source::mail);
  if (!walker_) {
    walker_.emplace(mail_->text_, mail_->limits_, mail_->place_);
    for (std::size_t again = 0; again < at_; ++again) walker_->next(leaf, gate);
  }
  return walker_->next(leaf, gate);
}

/// Decodes one part.
template <class Buffer, class Gate>
class part_decoder {
 public:
  part_decoder(const leaf_part& part, std::size_t limit, Buffer& buffer, Gate& gate) noexcept
      : part_(part), limit_(limit), buffer_(buffer), gate_(gate) {}

  result<std::string_view> decode() {
    if (!remark_on_labels()) return gate_.error();
    std::string_view content = part_.body;
    if (!decode_transfer(content) || !take_out(content)) return gate_.error();
    return content;
  }

 private:
  bool decode_transfer(std::string_view& content) {
    switch (part_.encoding) {
      case transfer_encoding::base64:
        return decode_by<base64_decoder>(content);
      case transfer_encoding::quoted_printable:
        return decode_by<quoted_printable_decoder>(content);
      case transfer_encoding::uuencode:
        content = first_uuencoded(content);
        return decode_by<uuencode_decoder>(content);
      case transfer_encoding::identity:
        break;
    }
    return content.size() <= limit_ || too_long();
  }

  /// Takes the report, or the mail, out of what is around it.
  bool take_out(std::string_view& content) {
    switch (part_.form) {
      case content_form::plain:
        break;
      case content_form::base64_twice:
        content = decode_in_place<base64_decoder>(content);
        break;
      case content_form::in_html:
        copy(content);
        content = decode_in_place<html_text_decoder>(content);
        return take_out_of_text(content);
      case content_form::in_text:
        copy(content);
        return take_out_of_text(content);
      case content_form::in_signature: {
        copy(content);
        char* const out = octets();
        const cms_content joined = join_cms_segments(content, out);
        content = {out, joined.size};
        break;
      }
    }
    return true;
  }

  bool remark_on_labels() {
    const auto pass = [this](bool is_so, errc code, std::string_view subject = {}) {
      return !is_so || gate_.pass(code, {.offset = 0}, subject);
    };
    return pass(part_.is_in_unlabelled_mail ||
                    (part_.kind == part_kind::mail && part_.form == content_form::plain),
                errc::mail_encoded_message) &&
           pass(part_.is_forwarded, errc::mail_forwarded) &&
           pass(part_.is_returned, errc::mail_returned) &&
           pass(part_.encoding != part_.label || part_.form == content_form::base64_twice,
                errc::mail_transfer_encoding) &&
           pass(has_two_names(), errc::mail_two_file_names, part_.content_type);
  }

  bool has_two_names() const noexcept {
    if (!gate_.cares(errc::mail_two_file_names)) return false;
    const part_name first(part_.disposition, {}), second({}, part_.content_type);
    return !first.text().empty() && !second.text().empty() && first.text() != second.text();
  }

  bool too_long() noexcept { return gate_.stop(errc::mail_part_too_long, {.offset = limit_}); }

  char* octets() noexcept { return reinterpret_cast<char*>(buffer_.data()); }

  /// Makes room for so many octets.
  char* room(std::size_t size) {
    if (buffer_.size() < size) buffer_.resize(size);
    return octets();
  }

  template <class Decoder>
  bool decode_by(std::string_view& content) {
    // Decoders leave some octets of a room free.
    constexpr std::size_t most_free = 4;
    const std::size_t size = std::min(Decoder::bound(content.size()), limit_) + most_free;
    char* const out = room(size);
    Decoder decoder(content);
    content = {out, decoder.read({out, size})};
    if (content.size() > limit_) return too_long();
    return !std::is_same_v<Decoder, base64_decoder> || decoder.is_clean() ||
           gate_.pass(errc::mail_base64_form, {}, {});
  }

  /// Makes a content that is still in the mail one in the buffer.
  void copy(std::string_view& content) {
    if (part_.encoding != transfer_encoding::identity) return;
    constexpr std::size_t most_free = 4;
    char* const out = room(content.size() + most_free);
    std::copy_n(content.data(), content.size(), out);
    content = {out, content.size()};
  }

  /// What lies in the buffer is decoded once more.
  template <class Decoder>
  std::string_view decode_in_place(std::string_view content) noexcept {
    char* const out = octets();
    Decoder decoder(content);
    return {out, decoder.read({out, buffer_.size()})};
  }

  bool take_out_of_text(std::string_view& content) {
    object_finder finder;
    finder.take(content);
    const std::size_t begin = finder.begin();
    char* const out = octets();
    content = {out + begin,
               take_quoting_off({out + begin, content.size() - begin}, finder.depth())};
    return gate_.pass(errc::mail_report_in_text, {.offset = begin}, {});
  }

  const leaf_part& part_;
  std::size_t limit_;
  Buffer& buffer_;
  Gate& gate_;
};

}  // namespace detail

template <text_output Out>
void mail_part_view::path_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  for (std::size_t i = 0; i < leaf_.path.size(); ++i) {
    if (i != 0) detail::put(out, '.');
    detail::put_number(out, leaf_.path[i]);
  }
}

template <text_output Out>
void mail_part_view::media_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::put_first_token(out, leaf_.content_type);
}

template <text_output Out>
void mail_part_view::file_name_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::named_parameter name(leaf_.disposition, "filename");
  if (!name) name = detail::named_parameter(leaf_.content_type, "name");
  if (name) name.put_to(out, true);
}

template <text_output Out>
void mail_part_view::wrapper_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, leaf_.wrapper_type.view());
}

template <text_output Out>
void mail_part_view::report_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, leaf_.report_type.view());
}

template <class Buffer, diagnostic_sink S, conformance C>
result<std::string_view> mail_part_view::decode(Buffer& buffer, S&& sink, C conformance) const {
  detail::deviation_gate gate(conformance, sink, source::mail);
  return detail::part_decoder(leaf_, limits_.max_decoded_bytes, buffer, gate).decode();
}

template <class Buffer, conformance C>
requires(!diagnostic_sink<C>) result<std::string_view> mail_part_view::decode(Buffer& buffer,
                                                                              const C& conformance)
const { return decode(buffer, ignore_diagnostics(), conformance); }

namespace detail {

/// Reads a mail once, for all that is to be said about it.
template <class Conformance, class Sink>
class mail_reader {
 public:
  mail_reader(std::string_view octets, const mail_limits& limits, const message_place& place,
              const Conformance& conformance, Sink& sink) noexcept
      : octets_(octets), limits_(limits), place_(place), gate_(conformance, sink, source::mail) {}

  result<mail_view> read() {
    if (octets_.size() > limits_.max_mail_bytes) {
      gate_.stop(errc::mail_too_long, {.offset = limits_.max_mail_bytes});
      return gate_.error();
    }
    if (octets_.starts_with(byte_order_mark) && !gate_.pass(errc::mail_byte_order_mark, {}, {}))
      return gate_.error();
    mail_walker walker(octets_, limits_, place_);
    // Parts are large: a view made beforehand would be copied into the result.
    result<mail_view> read = mail_view();
    leaf_part beyond;
    for (;;) {
      const bool is_kept = !read->first_.full();
      leaf_part& part = is_kept ? read->first_.push() : beyond;
      if (!walker.next(part, gate_)) {
        if (is_kept) read->first_.pop();
        break;
      }
      take(part);
      if (!is_kept) read->has_more_ = true;
    }
    if (gate_.error().code != errc::ok) return gate_.error();
    read->text_ = octets_;
    read->header_ = walker.facts().header;
    read->limits_ = limits_;
    read->place_ = place_;
    read->claim_ = claim(walker.facts());
    read->shortage_ = shortage(read->claim_);
    return read;
  }

 private:
  void take(const leaf_part& part) noexcept {
    if (part.kind == part_kind::too_deep) shortage_ = errc::mail_nested_too_deep;
    if (part.labels.content == payload::dmarc_report) has_dmarc_report_ = true;
    if (shortage_ == errc::ok && (part.kind == part_kind::encrypted || holds_mail(part)))
      shortage_ = refusal_of(part.labels.content);
    if (!tlsrpt::is_candidate(part.kind)) return;
    if (part.kind != part_kind::report || is_readable(part.labels.content) ||
        part.form != content_form::plain)
      has_readable_ = true;
    if (part.is_returned) return;
    if (part.labels.evidence == evidence::media_type ||
        (part.labels.evidence == evidence::file_name && part.is_named_report))
      has_labelled_part_ = true;
  }

  /// Whether the part is a mail in a format of Outlook.
  static bool holds_mail(const leaf_part& part) noexcept {
    if (part.labels.content != payload::compound_file) return part.labels.content == payload::tnef;
    const part_name name(part.disposition, part.content_type);
    constexpr std::string_view extension = ".msg";
    const std::string_view text = name.text();
    return is_type(part.content_type, "application/vnd.ms-outlook") ||
           (text.size() > extension.size() &&
            equals_folded(text.substr(text.size() - extension.size()), extension));
  }

  mail_claim claim(const message_facts& facts) const noexcept {
    if (facts.has_report_type || facts.has_report_fields || has_labelled_part_)
      return mail_claim::label;
    short_text<1024> subject;
    mail_header(facts.header).subject().decode_to(subject);
    const std::string_view text = subject;
    return parse_subject(text) ? mail_claim::subject : mail_claim::none;
  }

  errc shortage(mail_claim claim) const noexcept {
    if (has_readable_ || shortage_ != errc::ok) return has_readable_ ? errc::ok : shortage_;
    const bool says_so =
        claim == mail_claim::label || (claim == mail_claim::subject && !has_dmarc_report_);
    return says_so ? errc::mail_report_missing : errc::ok;
  }

  std::string_view octets_;
  mail_limits limits_;
  message_place place_;
  deviation_gate<Conformance, Sink> gate_;
  errc shortage_ = errc::ok;  ///< Of parts that cannot be looked into.
  bool has_readable_ = false, has_labelled_part_ = false, has_dmarc_report_ = false;
};

}  // namespace detail

template <diagnostic_sink S, conformance C>
result<mail_view> mail_part_view::read_inside(std::string_view decoded, S&& sink,
                                              C conformance) const {
  // What was signed is the mail itself.
  const bool is_signed = leaf_.form == detail::content_form::in_signature;
  const detail::message_place inside{leaf_.path, leaf_.depth + 1,
                                     is_signed ? leaf_.header : std::string_view(),
                                     leaf_.is_forwarded || !is_signed, leaf_.is_returned};
  return detail::mail_reader(decoded, limits_, inside, conformance, sink).read();
}

template <conformance C>
requires(!diagnostic_sink<C>) result<mail_view> mail_part_view::read_inside(
    std::string_view decoded, const C& conformance)
const { return read_inside(decoded, ignore_diagnostics(), conformance); }

inline mail_part_range mail_view::parts() const& noexcept {
  return mail_part_range(detail::part_step(*this, detail::part_choice::all));
}

inline mail_part_range mail_view::candidates() const& noexcept {
  return mail_part_range(detail::part_step(*this, detail::part_choice::candidates));
}

inline mail_part_range mail_view::passed_over() const& noexcept {
  return mail_part_range(detail::part_step(*this, detail::part_choice::passed_over));
}

constexpr bool is_mail(std::string_view start) noexcept {
  constexpr std::size_t enough = std::size_t{64} << 10;
  return detail::begins_like_mail(start.substr(0, enough));
}

template <diagnostic_sink S, conformance C>
result<mail_view> read_mail(std::string_view octets, S&& sink, C conformance,
                            const mail_limits& limits) {
  return detail::mail_reader(octets, limits, detail::message_place{}, conformance, sink).read();
}

template <conformance C>
requires(!diagnostic_sink<C>) result<mail_view> read_mail(std::string_view octets,
                                                          const C& conformance,
                                                          const mail_limits& limits) {
  return read_mail(octets, ignore_diagnostics(), conformance, limits);
}

}  // namespace tlsrpt

#endif
