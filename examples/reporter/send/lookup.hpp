/// @file
/// Asks the DNS, by c-ares.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_LOOKUP
#define TLSRPT_EXAMPLES_REPORTER_SEND_LOOKUP

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tlsrpt/ip_address.hpp>

struct ares_channeldata;

namespace reporter {

/// How a look-up ended.
enum class lookup_end : unsigned char {
  found,
  no_data,       ///< The name is there, but not what was looked for.
  no_such_name,  ///< The name is not there.
  failed         ///< Nobody knows, perhaps for now.
};

/// The TXT records of a name, each with its strings joined.
struct txt_answer {
  lookup_end end = lookup_end::failed;
  std::vector<std::string> records{};
};

/// Records of another type, as texts.
struct text_answer {
  lookup_end end = lookup_end::failed;
  std::vector<std::string> texts{};
  bool is_secure = false;  ///< The server says that DNSSEC protects it, if it was asked.
};

/// The addresses of a host, of both kinds.
struct address_answer {
  lookup_end end = lookup_end::failed;
  std::vector<tlsrpt::ip_address> addresses{};
};

/// Who is asked, and how patiently.
struct lookup_rules {
  /// "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT"; the servers of the system when empty.
  std::string server{};
  unsigned seconds = 0;  ///< For all of an attempt; a look-up has a fifth of them at most.
};

/// For one thread. Names are looked up as they are: no search list, no hosts file.
class resolver {
 public:
  /// Throws std::runtime_error.
  explicit resolver(const lookup_rules& rules);

  txt_answer txt(const std::string& name);
  /// The names of the MX records of a domain.
  text_answer mail_hosts(const std::string& domain);
  /// The TLSA records of a name, such as "3 1 1 0f...", and whether DNSSEC protects the answer.
  text_answer tlsa(const std::string& name);
  /// Whether the server checks signatures: it says so of the root, which has some. Asked once.
  /// False where there are several, any of which may answer.
  bool validates();
  /// No later than `end`.
  address_answer addresses(const std::string& host, std::chrono::steady_clock::time_point end);

 private:
  struct closer {
    void operator()(ares_channeldata* channel) const;
  };
  /// Until all questions have their answer, or none that comes in time.
  void wait(
      std::chrono::steady_clock::time_point end = std::chrono::steady_clock::time_point::max());

  std::unique_ptr<ares_channeldata, closer> channel_;
  std::optional<bool> validates_{};
};

}  // namespace reporter

#endif
