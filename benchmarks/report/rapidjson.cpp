/// @file
/// RapidJSON into structs, from its DOM and in situ; strings are views into the DOM or the text.
/// The memory of the DOM is reused from report to report.

#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

// RapidJSON asks for std::iterator, which C++17 deprecates.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <rapidjson/document.h>

#include "report_task.hpp"

namespace bench {
namespace {

using text = std::string_view;
using value = rapidjson::Value;

text to_text(const value& v) {
  return v.IsString() ? text(v.GetString(), v.GetStringLength()) : text();
}

std::uint64_t to_count(const value& v) { return v.IsUint64() ? v.GetUint64() : 0; }

void take(const value& v, std::vector<text>& out) {
  if (!v.IsArray()) return;
  out.reserve(v.Size());
  for (const value& item : v.GetArray()) out.push_back(to_text(item));
}

template <class F>
void for_each_member(const value& v, F&& take_member) {
  if (!v.IsObject()) return;
  for (const auto& member : v.GetObject()) take_member(to_text(member.name), member.value);
}

void take(const value& v, failure_details<text>& out) {
  for_each_member(v, [&](text name, const value& member) {
    if (name == "result-type")
      out.result_type = to_result_type(to_text(member));
    else if (name == "sending-mta-ip")
      out.sending_mta_ip = to_text(member);
    else if (name == "receiving-ip")
      out.receiving_ip = to_text(member);
    else if (name == "receiving-mx-hostname")
      out.receiving_mx_hostname = to_text(member);
    else if (name == "receiving-mx-helo")
      out.receiving_mx_helo = to_text(member);
    else if (name == "failed-session-count")
      out.failed_session_count = to_count(member);
    else if (name == "additional-information")
      out.additional_information = to_text(member);
    else if (name == "failure-reason-code")
      out.failure_reason_code = to_text(member);
  });
}

void take(const value& v, policy<text>& out) {
  for_each_member(v, [&](text name, const value& member) {
    if (name == "policy") {
      for_each_member(member, [&](text inner, const value& part) {
        if (inner == "policy-type")
          out.policy_type = to_policy_type(to_text(part));
        else if (inner == "policy-string")
          take(part, out.policy_string);
        else if (inner == "policy-domain")
          out.policy_domain = to_text(part);
        else if (inner == "mx-host")
          take(part, out.mx_host);
      });
    } else if (name == "summary") {
      for_each_member(member, [&](text inner, const value& part) {
        if (inner == "total-successful-session-count")
          out.total_successful_session_count = to_count(part);
        else if (inner == "total-failure-session-count")
          out.total_failure_session_count = to_count(part);
      });
    } else if (name == "failure-details" && member.IsArray()) {
      out.failure_details.reserve(member.Size());
      for (const value& item : member.GetArray()) take(item, out.failure_details.emplace_back());
    }
  });
}

void take(const value& v, report<text>& out) {
  out.organization_name = out.contact_info = out.report_id = {};
  out.policies.clear();
  for_each_member(v, [&](text name, const value& member) {
    if (name == "organization-name") {
      out.organization_name = to_text(member);
    } else if (name == "contact-info") {
      out.contact_info = to_text(member);
    } else if (name == "report-id") {
      out.report_id = to_text(member);
    } else if (name == "date-range") {
      for_each_member(member, [&](text inner, const value& part) {
        if (inner == "start-datetime")
          out.start = read_time(to_text(part));
        else if (inner == "end-datetime")
          out.end = read_time(to_text(part));
      });
    } else if (name == "policies" && member.IsArray()) {
      out.policies.reserve(member.Size());
      for (const value& item : member.GetArray()) take(item, out.policies.emplace_back());
    }
  });
}

template <bool InSitu>
class rapid_json {
 public:
  bool read(const document& d) {
    memory_.Clear();
    rapidjson::Document json(&memory_);
    if constexpr (InSitu) {
      // It writes to the text, so it needs one of its own.
      copy_.resize(d.text().size() + 1);
      std::memcpy(copy_.data(), d.text().data(), d.text().size());
      copy_.back() = '\0';
      json.ParseInsitu(copy_.data());
    } else {
      json.Parse(d.text().data(), d.text().size());
    }
    if (json.HasParseError() || !json.IsObject()) return false;
    take(json, report_);
    return true;
  }

  std::optional<answer> answer_of(const document& d) {
    if (!read(d)) return std::nullopt;
    return to_answer(report_);
  }

 private:
  std::vector<char> room_ = std::vector<char>(std::size_t{64} << 10);
  rapidjson::MemoryPoolAllocator<> memory_{room_.data(), room_.size()};
  std::vector<char> copy_;
  report<text> report_;
};

const bool added[] = {
    add_report<rapid_json<false>>("rapidjson"),
    add_report<rapid_json<true>>("rapidjson_in_situ"),
};

}  // namespace
}  // namespace bench
