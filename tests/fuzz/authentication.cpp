/// Fuzz target: what a mail server says about the signatures of a mail. The first line is the name
/// of the server, the rest a header.

#include <cstddef>

#include <tlsrpt/submitter.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::dkim_fact;
using tlsrpt::submitter_fault;

void check_verdict(const tlsrpt::dkim_fact_range& facts, std::string_view contact) {
  const auto usual = judge_submitter(facts, contact);
  HOLDS(bool(usual) == (usual.fault == submitter_fault::none));
  HOLDS(bool(usual) == name(usual.fault).empty());
  const auto strict = judge_submitter(facts, contact, {.is_strict = true, .allows_parent = false});
  // Who is strict accepts no more.
  HOLDS(usual || !strict);
  bool is_there = !usual;
  for (const dkim_fact& fact : facts)
    is_there |= fact.is_pass && fact.domain.data() == usual.submitter.data();
  HOLDS(is_there);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();
  const std::size_t line = text.find('\n');
  const std::string_view server = text.substr(0, line);
  const tlsrpt::mail_header header(line == text.npos ? "" : text.substr(line + 1));
  for (std::size_t received : {0u, 1u}) {
    const auto facts = tlsrpt::read_authentication_results(header, {server, received});
    std::size_t count = 0;
    for (const dkim_fact& fact : facts) {
      ++count;
      HOLDS(!fact.domain.empty() && fuzz::lies_within(fact.domain, text));
    }
    HOLDS(count <= tlsrpt::max_dkim_facts);
    check_verdict(facts, "mail.a.example");
    for (const dkim_fact& fact : facts) {
      check_verdict(facts, fact.domain);
      break;
    }
  }
  const std::string_view contact = tlsrpt::contact_domain(text, text, text);
  HOLDS(contact.empty() || fuzz::lies_within(contact, text));
  return 0;
}
