// Reads the generated reports and records with this library, and writes them anew. The protocol is
// in README.md.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/mail.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>
#ifdef WITH_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
#endif

namespace {

using nlohmann::ordered_json;

struct input {
  std::string name, bytes;
};

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<input> reports(const std::filesystem::path& folder, const std::string& set,
                           std::string_view suffix) {
  std::vector<input> inputs;
  if (std::filesystem::is_directory(folder / set))
    for (const auto& entry : std::filesystem::directory_iterator(folder / set))
      if (const std::string name = entry.path().filename().string(); name.ends_with(suffix))
        inputs.push_back({set + '/' + name, contents(entry.path())});
  std::ranges::sort(inputs, {}, &input::name);
  return inputs;
}

std::vector<input> records(const std::filesystem::path& folder) {
  std::vector<input> inputs;
  std::ifstream file(folder / "records.txt", std::ios::binary);
  for (std::string line; std::getline(file, line);)
    inputs.push_back({"records.txt:" + std::to_string(inputs.size() + 1), line});
  return inputs;
}

// The report with the names of RFC 8460; of values with a meaning, what was made of the text.

ordered_json text(std::string_view member) {
  return tlsrpt::present(member) ? ordered_json(member) : ordered_json();
}

ordered_json time_text(const tlsrpt::timestamp& time) {
  return time.known ? ordered_json(std::string(to_text(time))) : ordered_json();
}

ordered_json count(tlsrpt::session_count sessions) {
  return sessions.known() ? ordered_json(sessions.value()) : ordered_json();
}

ordered_json address(const tlsrpt::ip_view& ip) {
  const auto read = ip.address();
  return read ? ordered_json(std::string(to_text(*read))) : ordered_json();
}

template <class E>
ordered_json token(const tlsrpt::token<E>& token) {
  return token.known() ? text(name(token.value)) : text(token.text);
}

ordered_json as_sent(const tlsrpt::report_view& report) {
  ordered_json policies = ordered_json::array();
  for (const auto& p : report.policies) {
    ordered_json failures = ordered_json::array();
    for (const auto& f : p.failure_details)
      failures.push_back({{"result-type", token(f.result_type)},
                          {"sending-mta-ip", address(f.sending_mta_ip)},
                          {"receiving-ip", address(f.receiving_ip)},
                          {"receiving-mx-hostname", text(f.receiving_mx_hostname)},
                          {"receiving-mx-helo", text(f.receiving_mx_helo)},
                          {"additional-information", text(f.additional_information)},
                          {"failure-reason-code", text(f.failure_reason_code)},
                          {"failed-session-count", count(f.failed_session_count)}});
    policies.push_back(
        {{"policy",
          {{"policy-type", token(p.policy_type)},
           {"policy-domain", text(p.policy_domain)},
           {"policy-string", p.policy_string},
           {"mx-host", p.mx_host}}},
         {"summary",
          {{"total-successful-session-count", count(p.total_successful_session_count)},
           {"total-failure-session-count", count(p.total_failure_session_count)}}},
         {"failure-details", failures}});
  }
  return {{"organization-name", text(report.organization_name)},
          {"contact-info", text(report.contact_info)},
          {"report-id", text(report.report_id)},
          {"date-range",
           {{"start-datetime", time_text(report.date_range.start_datetime)},
            {"end-datetime", time_text(report.date_range.end_datetime)}}},
          {"policies", policies}};
}

std::uint64_t sessions(const tlsrpt::report_view& report) {
  std::uint64_t sum = 0;
  for (const auto& p : report.policies)
    sum += p.total_successful_session_count.value() + p.total_failure_session_count.value();
  return sum;
}

#ifdef WITH_LIBDEFLATE
using report_parser = tlsrpt::report_parser<tlsrpt::lenient, tlsrpt::libdeflate_inflater>;
#else
using report_parser = tlsrpt::report_parser<>;
#endif

/// Reads reports, also the first one of a mail.
class reader {
 public:
  tlsrpt::result<tlsrpt::report_view> read_report(std::string_view bytes) {
    return parser_.parse(bytes);
  }

  tlsrpt::result<tlsrpt::report_view> read_mail(std::string_view bytes) {
    const auto mail = tlsrpt::read_mail(bytes);
    if (!mail) return mail.error();
    for (const tlsrpt::mail_part_view part : mail->candidates())
      if (const auto content = part.decode(buffer_)) return parser_.parse(*content);
    return tlsrpt::diagnostic{tlsrpt::errc::mail_report_missing};
  }

