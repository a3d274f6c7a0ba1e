"""Fails if a link of a document to another file of the repository is dead, or names a heading that
is not there, or if a page of docs/ is in no list of the build or of docs/README.md."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
OUTSIDE = ('http:', 'https:', 'mailto:')


def without_code(text):
    """The text without blocks and spans of code, in which nothing is a link."""
    text = re.sub(r'^```.*?^```$', '', text, flags=re.M | re.S)
    text = re.sub(r'<!--.*?-->', '', text, flags=re.S)
    return re.sub(r'`[^`\n]*`', '', text)


def anchors(path):
    """The anchors that GitHub gives to the headings of a document."""
    found, counts = [], {}
    text = re.sub(r'^```.*?^```$', '', path.read_text(), flags=re.M | re.S)
    for heading in re.findall(r'^#+ +(.*?)[ #]*$', text, re.M):
        heading = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading)
        anchor = re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')
        found.append(f'{anchor}-{counts[anchor]}' if anchor in counts else anchor)
        counts[anchor] = counts.get(anchor, 0) + 1
    return found


def check(documents):
    links = 0
    for path in documents:
        text = without_code(path.read_text())
        targets = re.findall(r'\]\(<?([^)>\s]+)>?\)', text) + re.findall(r'^\[[^\]]+\]: +(\S+)', text, re.M)
        for target in targets:
            if target.startswith(OUTSIDE):
                continue
            links += 1
            file, _, anchor = target.partition('#')
            there = (path.parent / file).resolve() if file else path
            if not there.exists():
                yield f'{path.relative_to(ROOT)}: {target} is not there'
            elif anchor and anchor not in anchors(there):
                yield f'{path.relative_to(ROOT)}: {file or path.name} has no heading {anchor}'
    if not links:
        yield 'no links were found'


def check_lists(pages):
    build = (ROOT / 'tests/meson.build').read_text()
    index = (ROOT / 'docs/README.md').read_text()
    for page in pages:
        if '```cpp' in page.read_text() and f"'{page.stem}'" not in build:
            yield f'tests/meson.build does not test {page.name}'
        if f']({page.name})' not in index:
            yield f'docs/README.md does not name {page.name}'


pages = sorted(set((ROOT / 'docs').glob('*.md')) - {ROOT / 'docs/README.md'})
folders = ['.', 'docs', 'benchmarks', 'benchmarks/peers', 'examples', 'examples/cli', 'tests', 'tests/fuzz',
           'packaging', 'docs/reference']
documents = sorted(path for folder in folders for path in (ROOT / folder).glob('*.md'))
faults = [*check(documents), *check_lists(pages)]
print(*faults, sep='\n')
sys.exit(bool(faults))
