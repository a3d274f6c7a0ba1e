#include <tlsrpt/arrow.hpp>

#include <doctest/doctest.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/report.hpp>

#include "support.hpp"
#include "reader.hpp"

namespace {

using support::arrow_reader;
using support::owned;
using support::report_parts;
using support::rows_of;
using support::texts_to_read;

/// The rows of a stream of these texts.
std::vector<std::string> read(const std::vector<std::string>& texts,
                              const tlsrpt::arrow_options& options = {}) {
  owned<ArrowArrayStream> stream;
  REQUIRE(make_arrow_stream(tlsrpt::report_parser<>(), texts_to_read{&texts}, stream.it, options));
  return rows_of(stream.it);
}

std::string read_one(const std::string& text, const tlsrpt::arrow_options& options = {}) {
  const std::vector<std::string> rows = read({text}, options);
  REQUIRE(rows.size() == 1);
  return rows[0];
}

/// What throws cannot be in a stream, whose calls come from C.
struct throwing_inputs {
  bool next(tlsrpt::arrow_input&);
  int error() const noexcept;
};
static_assert(tlsrpt::arrow_inputs<texts_to_read>);
static_assert(!tlsrpt::arrow_inputs<throwing_inputs>);

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a report is a row, and its policies and failures are in it") {
  CHECK(read_one(report_parts().text()) ==
        R"({"position":0,"organization_name":"Example Inc.","start_datetime":1795305600000000,)"
        R"("end_datetime":1795391999000000,"contact_info":"tls@sender.example",)"
        R"("report_id":"2026-11-22_example.com","policies":[{"policy_type":"sts",)"
        R"("policy_string":["version: STSv1","mode: enforce","mx: mx.example.com"],)"
        R"("policy_domain":"example.com","mx_host":["mx.example.com"],)"
        R"("total_successful_session_count":100,"total_failure_session_count":2,)"
        R"("failure_details":[{"result_type":"certificate-expired","sending_mta_ip":"192.0.2.1",)"
        R"("receiving_mx_hostname":"mx.example.com","receiving_ip":"2001:db8::25",)"
        R"("failed_session_count":2}]}],"diagnostics":[],"diagnostics_left_out":0})");
}

TEST_CASE("the columns of a ledger are there when they are asked for") {
  const std::string text = report_parts().text();
  const std::string row = read_one(text, {.with_ledger = true});
  tlsrpt::report_parser<> parser;
  const tlsrpt::digest_text digest = to_text(digest_of(*parser.parse(text)));
  CHECK(has(
      row,
      R"("digest":")" + std::string(digest.view()) +
          R"(","day":20779,"days":1,"about":"example.com",)"
          R"("contact":"sender.example","reporter":"sender.example",)"
          R"("trust":"claimed","totals":[{"domain":"example.com","kind":"sts","mode":"enforce",)"
          R"("policy_id":")"));
  CHECK(has(row, R"("ok":100,"ok_unknown":0,"failed":2,"failed_unknown":0,"elements":1}],)"
                 R"("failures":[{"domain":"example.com","kind":"sts","mode":"enforce",)"
                 R"("result_type":"certificate-expired","host":"mx.example.com",)"
                 R"("node":"2001:db8::25","reason":"x509.expired","noted":2,"noted_unknown":0}],)"
                 R"("diagnostics")"));
  CHECK(has(
      row,
      R"("failed_session_count":2,"node":"2001:db8::25","reason":"x509.expired"}],"policy_id":")"));
}

