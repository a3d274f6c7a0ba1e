"""What reads TLS reports: how each runner is built and called, and how what it read is compared."""

import collections
import datetime
import ipaddress
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / 'build-peers'


class Skipped(Exception):
    pass


def output_of(*command, **options):
    """What a command prints."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except OSError as error:
        raise Skipped(f'{command[0]}: {error.strerror}') from None
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise Skipped(f'"{shlex.join(command[:3])} ..." failed: {" / ".join(said[-3:])[:400]}')
    return done.stdout


def pinned(file, pattern):
    return re.search(pattern, (HERE / file).read_text(), re.MULTILINE)[1]


# Each builds a runner, and tells how it is called, which version it runs and what it is written in.

def tlsrpt(name='tlsrpt', libraries=('simdjson', 'zlib'), *options):
    compiler = shlex.split(os.environ.get('CXX', 'g++'))
    runner = BUILD / name
    output_of(*compiler, '-std=c++20', '-O2', '-DNDEBUG', *options, '-I', ROOT / 'include', HERE / 'tlsrpt.cpp', '-o', runner,
              *output_of('pkg-config', '--cflags', '--libs', *libraries).split())
    return ([runner], output_of(sys.executable, ROOT / 'packaging/version.py').strip(),
            'C++20, ' + output_of(*compiler, '--version').splitlines()[0])


def tlsrpt_libdeflate():
    return tlsrpt('tlsrpt-libdeflate', ('simdjson', 'zlib', 'libdeflate'), '-DWITH_LIBDEFLATE')


def mail_auth():
    output_of('cargo', 'build', '--quiet', '--release', '--locked', '--target-dir', BUILD / 'mail-auth', cwd=HERE / 'mail-auth')
    return ([BUILD / 'mail-auth/release/runner'], pinned('mail-auth/Cargo.toml', r'mail-auth = .*"=([^"]*)"'),
            'Rust ' + output_of('rustc', '--version', cwd=HERE / 'mail-auth').split()[1])


def mox():
    output_of('go', 'build', '-buildvcs=false', '-mod=readonly', '-o', BUILD / 'mox', '.', cwd=HERE / 'mox')
    return ([BUILD / 'mox'], pinned('mox/go.mod', r'^require github.com/mjl-/mox v(\S+)'),
            'Go ' + output_of('go', 'env', 'GOVERSION', cwd=HERE / 'mox').strip().removeprefix('go'))


def parsedmarc():
    python = BUILD / 'parsedmarc/bin/python'
    if not python.exists():
        output_of(sys.executable, '-m', 'venv', '--clear', BUILD / 'parsedmarc')
    output_of(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check',
              '--requirement', HERE / 'parsedmarc/requirements.txt')
    return ([python, HERE / 'parsedmarc/main.py', 'report'], pinned('parsedmarc/requirements.txt', r'^parsedmarc==(\S+)'),
            output_of(python, '--version').strip())


def parsedmarc_file():
    (*command, _), version, language = parsedmarc()
    return [*command, 'file'], version, language


def python_json():
    (*command, _), _, language = parsedmarc()
    return [*command, 'json'], language.removeprefix('Python '), language


CONTENDERS = {'tlsrpt': tlsrpt, 'tlsrpt-libdeflate': tlsrpt_libdeflate, 'mail-auth': mail_auth, 'mox': mox, 'parsedmarc': parsedmarc,
              'parsedmarc-file': parsedmarc_file, 'python-json': python_json}


# What was read, compared with what was sent.

def value_of(field, value):
    """A value as it is compared: times and addresses by what they mean, other values as they are."""
    try:
        if field in ('start-datetime', 'end-datetime'):
            read = datetime.datetime.fromisoformat(value.replace('Z', '+00:00'))
            return (read if read.tzinfo else read.replace(tzinfo=datetime.timezone.utc)).timestamp()
        if field in ('sending-mta-ip', 'receiving-ip'):
            return ipaddress.ip_address(value)
    except (AttributeError, ValueError):
        pass
    return value


def values_of(value, field='', path=''):
    """All that a report says, by path. What is null or empty says nothing."""
    if isinstance(value, dict):
        children = [(name, child, f'{path}/{name}') for name, child in value.items()]
    elif isinstance(value, list):
        children = [(field, child, f'{path}/{index}') for index, child in enumerate(value)]
    else:
        return {} if value in (None, '') else {path: (field, value_of(field, value))}
    return {key: leaf for name, child, where in children for key, leaf in values_of(child, name, where).items()}


def compare(values, printed, read=lambda name, text: values_of(json.loads(text))):
    """What a runner refused, by name, and how many values it lost, changed or made up, by field; an example of each
    of these, and all names."""
    refused, differences, examples, said = {}, collections.Counter(), {}, set()
    for line in printed.splitlines():
        name, outcome, text = line.split('\t')
        said.add(name)
        if outcome == 'refused':
            refused[name] = text
            continue
        sent, found = values[name], read(name, text)
        for path in sent.keys() | found.keys():
            before, after = sent.get(path), found.get(path)
            if before != after:
                kind = 'made up' if before is None else 'lost' if after is None else 'changed'
                key = f'{(before or after)[0]} {kind}'
                differences[key] += 1
                examples.setdefault(key, f'{name}, {path}: {before and before[1]!r} read as {after and after[1]!r}')
    return refused, differences, examples, said
