"""Checks the units of systemd: units.py. Skipped (status 77) without systemd-analyze."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
units = sorted(path for folder in ('examples', 'packaging') for path in (ROOT / folder).rglob('*')
               if path.suffix in ('.service', '.socket', '.timer'))
assert {path.suffix for path in units} == {'.service', '.socket', '.timer'}, units
if not shutil.which('systemd-analyze'):
    print('there is no systemd-analyze')
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    copies = []
    for path in units:
        # The programs are not installed here.
        text = re.sub(r'(?m)^(Exec\w+=)\S+', r'\1/bin/true', path.read_text())
        copies.append(pathlib.Path(folder, path.name))
        copies[-1].write_text(text)
    done = subprocess.run(['systemd-analyze', 'verify', *copies], capture_output=True, text=True)
# It says as much about units of the machine; it warns about ours with status 0.
wrong = [line for line in done.stderr.splitlines() if any(path.name in line for path in copies)]
for line in wrong:
    print(line)
sys.exit(1 if wrong else 0)
