"""Makes mails with reports, for tests of the program."""

import base64
import gzip
import json

NAME = 'sender.example!example.com!1795219200!1795305599.json'
REPORT = {
    'organization-name': 'Sender', 'report-id': '2026-11-21T00:00:00Z_example.com',
    'date-range': {'start-datetime': '2026-11-21T00:00:00Z', 'end-datetime': '2026-11-21T23:59:59Z'},
    'contact-info': 'tls@sender.example',
    'policies': [{
        'policy': {'policy-type': 'sts', 'policy-domain': 'example.com', 'mx-host': ['mx.example.com'],
                   'policy-string': ['version: STSv1', 'mode: enforce', 'mx: mx.example.com', 'max_age: 604800']},
        'summary': {'total-successful-session-count': 5, 'total-failure-session-count': 1},
        'failure-details': [{'result-type': 'certificate-expired', 'failed-session-count': 1,
                             'additional-information': 'https://sender.example/?id=1'}]}]}
TEXT = json.dumps(REPORT).encode()
GZIP = gzip.compress(TEXT, mtime=0)

HEADER = b"""From: TLS Reports <tls@sender.example>
To: tls@example.com
Date: Sun, 22 Nov 2026 06:00:00 +0000
Subject: Report Domain: example.com Submitter: sender.example
 Report-ID: <2026-11-21T00.00.00Z.example.com@sender.example>
TLS-Report-Domain: example.com
TLS-Report-Submitter: sender.example
MIME-Version: 1.0
"""
MULTIPART = b'Content-Type: multipart/report; report-type=tlsrpt; boundary="b1"\n'
MIXED = b'Content-Type: multipart/mixed; boundary="b1"\n'
HUMAN = b'Content-Type: text/plain\n\nThis is a report about TLS.\n'


def part(octets=GZIP, kind='application/tlsrpt+gzip', name=NAME + '.gz', encoding='base64', body=None):
    head = f'Content-Type: {kind}\n' if kind else ''
    if name:
        head += f'Content-Disposition: attachment; filename="{name}"\n'
    if encoding:
        head += f'Content-Transfer-Encoding: {encoding}\n'
    if body is None:
        body = base64.encodebytes(octets) if encoding == 'base64' else octets
    return head.encode() + b'\n' + body


def multipart(*parts, boundary=b'b1', end=b'--\n'):
    return b'\n' + b''.join(b'--' + boundary + b'\n' + each + b'\n' for each in parts) + b'--' + boundary + end


def mail(*parts, header=HEADER + MULTIPART, **more):
    return header + multipart(*(parts or (HUMAN, part())), **more)
