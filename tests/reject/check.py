"""check.py FILE -- COMPILER ARGS: FILE must compile as it is, and with -DREJECT must fail with the
words after '// expect:', a regular expression."""

import re
import subprocess
import sys

file, command = sys.argv[1], sys.argv[sys.argv.index('--') + 1:]
expected = re.search(r'// expect: (.*)', open(file).read())[1].strip()


def build(*extra):
    return subprocess.run([*command, *extra, '-fsyntax-only', file], capture_output=True, text=True)


control, reject = build(), build('-DREJECT')
if control.returncode:
    sys.exit('does not compile without -DREJECT:\n' + control.stderr)
if not reject.returncode:
    sys.exit('was accepted')
if not re.search(expected, reject.stderr):
    sys.exit(f'failed for another reason than /{expected}/:\n' + reject.stderr)
