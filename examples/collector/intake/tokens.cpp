#include "tokens.hpp"

#include <sys/random.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/submission.hpp>
#include <tlsrpt/write_record.hpp>

#include "writer.hpp"

namespace collector {

std::optional<std::string> token_list::domain_of(std::string_view token) {
  const auto hash = tlsrpt::hash_of_token(token);
  const std::lock_guard lock(mutex_);
  find_.bind_blob(1, hash);
  std::optional<std::string> domain;
  if (find_.step()) domain = find_.text(0);
  find_.reset();
  return domain;
}

std::string add_token(database& db, const std::string& domain, const std::string& url) {
  if (!tlsrpt::is_host_name(domain)) throw std::runtime_error("this is no domain: " + domain);
  std::array<std::uint8_t, 16> random{};
  if (getrandom(random.data(), random.size(), 0) != ssize_t{random.size()})
    throw std::runtime_error("there are no random octets");
  const tlsrpt::token_text token = tlsrpt::make_token(random);
  std::string endpoint, record;
  tlsrpt::write_token_url(endpoint, url, token);
  const std::string_view uris[] = {endpoint};
  if (const auto written = tlsrpt::write_record(record, uris); !written)
    throw std::runtime_error(url + ": " + std::string(message(written.error().code)));
  const tlsrpt::host_text name = tlsrpt::canonical_host(domain);
  transaction all(db);
  db.prepare("INSERT INTO token(hash, domain, created) VALUES(?1, ?2, ?3)")
      .bind_blob(1, tlsrpt::hash_of_token(token))
      .bind(2, name.view())
      .bind(3, now_in_seconds())
      .run();
  all.commit();
  std::string line = "_smtp._tls." + std::string(name) + ". IN TXT ";
  tlsrpt::write_zone_strings(line, record);
  return line + '\n';
}

client_map read_clients(const std::string& file) {
  client_map clients;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t space = line.find(' ');
    const std::string_view submitter = std::string_view(line).substr(0, space);
    const std::size_t subject = line.find_first_not_of(' ', std::min(space, line.size()));
    if (!tlsrpt::is_host_name(submitter) || subject == line.npos)
      throw std::runtime_error(
          std::string(file).append(": no submitter and subject: ").append(line));
    clients[line.substr(subject)] = tlsrpt::canonical_host(submitter);
  }
  return clients;
}

bool disable_token(database& db, std::string_view token) {
  if (const std::size_t slash = token.rfind('/'); slash != token.npos)
    token.remove_prefix(slash + 1);
  const auto hash = tlsrpt::hash_of_token(token);
  statement find = db.prepare("SELECT 1 FROM token WHERE hash = ?1");
  const bool is_there = find.bind_blob(1, hash).step();
  find.reset();
  if (is_there)
    db.prepare("UPDATE token SET disabled = ?2 WHERE hash = ?1")
        .bind_blob(1, hash)
        .bind(2, now_in_seconds())
        .run();
  return is_there;
}

}  // namespace collector
