#include <tlsrpt/vocabulary.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

using tlsrpt::policy_type;
using tlsrpt::result_group;
using tlsrpt::result_type;

static_assert(tlsrpt::match_policy_type("sts").exact);
static_assert(tlsrpt::match_result_type("tlsa-invalid").value == result_type::tlsa_invalid);
static_assert(!tlsrpt::token<result_type>{}.known());

std::string upper(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return copy;
}

}  // namespace

TEST_CASE("B-58 to B-61: policy types") {
  for (auto type : {policy_type::tlsa, policy_type::sts, policy_type::no_policy_found}) {
    CHECK(tlsrpt::match_policy_type(name(type)).value == type);
    CHECK(tlsrpt::match_policy_type(name(type)).exact);
    const auto folded = tlsrpt::match_policy_type(" " + upper(name(type)) + "\t");
    CHECK((folded.value == type && !folded.exact));
    CHECK(explanation(type).ends_with('.'));
  }
  for (std::string_view text :
       {"", " ", "dane", "mta-sts", "Other", "stsx", "st", "none-policy-found"})
    CHECK(tlsrpt::match_policy_type(text).value == policy_type::unknown);
}

TEST_CASE("values that the enumerations do not have are unknown") {
  for (int value : {4, 12, 250, 255}) {
    const auto policy = static_cast<policy_type>(value);
    CHECK(name(policy).empty());
    CHECK(explanation(policy) == explanation(policy_type::unknown));
  }
  for (int value : {12, 250, 255}) {
    const auto result = static_cast<result_type>(value);
    CHECK(name(result).empty());
    CHECK(group_of(result) == result_group::unknown);
    CHECK(explanation(result) == explanation(result_type::unknown));
    CHECK(remedy(result) == remedy(result_type::unknown));
  }
  CHECK(name(result_group::general) == "general");
  CHECK(name(static_cast<result_group>(5)).empty());
  CHECK(name(static_cast<result_group>(255)).empty());
}

TEST_CASE("the text of a token is its registered name, or what the sender wrote") {
  const auto text_of = [](std::string_view text) {
    return to_text(tlsrpt::token<result_type>{tlsrpt::match_result_type(text).value, text});
  };
  CHECK(text_of("certificate-expired") == "certificate-expired");
  CHECK(text_of("Certificate_Expired ") == "certificate-expired");
  CHECK(text_of("quic-failure") == "quic-failure");
  CHECK(text_of({}) == "unknown");
  CHECK(to_text(tlsrpt::token<policy_type>{policy_type::sts, "STS"}) == "sts");
}

TEST_CASE("B-85 to B-100: result types, their groups, explanations and remedies") {
  struct {
    std::string_view name;
    result_type type;
    result_group group;
  } const registry[] = {
      {"starttls-not-supported", result_type::starttls_not_supported, result_group::negotiation},
      {"certificate-host-mismatch", result_type::certificate_host_mismatch,
       result_group::negotiation},
      {"certificate-expired", result_type::certificate_expired, result_group::negotiation},
      {"certificate-not-trusted", result_type::certificate_not_trusted, result_group::negotiation},
      {"validation-failure", result_type::validation_failure, result_group::general},
      {"tlsa-invalid", result_type::tlsa_invalid, result_group::dane},
      {"dnssec-invalid", result_type::dnssec_invalid, result_group::dane},
      {"dane-required", result_type::dane_required, result_group::dane},
      {"sts-policy-fetch-error", result_type::sts_policy_fetch_error, result_group::sts},
      {"sts-policy-invalid", result_type::sts_policy_invalid, result_group::sts},
      {"sts-webpki-invalid", result_type::sts_webpki_invalid, result_group::sts},
  };
  std::set<std::string_view> explanations, remedies;
  for (const auto& row : registry) {
    CAPTURE(row.name);
    const auto exact = tlsrpt::match_result_type(row.name);
    CHECK((exact.value == row.type && exact.exact));
    CHECK(name(row.type) == row.name);
    CHECK(group_of(row.type) == row.group);
    std::string underscored = upper(row.name);
    for (char& c : underscored)
      if (c == '-') c = '_';
    const auto folded = tlsrpt::match_result_type(underscored);
    CHECK((folded.value == row.type && !folded.exact));
    CHECK(explanations.insert(explanation(row.type)).second);
    CHECK(remedies.insert(remedy(row.type)).second);
  }
  for (std::string_view text : {"", "Other", "success", "cert-expired", "sts-policy-failure"})
    CHECK_FALSE(tlsrpt::match_result_type(text).exact);
  CHECK(tlsrpt::match_result_type("cert-expired").value == result_type::unknown);
  CHECK(name(result_group::negotiation) == "negotiation");
  CHECK(name(result_group::unknown).empty());
  CHECK(explanation(result_type::unknown).ends_with('.'));
}
