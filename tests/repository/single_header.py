"""Fails if the single headers are not the headers: all of them, once, in an order that a compiler
can follow, and nothing else. That they compile and do the same is shown by the tests built against
them (-Dsingle_header=true)."""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INCLUDE = ROOT / 'include'
INCLUDE_LINE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def make(directory):
    subprocess.run([sys.executable, ROOT / 'packaging/single_header.py', directory], check=True)
    return {path.relative_to(directory).as_posix(): path.read_bytes()
            for path in pathlib.Path(directory).rglob('*') if path.is_file()}


def code(text):
    """The lines that are neither blank nor includes nor the name of a file."""
    return [line for line in text.splitlines()
            if line.strip() and not INCLUDE_LINE.match(line) and line != '/// @file']


def reached(names, headers):
    """These headers, and those that they include in whatever way."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name in headers and name not in found:
            found.add(name)
            todo += INCLUDE_LINE.findall(headers[name])
    return found


def check(files):
    version = subprocess.run([sys.executable, ROOT / 'packaging/version.py'], capture_output=True, text=True,
                             check=True).stdout.strip()
    license = ''.join(f'// {line}'.rstrip() + '\n' for line in (ROOT / 'LICENSE').read_text().splitlines())
    headers = {path.relative_to(INCLUDE).as_posix(): path.read_text() for path in INCLUDE.rglob('*.hpp')}
    whole = reached(['tlsrpt/tlsrpt.hpp', 'tlsrpt/libdeflate.hpp'], headers)
    allowed = {'tlsrpt.hpp': {'simdjson.h', 'zlib.h', 'libdeflate.h'}, 'tlsrpt_record.hpp': set()}

    for name, others in allowed.items():
        text = files[name].decode('ascii')
        if not text.startswith(f'// tlsrpt {version}: ') or license not in text[:4096]:
            yield f'{name} does not begin with version and licence'
        included = {n for n in INCLUDE_LINE.findall(text) if '.' in n or '/' in n}
        if included != others:
            yield f'{name} includes {sorted(included)}, not {sorted(others)}'

        # Whole headers, each after those that it includes.
        parts = re.findall(r'^// (tlsrpt/\S+\.hpp)\n\n(.*?)(?=^// tlsrpt/\S+\.hpp\n\n|\Z)', text, re.M | re.S)
        places = {part: place for place, (part, _) in enumerate(parts)}
        if len(places) != len(parts):
            yield f'{name} has a header twice'
        for part, body in parts:
            missing = collections.Counter(code(headers[part])) - collections.Counter(code(body))
            if missing:
                yield f'{name}: {part} lacks {sorted(missing)[:3]}'
            for other in INCLUDE_LINE.findall(headers[part].split('\nnamespace ')[0]):
                if other.startswith('tlsrpt/') and part not in INCLUDE_LINE.findall(headers.get(other, '')) and (
                        places.get(other, len(parts)) > places[part]):
                    yield f'{name}: {part} stands before {other}'
        if name == 'tlsrpt.hpp' and places.keys() != whole:
            yield f'{name} differs from tlsrpt/tlsrpt.hpp by {sorted(whole ^ places.keys())}'

    for name, text in headers.items():
        lines = files[name].decode('ascii').splitlines()
        if name not in whole:
            if files[name] != text.encode():
                yield f'{name} of the tests is not the header'
        elif not set(INCLUDE_LINE.findall('\n'.join(lines))) <= allowed.keys() or len(lines) > 2:
            yield f'{name} of the tests is no mere forwarder'


with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
    files = make(first)
    faults = list(check(files))
    if make(second) != files:
        faults.append('two runs differ')
print(*faults, sep='\n')
sys.exit(bool(faults))
