"""Fails if a source file is not plain ASCII with LF line ends, or if a test file is not built."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
FOLDERS = ('.ci', '.github', 'include', 'tests', 'examples', 'benchmarks', 'docs', 'packaging',
           'subprojects/packagefiles')
# Of these only the files: what is downloaded for the wraps is in folders beside them.
FLAT_FOLDERS = ('.', 'subprojects')
SUFFIXES = {'.hpp', '.cpp', '.h', '.c', '.in', '.py', '.sh', '.build', '.md', '.1', '.bash', '.fish', '.svg',
            '.cmake', '.txt', '.wrap', '.dox', '.css', '.html', '.yml'}
SCRIPTS = {'run', 'demo', 'coverage', 'figures', 'guard', '_tlsrpt', 'matrix', 'release', 'ci', 'bare'}


def check():
    paths = {*(p for folder in FLAT_FOLDERS for p in (ROOT / folder).glob('*')),
             *(p for folder in FOLDERS for p in (ROOT / folder).rglob('*'))}
    for path in sorted(paths):
        if not path.is_file() or not (path.suffix in SUFFIXES or path.name in SCRIPTS):
            continue
        text, name = path.read_bytes(), path.relative_to(ROOT)
        for number, line in enumerate(text.split(b'\n'), 1):
            if not line.isascii():
                yield f'{name}:{number}: not ASCII'
            if b'\t' in line or line.endswith((b' ', b'\r')):
                yield f'{name}:{number}: tab, CR or blank at the end'
        if not text.endswith(b'\n'):
            yield f'{name}: no line end at the end'
    built = set(re.findall(r"'([^'\n]+)'", (ROOT / 'tests/meson.build').read_text()))
    for path in sorted((ROOT / 'tests').rglob('*.cpp')):
        name = path.relative_to(ROOT / 'tests').as_posix()
        if name.startswith(('fuzz/', 'consume/')):
            continue
        if not built & {name, name.removesuffix('.cpp'), name.removeprefix('reject/').removesuffix('.cpp')}:
            yield f'tests/{name} is not in tests/meson.build'


faults = list(check())
print(*faults, sep='\n')
sys.exit(bool(faults))
