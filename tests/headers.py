"""The order of the headers.

headers.py list     prints every header, for the build
headers.py check    fails if includes form a circle or go upwards, or if a dependency leaks
"""

import pathlib
import re
import sys

INCLUDE = pathlib.Path(__file__).parent.parent / 'include'

# A public header includes, by whatever way, only public headers of lower levels.
LEVELS = {
    'version': 0, 'error': 0, 'limits': 0,
    'result': 1, 'conformance': 1, 'diagnostic': 1, 'padded': 1,
    'vocabulary': 1, 'ip_address': 1, 'timestamp': 1, 'hostname': 1,
    'record': 2, 'model': 2, 'policy_text': 2, 'inflater': 2,
    'check': 3, 'gzip': 3, 'libdeflate': 3, 'delivery': 3,
    'report': 4,
    'tlsrpt': 5,
}

# Who includes a dependency.
DEPENDENCIES = {
    'simdjson.h': 'detail/json_index',
    'zlib.h': 'gzip',
    'libdeflate.h': 'libdeflate',
}

# The only public headers that may reach simdjson.
READS_JSON = {'report', 'tlsrpt'}


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
    for name, included in graph.items():
        public = '/' not in name
        if public and name not in LEVELS:
            yield f'{name}.hpp has no level in tests/headers.py'
        for other in included:
            if other not in graph:
                yield f'{name}.hpp includes {other}.hpp, which does not exist'
        for dependency in outside[name]:
            if DEPENDENCIES.get(dependency) != name:
                yield f'{name}.hpp includes {dependency}'

    # A detail header that a public one includes, and that includes it in turn, is the body of that
    # public header; the two count as one.
    owner = {name: name for name in graph}
    for name, included in graph.items():
        for other in included:
            if '/' not in name and '/' in other and name in graph.get(other, []):
                owner[other] = name
    arrows = {name: set() for name in graph}
    for name, included in graph.items():
        arrows[owner[name]] |= {owner[n] for n in included if n in graph} - {owner[name]}

    done = {}

    def reach(name, way):
        """What `name` includes by any way; reports a circle on the way there."""
        if name in way:
            circles.add(' -> '.join(way[way.index(name):] + [name]))
            return set()
        if name not in done:
            done[name] = set().union(arrows[name], *(reach(n, way + [name]) for n in arrows[name]))
        return done[name]

    circles = set()
    for name in arrows:
        reached = reach(name, [])
        if '/' in name:
            continue
        for other in sorted(reached - {name}):
            if '/' not in other and LEVELS.get(other, 0) >= LEVELS.get(name, 99):
                yield f'{name}.hpp includes {other}.hpp, which is not of a lower level'
        if 'detail/json_index' in reached and name not in READS_JSON:
            yield f'{name}.hpp reaches simdjson'
    for circle in sorted(circles):
        yield f'circle: {circle}'


graph, outside = read()
if sys.argv[1:] == ['list']:
    print(*graph, sep='\n')
elif sys.argv[1:] == ['check']:
    faults = list(check(graph, outside))
    print(*faults, sep='\n')
    sys.exit(bool(faults))
else:
    sys.exit(__doc__)
