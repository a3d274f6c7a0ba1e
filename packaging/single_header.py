"""Makes tlsrpt a library of one file.

single_header.py DIRECTORY [--depfile FILE]

Writes to DIRECTORY:
  tlsrpt.hpp         all that tlsrpt/tlsrpt.hpp includes; needs simdjson and zlib. With
                     TLSRPT_HPP_WITH_LIBDEFLATE defined before it is included, also
                     tlsrpt/libdeflate.hpp, which needs libdeflate.
  tlsrpt_record.hpp  record.hpp and policy_text.hpp, which need the standard library only
  tlsrpt/            for the tests: each header of include/tlsrpt, including nothing but one of
                     these two; and those that tlsrpt.hpp does not include, as they are

The two files go together, in any order and any number of times: every header in them keeps its
include guard. The same sources give the same octets. FILE is told what was read, for the build.
"""

import argparse
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / 'include'
INCLUDE_LINE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]\s*')

RECORD_HEADERS = ['tlsrpt/version.hpp', 'tlsrpt/record.hpp', 'tlsrpt/policy_text.hpp']
ALL_HEADERS = ['tlsrpt/tlsrpt.hpp']
LIBDEFLATE_HEADERS = ['tlsrpt/libdeflate.hpp']
# What tlsrpt.hpp does not include, nor does a single header have it.
HEADERS_BY_NAME = [
    'tlsrpt/arrow.hpp',
    'tlsrpt/advice.hpp', 'tlsrpt/canonical.hpp', 'tlsrpt/endpoint.hpp', 'tlsrpt/escape.hpp',
    'tlsrpt/finding.hpp', 'tlsrpt/kept_report.hpp', 'tlsrpt/ledger.hpp',
    'tlsrpt/mail.hpp', 'tlsrpt/ostream.hpp', 'tlsrpt/reason.hpp',
    'tlsrpt/reasons.hpp', 'tlsrpt/policy_advice.hpp', 'tlsrpt/record_advice.hpp', 'tlsrpt/submission.hpp', 'tlsrpt/submitter.hpp',
    'tlsrpt/sender_profile.hpp', 'tlsrpt/summary.hpp', 'tlsrpt/tls_errors.hpp', 'tlsrpt/trend.hpp',
    'tlsrpt/datagram.hpp', 'tlsrpt/session.hpp', 'tlsrpt/tally.hpp', 'tlsrpt/tally_report.hpp',
    'tlsrpt/write_datagram.hpp',
    'tlsrpt/write_advice.hpp', 'tlsrpt/write_gzip.hpp', 'tlsrpt/write_mail.hpp',
    'tlsrpt/write_record.hpp', 'tlsrpt/write_report.hpp', 'tlsrpt/zip.hpp',
    'tlsrpt/zone_text.hpp']
LIBDEFLATE_MACRO = 'TLSRPT_HPP_WITH_LIBDEFLATE'

RECORD_TITLE = '''\
TXT records, MTA-STS policies and TLSA records. Needs C++20 and its standard library.
tlsrpt.hpp has this and the rest; a program may include both.'''
ALL_TITLE = f'''\
All of it. Needs C++20, simdjson 3.0.1 or newer, and zlib. For the inflater over libdeflate, define
{LIBDEFLATE_MACRO} before this file is included. Files that only read records may
include tlsrpt_record.hpp instead.'''


class Part:
    """A header: its text without includes, and what it includes before and after that text."""

    def __init__(self, name):
        self.before, self.after, lines = [], [], []
        depth, seen_code = 0, False
        text = (INCLUDE / name).read_text()
        for number, line in enumerate(text.splitlines(), 1):
            include = INCLUDE_LINE.fullmatch(line)
            if include:
                if depth != 1:
                    raise SystemExit(f'{name}:{number}: an include under a condition')
                (self.after if seen_code else self.before).append(include[1])
                continue
            if line == '/// @file':
                continue
            lines.append(line)
            if re.match(r'\s*#\s*if', line):
                depth += 1
            elif re.match(r'\s*#\s*endif', line):
                depth -= 1
            elif self.after and line.strip():
                raise SystemExit(f'{name}:{number}: an include in the middle of the code')
            elif line.strip() and not re.match(r'\s*(//|#\s*define TLSRPT_HPP_\w+$)', line):
                seen_code = True
        self.text = re.sub(r'\n{3,}', '\n\n', '\n'.join(lines).strip('\n'))