 private:
  report_parser parser_;
  std::string buffer_;
};

template <class Read>
void check(const std::vector<input>& inputs, Read read) {
  for (const input& in : inputs) {
    const auto report = read(in.bytes);
    if (report)
      std::cout << in.name << "\tread\t" << as_sent(*report) << '\n';
    else
      std::cout << in.name << "\trefused\t" << name(report.error().code) << '\n';
  }
}

void check_records(const std::vector<input>& inputs) {
  for (const input& in : inputs) {
    const auto record = tlsrpt::parse_record(in.bytes);
    std::cout << in.name << (record ? "\tread\t" : "\trefused\t");
    if (!record) std::cout << name(record.error().code);
    const char* separator = "";
    if (record)
      for (const auto endpoint : record->endpoints()) {
        std::cout << separator << endpoint.uri;
        separator = " ";
      }
    std::cout << '\n';
  }
}

// Has the compiler believe that all of a value is used.
template <class T>
void use(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

// Reads all inputs once, then for at least 0.2 seconds; prints the nanoseconds and the rounds that
// this took, how many inputs there are, and what a round adds up to.
template <class Read>
void measure(const std::vector<input>& inputs, const std::set<std::string>& skip, Read read) {
  std::vector<std::string_view> used;
  for (const input& in : inputs)
    if (!skip.contains(in.name)) used.emplace_back(in.bytes);
  const auto round = [&] {
    std::uint64_t sum = 0;
    for (const std::string_view bytes : used) sum += read(bytes);
    return sum;
  };
  const std::uint64_t sum = round();
  int rounds = 0;
  std::chrono::nanoseconds elapsed{};
  for (const auto start = std::chrono::steady_clock::now(); elapsed.count() < 200'000'000;
       ++rounds) {
    if (round() != sum) std::abort();
    elapsed = std::chrono::steady_clock::now() - start;
  }
  std::cout << elapsed.count() << ' ' << rounds << ' ' << used.size() << ' ' << sum << std::endl;
}

/// WR-14: writes the reports that have a strict form, plain, in gzip and in mails, for others to
/// read. They are read again, since strict output has domains in another form. Prints which ones
/// have no form as a mail, and why: JSON has room for what a header has not.
void write(const std::vector<input>& inputs, const std::filesystem::path& folder, reader& subject) {
  for (const input& in : inputs) {
    const auto report = subject.read_report(in.bytes);
    std::string json, gzip, mail;
    if (!report || !write_report(json, *report) || !tlsrpt::write_gzip(gzip, json)) continue;
    const auto written = subject.read_report(json);
    std::filesystem::path path = folder / in.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << json;
    std::ofstream(folder / (in.name + ".gz"), std::ios::binary) << gzip;
    if (!written || written->policies.empty()) continue;
    const std::string about(written->policies.front().policy_domain), to = "tls-reports@" + about;
    const auto done =
        write_mail(mail, *written, gzip, {.to = to, .about = about, .date = 1'795'500'000});
    if (done)
      std::ofstream(path.replace_extension(".eml"), std::ios::binary) << mail;
    else
      std::cout << "no mail of " << in.name << ": " << name(done.error().code) << ": "
                << ordered_json(std::string(done.error().subject)) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::filesystem::path folder = argv[2];
  reader subject;
  const auto read_report = [&subject](std::string_view bytes) {
    return subject.read_report(bytes);
  };
  const auto read_mail = [&subject](std::string_view bytes) { return subject.read_mail(bytes); };
  if (argv[1] == std::string_view("check")) {
    for (const char* set : {"small", "medium"}) {
      for (const char* suffix : {".json", ".json.gz"})
        check(reports(folder, set, suffix), read_report);
      check(reports(folder, set, ".eml"), read_mail);
    }
    check_records(records(folder));
    return 0;
  }
  std::set<std::string> skip;
  if (argc < 4) return 2;
  if (argv[1] == std::string_view("write")) {
    write(reports(folder, "small", ".json"), argv[3], subject);
    return 0;
  }
  std::ifstream names(argv[3]);
  for (std::string name; names >> name;) skip.insert(name);
  const auto sum_report = [&subject](std::string_view bytes) {
    const auto report = subject.read_report(bytes);
    use(report);
    return sessions(*report);
  };
  const auto sum_mail = [&subject](std::string_view bytes) {
    const auto report = subject.read_mail(bytes);
    use(report);
    return sessions(*report);
  };
  const auto read_record = [](std::string_view txt) {
    const auto record = tlsrpt::parse_record(txt);
    use(record);
    std::uint64_t uris = 0;
    for (const auto endpoint : record->endpoints()) {
      use(endpoint);
      ++uris;
    }
    return uris;
  };
  const std::map<std::string, std::vector<input>> inputs = {
      {"report/small", reports(folder, "small", ".json")},
      {"gzip/small", reports(folder, "small", ".json.gz")},
      {"mail/small", reports(folder, "small", ".eml")},
      {"report/medium", reports(folder, "medium", ".json")},
      {"gzip/medium", reports(folder, "medium", ".json.gz")},
      {"record", records(folder)}};
  for (std::string task; std::getline(std::cin, task);)
    if (task == "record")
      measure(inputs.at(task), skip, read_record);
    else if (task == "mail/small")
      measure(inputs.at(task), skip, sum_mail);
    else
      measure(inputs.at(task), skip, sum_report);
}
