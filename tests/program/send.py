"""Tests tlsrpt-send with name servers, web servers and mail servers that behave in every way.

send.py PROGRAM [TEST...]
"""

import collections
import email
import email.policy
import gzip
import http.server
import json
import pathlib
import shutil
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = sys.argv[1]
DAY = '2026-11-23'
NOW = '2026-11-24T06:00:00Z'
TXT, A, AAAA = 16, 1, 28
WAITING, STARTED, DONE, GIVEN_UP, UNKNOWN = range(5)


def journal(domains, day=DAY, sequence=1):
    """The text of a tally: for each domain how many different failures it has, and its record, if a session had one."""
    lines = []
    for domain, (failures, record) in sorted(domains.items()):
        lines.append({'domain': domain, 'sessions': 1 + failures, 'records': [record] if record else []})
        hosts = sorted(f'mx{i}.{domain}' for i in range(failures))
        lines.append({'policy': ['no-policy-found', domain, [], []], 'ok': 1, 'failed': failures,
                      'failures': [[['starttls-not-supported', '', host, '', '', '', ''], 1, 0] for host in hosts]})
    head = {'_tally': 1, 'day': day, 'parts': [['mta1', sequence, sequence]], 'lost': 0, 'reports': 0,
            'lines': len(lines)}
    return ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines])


class NameServer:
    """Answers what the zone has: {name: {type: [data...]}}. An empty dictionary means that there is no data; a number
    is the code of a refusal, and None means silence."""

    def __init__(self):
        self.zone = {}
        self.asked = collections.Counter()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.address = '127.0.0.1:%d' % self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def add(self, domain, rua, host=None):
        """A record, and the address of a host."""
        self.zone[f'_smtp._tls.{domain}'] = {TXT: [f'v=TLSRPTv1; rua={rua}']}
        if host:
            self.zone[host] = {A: ['127.0.0.1']}

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            answer = self.answer(question)
            if answer:
                self.socket.sendto(answer, sender)

    def answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind = struct.unpack('>H', question[at + 1:at + 3])[0]
        name = '.'.join(labels).lower()
        self.asked[name, kind] += 1
        found = self.zone.get(name, 3)
        if found is None:
            return None
        code, data = (found, []) if isinstance(found, int) else (0, found.get(kind, []))
        records = b''
        for value in data:
            octets = self.encode(kind, value)
            records += struct.pack('>HHHIH', 0xc00c, kind, 1, 0, len(octets)) + octets
        return (question[:2] + struct.pack('>HHHHH', 0x8180 | code, 1, len(data), 0, 0) + question[12:at + 5] + records)

    @staticmethod
    def encode(kind, value):
        if kind != TXT:
            return socket.inet_pton(socket.AF_INET if kind == A else socket.AF_INET6, value)
        octets = value.encode()
        strings = [octets[i:i + 50] for i in range(0, len(octets), 50)]
        return b''.join(bytes([len(string)]) + string for string in strings)


Request = collections.namedtuple('Request', 'method host path headers body')


