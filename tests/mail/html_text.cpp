#include <tlsrpt/detail/mail/html_text.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using tlsrpt::detail::html_text_decoder;

/// Decodes in one go, in small steps and in place, which all have to give the same.
std::string text_of(std::string_view html) {
  std::string once(html_text_decoder::bound(html.size()), '?');
  once.resize(html_text_decoder(html).read(once));

  std::string steps;
  html_text_decoder stepping(html);
  for (char room[4];;) {
    const std::size_t size = stepping.read(room);
    steps.append(room, size);
    if (size == 0) break;
  }
  CHECK(steps == once.substr(0, steps.size()));

  std::string in_place(html);
  in_place.resize(html_text_decoder::bound(html.size()));
  html_text_decoder overwriting(std::string_view(in_place).substr(0, html.size()));
  CHECK(in_place.substr(0, overwriting.read(in_place)) == once);
  return once;
}

}  // namespace

TEST_CASE("tags go, blocks and breaks are lines") {
  CHECK(text_of("") == "");
  CHECK(text_of("a b") == "a b");
  CHECK(text_of("<p>Look:</p><pre>{\n  &quot;a&quot;: 1\n}</pre>") == "Look:\n{\n  \"a\": 1\n}\n");
  CHECK(text_of("<html><body>\n <div>{</div>\n <div>&nbsp;&nbsp;\"a\":1</div> <div>}</div>") ==
        "{\n  \"a\":1\n}\n");
  CHECK(text_of("{<br>\"a\":1<br/>}<BR />") == "{\n\"a\":1\n}\n");
  CHECK(text_of("<span>a</span><b>b</b><o:p></o:p>") == "ab");
  CHECK(text_of("<table><tr><td>a</td><td>b</td></tr><tr><th>c") == "a b \nc");
  CHECK(text_of("<blockquote type=\"cite\">{}</blockquote>") == "{}\n");
}

TEST_CASE("whitespace is one space, but not in pre") {
  CHECK(text_of(" a \r\n\t b ") == "a b ");
  CHECK(text_of("<pre> a \r\n\t b </pre> c  d") == " a \r\n\t b \nc d");
  CHECK(text_of("<pre>a<pre>b  </pre>  </pre>  c") == "a\nb  \n  \nc");
  CHECK(text_of("</pre>a  b") == "a b");
  CHECK(text_of("a&nbsp;&nbsp;b\xc2\xa0\xc2\xa0 c") == "a  b  c");
}

TEST_CASE("references: by name and by number, also without a semicolon") {
  CHECK(text_of("&quot;&#34;&#x22;&#X22&quot&amp;&lt;&gt;&apos;") == "\"\"\"\"\"&<>'");
  CHECK(text_of("&lcub;&lbrace;&rcub;&rbrace;&lsqb;&lbrack;&rsqb;&rbrack;&colon;&comma;") ==
        "{{}}[[]]:,");
  CHECK(text_of("&ldquo;&rdquo;&#8364;&#x1F600;") == "\u201c\u201d\u20ac\U0001F600");
  CHECK(text_of("&#0&#xd800;&#x110000;&#99999999999999999999;") == "\ufffd\ufffd\ufffd\ufffd");
  CHECK(text_of("&amp;quot;") == "&quot;");
  // None of these is a reference that is known.
  for (std::string_view text : {"&", "&;", "& a", "&#", "&#;", "&#x", "&#xg;", "&nosuch;",
                                "&quotation;", "&QUOT;", "a&b=c"})
    CHECK(text_of(text) == text);
}

TEST_CASE("what is not shown is not text") {
  CHECK(text_of("a<!-- <p> {\"x\":1} -->b<!DOCTYPE html>c<?php d ?>e") == "abce");
  CHECK(text_of("<style>p > b { color: red }</style>a<SCRIPT>if (a</b) { x }</script >b") == "ab");
  CHECK(text_of("a<style>b</styl></style") == "a");
  CHECK(text_of("a<!-- b") == "a");
}

TEST_CASE("tags end where browsers end them") {
  CHECK(text_of("<a href=\"x>y\">z</a>") == "z");
  CHECK(text_of("<a title = 'x>\"y'>z") == "z");
  CHECK(text_of("<a it's>z</a>") == "z");
  CHECK(text_of("<a x=y\"z>w") == "w");
  CHECK(text_of("a<b") == "a");
  CHECK(text_of("a<b c=\"d>e") == "a");
  for (std::string_view text : {"<", "a < b", "<3", "</", "</ p>", "</>", "1<2>1"})
    CHECK(text_of(text) == text);
}

TEST_CASE("time is linear, whatever does not end") {
  for (std::string_view piece : {"<", "<!", "<!--", "<a", "<a b=\"", "&", "&#", "&#x", "</",
                                 "<style>", "<pre>", "<style></", "&lt", "<a b='>", "<a b=\">"}) {
    std::string html;
    for (int i = 0; i < 200'000; ++i) html += piece;
    std::string room(html_text_decoder::bound(html.size()), '\0');
    CHECK(html_text_decoder(html).read(room) <= html.size());
  }
}