class Amalgamation:
    """The parts that some headers need, in the order in which a compiler sees their code."""

    def __init__(self, roots, known=()):
        self.outside, self.parts = set(), {}
        self._known = set(known)
        for name in roots:
            self._add(name)

    def _add(self, name):
        if name in self._known:
            return
        self._known.add(name)
        part = Part(name)
        self._follow(part.before)
        self.parts[name] = part.text
        self._follow(part.after)

    def _follow(self, names):
        for name in names:
            if name.startswith('tlsrpt/'):
                self._add(name)
            else:
                self.outside.add(name)

    def includes(self):
        """The standard headers, and then the others."""
        return [f'#include <{name}>' for name in sorted(self.outside, key=lambda n: ('.' in n, n))]

    def code(self):
        for name, text in self.parts.items():
            yield from (f'// {name}', '', text, '')


def version():
    header = (INCLUDE / 'tlsrpt/version.hpp').read_text()
    return re.search(r'VERSION_STRING "(.*)"', header)[1]


def banner(title):
    license = (ROOT / 'LICENSE').read_text().strip()
    text = f'''\
tlsrpt {version()}: SMTP TLS Reporting (RFC 8460), in one header

{title}

Made by packaging/single_header.py; to change something, change the headers it is made of.

SPDX-License-Identifier: MIT

{license}'''
    return [f'// {line}'.rstrip() for line in text.splitlines()]


def whole(title, all_parts, more=()):
    # Attributes of GCC that MSVC does not know, and says so (C5030).
    lines = [*banner(title), '', *all_parts.includes(), '',
             '#ifdef _MSC_VER', '#pragma warning(push)', '#pragma warning(disable : 5030)', '#endif', '',
             *all_parts.code(), *more, '#ifdef _MSC_VER', '#pragma warning(pop)', '#endif']
    return '\n'.join(lines) + '\n'


def main():
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument('directory', type=pathlib.Path)
    arguments.add_argument('--depfile', type=pathlib.Path)
    arguments = arguments.parse_args()

    record, full = Amalgamation(RECORD_HEADERS), Amalgamation(ALL_HEADERS)
    libdeflate = Amalgamation(LIBDEFLATE_HEADERS, known=full.parts)
    more = [f'#ifdef {LIBDEFLATE_MACRO}', '', *libdeflate.includes(), '', *libdeflate.code(), '#endif', '']
    by_name = Amalgamation(HEADERS_BY_NAME, known=full.parts)
    headers = sorted(path.relative_to(INCLUDE).as_posix() for path in INCLUDE.rglob('*.hpp'))
    unused = set(headers) - full.parts.keys() - libdeflate.parts.keys() - by_name.parts.keys()
    if unused:
        raise SystemExit('in no single header: ' + ' '.join(sorted(unused)))

    files = {'tlsrpt_record.hpp': whole(RECORD_TITLE, record), 'tlsrpt.hpp': whole(ALL_TITLE, full, more)}
    for name in headers:
        if name in by_name.parts:
            files[name] = (INCLUDE / name).read_text()
            continue
        target = 'tlsrpt_record.hpp' if name in record.parts else 'tlsrpt.hpp'
        macro = f'#define {LIBDEFLATE_MACRO}\n' if name in libdeflate.parts else ''
        files[name] = f'{macro}#include <{target}>\n'
    for name, text in files.items():
        path = arguments.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode('ascii'))
    if arguments.depfile:
        read = [ROOT / 'LICENSE', *(INCLUDE / name for name in headers)]
        escaped = [str(path).replace(' ', '\\ ') for path in read]
        arguments.depfile.write_text(f'{arguments.directory / "tlsrpt.hpp"}: {" ".join(escaped)}\n')


if __name__ == '__main__':
    main()
