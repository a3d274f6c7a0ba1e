/// @file
/// Contenders that read reports, plain, in gzip and in mails.

#ifndef TLSRPT_BENCHMARKS_REPORT_TASK
#define TLSRPT_BENCHMARKS_REPORT_TASK

#include <string>
#include <utility>
#include <vector>

#include "../common/answer.hpp"
#include "../common/registry.hpp"

namespace bench {

/// The reference: nlohmann/json, which shares nothing with the library.
answer reference_answer(const document& report);

/// To be called while the program starts: `const bool added = add_report<mine>("mine");`.
template <class Contender>
bool add_report(std::string name, std::vector<std::string> inputs = {}) {
  contenders().push_back({task::report, std::move(name), std::move(inputs),
                          [](const input& given) {
                            return compare_answers<Contender>(given.plain, given.plain,
                                                              reference_answer);
                          },
                          time_contender<Contender>});
  return true;
}

template <class Contender>
bool add_gzip(std::string name, std::vector<std::string> inputs = {}) {
  contenders().push_back({task::gzip, std::move(name), std::move(inputs),
                          [](const input& given) {
                            return compare_answers<Contender>(given.gzip, given.plain,
                                                              reference_answer);
                          },
                          time_contender<Contender>});
  return true;
}

template <class Contender>
bool add_mail(std::string name, std::vector<std::string> inputs = {}) {
  contenders().push_back({task::mail, std::move(name), std::move(inputs),
                          [](const input& given) {
                            return compare_answers<Contender>(given.mail, given.plain,
                                                              reference_answer);
                          },
                          time_contender<Contender>});
  return true;
}

}  // namespace bench

#endif
