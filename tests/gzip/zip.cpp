#include <tlsrpt/zip.hpp>
#if TLSRPT_TEST_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
#endif

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "one_shot_inflater.hpp"
#include "support.hpp"
#include "zip_writer.hpp"

namespace {

using support::findings;
using support::one_shot_inflater;
using support::zip_member;
using support::zip_writer;
using tlsrpt::errc;
using tlsrpt::limits;
using tlsrpt::zlib_inflater;
using list = std::vector<std::string>;

// The decoders that are tested alike.
#if TLSRPT_TEST_LIBDEFLATE
#define TLSRPT_INFLATERS zlib_inflater, one_shot_inflater, tlsrpt::libdeflate_inflater
#else
#define TLSRPT_INFLATERS zlib_inflater, one_shot_inflater
#endif

/// What came of an archive: the contents of its entries, or the names of their codes.
struct unpacked {
  list names, contents;
  errc code = errc::ok;
  std::size_t offset = 0;
  findings found;

  bool operator==(const unpacked& other) const {
    return names == other.names && contents == other.contents && code == other.code &&
           offset == other.offset && found.all == other.found.all;
  }
};

template <class Inflater = zlib_inflater, class Conformance = tlsrpt::lenient>
unpacked unpack(const std::string& archive, const limits& limits = {}) {
  unpacked all;
  tlsrpt::zip_reader<Conformance, Inflater> reader(limits);
  const auto entries = reader.open(archive, all.found);
  if (!entries) {
    all.code = entries.error().code;
    all.offset = entries.error().where.offset;
    CHECK(entries.error().where.in == tlsrpt::source::zip);
    return all;
  }
  for (const tlsrpt::zip_entry& entry : *entries) {
    all.names.emplace_back(entry.name);
    const auto content = reader.read(entry);
    if (!content) {
      CHECK(content.error().where.in == tlsrpt::source::zip);
      CHECK(content.error().subject == entry.name);
      CHECK(content.error().where.offset <= archive.size());
    }
    all.contents.emplace_back(content ? *content : name(content.error().code));
  }
  return all;
}

/// Lines that deflate makes shorter.
std::string text_of(char c, std::size_t lines = 20) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i)
    text += std::string("{\"") + c + "\": " + std::to_string(i) + "}\n";
  return text;
}

const std::string text_a = text_of('a'), text_b = text_of('b'), text_c = text_of('c');

zip_writer three() {
  return {{zip_member::of("a.json", text_a), zip_member::of("b.json", text_b, 0),
           zip_member::of("c.json", text_c)}};
}

}  // namespace

TEST_CASE_TEMPLATE("entries are found by the directory and unpacked", Inflater, TLSRPT_INFLATERS) {
  const unpacked all = unpack<Inflater>(three().archive());
  CHECK(all.code == errc::ok);
  CHECK(all.names == list{"a.json", "b.json", "c.json"});
  CHECK(all.contents == list{text_a, text_b, text_c});
  CHECK(all.found.names() == "in-zip");

  // In another order than that of the data, and with octets between them.
  const zip_writer w = three();
  std::string text = "between";
  std::string directory;
  for (std::size_t i : {2u, 0u, 1u}) {
    directory.insert(0, w.members[i].directory(text.size()));
    text += w.members[i].local() + "PK\3\4 and more";
  }
  CHECK(unpack<Inflater>(text + w.end(directory, text.size(), 3)).contents ==
        list{text_b, text_a, text_c});

  // Entries that are empty, stored or deflated.
  CHECK(
      unpack<Inflater>(zip_writer{{zip_member::of("a", ""), zip_member::of("b", "", 0)}}.archive())
          .contents == list{"", ""});
}

TEST_CASE("archives as many programs write them") {
  const unpacked plain = unpack(three().archive());
  zip_writer w = three();
  for (zip_member& member : w.members) {
    member.has_descriptor = true;
    member.local_extra = std::string("UT\5\0\3time", 9);
    member.directory_extra = std::string("ux\1\0x", 5);
    member.comment = "PK\5\6";
  }
  CHECK(unpack(w.archive()) == plain);
  for (zip_member& member : w.members) member.is_zip64 = true;
  CHECK(unpack(w.archive()) == plain);
  w.is_zip64 = true;
  CHECK(unpack(w.archive()) == plain);
  w = three();
  w.is_zip64 = true;
  CHECK(unpack(w.archive()) == plain);
  for (std::size_t size : {1u, 22u, 1000u, 0xffffu}) {
    w.comment.assign(size, 'c');
    CHECK(unpack(w.archive()) == plain);
  }
  // One that looks like the end of an archive, of which there is no directory.
  w.comment = three().archive().substr(three().archive().size() - 22);
  CHECK(unpack(w.archive()).contents == plain.contents);
}

