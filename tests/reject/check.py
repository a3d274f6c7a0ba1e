"""check.py FILE -- COMPILER ARGS: FILE must compile as it is, and with -DREJECT must fail with the
words after '// expect:', a regular expression. A file that compares REJECT with numbers is built with
each of them."""

import re
import subprocess
import sys

file, command = sys.argv[1], sys.argv[sys.argv.index('--') + 1:]
expected = re.search(r'// expect: (.*)', open(file).read())[1].strip()


def build(*extra):
    return subprocess.run([*command, *extra, '-fsyntax-only', file], capture_output=True, text=True)


control = build()
if control.returncode:
    sys.exit('does not compile without -DREJECT:\n' + control.stderr)
for number in sorted(set(re.findall(r'REJECT == (\d+)', open(file).read()))) or ['1']:
    reject = build(f'-DREJECT={number}')
    if not reject.returncode:
        sys.exit(f'REJECT={number} was accepted')
    if not re.search(expected, reject.stderr):
        sys.exit(f'REJECT={number} failed for another reason than /{expected}/:\n' + reject.stderr)
