#include <tlsrpt/submitter.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::dkim_fact;
using tlsrpt::submitter_fault;
using tlsrpt::submitter_rules;

/// A good signature of which the verifier says all.
dkim_fact good(std::string_view domain, std::string_view services = "") {
  return {domain, true, false, false, services};
}

TEST_CASE("signatures vouch as the rules say (DE-40 to DE-43)") {
  const auto is_suffix = [](std::string_view domain) noexcept { return domain == "co.uk"; };
  const submitter_rules usual{}, strict{.is_strict = true}, exact{.allows_parent = false},
      suffixes{.is_public_suffix = is_suffix};
  struct row {
    const char* what;
    std::vector<dkim_fact> facts;
    std::string_view contact;
    submitter_rules rules;
    std::string_view submitter;
    submitter_fault fault;
  };
  dkim_fact failed = good("example.com"), length = failed, testing = failed;
  failed.is_pass = false;
  length.has_length = true;
  testing.is_testing = true;
  using enum submitter_fault;
  const std::vector<row> rows = {
      {"exact", {good("example.com")}, "example.com", usual, "example.com", none},
      {"case and dot", {good("Example.COM.")}, "example.com", usual, "Example.COM.", none},
      {"parent", {good("example.com")}, "mail.example.com", usual, "example.com", none},
      {"parent not wanted", {good("example.com")}, "mail.example.com", exact, "", not_aligned},
      {"child", {good("mail.example.com")}, "example.com", usual, "", not_aligned},
      {"one label", {good("com")}, "example.com", usual, "", not_aligned},
      {"public suffix", {good("co.uk")}, "example.co.uk", suffixes, "", not_aligned},
      {"public suffix itself", {good("co.uk")}, "co.uk", suffixes, "co.uk", none},
      {"same ending", {good("ample.com")}, "example.com", usual, "", not_aligned},
      {"nothing", {}, "example.com", usual, "", no_signature},
      {"no contact", {good("example.com")}, "", usual, "", not_aligned},
      {"contact without a form", {good("!a")}, "!a", usual, "", not_aligned},
      {"bad", {failed}, "example.com", usual, "", not_good},
      {"length", {length}, "example.com", usual, "", has_length},
      {"testing", {testing}, "example.com", usual, "", is_testing},
      {"for mail", {good("example.com", "email")}, "example.com", usual, "example.com", none},
      {"for mail, strict", {good("example.com", "email")}, "example.com", strict, "", service},
      {"for all, strict", {good("example.com", "*")}, "example.com", strict, "example.com", none},
      {"for none said, strict", {good("example.com")}, "example.com", strict, "example.com", none},
      {"for reports, strict",
       {good("example.com", "email : tlsrpt")},
       "example.com",
       strict,
       "example.com",
       none},
      {"exact before parent",
       {good("example.com"), good("a.example.com")},
       "a.example.com",
       usual,
       "a.example.com",
       none},
      {"the first of parents",
       {good("b.example.com"), good("example.com")},
       "a.b.example.com",
       usual,
       "b.example.com",
       none},
      {"good after bad", {failed, good("example.com")}, "example.com", usual, "example.com", none},
      {"good before bad", {good("example.com"), failed}, "example.com", usual, "example.com", none},
      {"the closest fault",
       {testing, good("other.example"), failed},
       "example.com",
       usual,
       "",
       is_testing},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    const auto verdict = judge_submitter(each.facts, each.contact, each.rules);
    CHECK(verdict.submitter == each.submitter);
    CHECK(name(verdict.fault) == name(each.fault));
    CHECK(bool(verdict) == (each.fault == none));
    CHECK_FALSE(verdict.is_incomplete);
  }
}

TEST_CASE("what fits with a remark has it (DE-40, DE-41)") {
  const std::vector<dkim_fact> mail = {good("example.com", "email")};
  CHECK(judge_submitter(mail, "example.com").has_other_service);
  const std::vector<dkim_fact> plain = {good("example.com")};
  CHECK_FALSE(judge_submitter(plain, "example.com").has_other_service);
  const std::vector<dkim_fact> unknown = {{"example.com", true, false, {}, {}}};
  const auto verdict = judge_submitter(unknown, "example.com", {.is_strict = true});
  CHECK(verdict.submitter == "example.com");
  CHECK(verdict.is_incomplete);
}

TEST_CASE("the contact decides, then the mail (DE-43)") {
  CHECK(tlsrpt::contact_domain("tls@example.com", "a@b.example", "c.example") == "example.com");
  CHECK(tlsrpt::contact_domain("https://example.com", "X <a@b.example>", "") == "b.example");
  CHECK(tlsrpt::contact_domain("", "\"a@b.example\" <c@d.example>", "") == "d.example");
  CHECK(tlsrpt::contact_domain("", "no address", "c.example") == "c.example");
  CHECK(tlsrpt::contact_domain("a@[192.0.2.1]", "", "no name").empty());
}

