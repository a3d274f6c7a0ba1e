// Functions that newer versions call deprecated are the ones that all versions have.
#define CARES_NO_DEPRECATED

#include "lookup.hpp"

#include <ares.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <random>
#include <span>
#include <stdexcept>
#include <string>

namespace reporter {

namespace {

void check(int status, const std::string& what) {
  if (status != ARES_SUCCESS) throw std::runtime_error(what + ": " + ares_strerror(status));
}

lookup_end end_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return lookup_end::found;
    case ARES_ENODATA:
      return lookup_end::no_data;
    case ARES_ENOTFOUND:
      return lookup_end::no_such_name;
    default:
      return lookup_end::failed;
  }
}

void take_txt(void* to, int status, int, unsigned char* octets, int size) {
  auto& answer = *static_cast<txt_answer*>(to);
  ares_txt_ext* list = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_txt_reply_ext(octets, size, &list);
  answer.end = end_of(status);
  for (const ares_txt_ext* string = list; string != nullptr; string = string->next) {
    if (string->record_start != 0 || answer.records.empty()) answer.records.emplace_back();
    answer.records.back().append(reinterpret_cast<const char*>(string->txt), string->length);
  }
  if (list != nullptr) ares_free_data(list);
}

using octet_view = std::span<const unsigned char>;

unsigned number_at(octet_view text, std::size_t place) {
  return static_cast<unsigned>(text[place] << 8 | text[place + 1]);
}

/// The length of the name at a place, which takes its text if it is wanted; 0 when there is none.
std::size_t read_name(octet_view message, std::size_t place, std::string* to) {
  char* name = nullptr;
  long size = 0;
  if (place >= message.size() ||
      ares_expand_name(message.data() + place, message.data(), static_cast<int>(message.size()),
                       &name, &size) != ARES_SUCCESS)
    return 0;
  if (to != nullptr) *to = name;
  ares_free_string(name);
  return static_cast<std::size_t>(size);
}

/// Calls f(place, size) for the data of each answer of a type (RFC 1035, section 4.1.3). False when
/// the message is broken.
template <class F>
bool for_each_answer(octet_view message, unsigned type, const F& f) {
  constexpr std::size_t head_size = 12, question_size = 4, answer_size = 10;
  if (message.size() < head_size) return false;
  std::size_t place = head_size;
  for (unsigned i = number_at(message, 4); i != 0; --i) {
    const std::size_t name = read_name(message, place, nullptr);
    if (name == 0) return false;
    place += name + question_size;
  }
  for (unsigned i = number_at(message, 6); i != 0; --i) {
    const std::size_t name = read_name(message, place, nullptr);
    if (name == 0 || message.size() - place < name + answer_size) return false;
    place += name;
    const bool is_wanted = number_at(message, place) == type;
    const std::size_t size = number_at(message, place + 8);
    place += answer_size;
    if (message.size() - place < size || (is_wanted && !f(place, size))) return false;
    place += size;
  }
  return true;
}

constexpr int internet = 1, most_octets = 1232;
constexpr unsigned mx_type = 15, tlsa_type = 52;

bool read_mail_hosts(octet_view message, std::vector<std::string>& hosts) {
  constexpr std::size_t preference_size = 2;
  return for_each_answer(message, mx_type, [&](std::size_t place, std::size_t size) {
    return size > preference_size &&
           read_name(message, place + preference_size, &hosts.emplace_back()) != 0;
  });
}

bool read_tlsa(octet_view message, std::vector<std::string>& records) {
  constexpr std::size_t numbers = 3;
  return for_each_answer(message, tlsa_type, [&](std::size_t place, std::size_t size) {
    if (size <= numbers) return false;
    std::string& record = records.emplace_back();
    for (std::size_t i = 0; i < numbers; ++i) record += std::to_string(message[place + i]) + ' ';
    constexpr char digits[] = "0123456789abcdef";
    for (const unsigned char octet : message.subspan(place + numbers, size - numbers)) {
      record += digits[octet >> 4];
      record += digits[octet & 0xf];
    }
    return true;
  });
}

bool read_nothing(octet_view, std::vector<std::string>&) { return true; }

template <bool (*read)(octet_view, std::vector<std::string>&)>
void take_texts(void* to, int status, int, unsigned char* message, int size) {
  auto& answer = *static_cast<text_answer*>(to);
  answer.end = end_of(status);
  if (status == ARES_SUCCESS && !read({message, static_cast<std::size_t>(size)}, answer.texts))
    answer.end = lookup_end::failed;
  if (answer.end == lookup_end::found && answer.texts.empty()) answer.end = lookup_end::no_data;
}

/// Takes an answer as it came, whatever its code.
template <bool (*read)(octet_view, std::vector<std::string>&)>
void take_secure_texts(void* to, int status, int, unsigned char* octets, int size) {
  constexpr std::size_t head_size = 12;
  constexpr unsigned char authentic_data = 0x20, code_bits = 0xf, name_error = 3;
  auto& answer = *static_cast<text_answer*>(to);
  const octet_view message(octets, octets == nullptr ? 0 : static_cast<std::size_t>(size));
  if (status != ARES_SUCCESS || message.size() < head_size) return;
  const unsigned code = message[3] & code_bits;
  if ((code != 0 && code != name_error) || !read(message, answer.texts)) return;
  answer.is_secure = (message[3] & authentic_data) != 0;
  answer.end = !answer.texts.empty() ? lookup_end::found
               : code == 0           ? lookup_end::no_data
                                     : lookup_end::no_such_name;
}

