"""summary.py TESTLOG: prints what `meson test` found, one line per program, and as the last line
"N passed, M failed"; doctest and unittest programs count with each test case, others as one.
The exit status says whether all passed."""

import json
import pathlib
import re
import sys


def count(test):
    """How many test cases passed and failed; None if it does not say."""
    doctest = re.search(r'\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed',
                        test.get('stdout', ''))
    if doctest:
        return int(doctest[1]), int(doctest[2])
    unittest = re.search(r'^Ran (\d+) tests?', test.get('stderr', ''), re.M)
    if unittest:
        def sum_of(words):
            return sum(map(int, re.findall(rf'(?:{words})=(\d+)', test['stderr'])))
        faults = sum_of('failures|errors')
        return int(unittest[1]) - faults - sum_of('skipped'), faults
    return None


passed = failed = 0
log = pathlib.Path(sys.argv[1])
tests = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
for test in sorted(tests, key=lambda test: test['name']):
    good = test['result'] in ('OK', 'EXPECTEDFAIL')
    cases = count(test)
    right, wrong = cases or (int(good), int(not good))
    if not good:
        wrong = max(wrong, 1)  # a crash, or a sanitizer, after the last case
    passed, failed = passed + right, failed + wrong
    name = test['name'].split(' / ')[-1]
    note = f'{right + wrong} test cases' if cases else ''
    print(f"{'ok' if good else 'FAILED':<7} {name:<32} {test['duration']:6.2f} s  {note}".rstrip())
    if not good:
        print(test.get('stdout', ''), test.get('stderr', ''), f"result: {test['result']}", sep='\n')
if not tests:
    failed = 1
    print('FAILED  no test was run')
print(f'{passed} passed, {failed} failed')
sys.exit(failed != 0)
