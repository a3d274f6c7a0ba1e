/// The names of the fields that matter to the content.

#include <tlsrpt/detail/mail/message/entity.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace {

using tlsrpt::detail::entity_field;

/// The name, with what follows it in a mail.
entity_field find(std::string_view name, char after) {
  std::string room(name);
  room.resize(name.size() + tlsrpt::detail::entity_field_name::room, after);
  return tlsrpt::detail::find_entity_field(room.data(), name.size());
}

constexpr std::pair<std::string_view, entity_field> fields[] = {
    {"From", entity_field::from},
    {"Date", entity_field::date},
    {"Subject", entity_field::subject},
    {"Content-Type", entity_field::content_type},
    {"ContentType", entity_field::type_without_hyphen},
    {"Content-Disposition", entity_field::disposition},
    {"Content-Transfer-Encoding", entity_field::transfer_encoding},
    {"TLS-Report-Domain", entity_field::report_domain},
    {"TLS-Report-Submitter", entity_field::report_submitter},
};

}  // namespace

TEST_CASE("a field is known by all of its name, in any case") {
  for (const auto& [name, field] : fields)
    for (char after : {':', 'e', '\0'}) {
      CHECK(find(name, after) == field);
      std::string upper(name), lower(name);
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      for (char& c : lower) c = tlsrpt::detail::lower_case(c);
      CHECK(find(upper, after) == field);
      CHECK(find(lower, after) == field);
      for (std::size_t at = 0; at < name.size(); ++at) {
        std::string other(name);
        other[at] = other[at] == 'x' ? 'y' : 'x';
        CHECK(find(other, after) == entity_field::other);
      }
      CHECK(find(name.substr(1), after) == entity_field::other);
      CHECK(find(name.substr(0, name.size() - 1), after) == entity_field::other);
      CHECK(find(std::string(name) + "e", after) == entity_field::other);
      // as long as the same slot
      CHECK(find(std::string(name) + std::string(32, 'e'), after) == entity_field::other);
    }
  for (std::string_view name : {"To", "Cc", "Received", "Message-ID", "MIME-Version", "X", "Dkim"})
    CHECK(find(name, ':') == entity_field::other);
}
