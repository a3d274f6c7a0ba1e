#include "json.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <tlsrpt/path.hpp>
#include <tlsrpt/schema.hpp>

#include "../mail/judgement.hpp"
#include "json_writer.hpp"
#include "remarks.hpp"

namespace cli {

namespace {

namespace schema = tlsrpt::schema;

/// At most `max_bytes` octets of `text`, without cutting a UTF-8 sequence in two.
std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t size = max_bytes;
  while (size > 0 && max_bytes - size < 3 && (text[size] & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

/// Writes a report; what is absent is left out.
class report_writer {
 public:
  report_writer(json_writer& json, const shown_report& shown) : json_(json), shown_(shown) {}

  /// The members of one of the lists of the schema, with the values of `view`.
  template <class Members, class View>
  void members(const Members& list, const View& view) {
    constexpr bool is_policy = std::is_same_v<const Members, decltype(schema::policy)>;
    schema::for_each(list, view, [&](const auto& member, const auto& value) {
      if constexpr (requires { member.members; }) {
        part(member, value);
      } else {
        if constexpr (is_policy)
          if (member.id == tlsrpt::field::policy_domain)
            return put(member.name, shown_.domain_of(view).name);
        put(member.name, value);
      }
    });
    if constexpr (is_policy)
      if (shown_.domain_of(view).is_inferred) json_.member("policy-domain-inferred", true);
  }

 private:
  /// A member that has members.
  template <class Member, class View>
  void part(const Member& member, const View& view) {
    json_.object(
        member.name, [&] { members(member.members, view); }, member.id != tlsrpt::field::policy);
  }
  template <class Member, class View>
  void part(const Member& member, std::span<const View> views) {
    if (views.empty() && member.id != tlsrpt::field::policies) return;
    json_.key(member.name);
    json_.begin_array();
    for (const View& view : views) {
      json_.begin_object();
      members(member.members, view);
      json_.end_object();
    }
    json_.end_array();
  }

  void put(std::string_view name, std::string_view text) {
    if (tlsrpt::present(text)) json_.member(name, text);
  }
  void put(std::string_view name, tlsrpt::session_count count) {
    if (count.known()) json_.member(name, count.value());
  }
  void put(std::string_view name, std::span<const std::string_view> texts) {
    if (!texts.empty()) json_.texts(name, texts);
  }
  template <class E>
  void put(std::string_view name, const tlsrpt::token<E>& token) {
    if (!tlsrpt::present(token.text)) return;
    json_.member(name, token.text);
    json_.key(name, "-known");
    json_.value(token.known());
  }
  void put(std::string_view name, const tlsrpt::ip_view& ip) {
    put(name, ip.text);
    const auto address = ip.address();
    if (!address) return;
    const tlsrpt::ip_text text = to_text(*address);
    json_.key(name, "-canonical");
    json_.value(text);
  }
  /// "start" has the seconds of "start-datetime".
  void put(std::string_view name, const tlsrpt::timestamp& time) {
    put(name, time.text);
    if (time.known) json_.member(name.substr(0, name.find('-')), time.seconds);
  }

  json_writer& json_;
  const shown_report& shown_;
};

void write(json_writer& json, const mail_context& context) {
  // A mail may have many reports, each of which repeats this.
  constexpr std::size_t max_text_bytes = 1000;
  const auto add = [&](std::string_view name, std::string_view text) {
    json.member_unless_empty(name, cut(text, max_text_bytes));
  };
  const auto add_if_known = [&](std::string_view name, const std::optional<std::string>& text) {
    if (text) add(name, *text);
  };
  const auto add_first = [&](std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) add(name, values.front());
  };
  const header_fields& header = context.header.fields();
  add_if_known("subject", header.subject);
  add_if_known("from", header.from);
  add_if_known("date", header.date);
  add_first("tls-report-domain", header.report_domain);
  add_first("tls-report-submitter", header.report_submitter);
  if (context.part) {
    add("file-name", context.part->file_name);
    add("content-type", context.part->content_type);
  }
  json.member("authenticated", false);
  if (context.part && context.part->is_returned) json.member("returned", true);
  if (!context.whole) return;
  json.key("passed-over");
  json.begin_array();
  for (const passed_part& part : context.whole->passed_over) {
    json.begin_object();
    json.member("part", part.path);
    json.member("size", part.size);
    json.member("why", why_passed_over(part));
    add("content-type", part.content_type);
    add("file-name", part.file_name);
    json.member_unless_empty("begins", part.begins);
    json.end_object();
  }
  json.end_array();
  if (context.whole->more_passed_over != 0)
    json.member("passed-over-left-out", context.whole->more_passed_over);
}

void write(json_writer& json, const finding& found) {
  constexpr std::size_t max_subject_bytes = 200;
  const tlsrpt::diagnostic& what = found.what;
  const auto way = path(what.where);
  json.member("code", name(what.code));
  json.member("grade", name(grade_of(what.code)));
  json.member("path", way);
  json.member("offset", what.where.offset);
  json.member("in", found.in);
  json.member("message", message(what.code));
  json.member_unless_empty("subject", cut(what.subject, max_subject_bytes));
}

void write(json_writer& json, const tlsrpt::diagnostic& error) {
  write(json, finding{error, name(error.where.in)});
  if (error.hint != tlsrpt::errc::ok)
    json.object("hint", [&] {
      json.member("code", name(error.hint));
      json.member("message", message(error.hint));
    });
  json.member_unless_empty("way-out", way_out(error));
}

void write(json_writer& json, const unreadable& error) {
  json.member("code", "cannot-read");
  json.member("grade", name(tlsrpt::grade::fatal));
  json.member("path", "");
  json.member("offset", 0);
  json.member("message", sentence(error));
}

template <class Error>
void write_error(json_writer& json, const Error& error) {
  json.object("error", [&] { write(json, error); });
}

void write_findings(json_writer& json, const findings* text, const findings* mail) {
  json.key("diagnostics");
  json.begin_array();
  std::size_t left_out = 0;
  for (const findings* each : {text, mail}) {
    if (!each) continue;
    for (const finding& found : each->kept()) {
      json.begin_object();
      write(json, found);
      json.end_object();
    }
    left_out += each->left_out();
  }
  json.end_array();
  if (left_out != 0) json.member("diagnostics-left-out", left_out);
}

/// Writes what came of an input.
struct outcome_writer {
  json_writer& json;

  void operator()(const shown_report& shown) const {
    json.member("ok", true);
    if (shown.is_partial) json.member("partial", true);
    json.object("report",
                [&] { report_writer(json, shown).members(schema::report, shown.report); });
  }
  void operator()(no_report none) const {
    json.member("ok", true);
    json.member("no-report", true);
    if (none.is_dmarc) json.member("dmarc", true);
  }
  template <class Error>
  void operator()(const Error& error) const {
    json.member("ok", false);
    write_error(json, error);
  }
};

/// The line with the object whose members write(json) writes.
template <class Write>
void add_line(std::string& to, Write&& write) {
  json_writer json(to);
  json.begin_object();
  write(json);
  json.end_object();
  to += '\n';
}

template <class Write>
std::string line_of(Write&& write) {
  std::string line;
  add_line(line, write);
  return line;
}

}  // namespace

void add_json_line(std::string& to, const entry& shown) {
  add_line(to, [&shown](json_writer& json) {
    const input_place& place = shown.place;
    json.member("file", place.file);
    json.member_unless_empty("entry", place.entry);
    if (place.message != 0) json.member("message", place.message);
    if (place.line != 0) json.member("line", place.line);
    json.member_unless_empty("part", place.part);
    if (place.document != 1) json.member("document", place.document);
    if (shown.mail) json.object("mail", [&] { write(json, *shown.mail); });
    std::visit(outcome_writer{json}, shown.what);
    write_findings(json, shown.found, shown.mail ? &shown.mail->found : nullptr);
  });
}

std::string json_line(const record_verdict& verdict) {
  return line_of([&verdict](json_writer& json) {
    json.member("ok", verdict.record.has_value());
    json.member_unless_empty("name", verdict.name);
    json.member_unless_empty("alias", verdict.alias);
    json.member_unless_empty("right-name", verdict.right_name);
    json.texts("records", verdict.records);
    if (!verdict.record) {
      write_error(json, verdict.record.error());
    } else {
      json.key("endpoints");
      json.begin_array();
      for (const tlsrpt::rua_view& rua : verdict.record->endpoints()) {
        json.begin_object();
        json.member("scheme", name(rua.scheme));
        json.member("uri", rua.uri);
        json.member("target", rua.target());
        json.end_object();
      }
      json.end_array();
      json.key("extensions");
      json.begin_array();
      for (const tlsrpt::extension_view& extension : verdict.record->extensions()) {
        json.begin_object();
        json.member("name", extension.name);
        json.member("value", extension.value);
        json.end_object();
      }
      json.end_array();
    }
    if (!verdict.to_do.empty()) json.texts("to-do", verdict.to_do);
    write_findings(json, &verdict.found, nullptr);
  });
}

std::string json_line(const policy_verdict& verdict) {
  return line_of([&verdict](json_writer& json) {
    json.member("ok", verdict.policy.has_value());
    if (!verdict.policy) {
      write_error(json, verdict.policy.error());
    } else {
      json.member("mode", verdict.policy->mode().text);
      if (verdict.policy->max_age()) json.member("max-age", *verdict.policy->max_age());
      json.texts("mx", verdict.policy->mx());
    }
    write_findings(json, &verdict.found, nullptr);
  });
}

std::string json_line(const unreadable& error) {
  return line_of([&error](json_writer& json) {
    json.member("ok", false);
    write_error(json, error);
    write_findings(json, nullptr, nullptr);
  });
}

}  // namespace cli
