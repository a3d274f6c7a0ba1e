"""Tests the way of a session into a report that a strict receiver has nothing to say about.

reporter.py TLSRPT-TALLYD TLSRPT-SEND TLSRPT
"""

import itertools
import json
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

TALLYD, SEND, TLSRPT = sys.argv[1:4]
NOW, AFTERWARDS = '2026-11-23T12:00:00Z', '2026-11-24T06:00:00Z'
TLSA, STS, NO_POLICY = 1, 2, 9
# Numbers of libtlsrpt: of the session, of MTA-STS, and of DANE.
SESSION, FETCH, DANE = range(201, 206), range(301, 304), range(304, 307)
STS_LINES = ['version: STSv1', 'mode: enforce', 'mx: *.{}', 'max_age: 604800']
RECORDS = ['3 1 1 ' + 32 * 'A1', '2 1 1 ' + 32 * 'b2']


def policies(domain):
    """Of good sessions under every policy, and of one for each number under those that can have it, as Postfix writes them."""
    domain = domain.rstrip('.')
    host = f'mx.{domain}'
    texts = {
        TLSA: {'policy-domain': host, 'policy-string': RECORDS},
        STS: {'policy-domain': domain, 'policy-string': [line.format(domain) for line in STS_LINES], 'mx-host': [f'*.{domain}']},
        NO_POLICY: {'policy-domain': domain}}
    numbers = {TLSA: [*SESSION, *DANE], STS: [*SESSION, *FETCH], NO_POLICY: [*SESSION]}
    # Totals of a domain with MTA-STS and of the same without a policy could count the same sessions.
    for kind in [NO_POLICY] if domain.startswith('no-policy') else [TLSA, STS]:
        yield {'policy-type': kind, **texts[kind], 't': 0, 'f': 0}
        for number, address in itertools.product(numbers[kind], ('192.0.2.40', '2001:db8::40')):
            why = {'c': number, 's': '198.18.0.1'}
            if number not in FETCH:
                why |= {'n': host, 'h': f'250-{host}\r\n250-SIZE 52428800\r\n250 STARTTLS', 'r': address}
            why['f'] = random.choice(['self-signed_certificate', 'B\u00fc\U0001f600', 'line\r\nline\x01', 'x' * 1000, ''])
            yield {'policy-type': kind, **texts[kind], 'failure-details': [why], 't': 1, 'f': 1}


def datagrams(domain):
    record = 'v=TLSRPTv1; rua=mailto:tls@reports.example,https://reports.example/'
    return [json.dumps({'d': domain, 'pr': record, 'policies': [policy]}).encode() for policy in policies(domain)]


def count(folder, octets):
    path = folder / 'socket'
    daemon = subprocess.Popen([TALLYD, '--socket', path, '--dir', folder, '--now', NOW], stdout=subprocess.PIPE)
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    while True:
        try:
            one.connect(str(path))
            break
        except OSError:
            assert daemon.poll() is None
            time.sleep(0.01)
    for each in octets:
        one.send(each)
    # What the kernel has taken is counted, too.
    daemon.send_signal(signal.SIGTERM)
    counted = json.loads(daemon.communicate(timeout=60)[0])
    assert counted['counted'] == len(octets) and not counted['refused'], counted


def show(path):
    done = subprocess.run([TLSRPT, 'show', '--strict', '--format', 'json', '--now', AFTERWARDS, path], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0 and not done.stderr, (path, done)
    return json.loads(done.stdout)


def main(folder):
    domains = ['example.org', 'EXAMPLE.com.', 'xn--bcher-kva.example', 'no-policy.example', f'{60 * "a"}.{60 * "b"}.example']
    random.seed(8460)
    octets = [each for domain in domains for each in datagrams(domain)]
    random.shuffle(octets)
    count(folder, octets)
    # Nobody answers there, so the records are those of the sessions.
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(('127.0.0.1', 0))
    address = '127.0.0.1:%d' % closed.getsockname()[1]
    closed.close()
    out = folder / 'out'
    subprocess.run([SEND, '--dir', folder, '--organization', 'B\u00e4 & "Co."', '--contact', 'tls-reports@example.net',
                    '--resolver', address, '--now', AFTERWARDS, '--dry-run', '--out', out], check=True, timeout=120)
    shown = {path.name: show(path) for path in sorted(out.iterdir()) if path.name != 'destinations.tsv'}
    forms = [sum(name.endswith(end) for name in shown) for end in ('.json', '.json.gz', '.0.eml')]
    assert forms == 3 * [len(domains)], shown.keys()
    reported = 0
    for name, read in shown.items():
        assert read['diagnostics'] == [], (name, read['diagnostics'])
        for policy in read['report']['policies'] if name.endswith('.json') else ():
            reported += sum(policy['summary'].values())
    assert reported == len(octets), (reported, len(octets))


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