TEST_CASE("what was written otherwise than it is meant is there both ways") {
  report_parts parts;
  parts.policy_type = R"("STS")";
  parts.policy_domain = R"("Example.COM.")";
  parts.result_type = R"("no-such-type")";
  parts.sending_mta_ip = R"("[192.0.2.1]")";
  parts.date_range = R"({"start-datetime":"2026-11-22T01:00:00+01:00","end-datetime":"yesterday"})";
  const std::string row = read_one(parts.text());
  CHECK(has(row, R"("policy_type":"sts","policy_type_text":"STS")"));
  CHECK(has(row, R"("policy_domain":"example.com","policy_domain_text":"Example.COM.")"));
  CHECK(has(row, R"([{"result_type_text":"no-such-type",)"));
  CHECK(has(row, R"("sending_mta_ip":"192.0.2.1","sending_mta_ip_text":"[192.0.2.1]")"));
  CHECK(has(
      row, R"("start_datetime":1795305600000000,)"
           R"("start_datetime_text":"2026-11-22T01:00:00+01:00","end_datetime_text":"yesterday")"));
  CHECK(has(row, R"({"code":"unreadable-date-time","grade":)"));
}

TEST_CASE("a policy-string that had to be split is there as it was written, too") {
  report_parts parts;
  parts.policy_string = R"("version: STSv1\nmode: none")";
  CHECK(has(read_one(parts.text()), R"("policy_string":["version: STSv1","mode: none"],)"
                                    "\"policy_string_text\":\"version: STSv1\nmode: none\""));
}

TEST_CASE("an address that is none is there as it was written") {
  report_parts parts;
  parts.sending_mta_ip = R"("localhost")";
  const std::string row = read_one(parts.text());
  CHECK(has(row, R"("result_type":"certificate-expired","sending_mta_ip_text":"localhost",)"));
}

TEST_CASE("hosts and domains that are absent are null") {
  const std::string row = read_one(report_parts().with_policies(
      R"([{"policy":{"policy-type":"sts"},"failure-details":[{"result-type":"certificate-expired"}]}])"));
  CHECK(has(row, R"("failure_details":[{"result_type":"certificate-expired"}])"));
  CHECK_FALSE(has(row, "policy_domain"));
}

TEST_CASE("a report without a period is of the day on which it came, if that is known") {
  report_parts parts;
  parts.date_range = R"({"start-datetime":"yesterday","end-datetime":"today"})";
  tlsrpt::report_parser<> parser;
  const std::string text = parts.text();
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  const tlsrpt::arrow_options options = {.with_ledger = true};
  tlsrpt::arrow_batch batch(options);
  REQUIRE(batch.append({.received = 20'000 * std::int64_t{86'400'000'000} + 1}, *report));
  REQUIRE(batch.append({}, *report));
  owned<ArrowArray> array;
  owned<ArrowSchema> schema;
  REQUIRE(batch.finish(array.it));
  REQUIRE(tlsrpt::make_arrow_schema(schema.it, options));
  CHECK(has(arrow_reader::row(schema.it, array.it, 0), R"(,"day":20000,"days":1,)"));
  const std::string row = arrow_reader::row(schema.it, array.it, 1);
  CHECK_FALSE(has(row, "\"day\""));
  CHECK(has(row, R"(,"days":1,)"));
}

TEST_CASE("what is unknown is null, and what is beyond 2^63-1 is that") {
  report_parts parts;
  parts.successful = R"("many")";
  parts.failed = "18446744073709551615";
  const std::string row = read_one(parts.text());
  CHECK_FALSE(has(row, "total_successful_session_count"));
  CHECK(has(row, R"("total_failure_session_count":9223372036854775807)"));
}

TEST_CASE("an input that is no report is a row that says why") {
  const std::vector<std::string> rows =
      read({"", report_parts().text(), R"({"policies":[{"policy":7}]})"});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == R"({"position":0,"error":"empty-input","error_in":"json","error_offset":0,)"
                   R"("error_path":"","diagnostics":[],"diagnostics_left_out":0})");
  CHECK_FALSE(has(rows[1], "\"error\""));
  CHECK(has(rows[2], R"("position":2,)"));

  const std::string gzip = support::gzip(report_parts().text());
  CHECK(has(read_one(gzip.substr(0, gzip.size() - 3)),
            R"("error":"gzip-truncated","error_in":"gzip","error_offset":)"));
}