/// "domain pass|fail length;" of each fact.
std::string facts_of(std::string_view header, std::string_view server = "mx.example.net",
                     std::size_t own_received = 0) {
  std::string text;
  const tlsrpt::mail_header fields(header);
  for (const dkim_fact& fact :
       tlsrpt::read_authentication_results(fields, {server, own_received})) {
    (text += fact.domain) += fact.is_pass ? " pass" : " fail";
    if (fact.has_length) text += *fact.has_length ? " l" : " whole";
    text += ';';
  }
  return text;
}

TEST_CASE("results of one's own server are read, however they are written (DE-45)") {
  struct row {
    std::string_view value, facts;
  };
  constexpr row rows[] = {
      {"mx.example.net; dkim=pass header.d=a.example", "a.example pass;"},
      {"MX.example.NET 1; dkim=pass header.d=a.example", "a.example pass;"},
      {"mx.example.net;\r\n\tdkim=pass (2048-bit key; ok) header.d=a.example header.i=@x.a.example",
       "a.example pass;"},
      {"mx.example.net; dkim = pass header.d = a.example", "a.example pass;"},
      {"mx.example.net; DKIM/1=PASS Header.D=a.example", "a.example pass;"},
      {"mx.example.net; dkim=pass header.i=@a.example", "a.example pass;"},
      {"mx.example.net; dkim=pass header.d=\"a.example\"", "a.example pass;"},
      {"mx.example.net; dkim=fail reason=\"x; dkim=pass\" header.d=a.example", "a.example fail;"},
      {"mx.example.net; dkim=neutral header.d=a.example", "a.example fail;"},
      {"mx.example.net; spf=pass smtp.mailfrom=a.example; dkim=pass header.d=b.example",
       "b.example pass;"},
      {"mx.example.net; dkim=pass header.d=a.example; dkim=fail header.d=b.example",
       "a.example pass;b.example fail;"},
      {"mx.example.net; dkim=pass", ""},
      {"mx.example.net; none", ""},
      {"mx.example.net", ""},
      {"", ""},
      {"(dkim=pass) mx.example.net; dkim=pass header.d=a.example", "a.example pass;"},
      {"mx.example.net; = pass; dkim=pass header.d=a.example", "a.example pass;"},
      {"mx.example.net; dkim=pass header.d=a.example;;", "a.example pass;"},
      {"mx.example.net; dmarc=pass header.d=a.example", ""},
      // What is in quotation marks or comments is no result, even when these do not end.
      {"mx.example.net; spf=fail (x; dkim=pass header.d=a.example", ""},
      {"mx.example.net; spf=\"fail; dkim=pass header.d=a.example", ""},
      {"other.example; dkim=pass header.d=a.example", ""},
      {"other.example (; mx.example.net; dkim=pass header.d=a.example", ""},
  };
  for (const row& each : rows) {
    CAPTURE(each.value);
    CHECK(facts_of("Authentication-Results: " + std::string(each.value) + "\r\n") == each.facts);
  }
}

TEST_CASE("only what is above foreign servers counts (DE-45)") {
  constexpr std::string_view result =
      "Authentication-Results: mx.example.net; dkim=pass header.d=a.example\r\n";
  const std::string own = "Received: by mx.example.net\r\n", field(result);
  CHECK(facts_of(field + own) == "a.example pass;");
  CHECK(facts_of(own + field).empty());
  CHECK(facts_of(own + field, "mx.example.net", 1) == "a.example pass;");
  CHECK(facts_of(own + own + field, "mx.example.net", 1).empty());
  CHECK(facts_of(field, "").empty());
  std::string many;
  for (int i = 0; i < 40; ++i) many += field;
  const std::string facts = facts_of(many);
  CHECK(facts.size() == tlsrpt::max_dkim_facts * std::string_view("a.example pass;").size());
}

TEST_CASE("the length of a signature is looked up in it (DE-40, DE-45)") {
  const std::string whole = "DKIM-Signature: v=1; d=a.example; s=one; bh=x; b=AbCd\r\n Ef==\r\n";
  const std::string part = "DKIM-Signature: v=1; d=A.example; s=two; l=10; bh=x; b=XyZ1\r\n";
  const auto facts = [](const std::string& properties, const std::string& signatures) {
    return facts_of("Authentication-Results: mx.example.net; dkim=pass " + properties + "\r\n" +
                    signatures);
  };
  CHECK(facts("header.d=a.example", whole) == "a.example pass whole;");
  CHECK(facts("header.d=a.example", part) == "a.example pass l;");
  CHECK(facts("header.d=b.example", part) == "b.example pass;");
  // Which of two it was is told by the selector, or by the signature; else the worse one counts.
  CHECK(facts("header.d=a.example", whole + part) == "a.example pass l;");
  CHECK(facts("header.d=a.example header.s=one", whole + part) == "a.example pass whole;");
  CHECK(facts("header.d=a.example header.s=two", whole + part) == "a.example pass l;");
  CHECK(facts("header.d=a.example header.b=\"AbCdEf\"", whole + part) == "a.example pass whole;");
  CHECK(facts("header.d=a.example header.b=XyZ1", whole + part) == "a.example pass l;");
}

}  // namespace
