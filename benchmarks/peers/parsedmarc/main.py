"""Reads the generated reports with parsedmarc, and with Python's json alone. The protocol is in
../README.md; the first argument says how to read:

report    the function for SMTP TLS reports, after the one that inflates; that for mails
file      the function for files, which finds out what they are, as its command line does
json      json.loads, after Python's gzip and email, and nothing made of what it returns: what Python can do at best
"""

import email
import email.policy
import gzip
import json
import pathlib
import statistics
import sys
import time

from parsedmarc import ParserConfig, extract_report, parse_report_email, parse_report_file, parse_smtp_tls_report_json

# What parsedmarc calls differently than RFC 8460.
RENAMED = {'successful_session_count': 'total-successful-session-count',
           'failed_session_count': 'total-failure-session-count',
           'policy_strings': 'policy-string', 'mx_host_patterns': 'mx-host'}


OFFLINE = ParserConfig(offline=True)


def read_file(data):
    return parse_report_file(data, config=OFFLINE)['report']


def read_email(data):
    return parse_report_email(data, config=OFFLINE)['report']


def read_by_python(data):
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        content = part.get_payload(decode=True)
        if content and content.startswith(b'\x1f\x8b'):
            return json.loads(gzip.decompress(content))
        if content and content.startswith(b'{'):
            return json.loads(content)
    raise ValueError('no report')


# How plain text is read, how gzip is, and how mails are.
READERS = {'report': (parse_smtp_tls_report_json, lambda data: parse_smtp_tls_report_json(extract_report(data)), read_email),
           'file': (read_file, read_file, read_file),
           'json': (json.loads, lambda data: json.loads(gzip.decompress(data)), read_by_python)}


def sessions(report):
    if 'report-id' in report:  # as sent
        return sum(sum(policy['summary'].values()) for policy in report['policies'])
    return sum(p['successful_session_count'] + p['failed_session_count'] for p in report['policies'])


def reports(folder, name, suffix):
    return [(f'{name}/{path.name}', path.read_bytes()) for path in sorted((folder / name).glob('*' + suffix))]


def failure(details):
    made = {key.replace('_', '-'): value for key, value in details.items()}
    if 'additional-info-uri' in made:
        made['additional-information'] = made.pop('additional-info-uri')
    return made


def as_sent(report):
    """The report with the names and the structure of RFC 8460."""
    if 'report-id' in report:
        return report
    policies = []
    for read in report['policies']:
        rest = {RENAMED.get(key, key.replace('_', '-')): value for key, value in read.items()}
        failures = [failure(details) for details in rest.pop('failure-details', [])]
        counts = {key: rest.pop(key) for key in list(rest) if key.startswith('total-')}
        policies.append({'policy': rest, 'summary': counts, 'failure-details': failures})
    return {'organization-name': report['organization_name'], 'contact-info': report['contact_info'],
            'report-id': report['report_id'], 'policies': policies,
            'date-range': {'start-datetime': report['begin_date'], 'end-datetime': report['end_date']}}


def check(inputs, read):
    for name, data in inputs:
        try:
            print(name, 'read', json.dumps(as_sent(read(data))), sep='\t')
        except Exception as error:
            print(name, 'refused', ' '.join(str(error).split()), sep='\t')


def measure(inputs, skip, read):
    """Reads all inputs once, then for at least 0.2 seconds; prints the nanoseconds and the rounds
    that this took, how many inputs there are, and what a round adds up to."""
    used = [data for name, data in inputs if name not in skip]
    expected = sum(sessions(read(data)) for data in used)
    rounds, start = 0, time.perf_counter_ns()
    while time.perf_counter_ns() < start + 200_000_000:
        if sum(sessions(read(data)) for data in used) != expected:
            sys.exit('two rounds differ')
        rounds += 1
    print(time.perf_counter_ns() - start, rounds, len(used), expected, flush=True)


def main():
    plain, compressed, mail = READERS[sys.argv[1]]
    folder = pathlib.Path(sys.argv[3])
    tasks = {'report/small': (reports(folder, 'small', '.json'), plain),
             'gzip/small': (reports(folder, 'small', '.json.gz'), compressed),
             'mail/small': (reports(folder, 'small', '.eml'), mail),
             'report/medium': (reports(folder, 'medium', '.json'), plain),
             'gzip/medium': (reports(folder, 'medium', '.json.gz'), compressed)}
    if sys.argv[2] == 'check':
        for inputs, read in tasks.values():
            check(inputs, read)
        return
    skip = set(pathlib.Path(sys.argv[4]).read_text().split())
    for line in sys.stdin:
        inputs, read = tasks[line.strip()]
        measure(inputs, skip, read)


main()
