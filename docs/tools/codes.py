"""Makes docs/codes.md, the table of every code, of error.hpp, its table and the examples.

codes.py            writes docs/codes.md
codes.py check      fails if docs/codes.md is not what it would write, if an example is missing, or if the
                    comment of a code in errc.hpp is not its sentence

tests/core/codes.cpp runs the examples.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
PAGE = ROOT / 'docs/codes.md'
DATA = ROOT / 'tests/data/codes'

BEGINNING = '''# Every code

<!-- Written by docs/tools/codes.py of errc.hpp, detail/codes and tests/data/codes. -->

Everything that can be wrong or odd has a code. `name()`, `grade_of()`, `message()` and `requirement()` of
[error.hpp](../include/tlsrpt/error.hpp) give at run time what this page says. Names are stable.

| Grade | Means | `lenient` | `strict` |
| --- | --- | --- | --- |
| note | Worth knowing; the input conforms. | continues | continues |
| warning | Conforms, but is unusual, needless or likely a mistake. | continues | continues |
| violation | Breaks the RFC; a lenient reader continues. | continues | refuses |
| fatal | Nothing usable comes out. | refuses | refuses |

## The examples

Each example gives its code, perhaps among others: the tests run them all. `\\x0a` is an octet in
hexadecimal digits, `\\(0f*32)` means `0f` 32 times, and `|` separates several texts.

A **report** is shown whole, or as a part that replaces another one in this report, which has nothing
wrong or odd about it (`...` is all up to what follows):

```json
{report}```

**Consistency** is about such a report that was read and then given to `find_inconsistencies()` two days
later, with reports kept for a year. **Limit** says with which limits that report, in gzip of two members, is read.
'''

# The words before an example of each kind.
LABELS = {
    'record': 'record', 'domain': '`query_name()` of', 'report': 'report', 'consistency': 'consistency', 'octets': 'octets',
    'duplicate': 'a second report', 'zip': 'octets of an archive', 'limit': 'limit', 'in place': '`parse_in_place()`, octets after the text:',
    'inflater': 'gzip, and an inflater whose', 'visitor': 'a visitor whose', 'simdjson': 'simdjson set to',
    'file name': 'file name',
    'subject': 'Subject', 'header field': 'TLS-Report-Domain:', 'wrapper': 'multipart and report-type', 'part': 'part',
    'envelope': 'envelope', 'policy': 'policy', 'tlsa': 'TLSA',
    'ledger': 'a ledger', 'entries': 'most reports of a ledger:', 'days': 'days of a report for a ledger:',
    'session': 'domain and time of a session, counted in a tally of 2026-11-23:',
    'datagram': 'datagram', 'session text': 'text of a session:',
    'tallies': 'two equal tallies, most domains of the first one:', 'report of': 'report of an empty tally to',
    'zone': '`read_zone_text()` of', 'owner name': '`read_owner_name()` of',
}


def read_enumeration():
    return re.search(r'enum class errc\b.*?\{(.*?)\n\};', (ROOT / 'include/tlsrpt/errc.hpp').read_text(), re.S)[1]


def read_comments():
    """Maps each code to its comment in errc.hpp."""
    found = re.findall(r'((?:^  /// .*\n)*)^  (\w+)(?: = \w+)?,(?:  ///< (.*))?$', read_enumeration(), re.M)
    return {code: trailing or ' '.join(re.findall(r'/// (.*)', before)) for before, code, trailing in found}


def read_codes():
    """The groups of codes as errc.hpp has them: pairs of a title and the codes."""
    enumeration = read_enumeration()
    groups = []
    for paragraph in re.split(r'\n\s*\n', enumeration):
        comment = ' '.join(re.findall(r'^\s*// (.*)$', paragraph, re.M))
        codes = re.findall(r'^\s*(\w+)(?: = \w+)?,', paragraph, re.M)
        if comment:
            groups.append((comment.rstrip('.'), codes))
    return groups


def read_table():
    """Maps each code to its grade, name, requirement and sentence."""
    table = ''.join(path.read_text() for path in sorted((ROOT / 'include/tlsrpt/detail/codes').glob('*.hpp')))
    string = r'"((?:[^"\\]|\\.)*)"'
    rows = re.findall(rf'\{{errc::(\w+), grade::(\w+), {string}, {string},\s*{string}\}}', table)
    return {code: (grade, name, requirement, sentence.replace('\\"', '"'))
            for code, grade, name, requirement, sentence in rows}


def read_examples():
    rows = (line.split('\t') for line in (DATA / 'examples.tsv').read_text().splitlines())
    return {row[0]: (row + [''] * 2)[1:4] + [len(row) == 4] for row in rows}


def literal(text):
    """Text as code in a cell of a Markdown table."""
    ticks = '``' if '`' in text else '`'
    text = text.replace('|', '\\|')
    if text.startswith('`') or text.endswith('`'):
        text = f' {text} '
    return ticks + text + ticks


def cell(text):
    """Prose in a cell of a Markdown table."""
    return re.sub(r'([\\*_`<|\[])', r'\\\1', text)


def shown(kind, example, more, has_more):
    label = LABELS[kind]
    if kind == 'record' and not example:
        return 'no TXT record'
    if kind == 'envelope' and has_more:
        return f'{label} {literal(example)}, report without {literal(more)}'
    if not has_more:
        return f'{label} {literal(example)}'
    if not example:
        return f'{label} without {literal(more)}'
    return f'{label} with {literal(example)} for {literal(more)}'


def page():
    table, examples = read_table(), read_examples()
    text = BEGINNING.replace('{report}', (DATA / 'report.json').read_text())
    for title, codes in read_codes():
        text += f'\n## {title}\n\n| Code | Grade | Meaning | From | Example |\n| --- | --- | --- | --- | --- |\n'
        for code in codes:
            grade, name, requirement, sentence = table[code]
            if name not in examples and not title.startswith('Mails '):
                sys.exit(f'{name} has no example in tests/data/codes/examples.tsv')
            text += (f'| <a id="{name}"></a>`{name}` | {grade} | {cell(sentence)} | {requirement or "-"} | '
                     f'{shown(*examples[name]) if name in examples else "a mail"} |\n')
    missing = [name for _, name, *_ in table.values() if f'`{name}` |' not in text]
    if missing:
        sys.exit(f'in no group of errc.hpp: {missing}')
    return text


arguments = sys.argv[1:]
if arguments == ['check']:
    comments = read_comments()
    for code, (_, _, _, sentence) in read_table().items():
        if comments.get(code) != sentence:
            sys.exit(f'errc.hpp says of {code}: {comments.get(code)}\nits table says: {sentence}')
    if PAGE.read_text() != page():
        sys.exit('docs/codes.md is stale: run docs/tools/codes.py')
elif not arguments:
    PAGE.write_text(page())
else:
    sys.exit(__doc__)
