"""Makes the reference documentation, and fails if something is missing in it.

build.py DOXYGEN DOXYFILE INCLUDE HTML

Each header has its page with an example, no link leads nowhere, and nothing of tlsrpt::detail shows.
"""

import html.parser
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent


class Page(html.parser.HTMLParser):
    """What one page links to, the places in it, its text, and whether it shows code."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places, self.text, self.has_code = [], set(), '', False
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.places |= {attributes.get('id'), attributes.get('name')}
        if tag == 'a' and attributes.get('href'):
            self.links.append(attributes['href'])
        self.has_code |= attributes.get('class') == 'fragment'

    def handle_data(self, data):
        self.text += data


def check(include, folder):
    pages = {path.name: Page(path) for path in sorted(folder.glob('*.html'))}
    for header in sorted(include.glob('*.hpp')):
        name = header.name.replace('_', '__').replace('.', '_8') + '.html'
        if name not in pages or not pages[name].has_code:
            yield f'{header.name} has no page with an example'
    for name, page in pages.items():
        if 'detail::' in page.text:
            yield f'{name} shows a name of tlsrpt::detail'
        for link in page.links:
            target, _, place = link.partition('#')
            if ':' in link or link.startswith('javascript'):
                continue
            if target and not (folder / target).is_file():
                yield f'{name} links to {target}, which does not exist'
            elif place and place not in pages[target or name].places:
                yield f'{name} links to {link}, which has no such place'


if len(sys.argv) != 5:
    sys.exit(__doc__)
doxygen, doxyfile, include, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)  # pages of names that are gone
if status := subprocess.run([doxygen, pathlib.Path(doxyfile).resolve()], cwd=ROOT, check=False).returncode:
    sys.exit(f'{doxygen} failed, or found something undocumented: status {status}')
faults = list(check(pathlib.Path(include), pathlib.Path(folder)))
print(*faults, sep='\n')
sys.exit(bool(faults))
