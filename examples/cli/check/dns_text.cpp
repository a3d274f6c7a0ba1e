#include "dns_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <tlsrpt/record.hpp>
#include <tlsrpt/zone_text.hpp>

namespace cli {

namespace {

using json = nlohmann::json;
using tlsrpt::zone_entry;
using tlsrpt::zone_entry_kind;

char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The name in lower case without a dot at its end.
std::string name_of(const zone_entry& entry) {
  const bool is_origin = entry.owner == "@" && !entry.origin.empty();
  std::string name(is_origin ? entry.origin : entry.owner);
  if (!is_origin && !name.empty() && !name.ends_with('.') && !entry.origin.empty())
    (name += '.') += entry.origin;
  if (name.ends_with('.')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(), lower_case);
  return name;
}

/// A member of an object of JSON as text; empty for none.
std::string text_in(const json& object, const char* member) {
  const auto at = object.find(member);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// The number and the name of a status of DNS (RFC 1035, section 4.1.1).
std::string status_text(const json& status) {
  constexpr std::pair<int, const char*> names[] = {
      {1, "FORMERR"}, {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"}, {5, "REFUSED"}};
  std::string text = status.dump();
  for (const auto& [number, name] : names)
    if (status == number) text += std::string(" (") + name + ')';
  return text;
}

/// Collects what texts say.
class collector {
 public:
  void read(const std::string& text, std::size_t index);
  dns_text finish();

 private:
  struct found_record {
    std::string name, text;
    std::optional<tlsrpt::diagnostic> fault{};
    bool is_bare = false;
  };

  bool read_json(std::string_view text);
  void add(const zone_entry& entry, std::size_t index, std::string_view text);
  std::string asked_name(std::string name) const;
  void place(const found_record& record);
  name_records& records_at(const std::string& name);
  void give_name();

  std::vector<found_record> records_{};
  std::map<std::string, std::string> aliases_{};  ///< Of each target the name that leads to it.
  std::string target_{};                          ///< Of the last alias.
  bool is_answered_ = false;
  std::string failure_{}, first_comment_{};
  dns_text result_{};
};

void collector::read(const std::string& text, std::size_t index) {
  if (read_json(text)) return;
  std::string scratch(text.size(), '\0');
  tlsrpt::read_zone_text(text, scratch, [&](const zone_entry& entry) { add(entry, index, text); });
}

/// Reads the JSON of DNS over HTTPS, as public resolvers write it. False for other texts.
bool collector::read_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos ||
      text[text.find_first_not_of(" \t\r\n")] != '{')
    return false;
  const json answer = json::parse(text, nullptr, false);
  if (!answer.is_object() || !answer.contains("Status")) return false;
  if (answer["Status"] != 0) failure_ = "the status is " + status_text(answer["Status"]);
  is_answered_ = failure_.empty();
  if (!answer.contains("Answer")) return true;
  for (const json& record : answer["Answer"]) {
    if (!record.is_object() || !record.contains("type")) continue;
    const std::string line =
        text_in(record, "name") + " TYPE" + record["type"].dump() + ' ' + text_in(record, "data");
    std::string scratch(line.size(), '\0');
    tlsrpt::read_zone_text(line, scratch, [&](zone_entry entry) {
      entry.fault = tlsrpt::errc::ok;  // its offset is in no text that anybody gave
      if (!entry.is_bare) add(entry, 0, line);
    });
  }
  return true;
}

void collector::add(const zone_entry& entry, std::size_t index, std::string_view text) {
  switch (entry.kind) {
    case zone_entry_kind::record: {
      found_record& record = records_.emplace_back(
          found_record{name_of(entry), std::string(entry.text), {}, entry.is_bare});
      if (entry.fault == tlsrpt::errc::ok) break;
      const std::string_view rest = text.substr(entry.offset);
      record.fault = tlsrpt::diagnostic{entry.fault,
                                        {.offset = entry.offset,
                                         .element = static_cast<std::uint32_t>(index),
                                         .in = tlsrpt::source::zone_text},
                                        rest.substr(0, rest.find_first_of("\r\n"))};
      break;
    }
    case zone_entry_kind::alias:
      target_ = name_of({.owner = entry.text, .origin = entry.origin});
      if (!entry.owner.empty()) aliases_.try_emplace(target_, name_of(entry));
      break;
    case zone_entry_kind::absence:
      is_answered_ = true;
      break;
    case zone_entry_kind::failure:
      if (failure_.empty()) failure_ = entry.text;
      break;
    case zone_entry_kind::comment:
      if (first_comment_.empty()) first_comment_ = entry.text;
  }
}

/// The name that a record was asked for, if aliases lead from there to its own.
std::string collector::asked_name(std::string name) const {
  for (std::size_t i = 0; i < aliases_.size(); ++i) {
    const auto alias = aliases_.find(name);
    if (alias == aliases_.end()) break;
    name = alias->second;
  }
  return name;
}

name_records& collector::records_at(const std::string& name) {
  const auto same = [&name](const name_records& each) { return each.name == name; };
  const auto at = std::find_if(result_.names.begin(), result_.names.end(), same);
  return at != result_.names.end() ? *at : result_.names.emplace_back(name_records{name});
}

void collector::place(const found_record& record) {
  const std::string name = asked_name(record.name);
  const auto put = [&](name_records& at) {
    at.records.push_back(record.text);
    if (record.fault) at.faults.push_back(*record.fault);
    if (name.empty()) at.alias = target_;
    if (name != record.name) at.alias = record.name;
  };
  const tlsrpt::owner_reading owner = tlsrpt::read_owner_name(name);
  if (name.empty() || owner.code == tlsrpt::errc::ok) return put(records_at(name));
  if (tlsrpt::parse_record(record.text).error().code == tlsrpt::errc::not_tlsrpt) return;
  misplaced_record& misplaced = result_.misplaced.emplace_back();
  misplaced.at.name = name;
  put(misplaced.at);
  if (!tlsrpt::query_name(misplaced.right_name, owner.domain)) misplaced.right_name = "_smtp._tls";
}

/// Records without a name are of the one name that there is.
void collector::give_name() {
  auto& names = result_.names;
  if (names.size() != 2 || names[0].name.empty() == names[1].name.empty()) return;
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  names[0].name += names[1].name;
  if (names[0].alias.empty()) names[0].alias = names[1].alias;
  append(names[0].records, names[1].records);
  append(names[0].faults, names[1].faults);
  names.pop_back();
}

dns_text collector::finish() {
  // What stands beside records in a form is no record, unless it looks like one.
  const auto is_bare = [](const found_record& each) { return each.is_bare; };
  const auto is_beside = [](const found_record& each) {
    const std::size_t begin = each.text.find_first_not_of(" \t");
    return each.is_bare && (lower_case(each.text[begin]) != 'v' || each.text[begin + 1] != '=');
  };
  if (!std::all_of(records_.begin(), records_.end(), is_bare)) std::erase_if(records_, is_beside);
  for (const found_record& record : records_) place(record);
  give_name();
  if (records_.empty() && !is_answered_) {
    result_.failure = failure_;
    if (failure_.empty() && target_.empty()) result_.failure = first_comment_;
  }
  return std::move(result_);
}

}  // namespace

dns_text read_dns_text(const std::vector<std::string>& texts) {
  collector collected;
  for (std::size_t i = 0; i < texts.size(); ++i) collected.read(texts[i], i);
  return collected.finish();
}

}  // namespace cli
