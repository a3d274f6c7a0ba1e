/// @file
/// The library itself.

#include <optional>

#include <tlsrpt/report.hpp>

#include "../common/tlsrpt_answer.hpp"
#include "report_task.hpp"

namespace bench {
namespace {

template <class Conformance>
class parse {
 public:
  bool read(const document& d) { return parser_.parse(d.text()).has_value(); }

  std::optional<answer> answer_of(const document& d) {
    const auto report = parser_.parse(d.text());
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 private:
  tlsrpt::report_parser<Conformance> parser_;
};

class parse_in_place {
 public:
  bool read(const document& d) {
    return parser_.parse_in_place({d.text(), d.capacity()}).has_value();
  }

  std::optional<answer> answer_of(const document& d) {
    const auto report = parser_.parse_in_place({d.text(), d.capacity()});
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 private:
  tlsrpt::report_parser<> parser_;
};

class parse_collecting {
 public:
  bool read(const document& d) {
    found_.clear();
    return parser_.parse(d.text(), found_).has_value();
  }

  std::optional<answer> answer_of(const document& d) {
    found_.clear();
    const auto report = parser_.parse(d.text(), found_);
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 protected:
  tlsrpt::report_parser<> parser_;
  tlsrpt::diagnostic_list<16> found_;
};

/// Reads conforming reports, and nothing else.
class parse_collecting_nothing : public parse_collecting {
 public:
  std::optional<answer> answer_of(const document& d) {
    std::optional<answer> got = parse_collecting::answer_of(d);
    return found_.empty() ? got : std::nullopt;
  }
};

class visit {
  struct counter {
    std::uint64_t sessions = 0;
    void on_report(const tlsrpt::report_head_view&) {}
    void on_policy(const tlsrpt::policy_head_view& p) {
      sessions += p.total_failure_session_count.value();
    }
    void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& f) {
      sessions += f.failed_session_count.value();
    }
  };

  struct builder {
    answer made;
    void on_report(const tlsrpt::report_head_view& head) { made = to_answer(head); }
    void on_policy(const tlsrpt::policy_head_view& p) { made.policies.push_back(to_answer(p)); }
    void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& f) {
      made.policies.back().failure_details.push_back(to_answer(f));
    }
  };

 public:
  bool read(const document& d) {
    counter count;
    const bool usable = parser_.visit(d.text(), count).has_value();
    benchmark::DoNotOptimize(count);
    return usable;
  }

  std::optional<answer> answer_of(const document& d) {
    builder build;
    if (!parser_.visit(d.text(), build)) return std::nullopt;
    return build.made;
  }

 private:
  tlsrpt::report_parser<> parser_;
};

const bool added[] = {
    add_report<parse<tlsrpt::lenient>>("tlsrpt_parse"),
    add_report<parse<tlsrpt::strict>>("tlsrpt_parse_strict",
                                      {"small", "conforming", "medium", "large"}),
    add_report<parse_in_place>("tlsrpt_parse_in_place"),
    add_report<parse_collecting>("tlsrpt_parse_collecting",
                                 {"small", "medium", "large", "samples"}),
    add_report<parse_collecting_nothing>("tlsrpt_parse_collecting", {"conforming"}),
    add_report<visit>("tlsrpt_visit"),
};

}  // namespace
}  // namespace bench
