"""Fails if the files of the packages contradict each other, or version.hpp."""

import configparser
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent


def read(path):
    return (ROOT / path).read_text()


def found(pattern, path):
    """All that the group of a pattern matches in a file."""
    return re.findall(pattern, read(path))


def check():
    version = found(r'VERSION_STRING "(.*)"', 'include/tlsrpt/version.hpp')[0]
    port = json.loads(read('packaging/vcpkg/tlsrpt/vcpkg.json'))
    wrap = configparser.ConfigParser()
    wrap.read_string(read('packaging/tlsrpt.wrap'))

    for place, wanted, given in (
        ('vcpkg.json', [version], [port['version']]),
        ('tlsrpt.wrap', ['v' + version], [wrap['wrap-git']['revision']]),
        ('cmake-fetch', ['v' + version], found(r'GIT_TAG (\S+)\)', 'tests/consume/cmake-fetch/CMakeLists.txt')),
        ('conanfile.txt', [version], found(r'tlsrpt/(\S+)', 'tests/consume/conan/conanfile.txt')),
    ):
        if given != wanted:
            yield f'{place} has version {given}, not {wanted}'

    required = sorted(found(r'self\.requires\("([^/"]+)/', 'conanfile.py'))
    ported = sorted(d for d in port['dependencies'] if isinstance(d, str))
    if required != ported or len(required) < 2:
        yield f'conanfile.py requires {required}, vcpkg.json {ported}'
    oldest = [found(r"'simdjson', version: '>=([\d.]+)'", 'meson.build'),
              found(r'simdjson >= ([\d.]+)', 'meson.build'),
              found(r'simdjson_VERSION VERSION_LESS ([\d.]+)', 'packaging/cmake/tlsrptTargets.cmake'),
              found(r'simdjson/\[>=([\d.]+) ', 'conanfile.py'),
              found(r'simdjson ([\d.]+) or newer', 'packaging/single_header.py'),
              found(r'simdjson/([\d.]+)', 'tests/consume/conan/profile')]
    if not oldest[0] or any(o != oldest[0] for o in oldest):
        yield f'the oldest simdjson is {oldest}'
    listed = found(r"requires: \[(.*)\]", 'meson.build')
    if sorted(re.findall(r"'([a-z]+)", listed[0] if listed else '')) != required:
        yield f'the file for pkg-config requires {listed}, conanfile.py {required}'
    provided = sorted(name.strip() for name in wrap['provide']['dependency_names'].split(','))
    offered = sorted(set(found(r"meson\.override_dependency\('([^']+)'", 'meson.build')))
    if provided != offered:
        yield f'tlsrpt.wrap provides {provided}, meson.build {offered}'


faults = list(check())
print(*faults, sep='\n')
sys.exit(bool(faults))
