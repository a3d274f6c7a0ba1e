#include "policy_fetch.hpp"

#include <utility>

#include <tlsrpt/detail/text/fold.hpp>

#include "../../reporter/send/delivery/guarded.hpp"

namespace collector {

namespace {

fetched_policy not_fetched(std::string why) {
  return {.problem = "The MTA-STS policy could not be fetched.",
          .do_first =
              "Serve it by HTTPS at /.well-known/mta-sts.txt of mta-sts. and the domain, "
              "with a certificate of that name, and without a redirect.",
          .subject = std::move(why)};
}

/// Whether a field says text/plain, perhaps with parameters.
bool is_plain_text(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return tlsrpt::detail::equals_folded(type, "text/plain");
}

}  // namespace

fetched_policy fetch_policy(const std::string& domain, const fetch_rules& rules,
                            reporter::resolver& resolver,
                            std::chrono::steady_clock::time_point end) {
  constexpr std::size_t most_octets = 65'536;  // RFC 8461, section 3.3
  constexpr long ok = 200, not_found = 404, gone = 410;
  const std::string url = "https://mta-sts." + domain + "/.well-known/mta-sts.txt";
  const tlsrpt::url_check checked = tlsrpt::check_url(url);
  if (checked.fault != tlsrpt::url_fault::none)
    return not_fetched(std::string(name(checked.fault)));
  const auto judged =
      reporter::judge_host(std::string(checked.url.host), rules.allowed, resolver, end);
  if (judged.why == tlsrpt::no_answer::dns_failure)
    return {.problem = "The MTA-STS policy could not be fetched.", .subject = judged.text};
  if (judged.addresses.empty()) return not_fetched(judged.text);
  const reporter::transfer_rules bounds{.ca_file = rules.ca_file,
                                        .allowed = rules.allowed,
                                        .connecting = std::chrono::seconds(5),
                                        .end = end};
  reporter::guarded_transfer transfer(checked.url, judged.addresses, bounds);
  std::string text;
  bool is_too_long = false;
  const reporter::transfer_end came = transfer.run([] {},
                                                   [&](std::string_view piece) {
                                                     is_too_long =
                                                         text.size() + piece.size() > most_octets;
                                                     if (!is_too_long) text += piece;
                                                     return !is_too_long;
                                                   });
  if (came.status == 0) return not_fetched(came.text);
  if (came.status == not_found || came.status == gone) return {.text = ""};
  if (came.status != ok) return not_fetched("status " + std::to_string(came.status));
  if (is_too_long)
    return {.problem = "The MTA-STS policy has more than 64 KiB, so senders do not read it.",
            .do_first = "Serve the lines of the policy alone."};
  if (!came.is_whole) return not_fetched("the answer ends before its end");
  fetched_policy policy{.text = std::move(text)};
  if (const std::string type = transfer.field("Content-Type"); !is_plain_text(type)) {
    policy.problem = "The MTA-STS policy is not served as text/plain, so senders may ignore it.";
    policy.do_first = "Serve it with Content-Type: text/plain.";
    policy.subject = type;
  }
  return policy;
}

}  // namespace collector