class WebServer:
    """Takes all requests. `answers` has a status, or a function that is given the handler, for each path."""

    def __init__(self, certificate):
        self.requests = []
        self.answers = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                outer.requests.append(Request(self.command, self.headers['Host'], self.path, self.headers, body))
                answer = outer.answers.get(self.path, 200)
                if callable(answer):
                    return answer(self)
                self.reply(answer)

            do_GET = do_POST

            def reply(self, status, body=b'', **headers):
                self.send_response(status)
                for name, value in {'Content-Length': len(body), **headers}.items():
                    self.send_header(name.replace('_', '-'), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 100

            def finish_request(self, request, client):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                try:
                    with context.wrap_socket(request, server_side=True) as connection:
                        super().finish_request(connection, client)
                except OSError:
                    pass

        self.server = Server(('127.0.0.1', 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def paths(self):
        return collections.Counter(request.path for request in self.requests)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    """A folder with a journal, a name server, a web server, and a mail server that keeps what it gets."""

    @classmethod
    def setUpClass(cls):
        cls.common = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.common.name)
        for name in ('good', 'other'):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
                            '-nodes', '-days', '2', '-subj', f'/CN={name}', '-addext', 'subjectAltName=DNS:*.example.com',
                            '-keyout', folder / f'{name}.key', '-out', folder / f'{name}.crt'],
                           check=True, capture_output=True)
            (folder / f'{name}.pem').write_text((folder / f'{name}.key').read_text() + (folder / f'{name}.crt').read_text())
        cls.certificate, cls.other_certificate = folder / 'good.pem', folder / 'other.pem'
        cls.ca_file = folder / 'good.crt'

    @classmethod
    def tearDownClass(cls):
        cls.common.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / 'data'
        self.data.mkdir()
        self.names = NameServer()
        self.web = WebServer(self.certificate)
        self.addCleanup(self.web.close)
        self.mails = self.folder / 'mails'
        self.mails.mkdir()
        self.mail_status(0)

    def mail_status(self, status):
        """What the mail server answers. It keeps its arguments and the mails."""
        self.sendmail = self.folder / 'sendmail'
        self.sendmail.write_text(f'#!/bin/sh\nfile=$(mktemp {self.mails}/XXXXXX)\nfor word; do echo "$word" >> $file.words; '
                                 f'done\ncat > $file\nmv $file $file.mail\nexit {status}\n')
        self.sendmail.chmod(0o755)

    def count(self, domains, day=DAY, **more):
        """Writes a journal. Domains without anything had one good session each."""
        if not isinstance(domains, dict):
            domains = {domain: (0, None) for domain in domains}
        (self.data / f'{day}.journal').write_text(journal(domains, day, **more))

    def command(self, *arguments, now=NOW, allow='127.0.0.0/8'):
        command = [PROGRAM, '--dir', self.data, '--organization', 'Example Net', '--contact', 'tls-reports@example.net',
                   '--resolver', self.names.address, '--ca-file', self.ca_file, '--sendmail', self.sendmail,
                   '--timeout', '2']
        if allow:
            command += ['--allow', allow]
        if now:
            command += ['--now', now]
        return [*command, *arguments]

    def send(self, *arguments, status=0, **more):
        """What the program prints, as JSON and as text."""
        done = subprocess.run(self.command(*arguments, **more), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        self.said = done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def url(self, path='/', host='r.example.com'):
        return f'https://{host}:{self.web.port}{path}'

    def deliveries(self):
        with sqlite3.connect(self.data / 'deliveries.db') as db:
            rows = db.execute('SELECT domain, address, phase, made, next, word FROM delivery '
                              'JOIN report ON report.id = report ORDER BY delivery.id').fetchall()
        db.close()
        return rows

    def phases(self):
        return {domain: phase for domain, _, phase, *_ in self.deliveries()}


class Sending(Case):
    def test_dry_run(self):
        self.count({'example.org': (1, None), 'none.example': (0, None), 'late.example': (0, 'v=TLSRPTv1; rua=mailto:a@late.example')})
        self.names.add('example.org', f'mailto:tls@example.org,{self.url()},https://127.0.0.1/')
        self.names.zone['_smtp._tls.late.example'] = 2
        out = self.folder / 'out'
        self.send('--dry-run', '--out', out)
        rows = [line.split('\t') for line in (out / 'destinations.tsv').read_text().splitlines()[1:]]
        name = 'example.net!example.org!1795392000!1795478399!001'
        late = 'example.net!late.example!1795392000!1795478399!001'
        self.assertCountEqual(rows, [
            [DAY, 'example.org', 'tls@example.org', name + '.0.eml', ''],
            [DAY, 'example.org', self.url(), name + '.json.gz', ''],
            [DAY, 'example.org', 'https://127.0.0.1/', '', 'address_literal'],
            [DAY, 'late.example', 'a@late.example', late + '.0.eml', ''],
            [DAY, 'none.example', '', '', 'The name has no TXT record.']])
        report = json.loads((out / (name + '.json')).read_text())
        self.assertEqual(json.loads(gzip.decompress((out / (name + '.json.gz')).read_bytes())), report)
        self.assertEqual(report['policies'][0]['summary'],
                         {'total-successful-session-count': 1, 'total-failure-session-count': 1})
        self.assertEqual(sorted(path.name for path in self.data.iterdir()), [DAY + '.journal'])
        self.assertEqual((self.web.requests, list(self.mails.iterdir())), ([], []))

    def test_mail(self):
        self.count(['example.org'])
        self.names.add('example.org', 'mailto:tls@example.org,mailto:-oQ@example.org')
        self.assertEqual(self.send('--bounces', 'b@example.net'),
                         {'waiting': 0, 'done': 2, 'given-up': 0, 'unknown': 0})
        words = sorted(path.read_text() for path in self.mails.glob('*.words'))
        self.assertEqual(words, ['-i\n-f\nb@example.net\n--\n' + to + '\n' for to in ('-oQ@example.org', 'tls@example.org')])
        mail = email.message_from_bytes(next(self.mails.glob('*.mail')).read_bytes(), policy=email.policy.default)
        self.assertEqual(mail['TLS-Report-Domain'], 'example.org')
        text, attached = mail.iter_parts()
        self.assertEqual(json.loads(gzip.decompress(attached.get_content()))['organization-name'], 'Example Net')
        self.assertNotIn(b'\r', next(self.mails.glob('*.mail')).read_bytes())
        self.send()
        self.assertEqual(len(list(self.mails.glob('*.mail'))), 2)

    def test_https(self):
        self.count(['example.org'])
        self.names.add('example.org', self.url('/v1?x=y'), 'r.example.com')
        self.assertEqual(self.send(), {'waiting': 0, 'done': 1, 'given-up': 0, 'unknown': 0})
        self.send()
        (request,) = self.web.requests
        self.assertEqual((request.method, request.path, request.host),
                         ('POST', '/v1?x=y', f'r.example.com:{self.web.port}'))
        headers = {name: value for name, value in request.headers.items() if name not in ('Host', 'Accept')}
        self.assertRegex(headers.pop('User-Agent'), r'^tlsrpt/\d+\.\d+\.\d+$')
        self.assertEqual(headers, {'Content-Type': 'application/tlsrpt+gzip', 'Content-Length': str(len(request.body))})
        report = json.loads(gzip.decompress(request.body))
        self.assertEqual(report['policies'][0]['policy'], {'policy-type': 'no-policy-found', 'policy-domain': 'example.org'})


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
