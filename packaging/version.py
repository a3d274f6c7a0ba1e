"""Prints the version of tlsrpt, which is written in include/tlsrpt/version.hpp alone."""

import pathlib
import re

text = (pathlib.Path(__file__).parent.parent / 'include/tlsrpt/version.hpp').read_text()
numbers = [re.search(rf'VERSION_{part} (\d+)', text)[1] for part in ('MAJOR', 'MINOR', 'PATCH')]
version = re.search(r'VERSION_STRING "(.*)"', text)[1]
assert version == '.'.join(numbers), 'version.hpp contradicts itself'
print(version)
