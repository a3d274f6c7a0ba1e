"""Fails if an id of a requirement that is cited, such as A-34 or one within "B-41 to B-47", is missing
from docs/requirements.md, or if one that is listed there is cited nowhere."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
PAGE = ROOT / 'docs/requirements.md'
FOLDERS = ('include', 'tests', 'examples', 'benchmarks', 'docs', 'packaging')
SUFFIXES = {'.hpp', '.cpp', '.h', '.c', '.py', '.md', '.build', '.1'}
# Ids in these are not citations: the page itself, this file, and what senders write.
NOT_CITING = {PAGE, pathlib.Path(__file__), ROOT / 'docs/codes.md', *(ROOT / 'tests/data').rglob('*')}
ID = r'\b([A-G]|AG|DE|ES|Ex|IN|OUT|RC|TA|UI|WR)-(\d{2,3})\b'


def cited_in(text):
    """The ids in a text; of a range all from its first to its last."""
    ids = {f'{topic}-{number}' for topic, number in re.findall(ID, text)}
    for topic, first, last in re.findall(rf'{ID} to \1-(\d{{2,3}})\b', text):
        ids |= {f'{topic}-{number:02}' for number in range(int(first), int(last) + 1)}
    return ids


def check():
    listed = re.findall(rf'^\| {ID} \|', PAGE.read_text(), re.M)
    listed = [f'{topic}-{number}' for topic, number in listed]
    cited = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob('*')):
            if path.suffix in SUFFIXES and path not in NOT_CITING:
                for one in cited_in(path.read_text()):
                    cited.setdefault(one, path.relative_to(ROOT))
    for one in sorted(cited.keys() - set(listed)):
        yield f'{cited[one]} cites {one}, which is not in docs/requirements.md'
    for one in sorted(set(listed) - cited.keys()):
        yield f'{one} of docs/requirements.md is cited nowhere'
    if len(set(listed)) != len(listed):
        yield 'docs/requirements.md lists an id twice'


faults = list(check())
print(*faults, sep='\n')
sys.exit(bool(faults))