TEST_CASE("names are what was written, and directories are left out") {
  const zip_writer w{{zip_member::of("reports/", "", 0), zip_member::of("../../etc/passwd", "a"),
                      zip_member::of(std::string("\0\xff\\c:\n", 6), "b"), zip_member::of("", "c"),
                      zip_member::of("a", "d"), zip_member::of("a", "e"),
                      zip_member::of("not-a-directory/", "f")}};
  const unpacked all = unpack(w.archive());
  CHECK(all.names ==
        list{"../../etc/passwd", std::string("\0\xff\\c:\n", 6), "", "a", "a", "not-a-directory/"});
  CHECK(all.contents == list{"a", "b", "c", "d", "e", "f"});
}

TEST_CASE("octets before and after the archive") {
  const list contents = unpack(three().archive()).contents;
  for (bool counts : {false, true}) {
    for (bool is_zip64 : {false, true}) {
      zip_writer w = three();
      w.prefix = "#!/bin/sh\n";
      w.counts_prefix = counts;
      w.is_zip64 = is_zip64;
      const std::string archive = w.archive();
      const unpacked all = unpack(archive + "\r\n");
      CHECK(all.contents == contents);
      // Where offsets count it, it cannot be told from octets between entries.
      const list codes = counts ? list{"in-zip", "zip-surroundings"}
                                : list{"in-zip", "zip-surroundings", "zip-surroundings"};
      REQUIRE(all.found.all.size() == codes.size());
      for (std::size_t i = 0; i < codes.size(); ++i) CHECK(name(all.found.all[i].code) == codes[i]);
      CHECK(all.found.all.back().offset == archive.size());
    }
  }
}

TEST_CASE("strict readers refuse archives, and accept of them what is configured") {
  CHECK(unpack<zlib_inflater, tlsrpt::strict>(three().archive()).code == errc::in_zip);
  tlsrpt::zip_reader<tlsrpt::rules> reader({}, tlsrpt::rules(tlsrpt::strict{}).with(errc::in_zip));
  const std::string archive = three().archive(), longer = archive + '\n';
  CHECK(reader.open(archive).has_value());
  CHECK(reader.open(longer).error().code == errc::zip_surroundings);
}

TEST_CASE("no octet is in two entries") {
  const zip_member a = zip_member::of("a", text_a, 0), b = zip_member::of("b", text_b);
  const auto code = [](const std::string& text, const list& directories) {
    std::string directory;
    for (const std::string& entry : directories) directory += entry;
    return unpack(text + zip_writer().end(directory, text.size(), directories.size())).code;
  };
  const std::string text = a.local() + b.local();
  CHECK(code(text, {a.directory(0), b.directory(a.local().size())}) == errc::ok);
  CHECK(code(text, {a.directory(0), a.directory(0)}) == errc::zip_overlap);
  CHECK(code(text, {b.directory(a.local().size()), a.directory(0),
                    b.directory(a.local().size())}) == errc::zip_overlap);
  // An entry in the data of another one.
  zip_member outer = zip_member::of("outer", b.local(), 0);
  const std::size_t inside = outer.local().find("PK\3\4", 1);
  CHECK(code(outer.local(), {outer.directory(0), b.directory(inside)}) == errc::zip_overlap);
  CHECK(code(outer.local(), {b.directory(inside), outer.directory(0)}) == errc::zip_overlap);
  CHECK(code(outer.local(), {b.directory(inside)}) == errc::ok);
  // One whose data go on into the next one, or into the directory.
  zip_member longer = a;
  longer.data += '.';
  CHECK(code(text, {longer.directory(0), b.directory(a.local().size())}) == errc::zip_overlap);
  CHECK(unpack(a.local() + zip_writer().end(longer.directory(0), a.local().size(), 1)).contents ==
        list{"zip-entry-missing"});
}