TEST_CASE("findings beyond those that are kept are counted") {
  report_parts parts;
  std::string failures = parts.failure();
  parts.failed_session_count = "null";
  for (int i = 0; i < 20; ++i) failures += "," + parts.failure();
  const std::string row =
      read_one(parts.with_policies(R"([{"policy":)" + parts.policy() + R"(,"summary":)" +
                                   parts.summary() + R"(,"failure-details":[)" + failures + "]}]"));
  CHECK(has(row, R"("diagnostics_left_out":)"));
  CHECK_FALSE(has(row, R"("diagnostics_left_out":0)"));
}

TEST_CASE("texts of views that are no UTF-8 do not reach a consumer") {
  tlsrpt::arrow_batch batch;
  tlsrpt::report_view report;
  report.organization_name = "b\xff\xfe\xc3\xa4";
  REQUIRE(batch.append({.name = "\xe2\x82"}, report));
  owned<ArrowArray> array;
  owned<ArrowSchema> schema;
  REQUIRE(batch.finish(array.it));
  REQUIRE(tlsrpt::make_arrow_schema(schema.it));
  const std::string row = arrow_reader::row(schema.it, array.it, 0);
  CHECK(has(row, R"({"source":"??","position":0)"));
  CHECK(has(row, "\"organization_name\":\"b??\xc3\xa4\""));
}

TEST_CASE("the domain of an envelope is there in normal form, if it is one") {
  tlsrpt::arrow_batch batch;
  REQUIRE(batch.append({.report_domain = "Example.COM."}, tlsrpt::report_view{}));
  REQUIRE(batch.append({.report_domain = "no domain"}, tlsrpt::report_view{}));
  owned<ArrowArray> array;
  owned<ArrowSchema> schema;
  REQUIRE(batch.finish(array.it));
  REQUIRE(tlsrpt::make_arrow_schema(schema.it));
  CHECK(has(arrow_reader::row(schema.it, array.it, 0), R"("report_domain":"example.com")"));
  CHECK_FALSE(has(arrow_reader::row(schema.it, array.it, 1), "report_domain"));
}

TEST_CASE("nulls are where they were put, and a batch is not changed by the next one") {
  tlsrpt::arrow_batch batch;
  owned<ArrowArray> arrays[2];
  owned<ArrowSchema> schema;
  REQUIRE(tlsrpt::make_arrow_schema(schema.it));
  // Runs of nulls and of values that begin and end in and at octets of validity.
  const auto has_name = [](std::size_t round, std::int64_t row) {
    return ((row * row / 8 + row / 3) % 2 == 0) != (round == 1);
  };
  const auto name_of = [](std::size_t round, std::int64_t row) {
    return "row " + std::to_string(row * (round == 0 ? 1 : 1000));
  };
  const auto is_known = [](std::int64_t row) { return row % 16 >= 8; };
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::int64_t row = 0; row < 100; ++row) {
      const std::string name = name_of(round, row);
      tlsrpt::arrow_source source{.position = row};
      if (has_name(round, row)) source.name = name;
      if (is_known(row)) source.received = row;
      REQUIRE(batch.append(source, tlsrpt::report_view{}));
    }
    REQUIRE(batch.finish(arrays[round].it));
  }
  for (std::size_t round = 0; round < 2; ++round) {
    REQUIRE(arrays[round].it.length == 100);
    for (std::int64_t row = 0; row < 100; ++row) {
      std::string begin = "{";
      if (has_name(round, row)) begin += R"("source":")" + name_of(round, row) + R"(",)";
      begin += R"("position":)" + std::to_string(row);
      if (is_known(row)) begin += R"(,"received":)" + std::to_string(row);
      const std::string found = arrow_reader::row(schema.it, arrays[round].it, row);
      CHECK(found.substr(0, begin.size()) == begin);
      CHECK(has(found, "received") == is_known(row));
    }
  }
}

