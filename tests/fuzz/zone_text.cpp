/// Fuzz target: texts from DNS, of any kind; what is written in the form of zone files reads back
/// as the same octets.

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <tlsrpt/write_record.hpp>
#include <tlsrpt/zone_text.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::errc;
using tlsrpt::zone_entry;
using tlsrpt::zone_entry_kind;

/// The entries of a text, and what they borrow.
struct reading {
  explicit reading(std::string&&) = delete;
  // GCC 12 at -O3 sees texts that are larger than memory where this is part of its caller.
  [[gnu::noinline]] explicit reading(std::string_view text) : scratch(text.size()) {
    HOLDS(tlsrpt::read_zone_text(text, scratch,
                                 [this](const zone_entry& entry) { entries.push_back(entry); }));
  }

  std::vector<char> scratch;
  std::vector<zone_entry> entries{};
};

bool is_form_fault(errc code) { return code == errc::ok || name(code).starts_with("zone-"); }

void check_text(std::string_view text) {
  reading read(text);
  const std::string_view scratch(read.scratch.data(), text.size());
  std::size_t octets = 0;
  for (const zone_entry& entry : read.entries) {
    HOLDS(entry.offset <= text.size());
    HOLDS(is_form_fault(entry.fault));
    for (std::string_view part : {entry.owner, entry.origin})
      HOLDS(part.empty() || fuzz::lies_within(part, text));
    HOLDS(entry.text.empty() || fuzz::lies_within(entry.text, text) ||
          fuzz::lies_within(entry.text, scratch));
    fuzz::touch(entry.text);
    if (entry.kind == zone_entry_kind::record)
      octets += entry.text.size();
    else
      HOLDS(!entry.is_bare && entry.fault == errc::ok);
  }
  HOLDS(octets <= text.size());
  if (!text.empty())
    HOLDS(!tlsrpt::read_zone_text(text, std::span(read.scratch).first(text.size() - 1),
                                  [](const zone_entry&) { HOLDS(false); }));

  // Lines that end with CRLF say the same.
  std::string crlf;
  for (char c : text) {
    if (c == '\n' && !crlf.ends_with('\r')) crlf += '\r';
    crlf += c;
  }
  if (text.find('\r') != text.npos) return;
  const reading again(crlf);
  HOLDS(std::equal(read.entries.begin(), read.entries.end(), again.entries.begin(),
                   again.entries.end(), [](const zone_entry& a, const zone_entry& b) {
                     return a.kind == b.kind && a.owner == b.owner && a.origin == b.origin &&
                            a.text == b.text && a.is_bare == b.is_bare && a.fault == b.fault;
                   }));
}

/// The octets of any record come back, alone, in a line and in lines of parentheses.
void check_writing(std::string_view record) {
  const std::string zone =
      fuzz::written([record](auto& out) { tlsrpt::write_zone_strings(out, record); });
  HOLDS(std::all_of(zone.begin(), zone.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  const std::string back =
      fuzz::written([&zone](auto& out) { return tlsrpt::read_zone_strings(out, zone); });
  HOLDS(back == record);
  for (const std::string& rest : {zone, "( " + zone + "\n ) ; end", zone + " -- link: eth0"}) {
    const std::string line = "a.example. 1h IN TXT " + rest + "\n;; end";
    const reading read(line);
    HOLDS(read.entries.size() == 2);
    const zone_entry& entry = read.entries.front();
    HOLDS(entry.kind == zone_entry_kind::record && entry.fault == errc::ok && !entry.is_bare);
    HOLDS(entry.owner == "a.example." && entry.text == record);
  }
}

/// Strings are refused, or their octets are those of a text in their form.
void check_strings(std::string_view text) {
  std::string octets;
  const auto read = tlsrpt::read_zone_strings(octets, text);
  if (read) return check_writing(octets);
  HOLDS(octets.empty() && read.error().where.offset < text.size());
  HOLDS(is_form_fault(read.error().code));
}

void check_name(std::string_view text) {
  const tlsrpt::owner_reading read = tlsrpt::read_owner_name(text);
  HOLDS(read.domain.empty() || fuzz::lies_within(read.domain, text));
  std::string right;
  if (!tlsrpt::query_name(right, read.domain)) return;
  // The right name is right, unless the domain is one that is there twice.
  const tlsrpt::owner_reading again = tlsrpt::read_owner_name(right);
  HOLDS(again.code == errc::ok || again.domain.size() < read.domain.size());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  check_text(copy.view());
  check_writing(copy.view());
  check_strings(copy.view());
  check_name(copy.view());
  return 0;
}
