#include "html.hpp"

#include <array>
#include <cstdint>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/submission.hpp>

namespace collector {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--soft:#f3f5f7;--line:#d0d7de;--link:#0550ae;--bad:#a4161a;--good:#1a7f37}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa5b1;--paper:#0d1117;--soft:#161b22;--line:#30363d;--link:#79b8ff;--bad:#ff8182;--good:#56d364}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1rem}
header{padding-top:1rem;border-bottom:1px solid var(--line)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0 0 .75rem}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;line-height:1.4;margin:0 0 .5rem;overflow-wrap:anywhere}
p{margin:.5rem 0;max-width:44rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font:.92em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:var(--soft);padding:.75rem;border:1px solid var(--line)}
.state{font-size:1.1rem}
.dim{color:var(--dim)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.finding{border:1px solid var(--line);border-left:.35rem solid var(--bad);background:var(--soft);padding:.9rem 1rem;margin:1rem 0}
.finding.later{border-left-color:var(--dim)}
.finding p{margin:.3rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
caption{text-align:left;color:var(--dim);padding:.25rem 0}
th,td{padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;overflow-wrap:break-word}
thead th{font-weight:600;vertical-align:bottom}
time{white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;height:auto;max-width:58rem;display:block}
svg .ok{fill:var(--good)}svg .failed{fill:var(--bad)}svg .axis{stroke:var(--dim)}svg .hatch{stroke:var(--paper);stroke-width:2}
footer{margin-top:3rem;padding-bottom:2rem;color:var(--dim);font-size:.9rem;border-top:1px solid var(--line)}
@media print{nav,.skip{display:none}details{display:block}.finding{break-inside:avoid}}
)";

std::string base64(const std::array<std::uint8_t, 32>& octets) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  unsigned size = 0;
  for (std::uint8_t octet : octets) {
    bits = bits << 8 | octet;
    for (size += 8; size >= 6; size -= 6) text += digits[bits >> (size - 6) & 63];
  }
  text += digits[bits << (6 - size) & 63];
  return text + '=';
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr std::size_t most_characters = 200;
  std::string html;
  tlsrpt::escape::html_text(html, text, most_characters);
  return html;
}

html_page::html_page(std::string_view title, std::string_view root, std::string_view foot)
    : title_(escaped(title)), root_(root), foot_(foot) {}

html_page& html_page::element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  body_ += '<' + tag + '>' + escaped(text) + "</" + tag + ">\n";
  return *this;
}

html_page& html_page::code(std::string_view text) {
  std::string html;
  tlsrpt::escape::html_text(html, text);
  // Long lines wrap; the focus is for those who scroll with keys.
  body_ += "<pre tabindex=\"0\"><code>" + html + "</code></pre>\n";
  return *this;
}

void html_page::begin_table(std::string_view caption,
                            std::initializer_list<std::string_view> columns,
                            std::size_t text_columns) {
  text_columns_ = text_columns;
  const std::string label = escaped(caption);
  body_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + label +
           "\"><table><caption>" + label + "</caption><thead><tr>";
  std::size_t number = 0;
  for (std::string_view column : columns) {
    body_ += number++ < text_columns ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">";
    body_ += escaped(column) + "</th>";
  }
  body_ += "</tr></thead><tbody>\n";
}

void html_page::row(std::initializer_list<std::string> cells) {
  body_ += "<tr>";
  std::size_t number = 0;
  for (const std::string& cell : cells) {
    if (number == 0)
      body_ += "<th scope=\"row\">" + cell + "</th>";
    else
      body_ += (number < text_columns_ ? "<td>" : "<td class=\"n\">") + cell + "</td>";
    ++number;
  }
  body_ += "</tr>\n";
}

std::string html_page::text() const {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                    base64(tlsrpt::hash_of_token(style)) +
                                    "'; base-uri 'none'; form-action 'none'";
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
      policy +
      "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      title_ + "</title>\n<style>" + std::string(style) + "</style></head>\n<body>\n";
  page +=
      "<header><a class=\"skip\" href=\"#main\">To the content</a><nav aria-label=\"Pages\"><ul>"
      "<li><a href=\"" +
      root_ + "index.html\">Today</a></li><li><a href=\"" + root_ +
      "index.html#domains\">Domains</a></li><li><a href=\"" + root_ +
      "reporters.html\">Reporters</a></li><li><a href=\"" + root_ +
      "set-up.html\">Set-up</a></li></ul></nav></header>\n<main id=\"main\">\n<h1>" + title_ +
      "</h1>\n" + body_ + "</main>\n<footer><p>" + foot_ + "</p></footer>\n</body></html>\n";
  return page;
}

}  // namespace collector
