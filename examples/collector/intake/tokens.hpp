/// @file
/// Who posts: tokens, one for each domain and made at the prompt, and clients with a certificate.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_TOKENS
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_TOKENS

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "../store/database.hpp"

namespace collector {

/// Looks tokens up, for any number of threads; sees what others add meanwhile.
class token_list {
 public:
  explicit token_list(const database_file& file) : db_(file, access::read), find_(make_find()) {}

  /// The domain of a token that may be used. Takes the same time for one that never was.
  std::optional<std::string> domain_of(std::string_view token);

 private:
  statement make_find() {
    return db_.prepare("SELECT domain FROM token WHERE hash = ?1 AND disabled IS NULL");
  }

  database db_;
  std::mutex mutex_;
  statement find_;
};

/// Makes a token for a domain, and returns the line of a zone file that makes senders use it.
/// Throws std::runtime_error.
std::string add_token(database& db, const std::string& domain, const std::string& url);

/// The submitters that clients speak for, by the subject of their certificate as in RFC 4514, such
/// as "CN=mail.example,O=Example".
using client_map = std::map<std::string, std::string, std::less<>>;
/// Reads a file with a submitter and a subject in each line. Throws std::runtime_error.
client_map read_clients(const std::string& file);

/// Stops a token, given as it is or as its URL; false when there is none.
bool disable_token(database& db, std::string_view token);

}  // namespace collector

#endif
