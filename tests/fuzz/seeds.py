"""Puts the seeds of all fuzz targets together.

seeds.py FOLDER     fills FOLDER/TARGET for each target: the small files of tests/fuzz/seeds, and what
                    tests/data and examples/reports hold for it
seeds.py list       prints the targets
"""

import gzip
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
TARGETS = sorted(path.name for path in (HERE / 'seeds').iterdir())


def documents():
    """Every report in the repository: name and octets."""
    for folder in ('tests/data/reports', 'tests/data/broken', 'examples/reports'):
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix in ('.json', '.gz'):
                yield path.name, path.read_bytes()


def values(document, name):
    """The strings that members of this name hold, at any depth."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key == name:
                yield '\n'.join(map(str, value)) if isinstance(value, list) else str(value)
            yield from values(value, name)
    elif isinstance(document, list):
        for value in document:
            yield from values(value, name)


def from_documents():
    """Pairs of target and octets."""
    members = {
        'ip_address': ('sending-mta-ip', 'receiving-ip'),
        'timestamp': ('start-datetime', 'end-datetime'),
        'policy_text': ('policy-string',),
    }
    for name, octets in documents():
        yield 'report', octets
        if 'broken' not in name:
            yield 'report_structure', octets
            yield 'consistency', octets
            yield 'ledger', octets
        if name.endswith('.gz'):
            yield 'gzip', octets
        try:
            document = json.loads(gzip.decompress(octets) if name.endswith('.gz') else octets)
        except (ValueError, EOFError, OSError):
            continue
        for target, names in members.items():
            for member in names:
                for value in values(document, member):
                    yield target, value.encode(errors='replace')


if len(sys.argv) != 2:
    sys.exit(__doc__)
if sys.argv[1] == 'list':
    print(*TARGETS, sep='\n')
    sys.exit()
folder = pathlib.Path(sys.argv[1])
shutil.rmtree(folder, ignore_errors=True)
seeds = {target: set() for target in TARGETS}
for target in TARGETS:
    seeds[target] |= {path.read_bytes() for path in (HERE / 'seeds' / target).iterdir()}
for target, octets in from_documents():
    if target in seeds and len(octets) <= 16_384:
        seeds[target].add(octets)
for target, all_octets in seeds.items():
    (folder / target).mkdir(parents=True)
    for number, octets in enumerate(sorted(all_octets)):
        (folder / target / f'{number:03}').write_bytes(octets)
