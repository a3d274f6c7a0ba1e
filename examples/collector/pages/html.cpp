#include "html.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/submission.hpp>

namespace collector {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--soft:#f3f5f7;--line:#d0d7de;--link:#0550ae;--bad:#a4161a;--good:#1a7f37}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa5b1;--paper:#0d1117;--soft:#161b22;--line:#30363d;--link:#79b8ff;--bad:#ff8182;--good:#56d364}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{width:min(66rem,100% - 2rem);margin:0 auto}
main:focus{outline:0}
header{padding-top:1rem;border-bottom:1px solid var(--line)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0 0 .75rem}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;line-height:1.4;margin:0 0 .5rem}
p{margin:.5rem 0;max-width:44rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font:.92em/1.5 ui-monospace,monospace}
pre{white-space:pre-wrap;background:var(--soft);padding:.75rem;border:1px solid var(--line)}
.state{font-size:1.1rem}
.dim{color:var(--dim)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.finding{max-width:48rem;border:1px solid var(--line);border-left:.35rem solid var(--bad);background:var(--soft);padding:.9rem 1rem;margin:1rem 0}
.finding.later{border-left-color:var(--dim)}
.finding p{margin:.3rem 0}
.bad{color:var(--bad);font-weight:600}
.scroll{overflow-x:auto}
dd pre{margin:.25rem 0 1rem}
dd{margin:0}
.terms{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem}
.terms dt{color:var(--dim)}
.terms dd{overflow-wrap:anywhere;min-width:0}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
caption{text-align:left;color:var(--dim);padding:.25rem 0}
th,td{padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{font-weight:600;vertical-align:bottom;overflow-wrap:break-word}
tr>:last-child{padding-right:0}
time{white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;height:auto;max-width:58rem;display:block}
svg .ok{fill:var(--good)}svg .failed{fill:var(--bad)}svg .none{fill:var(--dim)}svg .axis{stroke:var(--dim)}svg .hatch{stroke:var(--paper);stroke-width:2}
.strip{max-width:28rem}
.ends{display:flex;justify-content:space-between;max-width:58rem;margin:0;color:var(--dim);font-size:.9rem}
.strip+.ends{max-width:28rem}
.key{color:var(--dim);font-size:.9rem}
.key span{display:inline-block;width:.8em;height:.8em}.key .ok{background:var(--good)}.key .late{background:repeating-linear-gradient(45deg,var(--good) 0 2px,var(--paper) 2px 4px)}.key .failed{background:repeating-linear-gradient(135deg,var(--bad) 0 2px,var(--paper) 2px 4px)}
.key .late,.key .failed{margin-left:1rem}
.pager ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:.5rem 0;padding:0}
[aria-current]{font-weight:600;color:var(--ink);text-decoration:none}
footer{margin-top:3rem;padding-bottom:2rem;color:var(--dim);font-size:.9rem;border-top:1px solid var(--line)}
@media(max-width:54rem){table{font-size:.9rem}th,td{padding-right:.6rem}}
@media(max-width:36rem){
table{font-size:1rem}
table,caption,tbody,tr,th,td{display:block}
thead{position:absolute;left:-99rem}
tbody tr{border-bottom:1px solid var(--line);padding:.4rem 0}
tbody th,tbody td{border:0;padding:.1rem 0}
tbody td{display:flex;justify-content:space-between;gap:1rem;white-space:normal}
td div{min-width:0}
tbody td::before{content:attr(data-label);color:var(--dim);text-align:left;white-space:nowrap}
.terms{display:block}.terms dd{margin-bottom:.5rem}
}
@media print{nav,.skip,summary{display:none}details::details-content{content-visibility:visible;block-size:auto}.finding,tr,svg{break-inside:avoid}a{color:inherit;text-decoration:none}}
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

std::string escaped_whole(std::string_view text) {
  std::string html;
  tlsrpt::escape::html_text(html, text);
  return html;
}

const std::string& content_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                    base64(tlsrpt::hash_of_token(style)) +
                                    "'; base-uri 'none'; form-action 'none'";
  return policy;
}

html_page::html_page(std::string_view name, std::string_view title, std::string_view foot)
    : name_(name),
      title_(escaped(title)),
      root_(name.find('/') == name.npos ? "" : "../"),
      foot_(foot) {}

html_page& html_page::element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  body_ += '<' + tag + '>' + escaped(text) + "</" + tag + ">\n";
  return *this;
}

html_page& html_page::paragraph(std::string_view text) {
  body_ += "<p>" + escaped_whole(text) + "</p>\n";
  return *this;
}

html_page& html_page::code(std::string_view text) {
  // Long lines wrap; the focus is for those who scroll with keys.
  body_ += "<pre tabindex=\"0\"><code>";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    body_ += escaped_whole(line) + '\n';
  }
  body_ += "</code></pre>\n";
  return *this;
}

void html_page::begin_table(std::string_view caption,
                            std::initializer_list<std::string_view> columns,
                            std::size_t text_columns) {
  text_columns_ = text_columns;
  columns_.assign(columns.begin(), columns.end());
  const std::string label = escaped(caption);
  body_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + label +
           "\"><table><caption>" + label + "</caption><thead><tr>";
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    body_ += i < text_columns ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">";
    body_ += escaped(columns_[i]) + "</th>";
  }
  body_ += "</tr></thead><tbody>\n";
}

void html_page::row(std::initializer_list<std::string> cells) {
  body_ += "<tr>";
  std::size_t number = 0;
  for (const std::string& cell : cells) {
    if (number == 0) {
      body_ += "<th scope=\"row\">" + cell + "</th>";
    } else {
      // Small screens show a row as a list, with the names of the columns in it.
      body_ += number < text_columns_ ? "<td data-label=\"" : "<td class=\"n\" data-label=\"";
      body_ += escaped(columns_.at(number)) + "\"><div>" + cell + "</div></td>";
    }
    ++number;
  }
  body_ += "</tr>\n";
}

std::string html_page::link(std::string_view file, std::string_view text) const {
  return "<a href=\"" + root_ + escaped_whole(file) + "\">" + escaped(text) + "</a>";
}

std::string html_page::text() const {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> views = {
      {{"index.html", "Today"},
       {"domains.html", "Domains"},
       {"hosts.html", "Mail hosts"},
       {"reporters.html", "Reporters"},
       {"set-up.html", "Set-up"}}};
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
      content_policy() +
      "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      title_ + "</title>\n<style>" + std::string(style) + "</style></head>\n<body>\n";
  page +=
      "<header><a class=\"skip\" href=\"#main\">To the content</a><nav aria-label=\"Pages\"><ul>";
  for (const auto& [file, title] : views) {
    page += "<li><a href=\"" + root_ + std::string(file) + '"';
    if (file == name_) page += " aria-current=\"page\"";
    page += '>' + std::string(title) + "</a></li>";
  }
  page += "</ul></nav></header>\n<main id=\"main\" tabindex=\"-1\">\n<h1>" + title_ + "</h1>\n" +
          body_ + "</main>\n<footer>" + foot_ + "</footer>\n</body></html>\n";
  return page;
}

}  // namespace collector