TEST_CASE_TEMPLATE("an entry at fault has its code, and the others are read", Inflater,
                   TLSRPT_INFLATERS) {
  const auto with = [](auto change) {
    zip_writer w = three();
    change(w.members[0]);
    change(w.members[1]);
    const unpacked all = unpack<Inflater>(w.archive());
    CHECK(all.code == errc::ok);
    REQUIRE(all.contents.size() == 3);
    CHECK(all.contents[2] == text_c);
    return list{all.contents[0], all.contents[1]};
  };
  CHECK(with([](zip_member& m) { m.flags = 1; }) == list{"zip-encrypted", "zip-encrypted"});
  CHECK(with([](zip_member& m) { m.flags = 0x41; }) == list{"zip-encrypted", "zip-encrypted"});
  for (unsigned method : {1u, 9u, 12u, 14u, 93u, 95u})
    CHECK(with([=](zip_member& m) { m.method = method; }) == list{"zip-method", "zip-method"});
  CHECK(with([](zip_member& m) { ++m.checksum; }) == list{"zip-checksum", "zip-checksum"});
  CHECK(with([](zip_member& m) { ++m.size; }) == list{"zip-length", "zip-length"});
  CHECK(with([](zip_member& m) { m.size = 0; }) == list{"zip-length", "zip-length"});
  CHECK(with([](zip_member& m) { m.size = 0xfffffffe; }) == list{"zip-length", "zip-length"});
  CHECK(with([](zip_member& m) { m.data += 'x'; }) == list{"zip-length", "zip-length"});
  CHECK(with([](zip_member& m) { m.data.pop_back(); }) == list{"zip-corrupt", "zip-length"});
  CHECK(with([](zip_member& m) { m.data.clear(); }) == list{"zip-corrupt", "zip-length"});
  CHECK(with([](zip_member& m) { m.data[0] = '\x07'; }) == list{"zip-corrupt", "zip-checksum"});

  // Where nothing is, or not even the archive.
  const zip_member a = zip_member::of("a", text_a), b = zip_member::of("b", text_b);
  for (std::uint64_t offset :
       {std::uint64_t{1}, std::uint64_t{100'000}, std::uint64_t{0xfffffffe}, UINT64_MAX}) {
    zip_member lost = a;
    lost.is_zip64 = true;
    const std::string directory = lost.directory(offset) + b.directory(a.local().size()),
                      text = a.local() + b.local();
    CHECK(unpack<Inflater>(text + zip_writer().end(directory, text.size(), 2)).contents ==
          list{"zip-entry-missing", text_b});
  }
  // A size that should be in ZIP64.
  std::string directory = a.directory(0);
  directory.replace(20, 4, "\xff\xff\xff\xff");
  CHECK(unpack<Inflater>(a.local() + zip_writer().end(directory, a.local().size(), 1)).contents ==
        list{"zip-entry-missing"});
}

TEST_CASE("directories at fault") {
  CHECK(unpack("").code == errc::zip_truncated);
  CHECK(unpack("PK\3\4").code == errc::zip_truncated);
  CHECK(unpack(std::string(100'000, 'x')).code == errc::zip_truncated);
  CHECK(unpack(zip_writer().archive()).code == errc::zip_empty);
  CHECK(unpack(zip_writer{{zip_member::of("folder/", "", 0)}}.archive()).code == errc::zip_empty);

  const std::string archive = three().archive();
  const std::size_t directory = archive.find("PK\1\2"), end = archive.size() - 22;
  const auto code = [&](std::size_t at, std::string_view octets) {
    std::string changed = archive;
    changed.replace(at, octets.size(), octets);
    return unpack(changed).code;
  };
  using namespace std::string_view_literals;
  CHECK(code(end + 10, "\4") == errc::zip_truncated);         // of several volumes
  CHECK(code(end + 8, "\4\0\4\0"sv) == errc::zip_directory);  // entries
  CHECK(code(end + 8, "\2\0\2\0"sv) == errc::zip_directory);  // fewer than there are
  CHECK(code(end + 4, "\1") == errc::zip_truncated);          // volumes
  CHECK(code(end + 12, "\xff\xff") == errc::zip_truncated);   // size
  CHECK(code(end + 16, "\xff\xff") == errc::zip_truncated);   // offset
  CHECK(code(end + 20, "\1") == errc::zip_truncated);         // comment
  CHECK(code(archive.find("PK\1\2", directory + 1), "pk") == errc::zip_directory);
  CHECK(code(directory + 28, "\xff\xff") == errc::zip_directory);  // size of a name

  // Cut anywhere it is refused, and changed anywhere it is read or refused.
  for (std::size_t size = 0; size < archive.size(); ++size)
    CHECK(unpack(archive.substr(0, size)).code == errc::zip_truncated);
  for (std::size_t at = 0; at < archive.size(); ++at)
    for (char octet : {'\0', '\x7f', '\xff'}) code(at, std::string_view(&octet, 1));
}

TEST_CASE_TEMPLATE("limits hold, and what is at a limit is read", Inflater, TLSRPT_INFLATERS) {
  const std::string archive = three().archive();
  const std::size_t all = text_a.size() + text_b.size() + text_c.size();
  CHECK(unpack<Inflater>(archive, {.max_gzip_bytes = archive.size()}).code == errc::ok);
  CHECK(unpack<Inflater>(archive, {.max_gzip_bytes = archive.size() - 1}).code ==
        errc::compressed_too_long);
  CHECK(unpack<Inflater>(archive, {.max_zip_entries = 3}).code == errc::ok);
  CHECK(unpack<Inflater>(archive, {.max_zip_entries = 2}).code == errc::too_many_zip_entries);
  CHECK(unpack<Inflater>(archive, {.max_text_bytes = all}).contents ==
        list{text_a, text_b, text_c});
  CHECK(unpack<Inflater>(archive, {.max_text_bytes = all - 1}).contents ==
        list{text_a, text_b, "text-too-long"});
  CHECK(unpack<Inflater>(archive, {.max_text_bytes = text_a.size() + text_b.size() - 1}).contents ==
        list{text_a, "text-too-long", "text-too-long"});

  const std::string zeros(300'000, '\0');
  const zip_writer bomb{{zip_member::of("a", zeros), zip_member::of("b", text_b)}};
  const std::size_t ratio = zeros.size() / bomb.members[0].data.size();
  CHECK(unpack<Inflater>(bomb.archive(), {.max_expansion = ratio, .expansion_free_bytes = 1000})
            .contents == list{"expansion-ratio", text_b});
  CHECK(unpack<Inflater>(bomb.archive(), {.max_expansion = ratio + 1, .expansion_free_bytes = 1000})
            .contents == list{zeros, text_b});
  CHECK(unpack<Inflater>(bomb.archive(), {.max_expansion = 1, .expansion_free_bytes = 300'000})
            .contents == list{zeros, text_b});
}

TEST_CASE_TEMPLATE("entries at fault count, so that many of them take no more time", Inflater,
                   TLSRPT_INFLATERS) {
  zip_writer w;
  for (int i = 0; i < 50; ++i) {
    w.members.push_back(zip_member::of("a", std::string(100'000, 'a')));
    ++w.members.back().checksum;
    w.members.push_back(zip_member::of("b", std::string(100'000, 'b')));
    w.members.back().data.pop_back();
  }
  const list contents = unpack<Inflater>(w.archive(), {.max_text_bytes = 1'000'000}).contents;
  CHECK(std::ranges::count(contents, "text-too-long") > 80);
}

TEST_CASE("a reader is used again, moved, and released") {
  const std::string first = three().archive(),
                    second = zip_writer{{zip_member::of("x", "y")}}.archive();
  tlsrpt::zip_reader<> reader;
  REQUIRE(reader.open(first).has_value());
  CHECK_FALSE(reader.open("nothing").has_value());
  const auto entries = reader.open(second);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  tlsrpt::zip_reader<> moved = std::move(reader);
  CHECK(*moved.read((*entries)[0]) == "y");
  moved.release();
  const auto again = moved.open(first);
  REQUIRE(again);
  CHECK(*moved.read((*again)[2]) == text_c);
  CHECK(*moved.read((*again)[0]) == text_a);
  CHECK(moved.open(first, tlsrpt::ignore_diagnostics{}).has_value());
}
