"""The order of the headers.

headers.py list SOURCE...   prints every header that may be included alone, without those that one of
                            the sources includes before all else, for the build
headers.py check            fails if includes form a circle or lead to a later ring, if a dependency
                            leaks, or if a header may not be included twice
"""

import pathlib
import re
import sys

INCLUDE = pathlib.Path(__file__).parent.parent.parent / 'include'

# The rings, from the inside out. A header includes, in whatever way, only headers of its own ring and
# of those before it: reading never includes judging, nor judging writing.
RINGS = {
    'read': ['version', 'output', 'errc', 'error', 'limits', 'location',
             'result', 'conformance', 'diagnostic', 'bytes', 'padded',
             'digest', 'ip_address', 'timestamp', 'vocabulary', 'hostname', 'uri_scheme', 'record', 'zone_text', 'model', 'schema', 'path',
             'sts_policy', 'tlsa_record', 'policy_text', 'inflater',
             'payload', 'gzip', 'libdeflate', 'file_name', 'subject', 'domain_field', 'mail_part', 'mail_header', 'mail', 'zip', 'report', 'canonical', 'kept_report', 'ostream'],
    'judge': ['consistency', 'envelope', 'duplicate', 'reason', 'reasons', 'sender_profile', 'day', 'ledger_row', 'ledger_entry', 'ledger', 'summary', 'trend', 'finding', 'advice', 'record_advice', 'policy_advice', 'submitter', 'submission'],
    'write': ['escape', 'write_report', 'write_gzip', 'write_record', 'write_mail', 'write_advice', 'tls_errors', 'endpoint',
              'session', 'tally', 'tally_report', 'arrow', 'datagram', 'write_datagram'],
}
# All of what reads and judges one report.
UMBRELLA = 'tlsrpt'

# Lines of a header.
MOST_LINES = 600
# Files of a folder that has no folders in it.
MOST_FILES = 15

# Who includes a dependency.
DEPENDENCIES = {
    'simdjson.h': 'detail/json/index',
    'zlib.h': 'gzip',
    'libdeflate.h': 'libdeflate',
}

# The only public headers that may reach simdjson.
READS_JSON = {'report', 'datagram', 'tlsrpt'}


FIRST_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"](?:tlsrpt/)?([^>"]+?)(?:\.hpp)?[>"]', re.M)


def read():
    """Maps each header to the headers it includes, and to the others that are no standard ones."""
    graph, outside = {}, {}
    for path in sorted((INCLUDE / 'tlsrpt').rglob('*.hpp')):
        name = path.relative_to(INCLUDE / 'tlsrpt').with_suffix('').as_posix()
        names = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.M)
        ours = [n for n in names if n.startswith('tlsrpt/')]
        graph[name] = [n.removeprefix('tlsrpt/').removesuffix('.hpp') for n in ours]
        outside[name] = [n for n in names if n not in ours and '.' in n]
    return graph, outside


def check(graph, outside):
    rank = {name: place for place, ring in enumerate(RINGS.values()) for name in ring}
    rank[UMBRELLA] = len(RINGS)
    for name, included in graph.items():
        if '/' not in name and name not in rank:
            yield f'{name}.hpp is in no ring of tests/repository/headers.py'
        for other in included:
            if other not in graph:
                yield f'{name}.hpp includes {other}.hpp, which does not exist'
            if other.startswith('impl/') and pathlib.PurePath(other).name != name:
                yield f'{name}.hpp includes {other}.hpp, the body of another header'
        for dependency in outside[name]:
            if DEPENDENCIES.get(dependency) != name:
                yield f'{name}.hpp includes {dependency}'
    for name in graph:
        if name.startswith('impl/') and pathlib.PurePath(name).name not in graph:
            yield f'{name}.hpp is the body of no header'

    done = {}

    def reach(name, way):
        """What `name` includes by any way; reports a circle on the way there."""
        if name in way:
            circles.add(' -> '.join(way[way.index(name):] + [name]))
            return set()
        if name not in done:
            done[name] = set().union(graph[name], *(reach(n, way + [name]) for n in graph[name] if n in graph))
        return done[name]

    circles = set()
    for name in graph:
        reached = reach(name, [])
        if '/' in name:
            continue
        for other in sorted(reached):
            if rank.get(other, 0) > rank.get(name, 99):
                yield f'{name}.hpp includes {other}.hpp, which is of a later ring'
        if 'detail/json/index' in reached and name not in READS_JSON:
            yield f'{name}.hpp reaches simdjson'
    for circle in sorted(circles):
        yield f'circle: {circle}'

    for name in graph:
        lines = (INCLUDE / 'tlsrpt' / f'{name}.hpp').read_text().splitlines()
        if len(lines) > MOST_LINES:
            yield f'{name}.hpp has {len(lines)} lines'
        guard = 'TLSRPT_HPP_' + name.replace('/', '_').upper()
        directives = [line for line in lines if line.startswith('#')]
        if directives[:2] != [f'#ifndef {guard}', f'#define {guard}'] or lines[-1] != '#endif':
            yield f'{name}.hpp is not guarded by {guard}'
    for folder in {(INCLUDE / 'tlsrpt' / name).parent for name in graph}:
        inside = list(folder.iterdir())
        if len(inside) > MOST_FILES and not any(path.is_dir() for path in inside):
            yield f'{folder.relative_to(INCLUDE)} has {len(inside)} files'


graph, outside = read()
if sys.argv[1:2] == ['list']:
    shown = {FIRST_INCLUDE.search(pathlib.Path(source).read_text())[1] for source in sys.argv[2:]}
    print(*(name for name in graph if not name.startswith('impl/') and name not in shown), sep='\n')
elif sys.argv[1:] == ['check']:
    faults = list(check(graph, outside))
    print(*faults, sep='\n')
    sys.exit(bool(faults))
else:
    sys.exit(__doc__)
