"""Tests tlsrpt-send with name servers, web servers and mail servers that behave in every way.

send.py PROGRAM [TEST...]
"""

import collections
import contextlib
import email
import email.policy
import gzip
import http.server
import json
import os
import pathlib
import random
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
# Where this runs with nohup, the program does not.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
DAY = '2026-11-23'
NOW = '2026-11-24T06:00:00Z'
START = 1795500000  # the same
MINUTE, HOUR = 60, 3600
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


def tlsa_tally(domains, sequence=1):
    """The text of a tally: a good session for each host and TLSA record of a domain."""
    lines = []
    for domain, policies in sorted(domains.items()):
        lines.append({'domain': domain, 'sessions': len(policies), 'records': []})
        lines += [{'policy': ['tlsa', host, [f'3 1 1 {record:04x}'], []], 'ok': 1, 'failed': 0, 'failures': []}
                  for host, record in sorted(policies)]
    head = {'_tally': 1, 'day': DAY, 'parts': [['mta1', sequence, sequence]], 'lost': 0, 'reports': 0,
            'lines': len(lines)}
    return ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines])


class NameServer:
    """Answers what the zone has: {name: {type: [data...]}}, where a function makes data of the number of the question.
    An empty dictionary means that there is no data; a number is the code of a refusal, and None means silence. What is
    longer than `longest` is cut, and has to be asked for by TCP."""

    def __init__(self):
        self.zone = {}
        self.asked = collections.Counter()
        self.longest, self.is_deaf = 1232, False  # by UDP; by TCP
        self.over_tcp = []
        while True:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind(('127.0.0.1', 0))
            self.listener = socket.socket()
            try:
                self.listener.bind(self.socket.getsockname())
                break
            except OSError:  # the port is somebody else's
                self.socket.close()
                self.listener.close()
        self.listener.listen()
        self.address = '127.0.0.1:%d' % self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()
        threading.Thread(target=self.run_tcp, daemon=True).start()

    def add(self, domain, rua, host=None):
        """A record, and the address of a host."""
        self.zone[f'_smtp._tls.{domain}'] = {TXT: [f'v=TLSRPTv1; rua={rua}']}
        if host:
            self.zone[host] = {A: ['127.0.0.1']}

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            answer = self.answer(question)
            if answer and len(answer) > self.longest:
                # What is left says that it is cut (TC).
                answer = answer[:2] + bytes([answer[2] | 2]) + answer[3:self.longest]
            if answer:
                self.socket.sendto(answer, sender)

    def run_tcp(self):
        while True:
            connection, _ = self.listener.accept()
            with connection, contextlib.suppress(OSError), connection.makefile('rb') as questions:
                connection.settimeout(10)
                question = questions.read(struct.unpack('>H', questions.read(2))[0])
                self.over_tcp.append(question)
                answer = self.answer(question)
                if not self.is_deaf:
                    connection.sendall(struct.pack('>H', len(answer)) + answer)

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
        if callable(data):
            data = data(self.asked[name, kind])
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
                self.body = self.rfile.read(int(self.headers['Content-Length']))
                outer.requests.append(Request(self.command, self.headers['Host'], self.path, self.headers, self.body))
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
        self.sendmail.write_text(f'#!/bin/sh\nfile=$(mktemp -p {self.mails})\nfor word; do echo "$word" >> $file.words; '
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
                   '--timeout', '6']
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

    def start(self, *arguments, **more):
        return subprocess.Popen(self.command(*arguments, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def deliveries(self):
        with sqlite3.connect(self.data / 'deliveries.db') as db:
            rows = db.execute('SELECT domain, address, phase, made, next, word FROM delivery '
                              'JOIN report ON report.id = report ORDER BY delivery.id').fetchall()
        db.close()
        return rows

    def phases(self):
        return {domain: phase for domain, _, phase, *_ in self.deliveries()}

    def next(self):
        """When the only delivery is due, as the clock says it."""
        ((*_, when, _),) = self.deliveries()
        return self.clock(when)

    @staticmethod
    def clock(seconds):
        return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))

    def later(self, seconds):
        return self.clock(START + seconds)


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
                         {'waiting': 0, 'done': 2, 'given-up': 0, 'unknown': 0, 'unanswered': 0})
        words = sorted(path.read_text() for path in self.mails.glob('*.words'))
        self.assertEqual(words, ['-i\n-f\nb@example.net\n--\n' + to + '\n' for to in ('-oQ@example.org', 'tls@example.org')])
        mail = email.message_from_bytes(next(self.mails.glob('*.mail')).read_bytes(), policy=email.policy.default)
        self.assertEqual(mail['TLS-Report-Domain'], 'example.org')
        text, attached = mail.iter_parts()
        self.assertEqual(json.loads(gzip.decompress(attached.get_content()))['organization-name'], 'Example Net')
        self.assertNotIn(b'\r', next(self.mails.glob('*.mail')).read_bytes())
        self.send()
        self.assertEqual(len(list(self.mails.glob('*.mail'))), 2)

    def test_mail_server_that_fails(self):
        self.count(['example.org'])
        self.names.add('example.org', 'mailto:tls@example.org')
        for status, phase in ((75, WAITING), (70, WAITING), (None, WAITING), (67, GIVEN_UP)):
            self.mail_status(status)
            if status is None:
                self.sendmail.unlink()
            self.send(now=self.next() if status != 75 else NOW)
            self.assertEqual(self.phases(), {'example.org': phase}, status)

    def test_mail_server_that_hangs(self):
        self.count(['example.org'])
        self.names.add('example.org', 'mailto:tls@example.org')
        self.sendmail.write_text('#!/bin/sh\nexec sleep 60\n')
        begin = time.monotonic()
        self.send('--timeout', '1')
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(self.phases(), {'example.org': WAITING})

    def test_mail_that_comes_back(self):
        """DE-22: nothing is sent to the address for 7 days, then for 14."""
        self.names.add('example.org', 'mailto:tls@example.org')

        def bounce(address, text, now, status=0):
            done = subprocess.run([PROGRAM, '--dir', self.data, '--bounced', address, '--now', now], input=text,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, status, done.stderr)
        sent = []
        for day in (0, 1, 2, 7, 8, 9, 21, 22):
            now = self.later(day * 24 * HOUR)
            self.count(['example.org'], self.clock(START + (day - 1) * 24 * HOUR)[:10])
            before = set(self.mails.glob('*.words'))
            self.send('--bounces', 'b@example.net', '--verp', now=now)
            for path in set(self.mails.glob('*.words')) - before:
                sent.append(day)
                sender = path.read_text().splitlines()[2]
                self.assertRegex(sender, r'^b\+\d+\.[0-9a-f]{8}@example\.net$')
                bounce(sender, 'Subject: late\n\nAction: delayed\n', now)
                bounce(sender.replace('b+', 'b+1'), 'Action: failed\n', now, status=1)
                bounce('b@example.net', 'Action: failed\n', now, status=1)
                if day > 0:
                    bounce(sender, 'Subject: no\n\nFinal-Recipient: rfc822; tls@example.org\nAction: Failed\n', now)
        self.assertEqual(sent, [0, 1, 8, 22])

    def test_files_of_others(self):
        """Nobody else reads the reports, and a mail that came back comes again when they cannot be read here."""
        self.count(['example.org'])
        self.names.add('example.org', 'mailto:tls@example.org')
        before = os.umask(0o022)
        self.addCleanup(os.umask, before)
        self.send()
        for path in self.data.glob('deliveries.*'):
            self.assertEqual(path.stat().st_mode & 0o007, 0, path)
        (self.data / 'deliveries.db').write_text('This is no database.' * 100)
        done = subprocess.run([PROGRAM, '--dir', self.data, '--bounced', 'b+1.01234567@example.net'], input='Action: failed\n',
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr.count(str(self.data))), (75, 1), done)
        self.send(status=1)
        self.assertEqual(self.said.count(str(self.data)), 1, self.said)
        # A mail that comes back may be the first to make the file.
        for path in self.data.glob('deliveries.*'):
            path.unlink()
        subprocess.run([PROGRAM, '--dir', self.data, '--bounced', 'b+1.01234567@example.net'], input=b'', capture_output=True)
        self.assertEqual((self.data / 'deliveries.db').stat().st_mode & 0o007, 0)

    def test_file_of_another_version(self):
        """The advice does not have days reported twice."""
        self.send()
        with sqlite3.connect(self.data / 'deliveries.db') as db:
            db.execute('PRAGMA user_version = 1')
        db.close()
        self.send(status=1)
        self.assertIn('together with the journals of all days that were reported', self.said)

    def test_https(self):
        """DE-21: what a request consists of."""
        self.count(['example.org'])
        self.names.add('example.org', self.url('/v1?x=y'), 'r.example.com')
        self.assertEqual(self.send(), {'waiting': 0, 'done': 1, 'given-up': 0, 'unknown': 0, 'unanswered': 0})
        self.send()
        (request,) = self.web.requests
        self.assertEqual((request.method, request.path, request.host),
                         ('POST', '/v1?x=y', f'r.example.com:{self.web.port}'))
        headers = {name: value for name, value in request.headers.items() if name not in ('Host', 'Accept')}
        self.assertRegex(headers.pop('User-Agent'), r'^tlsrpt/\d+\.\d+\.\d+$')
        self.assertEqual(headers, {'Content-Type': 'application/tlsrpt+gzip', 'Content-Length': str(len(request.body))})
        report = json.loads(gzip.decompress(request.body))
        self.assertEqual(report['policies'][0]['policy'], {'policy-type': 'no-policy-found', 'policy-domain': 'example.org'})

    def test_several_endpoints(self):
        """DE-23: all of them, each for itself, with the same octets. DE-24: each once."""
        self.count(['example.org'])
        rua = [self.url('/a'), self.url('/b'), self.url('/c'), self.url('/a').replace('https', 'HTTPS'),
               self.url('/a').replace('r.example', 'R.Example'), 'mailto:tls@example.org', 'mailto:%74ls@example.org']
        self.names.add('example.org', ','.join(rua), 'r.example.com')
        self.web.answers = {'/b': 503, '/c': 404}
        self.assertEqual(self.send(), {'waiting': 1, 'done': 2, 'given-up': 1, 'unknown': 0, 'unanswered': 0})
        self.web.answers = {}
        self.assertEqual(self.send(now=self.later(20 * MINUTE)), {'waiting': 0, 'done': 3, 'given-up': 1, 'unknown': 0, 'unanswered': 0})
        self.assertEqual(self.web.paths(), {'/a': 1, '/b': 2, '/c': 1})
        self.assertEqual(len({request.body for request in self.web.requests}), 1)
        self.assertEqual(len(list(self.mails.glob('*.mail'))), 1)

    def test_many_endpoints(self):
        """DE-24: ten at most: nobody has one record send a report to a thousand strangers."""
        self.count(['example.org'])
        self.names.add('example.org', ','.join(f'mailto:a{i}@example.org' for i in range(100)))
        self.names.longest = 512
        self.assertEqual(self.send()['done'], 10)
        self.assertEqual(len(list(self.mails.glob('*.mail'))), 10)

    def test_hosts_are_no_burden(self):
        """DE-05: four connections at a time, and nobody waits for the host of another."""
        domains = [f'd{i:02}.example' for i in range(12)]
        self.count([*domains, 'fast.example'])
        for domain in domains:
            self.names.add(domain, self.url('/slow', 'slow.example.com'), 'slow.example.com')
        self.names.add('fast.example', self.url('/fast', 'zfast.example.com'), 'zfast.example.com')
        lock, inside, most = threading.Lock(), [], []

        def slow(handler):
            with lock:
                inside.append(1)
                most.append(len(inside))
            time.sleep(0.2)
            with lock:
                inside.pop()
            handler.reply(200)
        self.web.answers['/slow'] = slow
        self.assertEqual(self.send()['done'], 13)
        self.assertEqual(max(most), 4)
        self.assertLess([request.path for request in self.web.requests].index('/fast'), 8)

    def test_machine_without_room_for_threads(self):
        """Those that there are do the work."""
        program = pathlib.Path(PROGRAM).read_bytes()
        if program[4] != 2 or b'__asan_init' in program or b'__tsan_init' in program:
            self.skipTest('stacks cannot be that large here')
        names = [f'd{i}.example' for i in range(4)]
        self.count(names)
        for name in names:
            self.names.add(name, f'mailto:tls@{name}')
        done = subprocess.run(['sh', '-c', 'ulimit -S -s 60000000000; exec "$@"', 'sh', *self.command()], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual((done.returncode, json.loads(done.stdout)['done']), (0, 4), done.stderr)

    def test_hosts_take_turns(self):
        """Many reports to slow hosts let others go first, however they are called."""
        slow = [f'h{host:02}' for host in range(12)]
        names = [f'{name}-{i}' for name in slow for i in range(4)]
        self.count([name + '.example' for name in [*names, 'zz']])
        for name in [*names, 'zz']:
            host = name.split('-')[0] + '.example.com'
            self.names.add(name + '.example', self.url('/' + name, host), host)
            self.web.answers['/' + name] = lambda handler: (time.sleep(0.3), handler.reply(200))
        self.assertEqual(self.send()['done'], 49)
        self.assertLess([request.path for request in self.web.requests].index('/zz'), 32)

    def test_first_attempts_come_first(self):
        """Hosts that failed, however many, keep no other from its first attempt."""
        failing = [f'h{i:02}' for i in range(100)]
        self.count([name + '.example' for name in failing])
        for name in [*failing, 'zz']:
            self.names.add(name + '.example', self.url('/' + name, name + '.example.com'), name + '.example.com')
        self.names.add('zzz.example', 'mailto:tls@zzz.example')
        other = threading.Event()
        self.web.answers = {'/' + name: lambda handler: (other.wait(20), handler.reply(500)) for name in failing}
        self.web.answers['/zz'] = lambda handler: (other.set(), handler.reply(200))
        other.set()
        self.assertEqual(self.send()['waiting'], 100)
        # Now they do not answer before the other one has come.
        other.clear()
        self.count(['zz.example', 'zzz.example'], day='2026-11-22')
        self.assertEqual(self.send(now=self.later(20 * MINUTE)), {'waiting': 100, 'done': 2, 'given-up': 0, 'unknown': 0, 'unanswered': 0})

    def test_start_that_takes_long(self):
        """What is left when it has taken twice the time of an attempt is due at the next start."""
        names = [f'd{i}.example' for i in range(16)]
        self.count([*names, 'mail.example'])
        self.names.add('mail.example', 'mailto:tls@mail.example')
        for name in names:
            self.names.add(name, self.url('/' + name))
        self.names.zone['r.example.com'] = {A: ['127.0.0.1']}
        hanging = set(names)

        def answer(handler):
            if handler.path[1:] in hanging:
                time.sleep(3)
            handler.reply(200)
        self.web.answers = {'/' + name: answer for name in names}
        counts = self.send('--timeout', '1')
        tried = [domain for domain, *_, made, _, _ in self.deliveries() if made]
        self.assertEqual((counts['waiting'], counts['done'], 'mail.example' in tried), (16, 1, True))
        self.assertTrue(4 <= len(tried) - 1 <= 12, tried)
        hanging.clear()
        self.assertEqual(self.send()['done'], 17 - len(tried) + 1)
        self.assertEqual(self.send(now=self.later(20 * MINUTE))['done'], 17)


class Answers(Case):
    def test_each_status(self):
        """DE-10 to DE-18."""
        expected = {
            DONE: [200, 201, 202, 204, 206, 299],
            GIVEN_UP: [300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 409, 410, 411, 413, 414, 415,
                       421, 422, 431, 451, 600],
            WAITING: [408, 425, 429, 500, 501, 502, 503, 504, 507, 509, 599]}
        phases = {f'd{status}.example': phase for phase, statuses in expected.items() for status in statuses}
        self.count(list(phases))
        for domain in phases:
            status = domain[1:4]
            self.names.add(domain, self.url(f'/{status}', f's{status}.example.com'), f's{status}.example.com')
            self.web.answers[f'/{status}'] = int(status)
        self.send()
        self.assertEqual(self.phases(), phases)
        self.assertEqual({path: count for path, count in self.web.paths().items() if count != 1}, {'/415': 2})

    def test_fewer_details(self):
        """DE-16: once with fewer details, then no more."""
        self.count({'a.example': (70, None), 'b.example': (70, None), 'c.example': (2, None)})
        for letter in 'abc':
            self.names.add(f'{letter}.example', self.url(f'/{letter}'), 'r.example.com')
            self.web.answers[f'/{letter}'] = 413
        self.web.answers['/a'] = lambda handler: handler.reply(413 if self.web.paths()['/a'] == 1 else 200)
        self.send()
        self.assertEqual(self.phases(), {'a.example': DONE, 'b.example': GIVEN_UP, 'c.example': GIVEN_UP})
        self.assertEqual(self.web.paths(), {'/a': 2, '/b': 2, '/c': 1})
        self.assertIn(f'c.example to {self.url("/c")}: given up: too large, and there is nothing smaller', self.said)
        whole, cut = (json.loads(gzip.decompress(request.body)) for request in self.web.requests if request.path == '/a')
        details = cut['policies'][0].pop('failure-details')
        self.assertEqual(len(whole['policies'][0].pop('failure-details')), 70)
        self.assertEqual(cut, whole)
        self.assertEqual((len(details), sum(detail['failed-session-count'] for detail in details)), (65, 70))

    def test_uncompressed(self):
        """DE-17: once as JSON, then no more; later attempts stay with it."""
        self.count(['example.org'])
        self.names.add('example.org', self.url('/a'), 'r.example.com')
        answers = [415, 503, 200]
        self.web.answers['/a'] = lambda handler: handler.reply(answers[len(self.web.requests) - 1])
        self.send()
        self.send(now=self.next())
        self.assertEqual(self.phases(), {'example.org': DONE})
        types = [request.headers['Content-Type'] for request in self.web.requests]
        self.assertEqual(types, ['application/tlsrpt+gzip', 'application/tlsrpt+json', 'application/tlsrpt+json'])
        first, *others = (request.body for request in self.web.requests)
        self.assertEqual(others, [gzip.decompress(first)] * 2)

    def test_schedule(self):
        """DE-02: eight attempts in 23 h 45 min, with the same octets."""
        self.count(['example.org'])
        self.names.add('example.org', self.url(), 'r.example.com')
        self.web.answers['/'] = 503
        self.send()
        times = []
        while self.phases() == {'example.org': WAITING}:
            ((*_, when, _),) = self.deliveries()
            self.send(now=self.clock(when - 1))
            self.assertEqual(len(self.web.requests), len(times) + 1)
            self.send(now=self.clock(when))
            times.append((when - START) // MINUTE)
        self.assertEqual(self.phases(), {'example.org': GIVEN_UP})
        planned = [15, 45, 105, 225, 465, 945]
        for time_, least, gap in zip(times, planned, [15, 30, 60, 120, 240, 480]):
            self.assertTrue(least <= time_ <= least + gap / 5, times)
        self.assertEqual(times[-1], 23 * 60 + 45)
        self.assertEqual((len(times), len(self.web.requests)), (7, 8))
        self.assertEqual(len({request.body for request in self.web.requests}), 1)

    def test_retry_after(self):
        """DE-03."""
        for wait, date, seconds in (('7200', None, 2 * HOUR), ('Tue, 24 Nov 2026 09:00:00 GMT', None, 3 * HOUR),
                                    ('Tue, 24 Nov 2026 09:00:00 GMT', 'Tue, 24 Nov 2026 08:00:00 GMT', HOUR),
                                    ('86400', None, 23 * HOUR + 45 * MINUTE), ('90000', None, None), ('soon', None, None)):
            shutil.rmtree(self.data)
            self.data.mkdir()
            self.count(['example.org'])
            self.names.add('example.org', self.url(), 'r.example.com')

            def answer(handler, wait=wait, date=date):
                handler.date_time_string = lambda *_: date or 'Tue, 24 Nov 2026 06:00:00 GMT'
                handler.reply(429, Retry_After=wait)
            self.web.answers['/'] = answer
            self.send()
            ((*_, when, _),) = self.deliveries()
            if seconds:
                self.assertEqual(when - START, seconds, (wait, date))
            else:
                self.assertTrue(15 * MINUTE <= when - START <= 18 * MINUTE, wait)

    def test_no_answer(self):
        """DE-19; and what goes wrong after an answer does not matter."""
        closed = socket.socket()
        self.addCleanup(closed.close)
        closed.bind(('127.0.0.1', 0))
        plain = socket.socket()
        self.addCleanup(plain.close)
        plain.bind(('127.0.0.1', 0))
        plain.listen()

        def talk_plainly():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = plain.accept()
                    connection.sendall(b'220 mx.example.com ESMTP\r\n')
                    connection.close()
        threading.Thread(target=talk_plainly, daemon=True).start()

        def write(octets, times=1):
            def answer(handler):
                handler.close_connection = True
                try:
                    for _ in range(times):
                        handler.wfile.write(octets)
                        time.sleep(0 if times == 1 or len(octets) > 10 else 0.1)
                except OSError:
                    pass
            return answer
        ok = b'HTTP/1.1 200 OK\r\n'
        self.web.answers = {
            '/hang': lambda _: time.sleep(5), '/close': write(b''), '/half': write(b'HTTP/1.1 2'), '/garbage': write(b'hello\r\n'),
            '/early': write(b'HTTP/1.1 103 Early Hints\r\n\r\n'),
            '/cut': write(ok + b'Content-Length: 9\r\n\r\n1'), '/status': write(ok),
            '/large': write(ok + b'\r\n' + b'x' * 1_000_000, 3), '/drip': write(b'HTTP/1.1 200 OK\r\n\r\n', 60),
            '/header': write(ok + b'X: y\r\n' * 50_000, 2), '/bad': write(b'HTTP/1.1 503 No\r\n')}
        phases = {path[1:]: WAITING for path in ('/hang', '/close', '/half', '/garbage', '/early', '/bad')}
        phases.update({path[1:]: DONE for path in ('/cut', '/status', '/large', '/drip', '/header')})
        urls = {path[1:]: self.url(path) for path in self.web.answers}
        urls['refused'] = 'https://r.example.com:%d/' % closed.getsockname()[1]
        urls['plain'] = 'https://r.example.com:%d/' % plain.getsockname()[1]
        for name, zone in {'servfail': 2, 'refuses': 5, 'silent': None, 'none': 3, 'empty': {}}.items():
            urls[name] = f'https://{name}.example.com:8443/'
            self.names.zone[f'{name}.example.com'] = zone
        for name, url in urls.items():
            self.names.add(name + '.example', url.replace('r.example', name + '-r.example'), name + '-r.example.com')
            phases.setdefault(name, WAITING)
        for name in ('servfail', 'refuses', 'silent', 'none', 'empty'):
            self.names.add(name + '.example', urls[name])
        self.count([name + '.example' for name in urls])
        self.send('--timeout', '3')
        self.assertEqual(self.phases(), {name + '.example': phase for name, phase in phases.items()})
        self.web.answers = {}
        self.names.zone['silent.example.com'] = 2
        for phase in (WAITING, GIVEN_UP):
            now = max(when for domain, *_, when, _ in self.deliveries() if domain in ('none.example', 'empty.example'))
            self.send(now=self.clock(now))
            self.assertEqual({self.phases()[name] for name in ('none.example', 'empty.example')}, {phase})

    def test_slow_answers(self):
        """Redirects and other forms have no time of their own."""
        self.names.zone['r.example.com'] = {A: ['127.0.0.1']}

        def answer(status, **headers):
            return lambda handler: (time.sleep(1.5), handler.reply(status, **headers))
        self.web.answers = {'/there': answer(307, Location=self.url('/here')), '/here': answer(200),
                            '/large': answer(413), '/type': answer(415)}
        names = {'there', 'large', 'type'}
        for name in names:
            self.names.add(f'{name}.example', self.url(f'/{name}'))
        self.count({f'{name}.example': (70, None) for name in names})
        self.send('--timeout', '2')
        self.assertEqual(set(self.phases().values()), {WAITING}, self.said)

    def test_certificate(self):
        """DE-20: the fourth attempt does not check what was wrong three times."""
        for host, certificate in (('r.example.com', self.other_certificate), ('r.example.net', self.certificate)):
            for arguments, count in (((), 4), (('--verify', 'always'), 8)):
                with self.subTest(host=host, arguments=arguments):
                    shutil.rmtree(self.data)
                    self.data.mkdir()
                    web = WebServer(certificate)
                    self.addCleanup(web.close)
                    self.count(['example.org'])
                    self.names.add('example.org', f'https://{host}:{web.port}/', host)
                    self.send(*arguments)
                    attempts = 1
                    while self.phases() == {'example.org': WAITING}:
                        self.assertEqual(web.requests, [])
                        self.send(*arguments, now=self.next())
                        attempts += 1
                    self.assertEqual(attempts, count)
                    self.assertEqual(self.phases(), {'example.org': GIVEN_UP if arguments else DONE})
                    self.assertEqual(len(web.requests), 0 if arguments else 1)

    def test_redirects(self):
        """DE-12."""
        here, below, other = self.url('/here'), self.url('/below', 'a.r.example.com'), self.url('/other', 'other.example.com')
        self.names.zone.update({name: {A: ['127.0.0.1']} for name in ('a.r.example.com', 'other.example.com')})
        self.names.zone['b.r.example.com'] = {A: ['10.0.0.1']}
        rows = {'here': (307, here, DONE), 'permanent': (308, here, DONE), 'other': (307, other, GIVEN_UP),
                'plain': (307, here.replace('https', 'http'), GIVEN_UP), 'relative': (307, '/here', GIVEN_UP),
                'twice': (307, self.url('/r/here'), DONE), 'thrice': (307, self.url('/r/twice'), GIVEN_UP),
                'loop': (308, self.url('/r/loop'), GIVEN_UP), 'inside': (307, self.url('/', 'b.r.example.com'), GIVEN_UP),
                'literal': (307, 'https://169.254.169.254/', GIVEN_UP), 'none': (307, None, GIVEN_UP),
                'get': (302, here, GIVEN_UP)}
        self.count([name + '.example' for name in rows])
        for name, (status, location, _) in rows.items():
            self.names.add(name + '.example', self.url(f'/r/{name}'), 'r.example.com')
            self.web.answers[f'/r/{name}'] = lambda handler, status=status, location=location: handler.reply(
                status, **({'Location': location} if location else {}))
        self.send()
        self.assertEqual(self.phases(), {name + '.example': phase for name, (*_, phase) in rows.items()})
        paths = self.web.paths()
        self.assertEqual((paths['/here'], paths['/other'], paths['/r/loop']), (3, 0, 3))
        self.assertEqual({request.method for request in self.web.requests}, {'POST'})
        # A certificate of *.example.com is not one of a.r.example.com.
        self.count(['below.example'], '2026-11-24')
        self.names.add('below.example', self.url('/r/below'))
        self.web.answers['/r/below'] = lambda handler: handler.reply(307, Location=below)
        self.send(now='2026-11-25T06:00:00Z')
        self.assertEqual(self.phases()['below.example'], WAITING)

    def test_what_is_gone(self):
        """DE-15: off for a week after three days in a row."""
        self.names.add('example.org', self.url(), 'r.example.com')
        self.web.answers['/'] = 410
        asked = []
        for day in range(23, 23 + 13):
            date = time.strftime('%Y-%m-%d', time.gmtime(START + (day - 24) * 24 * HOUR))
            self.count(['example.org'], date)
            before = len(self.web.requests)
            self.send(now=self.clock(START + (day - 23) * 24 * HOUR))
            asked.append(len(self.web.requests) - before)
        self.assertEqual(asked, [1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0])


class Guard(Case):
    def expect(self, zone, phase, **more):
        """What becomes of a report to a host with these addresses."""
        shutil.rmtree(self.data)
        self.data.mkdir()
        self.count(['example.org'])
        self.names.add('example.org', self.url())
        self.names.zone['r.example.com'] = zone
        self.send(**more)
        self.assertEqual(self.phases(), {'example.org': phase}, zone)

    def test_addresses(self):
        """DE-30, DE-33, DE-34: one address that is refused is enough."""
        for zone in ({A: ['127.0.0.1']}, {A: ['10.0.0.1']}, {A: ['169.254.169.254']}, {A: ['0.0.0.0']}, {AAAA: ['::1']},
                     {AAAA: ['::ffff:127.0.0.1']}, {AAAA: ['fe80::1']}, {AAAA: ['64:ff9b::7f00:1']}):
            self.expect(zone, GIVEN_UP, allow=None)
        for zone in ({A: ['127.0.0.1', '10.0.0.1']}, {A: ['10.0.0.1', '127.0.0.1']}, {A: ['127.0.0.1'], AAAA: ['::1']}):
            self.expect(zone, GIVEN_UP)
        self.assertEqual(self.web.requests, [])
        self.expect({A: ['127.0.0.1', '127.0.0.2']}, DONE)

    def test_rebinding(self):
        """DE-32: what was judged is what is connected to; each attempt judges again."""
        self.web.answers['/'] = 503
        self.expect({A: lambda number: ['127.0.0.1' if number == 1 else '10.0.0.1']}, WAITING)
        self.assertEqual((len(self.web.requests), self.names.asked['r.example.com', A]), (1, 1))
        self.send(now=self.next())
        self.assertEqual(self.phases(), {'example.org': GIVEN_UP})
        self.assertEqual(len(self.web.requests), 1)

    def test_surroundings(self):
        """DE-32: neither a proxy of the surroundings nor a file with passwords has a say."""
        (self.folder / '.netrc').write_text('machine r.example.com login me password secret\n')
        proxy = socket.socket()
        self.addCleanup(proxy.close)
        proxy.bind(('127.0.0.1', 0))
        proxy.listen()
        address = 'http://127.0.0.1:%d' % proxy.getsockname()[1]
        self.count(['example.org'])
        self.names.add('example.org', self.url(), 'r.example.com')
        done = subprocess.run(self.command(), capture_output=True, timeout=60, env={
            **os.environ, 'HOME': str(self.folder), 'https_proxy': address, 'HTTPS_PROXY': address, 'ALL_PROXY': address})
        self.assertEqual(done.returncode, 0)
        (request,) = self.web.requests
        self.assertNotIn('Authorization', request.headers)

    def test_urls_and_addresses(self):
        """DE-31, DE-35: nothing is looked up for them."""
        rua = ['https://127.0.0.1/', 'https://printer.local/', 'https://intranet/', 'https://r.example.com:25/',
               'mailto:root@localhost', 'mailto:a@[127.0.0.1]']
        self.count(['example.org'])
        self.names.add('example.org', ','.join([*rua, 'mailto:tls@example.org']))
        self.send()
        self.assertEqual({name for name, _ in self.names.asked}, {'_smtp._tls.example.org'})
        self.assertEqual([phase for _, _, phase, *_ in self.deliveries() if phase != GIVEN_UP], [DONE])
        self.assertEqual(len(list(self.mails.glob('*.mail'))), 1)


class Days(Case):
    def setUp(self):
        super().setUp()
        self.names.add('example.org', 'mailto:tls@example.org')

    def mail_count(self):
        return len(list(self.mails.glob('*.mail')))

    def test_host_reports(self):
        """TA-07"""
        def tlsa(domain, host):
            return [{'domain': domain, 'sessions': 1, 'records': []},
                    {'policy': ['tlsa', host, ['3 1 1 aa'], []], 'ok': 1, 'failed': 0, 'failures': []}]

        lines = [*tlsa('a.example', 'mx.example'), *tlsa('b.example', 'mx.example'), *tlsa('c.example', 'mx.c.example')]
        head = {'_tally': 1, 'day': DAY, 'parts': [['mta1', 1, 1]], 'lost': 0, 'reports': 0, 'lines': len(lines)}
        (self.data / (DAY + '.journal')).write_text(
            ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines]))
        for domain, to in (('a.example', 'mailto:tls@a.example'), ('b.example', 'mailto:tls@mx.example'),
                           ('c.example', 'mailto:tls@c.example'), ('mx.example', 'mailto:tls@mx.example')):
            self.names.add(domain, to)
        for arguments in [], ['--host-reports']:
            out = self.folder / f'out{len(arguments)}'
            self.send('--dry-run', '--out', out, *arguments)
            rows = [line.split('\t')[1:3] for line in (out / 'destinations.tsv').read_text().splitlines()[1:]]
            self.assertCountEqual(rows, [['a.example', 'tls@a.example'], ['b.example', 'tls@mx.example'],
                                         ['c.example', 'tls@c.example'], *[['mx.example', 'tls@mx.example']] * len(arguments)])
        # Sessions of b.example are in the report that comes to the same address.
        report = json.loads((out / 'example.net!mx.example!1795392000!1795478399!001.json').read_text())
        self.assertEqual([(policy['policy'], policy['summary']) for policy in report['policies']],
                         [({'policy-type': 'tlsa', 'policy-string': ['3 1 1 aa'], 'policy-domain': 'mx.example'},
                           {'total-successful-session-count': 1, 'total-failure-session-count': 0})])
        self.send('--host-reports')
        self.assertEqual(len(self.deliveries()), 4)

    def test_host_without_an_answer(self):
        """TA-07, TA-24: a mail host waits for the DNS as long as a delivery, and this is reported; so does a domain that no session had a
        record of. Other reports do not wait."""
        lines = [{'domain': 'a.example', 'sessions': 1, 'records': ['v=TLSRPTv1; rua=mailto:tls@a.example']},
                 {'policy': ['tlsa', 'mx1.example', ['3 1 1 aa'], []], 'ok': 1, 'failed': 0, 'failures': []},
                 {'policy': ['tlsa', 'mx2.example', ['3 1 1 aa'], []], 'ok': 0, 'failed': 1, 'failures': [
                     [['tlsa-invalid', '', 'mx2.example', '', '', '', ''], 1, 0]]},
                 {'domain': 'b.example', 'sessions': 1, 'records': []},
                 {'policy': ['tlsa', 'mx3.example', ['3 1 1 aa'], []], 'ok': 1, 'failed': 0, 'failures': []},
                 {'domain': 'mx2.example', 'sessions': 1, 'records': []},
                 {'policy': ['no-policy-found', 'mx2.example', [], []], 'ok': 1, 'failed': 0, 'failures': []},
                 {'domain': 'mx3.example', 'sessions': 1, 'records': []},
                 {'policy': ['no-policy-found', 'mx3.example', [], []], 'ok': 1, 'failed': 0, 'failures': []},
                 {'domain': 'silent.example', 'sessions': 1, 'records': []},
                 {'policy': ['no-policy-found', 'silent.example', [], []], 'ok': 1, 'failed': 0, 'failures': []}]
        head = {'_tally': 1, 'day': DAY, 'parts': [['mta1', 1, 1]], 'lost': 0, 'reports': 0, 'lines': len(lines)}
        (self.data / (DAY + '.journal')).write_text(
            ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines]))
        self.names.zone.update({f'_smtp._tls.{name}.example': 2 for name in ('a', 'b', 'mx1', 'mx2', 'silent')})
        self.names.add('mx3.example', 'mailto:tls@mx3.example')
        out = self.folder / 'out'
        self.send('--host-reports', '--dry-run', '--out', out)
        rows = {tuple(line.split('\t')[1:3]) for line in (out / 'destinations.tsv').read_text().splitlines()[1:]}
        self.assertEqual(rows, {('a.example', 'tls@a.example'), ('b.example', ''), ('mx1.example', ''), ('mx2.example', ''),
                                ('mx3.example', 'tls@mx3.example'), ('silent.example', '')})
        # mx3.example answers, but its report may have what sessions to b.example found, or not.
        self.assertEqual(self.send('--host-reports')['unanswered'], 5)
        for name in ('b', 'mx1', 'mx2', 'mx3', 'silent'):
            why = ' about b.example, whose sessions may belong in it' if name == 'mx3' else ''
            self.assertIn(f'{DAY}: {name}.example: no report: the DNS has no answer{why}; again at 2026-11-24T06:15:00Z', self.said)
        self.assertEqual(set(self.phases()), {'a.example'})
        self.names.add('b.example', 'mailto:tls@b.example')
        self.names.add('mx2.example', 'mailto:tls@mx2.example')
        asked = self.names.asked['_smtp._tls.mx2.example', TXT]
        self.assertEqual(self.send('--host-reports', now=self.later(14 * MINUTE))['unanswered'], 5)
        self.assertEqual(self.names.asked['_smtp._tls.mx2.example', TXT], asked)
        self.assertEqual(self.send('--host-reports', now=self.later(15 * MINUTE))['unanswered'], 2)
        made = {f'{name}.example' for name in ('a', 'b', 'mx2', 'mx3')}
        self.assertEqual(set(self.phases()), made)
        # One report to each host, with its own sessions and those of the domain that it serves.
        mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in self.mails.glob('*.mail')]
        for host in ('mx2.example', 'mx3.example'):
            (attached,) = [list(mail.iter_parts())[1] for mail in mails if mail['TLS-Report-Domain'] == host]
            policies = json.loads(gzip.decompress(attached.get_content()))['policies']
            self.assertEqual([policy['policy']['policy-type'] for policy in policies], ['tlsa', 'no-policy-found'])
        # It has its report: whatever the DNS says later.
        self.names.zone['_smtp._tls.mx2.example'] = 2
        self.names.add('silent.example', 'mailto:tls@silent.example')
        self.assertEqual(self.send('--host-reports', now=self.later(HOUR))['unanswered'], 1)
        self.assertNotIn('mx2.example', self.said)
        self.assertEqual(set(self.phases()), made | {'silent.example'})
        # The last time.
        self.assertEqual(self.send('--host-reports', now=self.later(23 * HOUR + 45 * MINUTE))['unanswered'], 0)
        self.assertIn('mx1.example: no report: the DNS has no answer\n', self.said)
        self.names.add('mx1.example', 'mailto:tls@mx1.example')
        self.send('--host-reports', now=self.later(25 * HOUR))
        self.assertEqual(set(self.phases()), made | {'silent.example'})
        self.assertEqual(self.mail_count(), 5)

    def test_host_of_a_domain_without_an_answer(self):
        """A mail host waits three times for a domain that names it, and not for the whole day."""
        (self.data / f'{DAY}.journal').write_text(tlsa_tally({'stranger.example': [('mx.example.org', 1)]}))
        self.names.zone['_smtp._tls.stranger.example'] = 2
        self.names.add('mx.example.org', 'mailto:tls@mx.example.org')
        asked, now = [], START
        for made in range(1, 6):
            self.send('--host-reports', now=self.clock(now))
            self.assertEqual('mx.example.org' in self.phases(), made > 3, made)
            asked.append(self.names.asked['_smtp._tls.mx.example.org', TXT])
            with sqlite3.connect(self.data / 'deliveries.db') as db:
                ((now,),) = db.execute('SELECT next FROM day').fetchall()
            db.close()
        # It has its report, so that nobody asks for its record.
        self.assertEqual(asked[3], asked[4])

    def test_names_that_wait_without_a_journal(self):
        """They are forgotten with their day."""
        self.count({'silent.example': (0, None)})
        self.names.zone['_smtp._tls.silent.example'] = 2
        self.assertEqual(self.send()['unanswered'], 1)
        (self.data / f'{DAY}.journal').unlink()
        self.assertEqual(self.send(now=self.later(HOUR))['unanswered'], 1)
        self.assertEqual(self.send(now=self.later(12 * 24 * HOUR))['unanswered'], 0)

    def test_sealed(self):
        """TA-21: a day is reported when it has been over for ten minutes."""
        self.count(['example.org'])
        for now, count in (('2026-11-23T23:59:59Z', 0), ('2026-11-24T00:09:59Z', 0), ('2026-11-24T00:10:00Z', 1)):
            self.send(now=now)
            self.assertEqual(self.mail_count(), count, now)

    def test_one_day(self):
        for day in ('2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'):
            self.count(['example.org'], day)
        self.send('--day', '2026-11-22')
        self.assertEqual(self.mail_count(), 1)
        self.send('--day', '2026-11-24', status=1)
        self.send('--day', '2026-11-20', status=1)
        self.assertEqual(self.mail_count(), 1)
        self.send()
        self.assertEqual(self.mail_count(), 3)

    def test_time_of_the_first_attempt(self):
        """DE-01: between 00:10 and 04:10, or now."""
        now = time.time()
        yesterday = time.strftime('%Y-%m-%d', time.gmtime(now - 24 * HOUR))
        domains = [f'd{i}.example' for i in range(20)]
        for domain in domains:
            self.names.add(domain, 'mailto:tls@' + domain)
        self.count(domains, yesterday)
        self.send(now=None)
        if not self.deliveries():
            self.skipTest('it is just after midnight')
        with sqlite3.connect(self.data / 'deliveries.db') as db:
            firsts = [first for first, in db.execute('SELECT first FROM delivery')]
        db.close()
        midnight = now - now % (24 * HOUR)
        for first in firsts:
            self.assertTrue(midnight + 10 * MINUTE <= first <= max(midnight + 250 * MINUTE, time.time()))
        self.assertEqual(self.mail_count(), sum(first <= now + 1 for first in firsts))

    def test_record(self):
        """TA-24: the record of the time of sending counts; that of the sessions when nobody answers."""
        session = 'v=TLSRPTv1; rua=mailto:old@example.org'
        self.names.zone.update({
            '_smtp._tls.gone.example': 3, '_smtp._tls.empty.example': {}, '_smtp._tls.servfail.example': 2,
            '_smtp._tls.silent.example': None, '_smtp._tls.unknown.example': 2,
            '_smtp._tls.two.example': {TXT: ['v=TLSRPTv1; rua=mailto:a@two.example', 'v=TLSRPTv1; rua=mailto:b@two.example']},
            '_smtp._tls.other.example': {TXT: ['v=spf1 -all']}, '_smtp._tls.long.example': {
                TXT: ['v=TLSRPTv1; rua=mailto:' + 'x' * 60 + '@long.example', 'hello']}})
        domains = ('gone', 'empty', 'servfail', 'silent', 'two', 'other', 'long')
        self.count({**{domain + '.example': (0, session) for domain in domains}, 'example.org': (0, session),
                    'unknown.example': (0, None)})
        self.send()
        self.assertEqual({(domain, address) for domain, address, *_ in self.deliveries()}, {
            ('example.org', 'tls@example.org'), ('servfail.example', 'old@example.org'), ('silent.example', 'old@example.org'),
            ('long.example', 'x' * 60 + '@long.example')})
        for domain in ('gone', 'empty', 'two', 'other', 'unknown'):
            self.assertIn(f'{domain}.example: no report: ', self.said)
        self.names.add('gone.example', 'mailto:new@gone.example')
        self.send()
        self.assertNotIn('gone.example', self.phases())

    def test_answers_that_are_cut(self):
        """TA-24: a record that is too long for a datagram, or comes with others, is asked for by TCP; nobody lives on half of it."""
        rua = [f'mailto:{chr(ord("a") + i)}{"x" * 50}@long.example' for i in range(6)]
        self.names.zone['_smtp._tls.long.example'] = {TXT: ['v=spf1 ' + 'y' * 600, f'v=TLSRPTv1; rua={",".join(rua)}']}
        self.names.longest = 512
        self.count(['long.example', 'example.org'])
        self.send()
        self.assertCountEqual([address for domain, address, *_ in self.deliveries() if domain == 'long.example'],
                              [to.removeprefix('mailto:') for to in rua])
        self.assertEqual((len(self.names.over_tcp), self.mail_count()), (1, 7))
        # No answer by TCP either: nobody knows, so the record of the sessions counts.
        self.names.is_deaf = True
        self.count({'long.example': (0, 'v=TLSRPTv1; rua=mailto:old@long.example')}, '2026-11-24')
        self.send(now=self.later(24 * HOUR))
        self.assertIn('old@long.example', [address for _, address, *_ in self.deliveries()])

    def test_journals(self):
        """TA-26: those of several machines are added up; what a crash cut and what is there twice is left out."""
        one, two = (journal({'example.org': (0, None)}, sequence=i) for i in (1, 2))
        (self.data / f'{DAY}.journal').write_text(one + two[:len(two) // 2] + '\n' + two + one + two[:70])
        newer = journal({'example.org': (0, None)}, sequence=9).replace('{"_tally":1', '{"_tally":2')
        (self.data / f'{DAY}.mta2.journal').write_text(newer + journal({'example.org': (1, None)}, sequence=3))
        (self.data / f'{DAY}.journal.old').write_text('nonsense')
        self.send('--dry-run', '--out', self.folder)
        (path,) = self.folder.glob('*.json')
        self.assertEqual(json.loads(path.read_text())['policies'][0]['summary'],
                         {'total-successful-session-count': 3, 'total-failure-session-count': 1})
        self.assertIn('2 tallies were cut', self.said)
        self.assertIn('mta2.journal: 1 tallies are of another version or were changed', self.said)
        self.assertIn('1 tallies are there twice', self.said)
        self.send()
        (self.data / f'{DAY}.mta2.journal').write_text(journal({'example.org': (1, None)}, sequence=4) * 2)
        self.send()
        self.assertIn('its journal has changed', self.said)
        self.assertEqual(self.mail_count(), 1)

    def test_many_policies_of_a_domain(self):
        """TA-16: a domain that changes its TLSA records all day loses what is too much, and keeps no other from its reports."""
        def tally(sequence):
            lines = [{'domain': 'example.org', 'sessions': 1, 'records': []},
                     {'policy': ['no-policy-found', 'example.org', [], []], 'ok': 1, 'failed': 0, 'failures': []},
                     {'domain': 'many.example', 'sessions': 1500, 'records': []},
                     *({'policy': ['tlsa', 'many.example', [f'3 1 1 {sequence:02x}{i:04x}'], []], 'ok': 1, 'failed': 0,
                        'failures': []} for i in range(1500))]
            head = {'_tally': 1, 'day': DAY, 'parts': [['mta1', sequence, sequence]], 'lost': 0, 'reports': 0,
                    'lines': len(lines)}
            return ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines])

        (self.data / f'{DAY}.journal').write_text(''.join(map(tally, range(1, 4))))
        self.names.add('many.example', 'mailto:tls@many.example')
        self.send('--dry-run', '--out', self.folder)
        self.assertIn(f'{DAY}: 1500 sessions are in no report', self.said)
        reports = [json.loads(path.read_text()) for path in self.folder.glob('*.json')]
        self.assertEqual(sorted((len(report['policies']),
                                 sum(policy['summary']['total-successful-session-count'] for policy in report['policies']))
                                for report in reports), [(1, 3), (3000, 3000)])

    def test_journals_that_are_none(self):
        """They are reported, and keep no other day from its reports."""
        makers = {'2026-11-19': lambda path: path.symlink_to('/none'), '2026-11-20': lambda path: path.symlink_to('/dev/zero'),
                  '2026-11-21': os.mkfifo, '2026-11-22': lambda path: path.mkdir(),
                  '2026-11-18': lambda path: path.write_text(journal({'example.org': (0, None)}, '2026-11-17'))}
        for day, make in makers.items():
            make(self.data / f'{day}.journal')
        self.count(['example.org'])
        out = self.folder / 'out'
        self.send('--dry-run', '--out', out, status=1)
        self.assertEqual([path.name for path in out.glob('*.json')], ['example.net!example.org!1795392000!1795478399!001.json'])
        for day in makers:
            self.assertIn(f'{day}: no reports: ', self.said)
        self.assertEqual(self.send(status=1)['done'], 1)
        for day in makers:
            self.assertIn(f'{day}: no reports: ', self.said)

    def test_domain_that_no_report_can_be_about(self):
        """A name of one label is no domain in a mail. Its day is done all the same."""
        record = 'v=TLSRPTv1; rua=mailto:tls@example.org'
        self.count({'intranet': (0, record), 'example.org': (0, None)})
        self.names.zone['_smtp._tls.intranet'] = {TXT: [record]}
        out = self.folder / 'out'
        self.send('--dry-run', '--out', out)
        self.assertRegex((out / 'destinations.tsv').read_text(), f'{DAY}\tintranet\t\t\tA domain .* two or more labels')
        self.assertEqual(self.send()['done'], 1)
        self.assertIn('intranet: no report: A domain', self.said)
        self.send(now=self.later(MINUTE))
        self.assertEqual(self.said, '')

    def test_end_of_a_year(self):
        self.count(['example.org'], '2026-12-31')
        self.send(now='2027-01-01T00:09:59Z')
        self.assertEqual(self.mail_count(), 0)
        self.send(now='2027-01-01T00:10:00Z')
        mail = email.message_from_bytes(next(self.mails.glob('*.mail')).read_bytes(), policy=email.policy.default)
        self.assertIn('Report-ID: <20261231.example.org.', mail['Subject'])
        self.assertEqual(mail['Date'].datetime.isoformat(), '2027-01-01T00:10:00+00:00')
        _, attached = mail.iter_parts()
        self.assertEqual(json.loads(gzip.decompress(attached.get_content()))['date-range'],
                         {'start-datetime': '2026-12-31T00:00:00Z', 'end-datetime': '2026-12-31T23:59:59Z'})

    def test_large_reports(self):
        """TA-25: fewer details, then several reports, each with its own id."""
        policies = [['tlsa', f'mx{i}.example.org', [f'3 1 1 {i:064x}'], []] for i in range(3)]
        lines = [{'domain': 'example.org', 'sessions': 300, 'records': []}]
        for policy in policies:
            hosts = sorted(f'h{i}.example.org' for i in range(100))
            lines.append({'policy': policy, 'ok': 0, 'failed': 100, 'failures': [
                [['tlsa-invalid', '', host, '', '', '', ''], 1, 0] for host in hosts]})
        head = {'_tally': 1, 'day': DAY, 'parts': [['mta1', 1, 1]], 'lost': 0, 'reports': 0, 'lines': len(lines)}
        (self.data / f'{DAY}.journal').write_text(
            ''.join(json.dumps(line, separators=(',', ':')) + '\n' for line in [head, *lines]))
        for size, parts, details in ((100_000, 1, 100), (740, 1, 65), (630, 2, 65), (10, 3, 65)):
            out = self.folder / f'out{size}'
            self.send('--dry-run', '--out', out, '--max-size', str(size))
            reports = {path.name[-8:-5]: json.loads(path.read_text()) for path in out.glob('*.json')}
            self.assertEqual(len(reports), parts, size)
            self.assertEqual(len({report['report-id'] for report in reports.values()}), parts)
            found = [policy for _, report in sorted(reports.items()) for policy in report['policies']]
            self.assertEqual([policy['policy']['policy-domain'] for policy in found], [policy[1] for policy in policies])
            for policy in found:
                self.assertEqual(len(policy['failure-details']), details)
                self.assertEqual(sum(detail['failed-session-count'] for detail in policy['failure-details']), 100)
        self.send('--max-size', '10')
        self.assertEqual(self.mail_count(), 3)

    def test_what_is_kept(self):
        """DE-25."""
        self.count(['example.org'])
        self.mail_status(75)
        self.send()
        self.mail_status(0)
        self.send(now=self.later(30 * HOUR))
        self.assertEqual(self.phases(), {'example.org': GIVEN_UP})
        self.assertEqual(self.mail_count(), 1)
        with sqlite3.connect(self.data / 'deliveries.db') as db:
            self.assertEqual(db.execute('SELECT mail, gzip FROM delivery, report').fetchall(), [(None, None)])
        db.close()
        self.send(now='2026-12-01T23:00:00Z')
        journal = self.data / f'{DAY}.journal'
        self.assertTrue(journal.exists())
        self.count(['example.org'], '2026-11-20')
        # A day whose journal stays is not forgotten: it would be reported once more.
        journal.rename(self.folder / 'journal')
        journal.mkdir()
        (journal / 'file').write_text('')
        self.assertEqual(self.send(now='2026-12-02T01:00:00Z', status=1)['given-up'], 1)
        self.assertIn(f'{DAY}: filesystem error: cannot remove', self.said)
        shutil.rmtree(journal)
        (self.folder / 'journal').rename(journal)
        self.assertEqual(self.phases(), {'example.org': GIVEN_UP})
        self.send('--day', DAY, now='2026-12-02T01:00:00Z')
        self.assertEqual(self.mail_count(), 1)
        self.count(['example.org'], '2026-11-20')
        self.send(now='2026-12-02T01:00:00Z')
        self.assertIn('1 days are too long ago', self.said)
        self.assertEqual([path.name for path in self.data.glob('*.journal')], ['2026-11-20.journal'])
        self.assertEqual(self.deliveries(), [])

    def test_journal_that_stays(self):
        """It keeps no other journal from being deleted."""
        days = ['2026-11-22', DAY]
        for day in days:
            self.count(['example.org'], day)
        self.send()
        stays, goes = (self.data / f'{day}.journal' for day in days)
        stays.unlink()
        stays.mkdir()
        (stays / 'file').write_text('')
        self.send(now=self.later(12 * 24 * HOUR), status=1)
        self.assertEqual((stays.exists(), goes.exists()), (True, False))
        self.assertIn(f'{days[0]}: filesystem error: cannot remove', self.said)


