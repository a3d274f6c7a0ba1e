#include "check.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/record_advice.hpp>
#include <tlsrpt/zone_text.hpp>

#include "../output/json.hpp"
#include "../report/findings.hpp"
#include "dns_text.hpp"
#include "text_input.hpp"
#include "verdict.hpp"

namespace cli {

namespace {

/// Judges the records of one name after the other and writes what comes of it.
class examiner {
 public:
  examiner(const std::vector<std::string>& texts, bool strict, output_style output)
      : texts_(texts),
        accepted_(strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{})),
        output_(output) {}

  void examine(const name_records& at) {
    findings found;
    const auto record = judged(at, found);
    write(at, record, {}, found);
    is_usable_ = is_usable_ && record.has_value();
  }

  /// A record that nobody finds is judged as well, so that it has to be published but once.
  void examine(const misplaced_record& misplaced) {
    findings found;
    if (const auto record = judged(misplaced.at, found); !record) found(record.error());
    write(misplaced.at,
          tlsrpt::diagnostic{tlsrpt::errc::wrong_owner_name, {.in = tlsrpt::source::domain}},
          misplaced.right_name, found);
    is_usable_ = false;
  }

  bool is_usable() const { return is_usable_; }

 private:
  tlsrpt::result<tlsrpt::record_view> judged(const name_records& at, findings& found) const;
  void write(const name_records& at, const tlsrpt::result<tlsrpt::record_view>& record,
             std::string_view right_name, const findings& found) const;

  const std::vector<std::string>& texts_;
  const tlsrpt::rules accepted_;
  const output_style output_;
  bool is_usable_ = true;
};

tlsrpt::result<tlsrpt::record_view> examiner::judged(const name_records& at,
                                                     findings& found) const {
  for (const tlsrpt::diagnostic& fault : at.faults) {
    if (!accepted_.accepts(fault.code)) return fault;
    found(fault);
  }
  const std::vector<std::string_view> records(at.records.begin(), at.records.end());
  return tlsrpt::select_record(records, found, accepted_);
}

/// The record among those of one name that the rest is about; empty when there is none.
std::string_view chosen_record(const std::vector<std::string>& records) {
  if (records.empty()) return {};
  const auto is_chosen = [](const std::string& each) { return each.starts_with("v=TLSRPTv1;"); };
  const auto chosen = std::find_if(records.begin(), records.end(), is_chosen);
  return chosen == records.end() ? records.front() : *chosen;
}

/// What to do about the records of a name, each sentence once: what keeps reports away comes first.
/// What is wrong is among the remarks.
std::vector<std::string_view> to_do(const name_records& at) {
  const std::vector<std::string_view> records(at.records.begin(), at.records.end());
  std::vector<std::string_view> all;
  tlsrpt::advise_record({.domain = tlsrpt::read_owner_name(at.name).domain,
                         .records = records,
                         .owner = at.name,
                         .zone_faults = at.faults},
                        [&all](const tlsrpt::record_finding& found) {
                          if (!found.do_first.empty() &&
                              std::find(all.begin(), all.end(), found.do_first) == all.end())
                            all.push_back(found.do_first);
                        });
  return all;
}

void examiner::write(const name_records& at, const tlsrpt::result<tlsrpt::record_view>& record,
                     std::string_view right_name, const findings& found) const {
  const auto text_of_diagnostic = [&](const tlsrpt::diagnostic& what) -> std::string_view {
    if (what.where.in == tlsrpt::source::zone_text) return texts_[what.where.element];
    return what.where.in == tlsrpt::source::record ? chosen_record(at.records) : std::string_view();
  };
  const record_verdict verdict{at.name, at.alias, right_name,         at.records,
                               record,  found,    text_of_diagnostic, to_do(at)};
  write_out(output_.format == output_format::json ? json_line(verdict) : text_of(verdict, output_));
}

/// Whether the record is also where senders look, so that the other one is only left over.
bool is_left_over(const misplaced_record& misplaced, const dns_text& read) {
  return std::any_of(read.names.begin(), read.names.end(),
                     [&](const name_records& each) { return each.name == misplaced.right_name; });
}

}  // namespace

bool check_records(const std::vector<std::string>& arguments, bool strict, output_style output) {
  constexpr std::size_t max_text_bytes = std::size_t{1} << 20;  // DNS has room for 64 KiB
  std::vector<std::string> texts = arguments;
  std::string from;
  if (arguments.size() == 1 && arguments.front() == "-") {
    from = "-";
    text_input input = read_text(from, max_text_bytes);
    if (input.error) return refuse(*input.error, from, output);
    texts.front() = std::move(input.text);
  }
  const dns_text read = read_dns_text(texts);
  if (!read.failure.empty()) return refuse({"no answer was read: " + read.failure}, from, output);
  examiner examined(texts, strict, output);
  for (const name_records& at : read.names) examined.examine(at);
  for (const misplaced_record& misplaced : read.misplaced)
    if (!is_left_over(misplaced, read)) examined.examine(misplaced);
  if (read.names.empty() && read.misplaced.empty()) examined.examine(name_records{});
  return examined.is_usable();
}

}  // namespace cli
