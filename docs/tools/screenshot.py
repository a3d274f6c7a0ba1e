"""Pictures of the program's output, from what it really writes.

screenshot.py write PROGRAM    makes the pictures anew
screenshot.py check PROGRAM    fails if those that are there are not the same
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).parent.parent.parent
PICTURES = {'docs/tlsrpt-show.svg': ('show', 'examples/reports/google-failure.json'),
            'docs/tlsrpt-sum.svg': ('sum', '--by', 'domain', 'examples/reports/microsoft-sts-and-tlsa.json')}
# Neither a terminal nor the clock has a say in what is written.
FIXED = ('--color', 'always', '--now', '2026-11-25T08:00:00Z')

COLUMNS, FONT_SIZE, COLUMN, LINE, MARGIN, BAR = 80, 14, 8.4, 19, 20, 34
# The parameter of ESC [ ... m, and the class it becomes.
STYLES = {'1': 'heading', '31': 'bad', '32': 'good', '33': 'caution', '2': 'quiet'}
# A dark window with a light edge stands out on a dark page as on a light one.
STYLE = f'''\
text {{ font: {FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; \
white-space: pre; fill: #d5dae1 }}
.window {{ fill: #161b22; stroke: #59636e }}
.heading {{ fill: #fff; font-weight: bold }}
.bad {{ fill: #ff8a80 }}
.good {{ fill: #6fdd8b }}
.caution {{ fill: #f0c35e }}
.quiet {{ fill: #9aa4af }}'''


def output_of(program, command):
    done = subprocess.run([program, command[0], *FIXED, *command[1:]], stdout=subprocess.PIPE, check=True,
                          cwd=ROOT, timeout=60, encoding='utf-8')
    return done.stdout


def runs(line):
    """The parts of a line that have one style: where each begins, its style and its text."""
    column, style = 0, ''
    for code, text in re.findall(r'\x1b\[(\d*)m|([^\x1b]+)', line):
        if not text:
            style = '' if code in ('', '0') else STYLES[code]
            continue
        if text.strip():
            yield column + len(text) - len(text.lstrip()), style, text.strip()
        column += len(text)


def number(value):
    return f'{value:.1f}'.removesuffix('.0')


def element(column, line, style, text):
    """Where text begins and ends is fixed, so that columns stay columns in every font."""
    kind = f' class="{style}"' if style else ''
    return (f'<text x="{number(MARGIN + column * COLUMN)}" y="{BAR + MARGIN + line * LINE}"{kind} '
            f'textLength="{number(len(text) * COLUMN)}">{escape(text)}</text>')


def picture(text, command):
    lines = ['\x1b[2m$\x1b[0m tlsrpt ' + ' '.join(command), *text.rstrip('\n').split('\n')]
    width = number(2 * MARGIN + COLUMNS * COLUMN)
    height = BAR + MARGIN + len(lines) * LINE + 4
    title = 'tlsrpt ' + ' '.join(command)
    dots = ''.join(f'<circle cx="{22 + 20 * i}" cy="20" r="6" fill="{colour}"/>'
                   for i, colour in enumerate(('#ff5f57', '#febc2e', '#28c840')))
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" xml:space="preserve" role="img" aria-label="What {escape(title)} writes">',
        f'<style>\n{STYLE}\n</style>',
        f'<rect class="window" x="0.5" y="0.5" width="{number(float(width) - 1)}" height="{height - 1}" rx="8"/>',
        dots,
        *(element(column, i, style, part) for i, line in enumerate(lines) for column, style, part in runs(line)),
        '</svg>', ''])


def main(what, program):
    status = 0
    for name, command in PICTURES.items():
        drawn = picture(output_of(os.path.abspath(program), command), command)
        if what == 'write':
            (ROOT / name).write_text(drawn, encoding='utf-8')
            continue
        there = (ROOT / name).read_text(encoding='utf-8')
        if drawn == there:
            continue
        print(*difflib.unified_diff(there.splitlines(), drawn.splitlines(), name, 'what the program writes',
                                    lineterm=''), sep='\n')
        print('make it anew with: python3 docs/tools/screenshot.py write build/examples/cli/tlsrpt')
        status = 1
    return status


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