class Stops(Case):
    def setUp(self):
        super().setUp()
        self.count(['example.org'])
        self.begun, self.go = threading.Event(), threading.Event()
        self.addCleanup(self.go.set)
        self.names.add('example.org', self.url('/wait'), 'r.example.com')

        def wait(handler):
            self.begun.set()
            self.go.wait(20)
            handler.reply(200)
        self.web.answers['/wait'] = wait

    def test_killed_before_the_answer(self):
        """Nobody knows whether the report was taken: it is not sent again, and that is said."""
        process = self.start('--timeout', '30')
        self.assertTrue(self.begun.wait(20))
        process.kill()
        process.communicate()
        self.go.set()
        self.assertEqual(self.send(), {'waiting': 0, 'done': 0, 'given-up': 0, 'unknown': 1, 'unanswered': 0})
        self.assertIn('it is not sent again', self.said)
        self.send(now=self.later(HOUR))
        self.assertEqual(len(self.web.requests), 1)

    def test_killed_before_sending(self):
        """Nothing has gone out: it is sent later."""
        silent = socket.socket()
        silent.bind(('127.0.0.1', 0))
        silent.listen()
        self.names.add('example.org', 'https://r.example.com:%d/' % silent.getsockname()[1])
        process = self.start('--timeout', '30')
        connection, _ = silent.accept()
        process.kill()
        process.communicate()
        connection.close()
        silent.close()
        self.assertEqual(self.send()['waiting'], 1)
        self.assertNotIn('not sent again', self.said)

    def test_told_to_stop(self):
        """What has begun is ended, and nothing else is begun."""
        domains = [f'd{i}.example' for i in range(20)]
        for domain in domains:
            self.names.add(domain, self.url('/wait'))
        self.count([*domains, 'example.org'])
        process = self.start('--timeout', '30')
        self.assertTrue(self.begun.wait(20))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.go.set()
        printed, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)
        counts = json.loads(printed)
        self.assertTrue(1 <= counts['done'] <= 4 and counts['unknown'] == 0, counts)
        self.assertEqual(self.send()['done'], 21)
        self.assertEqual(len(self.web.requests), 21)

    def test_told_to_stop_before_the_other_form(self):
        """DE-17: it is sent at the next start."""
        wait = self.web.answers['/wait']
        self.web.answers['/wait'] = lambda handler: (self.begun.set(), self.go.wait(20), handler.reply(415))
        process = self.start('--timeout', '30')
        self.assertTrue(self.begun.wait(20))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.go.set()
        printed, said = process.communicate(timeout=20)
        self.assertEqual((process.returncode, json.loads(printed)['waiting'], len(self.web.requests)), (0, 1, 1), said)
        self.web.answers['/wait'] = wait
        self.assertEqual(self.send()['done'], 1)
        self.assertEqual([request.headers['Content-Type'] for request in self.web.requests],
                         ['application/tlsrpt+gzip', 'application/tlsrpt+json'])

    def test_terminal_with_nohup(self):
        """A terminal that is closed stops nothing then."""
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        process = self.start('--timeout', '30')
        signal.signal(signal.SIGHUP, before)
        self.assertTrue(self.begun.wait(20))
        status = pathlib.Path(f'/proc/{process.pid}/status').read_text()
        self.assertTrue(int(status.split('SigIgn:')[1].split()[0], 16) >> signal.SIGHUP - 1 & 1)
        self.go.set()
        process.communicate(timeout=20)

    def test_one_at_a_time(self):
        """One that is about to end is waited for, for some seconds."""
        process = self.start('--timeout', '30')
        self.assertTrue(self.begun.wait(20))
        self.send(status=1)
        self.assertIn('tlsrpt-send is running', self.said)
        other = self.start()
        time.sleep(0.2)
        self.go.set()
        for one in process, other:
            printed, said = one.communicate(timeout=20)
            self.assertEqual((one.returncode, json.loads(printed)['done']), (0, 1), said)
        self.assertEqual(len(self.web.requests), 1)
        self.assertEqual((self.data / 'deliveries.lock').stat().st_mode & 0o777, 0o600)
        (self.data / 'deliveries.lock').unlink()
        (self.data / 'deliveries.lock').symlink_to(self.folder / 'elsewhere')
        self.send(status=1)
        self.assertFalse((self.folder / 'elsewhere').exists())

    def test_nobody_reads_what_is_said(self):
        """A pipe or a terminal that is closed cuts no delivery short."""
        for signals in [], [signal.SIGHUP]:
            process = self.start('--timeout', '30')
            self.assertTrue(self.begun.wait(20))
            process.stdout.close()
            process.stderr.close()
            for one in signals:
                process.send_signal(one)
            self.go.set()
            process.wait(timeout=20)
            self.assertEqual(set(self.phases().values()), {DONE})
            self.count(['example.org'], '2026-11-22')
            self.begun.clear()
            self.go.clear()

    def test_days_of_faults(self):
        """Nothing is delivered twice, whatever the endpoints answer and whenever the machine stops."""
        chance = random.Random(8460)
        domains = [f'd{i}.example' for i in range(4)]
        accepted, twice, has_faults = set(), [], [True]

        def answer(handler):
            key = (handler.path, json.loads(gzip.decompress(handler.body))['report-id'])
            if key in accepted:
                twice.append(key)
            what = 'take'
            if not accepted:
                what = 'take and stop'
            elif has_faults:
                what = chance.choice(('take', 'take', 'take', 'refuse', 'refuse', 'hang up', 'stop', 'take and stop'))
            if what.startswith('take'):
                accepted.add(key)
                handler.reply(200)
            elif what == 'refuse':
                handler.reply(503)
            if what.endswith('stop'):
                self.process.kill()
            handler.close_connection = True
        for domain in domains:
            self.names.add(domain, self.url('/' + domain))
            self.web.answers['/' + domain] = answer
        for day in range(5):
            if day < 4:
                self.count(domains, self.clock(START + (day - 1) * 24 * HOUR)[:10])
            for hour in (0, 1, 3, 8, 17):
                self.process = self.start(now=self.later((day * 24 + hour) * HOUR))
                self.process.communicate(timeout=20)
        has_faults.clear()
        self.count(domains, self.clock(START + 5 * 24 * HOUR)[:10])
        self.send(now=self.later(6 * 24 * HOUR))
        counts = self.send(now=self.later(6 * 24 * HOUR))
        self.assertEqual(twice, [])
        self.assertGreaterEqual(counts['done'], len(domains))
        self.assertGreaterEqual(counts['unknown'], 1)
        self.assertEqual(counts['waiting'], 0)
        self.assertTrue(counts['done'] <= len(accepted) <= counts['done'] + counts['unknown'], (counts, accepted))

    def test_clock_set_back(self):
        """DE-04: that costs 8 hours at most."""
        self.web.answers['/wait'] = 503
        self.send()
        self.send(now=self.later(-1000 * 24 * HOUR))
        self.assertEqual(len(self.web.requests), 1)
        self.send(now=self.later(-1000 * 24 * HOUR + 8 * HOUR))
        self.assertEqual(len(self.web.requests), 2)

    def test_program_that_did_not_run(self):
        """The first attempt may be late, and is followed by others; an attempt a day after the first is too late."""
        self.web.answers['/wait'] = 503
        self.send(now=self.later(48 * HOUR))
        self.assertEqual(self.phases(), {'example.org': WAITING})
        self.send(now=self.later(73 * HOUR))
        self.assertEqual((self.phases(), len(self.web.requests)), ({'example.org': GIVEN_UP}, 1))

    def test_check(self):
        def check(*arguments, status, **more):
            done = subprocess.run(self.command('--check', *arguments, **more), capture_output=True, text=True, timeout=60,
                                  env={'PATH': f'{self.folder}:/bin:/usr/bin'})
            self.assertEqual(done.returncode, status, done)
            self.said = done.stderr
            return [line.partition(': ')[2].split()[0] for line in done.stdout.splitlines() if line.startswith('missing')]
        self.names.zone['_smtp._tls.example.net'] = 3
        self.assertEqual(check(status=0), [])
        # Another program writes into the journal of today.
        self.count(['example.org'], '2026-11-24')
        today = self.data / '2026-11-24.journal'
        today.write_text(today.read_text()[:-20])
        self.assertEqual((check(status=0), self.said), ([], ''))
        today.unlink()
        postconf = self.folder / 'postconf'
        for text, missing in (('yes', ['a']), ('smtp_tlsrpt_enable = no', []), ('no', [])):
            # What postconf -h and postconf -P print.
            postconf.write_text(f'#!/bin/sh\n[ "$1" = -h ] && echo {"no" if text == "no" else "yes"} || echo "x/unix/{text}"\n')
            postconf.chmod(0o755)
            self.assertEqual(check(status=1 if missing else 0), missing, text)
        self.assertEqual(check('--sendmail', '/none', status=1), ['/none,'])
        self.assertEqual(check('--ca-file', '/none', status=1), ['/none,'])
        self.assertEqual(check('--sendmail', '/etc', status=1), ['/etc,'])
        self.assertEqual(check('--dir', '/none', status=1), ['the'])
        self.assertEqual(check('--resolver', 'nonsense:', status=1), ['a'])
        self.assertEqual(check(now='2026-11-27T00:00:00Z', status=1), ['journals'])
        # Of tomorrow, since the clock was wrong.
        self.count(['example.org'], '2026-11-28')
        self.assertEqual(check(now='2026-11-27T00:00:00Z', status=1), ['journals'])
        (self.data / '2026-11-28.journal').unlink()
        self.names.zone['_smtp._tls.example.net'] = 2
        self.assertEqual(check(status=1), ['a'])
        (self.data / f'{DAY}.journal').unlink()
        self.assertEqual(check(status=1), ['journals', 'a'])
        self.assertEqual(list(self.data.iterdir()), [])
        (self.data / f'{DAY}.journal').mkdir()
        self.assertEqual(check(status=1), ['a', 'a'])

    def test_arguments(self):
        for arguments in ([], ['--dir', '/tmp'], self.command('--dry-run')[1:], self.command('--out', '/tmp')[1:],
                          self.command('--now', 'today')[1:], self.command('--allow', 'x')[1:], self.command('--day', 'x')[1:],
                          self.command('--verify', 'never')[1:], self.command('--max-size', '0')[1:],
                          self.command('--timeout', '1h')[1:], self.command('--contact', 'nobody')[1:],
                          self.command('--bounces', 'a@b')[1:], self.command('--organization')[1:], self.command('x')[1:],
                          self.command('--organization', '')[1:], self.command('--organization', b'M\xfcller')[1:]):
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
            self.assertEqual((done.returncode, 'usage' in done.stderr), (2, True), arguments)
        self.assertEqual(subprocess.run(self.command('--dir', self.folder / 'none'), capture_output=True).returncode, 1)
        self.send('--resolver', 'nonsense:', status=1)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