TEST_CASE("an input that could not be got is a row") {
  tlsrpt::arrow_batch batch;
  REQUIRE(batch.append_unreadable({.name = "gone"}, "No such file or directory"));
  owned<ArrowArray> array;
  owned<ArrowSchema> schema;
  REQUIRE(batch.finish(array.it));
  REQUIRE(tlsrpt::make_arrow_schema(schema.it));
  CHECK(has(arrow_reader::row(schema.it, array.it, 0),
            R"("error":"cannot-read","error_hint":"No such file or directory")"));
}

TEST_CASE("an input that is known for something else has a hint") {
  tlsrpt::arrow_batch batch;
  REQUIRE(batch.append({}, tlsrpt::diagnostic{.code = tlsrpt::errc::not_an_object,
                                              .hint = tlsrpt::errc::mail_in_json}));
  owned<ArrowArray> array;
  owned<ArrowSchema> schema;
  REQUIRE(batch.finish(array.it));
  REQUIRE(tlsrpt::make_arrow_schema(schema.it));
  CHECK(has(arrow_reader::row(schema.it, array.it, 0), R"("error_hint":"mail-in-json")"));
}

TEST_CASE("a column of more than 2^31-1 elements fails, until it begins anew") {
  tlsrpt::detail::column lists;
  lists.put_list(INT32_MAX);
  CHECK_FALSE(lists.has_failed());
  lists.put_list(1);
  CHECK(lists.has_failed());
  lists.clear();
  CHECK_FALSE(lists.has_failed());
}

TEST_CASE("a tree of more nodes than any memory holds is refused") {
  CHECK((tlsrpt::detail::node_tree<ArrowArray>::make(SIZE_MAX / 8, nullptr, nullptr) == nullptr));
}

TEST_CASE("a batch ends by rows and by octets, and no row is lost") {
  const std::vector<std::string> texts(25, report_parts().text());
  for (const tlsrpt::arrow_options& options :
       {tlsrpt::arrow_options{.rows = 10}, tlsrpt::arrow_options{.octets = 5000}}) {
    owned<ArrowArrayStream> stream;
    REQUIRE(
        make_arrow_stream(tlsrpt::report_parser<>(), texts_to_read{&texts}, stream.it, options));
    std::int64_t rows = 0, batches = 0;
    while (true) {
      owned<ArrowArray> array;
      REQUIRE(stream.it.get_next(&stream.it, &array.it) == 0);
      if (array.it.release == nullptr) break;
      CHECK(array.it.length < 25);
      rows += array.it.length;
      ++batches;
    }
    CHECK(rows == 25);
    CHECK(batches > 2);
  }
}

TEST_CASE("a batch without rows is one") {
  tlsrpt::arrow_batch batch;
  owned<ArrowArray> array;
  REQUIRE(batch.finish(array.it));
  CHECK(array.it.length == 0);
  CHECK(array.it.n_children > 10);
  for (std::int64_t i = 0; i < array.it.n_children; ++i)
    CHECK((array.it.children[i]->buffers[1] != nullptr));
}

TEST_CASE("children that are moved away outlive what they were in") {
  ArrowArray policies{};
  ArrowSchema policies_schema{};
  {
    owned<ArrowArray> array;
    owned<ArrowSchema> schema;
    tlsrpt::report_parser<> parser;
    tlsrpt::arrow_batch batch;
    const std::string text = report_parts().text();
    REQUIRE(batch.append({}, *parser.parse(text)));
    REQUIRE(batch.finish(array.it));
    REQUIRE(tlsrpt::make_arrow_schema(schema.it));
    for (std::int64_t i = 0; i < schema.it.n_children; ++i) {
      if (schema.it.children[i]->name != std::string_view("policies")) continue;
      policies = std::exchange(*array.it.children[i], ArrowArray{});
      policies_schema = std::exchange(*schema.it.children[i], ArrowSchema{});
    }
  }
  REQUIRE((policies.release != nullptr));
  CHECK(has(arrow_reader::row(policies_schema, policies, 0), "certificate-expired"));
  policies.release(&policies);
  policies_schema.release(&policies_schema);
  CHECK((policies.release == nullptr));
  CHECK((policies_schema.release == nullptr));
}

