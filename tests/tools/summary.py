"""summary.py TESTLOG: prints what `meson test` found, one line per program, and why test cases were skipped.
The last line is "N passed, M failed", and ", K skipped" if any were; doctest and unittest programs count with
each test case, others as one. The exit status says whether nothing failed."""

import collections
import json
import pathlib
import re
import sys


def count(test):
    """How many test cases passed and failed, and how many were skipped for which reason; None if it does not say."""
    doctest = re.search(r'\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed',
                        test.get('stdout', ''))
    if doctest:
        return int(doctest[1]), int(doctest[2]), {}
    log = test.get('stderr', '')
    unittest = re.search(r'^Ran (\d+) tests?', log, re.M)
    if unittest:
        faults = sum(map(int, re.findall(r'(?:failures|errors)=(\d+)', log)))
        reasons = collections.Counter(re.findall(r''' \.\.\. skipped ['"](.*)['"]$''', log, re.M))
        return int(unittest[1]) - faults - sum(reasons.values()), faults, reasons
    return None


passed = failed = skipped = 0
log = pathlib.Path(sys.argv[1])
tests = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
for test in sorted(tests, key=lambda test: test['name']):
    good = test['result'] in ('OK', 'EXPECTEDFAIL')
    cases = count(test)
    right, wrong, reasons = cases or (int(good), int(not good), {})
    if not good:
        wrong = max(wrong, 1)  # a crash, or a sanitizer, after the last case
    passed, failed, skipped = passed + right, failed + wrong, skipped + sum(reasons.values())
    name = test['name'].split(' / ')[-1]
    note = f'{right + wrong} test cases' if cases else ''
    print(f"{'ok' if good else 'FAILED':<7} {name:<32} {test['duration']:6.2f} s  {note}".rstrip())
    for reason, number in reasons.items():
        print(f'skipped {name:<32} {"":>8}  {number} test cases: {reason}')
    if not good:
        print(test.get('stdout', ''), test.get('stderr', ''), f"result: {test['result']}", sep='\n')
if not tests:
    failed = 1
    print('FAILED  no test was run')
print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
sys.exit(failed != 0)
