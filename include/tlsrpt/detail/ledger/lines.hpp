/// @file
/// The text form of a ledger, as it is written.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_LINES
#define TLSRPT_HPP_DETAIL_LEDGER_LINES

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/ledger/entry_store.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger_entry.hpp>
#include <tlsrpt/reasons.hpp>

namespace tlsrpt::detail {

struct channel_letter {
  channel way;
  char letter;
};
/// In the order of "via".
inline constexpr channel_letter channel_letters[] = {
    {channel::file, 'f'}, {channel::https, 'h'}, {channel::mail, 'm'}};

/// Writes lines.
template <class Out>
class line_writer {
 public:
  explicit line_writer(Out& out) noexcept : out_(out) {}

  void header(std::uint32_t version, std::uint32_t reasons, std::uint32_t details,
              std::uint32_t elements) noexcept(is_nothrow_output<Out>) {
    json_writer json(out_);
    json.begin_object();
    const auto member = [&json](std::string_view name, std::uint32_t value) {
      json.key(name);
      json.number(value);
    };
    member("_ledger", version);
    member("reasons", reasons);
    member("details", details);
    member("elements", elements);
    json.end_object();
    put(out_, '\n');
  }

  void entry(const ledger_entry& entry) noexcept(is_nothrow_output<Out>) {
    json_writer json(out_);
    const auto text = [&json](std::string_view name, std::string_view value) {
      json.key(name);
      json.string(value);
    };
    const day_text first = to_text(entry.first);
    const digest_text digest = to_text(entry.digest);
    json.begin_object();
    text("day", first);
    json.key("days");
    json.number(entry.days);
    text("digest", digest);
    text("report-id", entry.report_id);
    text("org", entry.organization);
    text("reporter", entry.reporter);
    if (entry.reporter != entry.contact) text("contact", entry.contact);
    text("trust", name(entry.trust));
    via(json, entry.via);
    json.key("seen");
    json.number(entry.seen);
    json.key("by");
    json.begin_array();
    for (std::string_view name : entry.submitters()) json.string(name);
    json.end_array();
    text("about", entry.about);
    text("inferred", entry.inferred);
    flags(json, entry.flags);
    rows(json, entry);
    json.end_object();
    put(out_, '\n');
  }

  void policy(const policy_of_id& policy) noexcept(is_nothrow_output<Out>) {
    json_writer json(out_);
    const policy_id_text id = to_text(policy.id);
    json.begin_object();
    json.key("policy");
    json.string(id);
    json.key("kind");
    json.string(kind_name(policy.kind));
    json.key("text");
    json.begin_array();
    for (std::size_t begin = 0, end = 0; begin <= policy.text.size(); begin = end + 1) {
      end = std::min(policy.text.find('\n', begin), policy.text.size());
      json.string(policy.text.substr(begin, end - begin));
    }
    json.end_array();
    json.end_object();
    put(out_, '\n');
  }

 private:
  static void via(json_writer<Out>& json, std::uint8_t via) noexcept(is_nothrow_output<Out>) {
    short_text<3> letters;
    for (const auto& [way, letter] : channel_letters)
      if ((via >> static_cast<unsigned>(way) & 1) != 0) put(letters, letter);
    json.key("via");
    json.string(letters);
  }

  static void flags(json_writer<Out>& json,
                    const ledger_flags& flags) noexcept(is_nothrow_output<Out>) {
    json.key("flags");
    json.begin_array();
    if (flags.approximate) json.string("approximate");
    if (flags.clipped) json.string("clipped");
    if (flags.cut != 0) {
      short_text<24> cut;
      cut.append("cut:");
      put_number(cut, flags.cut);
      json.string(cut);
    }
    if (flags.inferred_claimed) json.string("inferred_claimed");
    if (flags.more) json.string("more");
    if (flags.period_unknown) json.string("period_unknown");
    if (flags.repeated) json.string("repeated_element");
    json.end_array();
  }

  template <class Row>
  static void begin_row(json_writer<Out>& json, const Row& row) noexcept(is_nothrow_output<Out>) {
    json.begin_array();
    json.string(row.domain);
    json.string(kind_name(row.kind));
    json.string(mode_name(row.kind, row.mode));
  }
  static void sum(json_writer<Out>& json, const session_sum& sum) noexcept(is_nothrow_output<Out>) {
    json.number(sum.sessions);
    json.number(sum.unknown);
  }

  static void rows(json_writer<Out>& json,
                   const ledger_entry& entry) noexcept(is_nothrow_output<Out>) {
    json.key("T");
    json.begin_array();
    for (const ledger_total& row : entry.totals) {
      begin_row(json, row);
      const policy_id_text id = to_text(row.policy);
      json.string(id);
      sum(json, row.ok);
      sum(json, row.failed);
      json.number(row.elements);
      json.end_array();
    }
    json.end_array();
    json.key("F");
    json.begin_array();
    for (const ledger_failure& row : entry.failures) {
      begin_row(json, row);
      for (std::string_view name : {row.result.text, row.host, row.node, row.reason})
        json.string(name);
      sum(json, row.noted);
      if (row.is_likely) json.string(name(certainty::likely));
      json.end_array();
    }
    json.end_array();
  }

  Out& out_;
};

}  // namespace tlsrpt::detail

#endif