/// Asks for what the server says about DNSSEC, too (RFC 6840, section 5.7), which ares_query()
/// does not.
template <bool (*read)(octet_view, std::vector<std::string>&)>
void ask_securely(ares_channel channel, const std::string& name, unsigned type, int octets,
                  text_answer& answer) {
  constexpr unsigned char authentic_data = 0x20;
  unsigned char* question = nullptr;
  int size = 0;
  if (ares_create_query(name.c_str(), internet, static_cast<int>(type), 0, 1, &question, &size,
                        octets) != ARES_SUCCESS)
    return;
  // Of the number that makes answers hard to forge c-ares takes care in ares_query() alone.
  std::random_device random;
  question[0] = static_cast<unsigned char>(random());
  question[1] = static_cast<unsigned char>(random());
  question[3] |= authentic_data;
  ares_send(channel, question, size, take_secure_texts<read>, &answer);
  ares_free_string(question);
}

/// Whether there is one server only.
bool is_single(ares_channel channel) {
  ares_addr_port_node* servers = nullptr;
  if (ares_get_servers_ports(channel, &servers) != ARES_SUCCESS || servers == nullptr) return false;
  const bool is_last = servers->next == nullptr;
  ares_free_data(servers);
  return is_last;
}

void take_addresses(void* to, int status, int, ares_addrinfo* list) {
  auto& answer = *static_cast<address_answer*>(to);
  answer.end = end_of(status);
  if (list == nullptr) return;
  for (const ares_addrinfo_node* node = list->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family == AF_INET) {
      std::array<std::uint8_t, 4> octets{};
      std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in*>(node->ai_addr)->sin_addr,
                  octets.size());
      answer.addresses.push_back(tlsrpt::ip_address::v4(octets));
    } else if (node->ai_family == AF_INET6) {
      std::array<std::uint8_t, 16> octets{};
      std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6*>(node->ai_addr)->sin6_addr,
                  octets.size());
      answer.addresses.push_back(tlsrpt::ip_address::v6(octets));
    }
  }
  ares_freeaddrinfo(list);
}

}  // namespace

void resolver::closer::operator()(ares_channeldata* channel) const { ares_destroy(channel); }

resolver::resolver(const lookup_rules& rules) {
  ares_options options{};
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS;
  options.ednspsz = most_octets;
  constexpr int fortieth = 25;  // of each second, in milliseconds; doubled from try to try
  options.timeout = static_cast<int>(rules.seconds) * fortieth;
  options.tries = 3;
  char dns_only[] = "b";
  options.lookups = dns_only;
  ares_channel channel = nullptr;
  check(ares_init_options(&channel, &options,
                          ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                              ARES_OPT_LOOKUPS),
        "DNS");
  channel_.reset(channel);
  if (!rules.server.empty())
    check(ares_set_servers_ports_csv(channel, rules.server.c_str()), rules.server);
}

void resolver::wait(std::chrono::steady_clock::time_point end) {
  using std::chrono::milliseconds;
  for (;;) {
    const auto time_left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    if (time_left <= milliseconds(0)) return ares_cancel(channel_.get());
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto wanted = static_cast<unsigned>(
        ares_getsock(channel_.get(), sockets.data(), static_cast<int>(sockets.size())));
    std::array<pollfd, ARES_GETSOCK_MAXNUM> waiting{};
    nfds_t count = 0;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      short events = 0;
      if (ARES_GETSOCK_READABLE(wanted, i)) events |= POLLIN;
      if (ARES_GETSOCK_WRITABLE(wanted, i)) events |= POLLOUT;
      if (events != 0) waiting[count++] = {sockets[i], events, 0};
    }
    timeval longest{60, 0}, left{};
    const timeval* until = ares_timeout(channel_.get(), &longest, &left);
    if (count == 0) return;
    const milliseconds pause(until->tv_sec * 1000 + until->tv_usec / 1000 + 1);
    poll(waiting.data(), count, static_cast<int>(std::min(pause, time_left).count()));
    bool is_any = false;
    for (const pollfd& socket : waiting) {
      if (socket.revents == 0) continue;
      is_any = true;
      const bool is_readable = (socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
      ares_process_fd(channel_.get(), is_readable ? socket.fd : ARES_SOCKET_BAD,
                      (socket.revents & POLLOUT) != 0 ? socket.fd : ARES_SOCKET_BAD);
    }
    if (!is_any) ares_process_fd(channel_.get(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }
}

txt_answer resolver::txt(const std::string& name) {
  constexpr int txt_type = 16;
  txt_answer answer;
  ares_query(channel_.get(), name.c_str(), internet, txt_type, take_txt, &answer);
  wait();
  return answer;
}

text_answer resolver::mail_hosts(const std::string& domain) {
  text_answer answer;
  ares_query(channel_.get(), domain.c_str(), internet, mx_type, take_texts<read_mail_hosts>,
             &answer);
  wait();
  return answer;
}

text_answer resolver::tlsa(const std::string& name) {
  text_answer answer;
  ask_securely<read_tlsa>(channel_.get(), name, tlsa_type, most_octets, answer);
  wait();
  return answer;
}

bool resolver::validates() {
  if (!validates_ && !is_single(channel_.get())) validates_ = false;
  if (!validates_) {
    constexpr unsigned soa_type = 6;
    text_answer answer;
    ask_securely<read_nothing>(channel_.get(), ".", soa_type, most_octets, answer);
    wait();
    validates_ = answer.is_secure;
  }
  return *validates_;
}

address_answer resolver::addresses(const std::string& host,
                                   std::chrono::steady_clock::time_point end) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_flags = ARES_AI_NOSORT;
  address_answer answer;
  ares_getaddrinfo(channel_.get(), host.c_str(), nullptr, &hints, take_addresses, &answer);
  wait(end);
  return answer;
}

}  // namespace reporter
