/// @file
/// Who vouches for a report that came by mail: the domain of a DKIM signature (RFC 8460, section
/// 5.3; RFC 6376), as one's own mail server has checked it (Authentication-Results, RFC 8601).
/// Needs nothing but the standard library.
///
///     const auto facts = tlsrpt::read_authentication_results(mail->header(), {"mx.example.com"});
///     const auto verdict = tlsrpt::judge_submitter(facts, tlsrpt::contact_domain(contact_info));
///     tlsrpt::receipt receipt{.authenticated_submitter = verdict.submitter};
///
/// Signatures are not verified here, and no key is looked up. Everything is constexpr, allocates
/// nothing and takes time linear in the header; views live as long as that.

#ifndef TLSRPT_HPP_SUBMITTER
#define TLSRPT_HPP_SUBMITTER

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/mail/authentication.hpp>
#include <tlsrpt/mail_header.hpp>

namespace tlsrpt {

/// What a verifier says about one DKIM signature. What it does not say has no value.
struct dkim_fact {
  std::string_view domain{};         ///< The domain of the signer, `d=`.
  bool is_pass = false;              ///< Whether the signature is good.
  std::optional<bool> has_length{};  ///< Whether only a part of the body is signed, `l=`.
  std::optional<bool> is_testing{};  ///< Whether the key is for testing, `t=y`.
  /// The services of the key, `s=`, with colons between them; empty when the key does not say.
  std::optional<std::string_view> services{};
};

/// Results of signatures that are read of a mail; those after them count for nothing.
inline constexpr std::size_t max_dkim_facts = 16;

/// Which Authentication-Results fields are one's own.
struct authentication_options {
  /// The name that one's own mail server writes in front. Without it no field counts: everybody can
  /// write some.
  std::string_view authserv_id{};
  /// How many Received fields one's own servers write above the results. Only fields above the one
  /// after those count, for what is below may be the sender's. A server that writes results below
  /// its own Received field needs 1, and has to remove results of its name that senders wrote (RFC
  /// 8601, section 5).
  std::size_t own_received = 0;
};

namespace detail {

/// Hands out what the results say about signatures.
class dkim_fact_step {
 public:
  using value_type = dkim_fact;

  constexpr dkim_fact_step() = default;
  constexpr dkim_fact_step(const mail_header& header,
                           const authentication_options& options) noexcept
      : header_(header), fields_({header.text(), {}}), options_(options) {}

  constexpr bool next(dkim_fact& fact) noexcept;

 private:
  constexpr bool next_field() noexcept;
  constexpr std::optional<bool> has_length(const authentication_result& result) const noexcept;

  mail_header header_{};
  header_field_step fields_{};
  authentication_options options_{};
  authentication_reader results_{};
  std::size_t handed_out_ = 0, received_ = 0;
};

}  // namespace detail

/// Facts in the order of the fields: a forward range that gives dkim_fact.
class dkim_fact_range {
 public:
  using iterator = detail::step_iterator<detail::dkim_fact_step>;  ///< Gives values.

  /// The first fact.
  constexpr iterator begin() const noexcept { return iterator(first_); }
  /// After the last fact.
  constexpr iterator end() const noexcept { return {}; }

 private:
  friend constexpr dkim_fact_range read_authentication_results(
      const mail_header& header, const authentication_options& options) noexcept;
  explicit constexpr dkim_fact_range(const detail::dkim_fact_step& first) noexcept
      : first_(first) {}

  detail::dkim_fact_step first_;
};

/// What one's own mail server found out about the signatures of a mail. Whether a signature has a
/// length is looked up in the DKIM-Signature fields of the same domain and, where the results name
/// them, selector and beginning of the signature (RFC 6008). The range has views of the header and
/// of the options.
constexpr dkim_fact_range read_authentication_results(
    const mail_header& header, const authentication_options& options) noexcept;

/// Which signatures vouch for a report.
struct submitter_rules {
  /// Whether a key for other services, such as `s=email`, is refused. RFC 8460, section 3, demands
  /// `s=tlsrpt`, which hardly anybody has, and lets receivers ignore that.
  bool is_strict = false;
  /// Whether a domain above the contact speaks for it. It never does with a single label.
  bool allows_parent = true;
  /// Whether everybody can have names below a domain, as below "co.uk": such a domain speaks for
  /// itself only. Null when nobody knows.
  bool (*is_public_suffix)(std::string_view domain) noexcept = nullptr;
};

/// Why nobody vouches for a report.
enum class submitter_fault : std::uint8_t {
  none,          ///< Somebody does.
  no_signature,  ///< No result of a signature.
  not_good,      ///< No signature is good.
  not_aligned,   ///< The good ones are of domains that do not speak for the contact.
  has_length,    ///< Only a part of the body is signed, so that others may have added to it.
  is_testing,    ///< The key is for testing.
  service        ///< The key is for other services.
};

/// "no-signature" and so on; empty for none.
constexpr std::string_view name(submitter_fault fault) noexcept;

/// Who vouches for a report.
struct submitter_verdict {
  std::string_view submitter{};  ///< The domain of the signature, as written; empty for nobody.
  submitter_fault fault = submitter_fault::no_signature;  ///< Of several what was closest.
  bool has_other_service = false;  ///< The key is for other services, which was ignored.
  bool is_incomplete = false;      ///< The verifier did not say all; that counts as fitting.

  /// Whether somebody does.
  explicit constexpr operator bool() const noexcept { return !submitter.empty(); }
};

/// Whose signature counts for a report whose contact is in this domain. Of several that fit, the
/// one of the domain itself, else the first. `facts` is a range of dkim_fact.
template <class Facts>
constexpr submitter_verdict judge_submitter(const Facts& facts, std::string_view contact,
                                            const submitter_rules& rules = {}) noexcept;

/// The domain that has to be vouched for: that of `contact-info`, else of the address in a From
/// field, else what TLS-Report-Submitter says. Empty when none is a host name.
constexpr std::string_view contact_domain(
    std::string_view contact_info TLSRPT_HPP_LIFETIMEBOUND,
    std::string_view from TLSRPT_HPP_LIFETIMEBOUND = {},
    std::string_view report_submitter TLSRPT_HPP_LIFETIMEBOUND = {}) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/submitter.hpp>

#endif
