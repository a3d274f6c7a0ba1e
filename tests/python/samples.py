"""Reports for the tests, and what the program tlsrpt says of files."""

import datetime
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / 'examples/reports'
PROGRAM = os.environ.get('TLSRPT_PROGRAM')


def report(ok=100, failed=0, noted=(), id='one', day=datetime.date(2026, 11, 23), days=1, domain='example.com'):
    """A report as bytes; a count that is None is left out."""
    last = day + datetime.timedelta(days - 1)
    summary = {'total-successful-session-count': ok, 'total-failure-session-count': failed}
    return json.dumps({
        'organization-name': 'Sender', 'contact-info': 'tls@sender.example', 'report-id': id,
        'date-range': {'start-datetime': f'{day}T00:00:00Z', 'end-datetime': f'{last}T23:59:59Z'},
        'policies': [{
            'policy': {'policy-type': 'sts', 'policy-domain': domain, 'policy-string': ['version: STSv1']},
            'summary': {name: count for name, count in summary.items() if count is not None},
            'failure-details': [{'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.example.com',
                                 'failed-session-count': count} for count in noted]}]}).encode()


def shown(paths):
    """What the program says of files, by path; None without it."""
    if PROGRAM is None:
        return None
    lines = subprocess.run([PROGRAM, 'show', '--format', 'json', *paths], capture_output=True).stdout
    return [json.loads(line) for line in lines.splitlines()]
