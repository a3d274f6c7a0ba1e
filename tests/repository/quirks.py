"""Holds tests/quirks.md to what the tests and the program show.

quirks.py [PROGRAM]   fails if a row names a fixture or a test that does not exist, if the findings of
a row are not those expected of its fixtures, or, given the tlsrpt program, if its --strict says
something else than the row. quirks.py --write [PROGRAM] fills in both columns.
"""

import json
import pathlib
import re
import subprocess
import sys

TESTS = pathlib.Path(__file__).parent.parent
ROOT = TESTS.parent
TABLE = TESTS / 'quirks.md'
QUIRKS = range(1, 124)
NUMBER, SHOWN, FINDING, STRICT, COLUMNS = 0, 3, 4, 5, 11
NOTHING_TO_SHOW = {10, 123}


def read_table(path):
    return [line.split('\t') for line in path.read_text().splitlines()]


def codes(findings):
    return {finding.split('@')[0] for finding in findings.split(',') if finding}


def read_fixtures():
    """Maps the name of each fixture to the codes that are expected of it and what to give the program."""
    fixtures = {}
    for folder in ('reports', 'broken'):
        for name, found, *_ in read_table(TESTS / 'data' / folder / 'expected.tsv'):
            path = (TESTS / 'data' / folder / name).resolve()
            fixtures[path.name] = codes(found), path
    for name, texts, found, error, *_ in read_table(TESTS / 'data/records/expected.tsv'):
        fixtures[name] = codes(found) | codes(error), [unescape(t) for t in texts.split(' | ')]
    return fixtures


def unescape(text):
    marks = {b't': b'\t', b'r': b'\r', b'n': b'\n', b'\\': b'\\'}
    return re.sub(rb'\\(x..|.)', lambda m: marks.get(m[1]) or bytes([int(m[1][1:], 16)]), text.encode())


def character_string(octets):
    """A record as a character-string (RFC 1035, section 5.1), so that its own quotation marks and line ends stay in it."""
    return b'"' + re.sub(rb'[^ !#-\[\]-~]', lambda octet: b'\\%03d' % octet[0][0], octets) + b'"'


def verdict_of(program, what):
    """What --strict says: "accepts", or the code of the error."""
    arguments = ['show', '--strict', '--format', 'json', what]
    if isinstance(what, list):
        arguments = ['check', '--strict', '--format', 'json', '--', *map(character_string, what)]
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, check=False, timeout=60)
    answer = json.loads(done.stdout)
    return 'accepts' if answer['ok'] else answer['error']['code']


def has_test(name, title):
    path = TESTS / name
    before = r'\bdef ' if name.endswith('.py') else r'TEST_CASE\w*\(\s*"'
    return path.is_file() and re.search(before + re.escape(title) + r'[("]', path.read_text())


def ticked(names):
    return ', '.join(f'`{name}`' for name in sorted(names, key=lambda n: (n != 'accepts', n))) or '-'


def check(lines, program):
    fixtures = read_fixtures()
    known = set(re.findall(r'grade::\w+, "([a-z0-9-]+)"',
                           ''.join(path.read_text() for path in sorted((ROOT / 'include/tlsrpt/detail/codes').glob('*.hpp')))))
    numbers = []
    for at, line in enumerate(lines):
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if not cells[NUMBER].isdigit():
            continue
        number = int(cells[NUMBER])
        numbers.append(number)
        if len(cells) != COLUMNS or not all(cells):
            yield f'{number}: {len(cells)} cells, some may be empty'
            continue
        shown = cells[SHOWN]
        for name, title in re.findall(r'`([^`]+\.(?:cpp|py))`: "([^"]+)"', shown):
            if not has_test(name, title):
                yield f'{number}: {name} has no test "{title}"'
        names = re.findall(r'`([^`]+)`', re.sub(r'`[^`]+\.(?:cpp|py)`: "[^"]+"', '', shown))
        if '`' not in shown and number not in NOTHING_TO_SHOW:
            yield f'{number}: nothing shows it'
        for name in names:
            if name not in fixtures:
                yield f'{number}: no fixture {name}'
        names = [name for name in names if name in fixtures]
        if not names:
            continue
        found = set().union(*(fixtures[name][0] for name in names))
        if not found <= known:
            yield f'{number}: unknown codes {found - known}'
        wanted = {FINDING: ticked(found)}
        if program:
            wanted[STRICT] = ticked({verdict_of(program, fixtures[name][1]) for name in names})
        for column, text in wanted.items():
            if cells[column] != text:
                yield f'{number}: the table has {cells[column]}, should be {text}'
                cells[column] = text
                lines[at] = '| ' + ' | '.join(cells) + ' |'
    if numbers != list(QUIRKS):
        yield f'rows missing, twice or out of order: {sorted(set(QUIRKS) ^ set(numbers))}'


arguments = sys.argv[1:]
write = arguments[:1] == ['--write']
program = next((a for a in arguments if a != '--write'), None)
lines = TABLE.read_text().split('\n')
faults = list(check(lines, program))
if write:
    TABLE.write_text('\n'.join(lines))
print(*faults, sep='\n')
sys.exit(bool(faults))
