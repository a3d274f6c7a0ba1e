"""version.py [BUILD'S VERSION]: fails if anything states another version than version.hpp, or if
CHANGELOG.md is not in order.

version.py --release: fails, too, unless CHANGELOG.md has this version as released and nothing after.
"""

import datetime
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
FOLDERS = ('docs', 'examples', 'packaging', 'tests/consume', '.github')
SECTIONS = ('Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security')

# How files name a version of tlsrpt. A shorter one, such as find_package's, counts if it agrees.
MENTIONS = re.compile(r'''
    \btlsrpt[-/@](\d+(?:\.\d+)+)            # tlsrpt-0.1.0.tar.xz, tlsrpt/0.1.0
  | \bGIT_TAG\s+"?v(\d+(?:\.\d+)+)
  | \bfind_package\(\s*tlsrpt\s+(\d+(?:\.\d+)*)
  ''', re.X)
# Files that are about tlsrpt as a whole, and where they have its version.
OWN = {
    'tlsrpt.wrap': re.compile(r'^(?:revision = v|directory = tlsrpt-)(.*)$', re.M),
    'vcpkg.json': re.compile(r'"version(?:-\w+)?"\s*:\s*"([^"]*)"'),
    'conanfile.py': re.compile(r'^\s*version = "(.*)"', re.M),
    'CMakeLists.txt': re.compile(r'\bproject\(\s*tlsrpt\s+VERSION\s+(\d[\d.]*)'),
}


def mentions():
    """Every version of tlsrpt that a file states: its name, the line, the version."""
    paths = [*ROOT.glob('*'), *(p for folder in FOLDERS for p in (ROOT / folder).rglob('*'))]
    for path in sorted(paths):
        if not path.is_file() or path.name == 'CHANGELOG.md':
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for pattern in filter(None, (MENTIONS, OWN.get(path.name))):
            for found in pattern.finditer(text):
                line = text.count('\n', 0, found.start()) + 1
                yield f'{path.relative_to(ROOT)}:{line}', next(filter(None, found.groups()))


def check_mentions(version):
    for place, stated in mentions():
        if version != stated and not version.startswith(stated + '.'):
            yield f'{place} has version {stated}, version.hpp {version}'


def numbers(version):
    return tuple(map(int, version.split('.')))


def check_changelog(version, release):
    """Headings, sections, dates and order, and how they go with the version."""
    text = (ROOT / 'docs/CHANGELOG.md').read_text()
    headings = re.findall(r'^## (.*)$', text, re.M)
    if not headings or headings[0] != '[Unreleased]':
        yield 'CHANGELOG.md does not begin with ## [Unreleased]'
        return
    for section in re.findall(r'^### (.*)$', text, re.M):
        if section not in SECTIONS:
            yield f'CHANGELOG.md: no section of Keep a Changelog: {section}'
    released = []
    for heading in headings[1:]:
        match = re.fullmatch(r'\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)', heading)
        if not match:
            yield f'CHANGELOG.md: not [X.Y.Z] - YYYY-MM-DD: {heading}'
            return
        try:
            datetime.date.fromisoformat(match[2])
        except ValueError:
            yield f'CHANGELOG.md: no such date: {heading}'
        released.append(match[1])
    if released != sorted(released, key=numbers, reverse=True) or len(set(released)) < len(released):
        yield 'CHANGELOG.md: versions do not descend'

    # From the first entry after a release on, version.hpp has the version to come.
    unreleased = text.split('\n## ')[1]
    has_entries = re.search(r'^- ', unreleased, re.M) is not None
    for planned in re.findall(r'^To become (\S+?)\.?$', unreleased, re.M):
        if planned != version:
            yield f'CHANGELOG.md: to become {planned}, but version.hpp has {version}'
    if has_entries and released and numbers(version) <= numbers(released[0]):
        yield f'CHANGELOG.md has unreleased entries, but version.hpp has {version}, released already'
    if not has_entries and released[:1] != [version]:
        yield f'CHANGELOG.md has nothing about {version}, which version.hpp has'
    if release and (has_entries or released[:1] != [version]):
        yield f'CHANGELOG.md does not have {version} as released'


def main():
    arguments = sys.argv[1:]
    tool = subprocess.run([sys.executable, ROOT / 'packaging/version.py'], capture_output=True, text=True, check=True)
    version = tool.stdout.strip()
    release = arguments == ['--release']
    faults = [*check_mentions(version), *check_changelog(version, release)]
    if arguments and not release and arguments != [version]:
        faults.append(f'the build says {arguments[0]}, version.hpp {version}')
    print(*faults, sep='\n')
    sys.exit(bool(faults))


main()
