"""Fails if the table of limits in docs/security.md is not what limits.hpp says."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
UNITS = {'KiB': 2**10, 'MiB': 2**20, 'GiB': 2**30}


def value_of(expression):
    """The value of an initializer such as std::size_t{16} << 20 or 100'000."""
    expression = re.sub(r'std::\w+\{(\d+)\}', r'\1', expression.replace("'", ''))
    factor, _, shift = expression.partition('<<')
    return int(factor) << int(shift or 0)


def read_limits(header):
    """Maps each limit to its value and the code that its comment names, or None."""
    limits = {}
    for comment, name, expression in re.findall(
            r'((?:^ *///.*\n)*)^ *(?:inline constexpr )?std::\w+ (\w+) = ([^;]+);', header, re.M):
        code = re.search(r'errc::(\w+)', comment)
        limits[name] = value_of(expression), code and code[1].replace('_', '-')
    return limits


def check():
    limits = read_limits((ROOT / 'include/tlsrpt/limits.hpp').read_text())
    table = ''.join(path.read_text() for path in sorted((ROOT / 'include/tlsrpt/detail/codes').glob('*.hpp')))
    rows = re.findall(r'^\| `(\w+)` \| ([\d ]+)(\w+)? \| (?:`([a-z0-9-]+)`)? *\|',
                      (ROOT / 'docs/security.md').read_text(), re.M)
    for name, number, unit, code in rows:
        value, named = limits.pop(name, (None, None))
        if value != int(number.replace(' ', '')) * UNITS.get(unit, 1):
            yield f'{name}: docs/security.md has {number.strip()} {unit}, limits.hpp {value}'
        if named and code != named:
            yield f'{name}: docs/security.md has {code}, limits.hpp {named}'
        if code and f'"{code}"' not in table:
            yield f'{name}: there is no code {code}'
    for name in limits:
        yield f'{name} is missing in docs/security.md'


faults = list(check())
print(*faults, sep='\n')
sys.exit(bool(faults))