TEST_CASE("a stream that was moved is the same, and says why its inputs ended early") {
  const std::vector<std::string> texts(1, report_parts().text());
  ArrowArrayStream first{};
  REQUIRE(make_arrow_stream(tlsrpt::report_parser<>(), texts_to_read{&texts, 0, EIO}, first));
  owned<ArrowArrayStream> stream;
  stream.it = std::exchange(first, {});
  CHECK(stream.it.get_last_error(&stream.it) == nullptr);
  owned<ArrowArray> array;
  REQUIRE(stream.it.get_next(&stream.it, &array.it) == 0);
  CHECK(array.it.length == 1);
  for (int i = 0; i < 2; ++i) {
    owned<ArrowArray> none;
    CHECK(stream.it.get_next(&stream.it, &none.it) == EIO);
    CHECK((none.it.release == nullptr));
  }
  CHECK(stream.it.get_last_error(&stream.it) == std::string_view("the inputs ended early"));
}

TEST_CASE("columns of the input are read or taken along, and released once") {
  support::made_stream::made = support::made_stream::released = 0;
  const std::vector<std::string> contents = {report_parts().text(), "?",
                                             support::gzip(report_parts().text())};
  support::made_stream input(contents);
  ArrowArrayStream in{};
  input.give(in);
  {
    owned<ArrowArrayStream> out;
    REQUIRE(parse_arrow_stream(tlsrpt::report_parser<>(), in, out.it));
    CHECK((in.release == nullptr));
    // The input has one batch at a time in its memory, so each is read before the next.
    const std::vector<std::string> rows = rows_of(out.it);
    REQUIRE(rows.size() == 3);
    CHECK(has(rows[0], R"({"source":"a.gz","position":0,"received":1795497129000000,"organ)"));
    CHECK(has(rows[0], R"("diagnostics_left_out":0,"mailbox":7})"));
    CHECK(has(rows[1], R"("error":)"));
    CHECK(has(rows[1], R"("mailbox":8})"));
    CHECK(has(rows[2], R"("position":2,)"));
    CHECK(has(rows[2], R"("organization_name":"Example Inc.")"));
  }
  CHECK(support::made_stream::made == 5);
  CHECK(support::made_stream::released == 5);
}

TEST_CASE("octets of each form and times of each unit are read") {
  const auto rows_from = [](const char* content, const char* unit, std::int64_t time) {
    const std::vector<std::string> contents = {report_parts().text(), "no report", ""};
    support::made_stream input(contents);
    input.content_format = content;
    input.time_format = unit;
    input.first_time = time;
    owned<ArrowArrayStream> in, out;
    input.give(in.it);
    REQUIRE(parse_arrow_stream(tlsrpt::report_parser<>(), in.it, out.it));
    return rows_of(out.it);
  };
  const std::vector<std::string> expected = rows_from("z", "tss:", 1'795'497'129);
  REQUIRE(expected.size() == 3);
  CHECK(has(expected[0], R"("organization_name":"Example Inc.")"));
  CHECK(has(expected[1], R"("error":)"));
  CHECK(has(expected[2], R"("error":"empty-input")"));
  for (const char* content : {"Z", "vz", "vu"})
    CHECK(rows_from(content, "tss:", 1'795'497'129) == expected);
  const auto received = [&](const char* unit, std::int64_t time) {
    const std::string row = rows_from("z", unit, time).at(0);
    const std::size_t begin = row.find("\"received\":") + 11;
    return has(row, "received") ? row.substr(begin, row.find(',', begin) - begin) : "null";
  };
  CHECK(received("tsm:", 1'795'497'129'250) == "1795497129250000");
  CHECK(received("tsu:UTC", 1'795'497'129'000'001) == "1795497129000001");
  CHECK(received("tsn:", 1'795'497'129'000'001'999) == "1795497129000001");
  CHECK(received("tsn:", -1) == "-1");
  CHECK(received("tss:", INT64_MAX / 1'000'000 + 1) == "null");
}

TEST_CASE("a column that is taken along keeps its dictionary") {
  const std::vector<std::string> contents = {report_parts().text()};
  support::made_stream input(contents);
  owned<ArrowArrayStream> in, out;
  input.give(in.it);
  REQUIRE(parse_arrow_stream(tlsrpt::report_parser<>(), in.it, out.it));
  owned<ArrowSchema> schema;
  owned<ArrowArray> batch;
  REQUIRE(out.it.get_schema(&out.it, &schema.it) == 0);
  REQUIRE(out.it.get_next(&out.it, &batch.it) == 0);
  const std::int64_t last = schema.it.n_children - 1;
  REQUIRE(schema.it.children[last]->name == std::string_view("mailbox"));
  REQUIRE((schema.it.children[last]->dictionary != nullptr));
  CHECK(schema.it.children[last]->dictionary->format == std::string_view("u"));
  REQUIRE((batch.it.children[last]->dictionary != nullptr));
  CHECK(arrow_reader::row(*schema.it.children[last]->dictionary,
                          *batch.it.children[last]->dictionary, 0) == "\"x\"");
}

TEST_CASE("a column alone can be read, too") {
  const std::vector<std::string> contents = {report_parts().text()};
  support::made_stream input(contents, false);
  owned<ArrowArrayStream> in, out;
  input.give(in.it);
  REQUIRE(parse_arrow_stream(tlsrpt::report_parser<>(), in.it, out.it));
  const std::vector<std::string> rows = rows_of(out.it);
  REQUIRE(rows.size() == 1);
  CHECK(has(rows[0], R"({"position":0,"organization_name")"));
}

TEST_CASE("an input that cannot be read says why") {
  const std::vector<std::string> contents = {report_parts().text()};
  const auto fault_of = [](support::made_stream& input, int& code) {
    owned<ArrowArrayStream> in, out;
    input.give(in.it);
    REQUIRE(parse_arrow_stream(tlsrpt::report_parser<>(), in.it, out.it));
    code = 0;
    while (code == 0) {
      owned<ArrowArray> array;
      code = out.it.get_next(&out.it, &array.it);
    }
    return std::string(out.it.get_last_error(&out.it));
  };
  int code = 0;
  support::made_stream numbers(contents);
  numbers.content_format = "i";
  CHECK(fault_of(numbers, code) == "this column has another type than is needed: content");
  CHECK(code == EINVAL);
  support::made_stream clash(contents);
  clash.extra_name = "policies";
  CHECK(fault_of(clash, code) == "a column of the input has a name that is made here: policies");
  CHECK(code == EINVAL);
  support::made_stream alone(contents, false);
  alone.content_format = "i";
  CHECK(fault_of(alone, code) == "a column of octets is needed, not one of the format i");
  CHECK(code == EINVAL);
  support::made_stream unlike(contents);
  unlike.lacks_column = true;
  CHECK(fault_of(unlike, code) == "a batch has other columns than the schema");
  CHECK(code == EINVAL);
  support::made_stream gone(contents);
  gone.error_of_schema = ENOENT;
  CHECK(fault_of(gone, code) == "the disk is on fire");
  CHECK(code == ENOENT);
  support::made_stream broken(contents);
  broken.error_at_end = EIO;
  CHECK(fault_of(broken, code) == "the disk is on fire");
  CHECK(code == EIO);
}
