"""Runs tlsrpt-intake as clients, mail servers and attackers would.

intake.py PROGRAM SOURCE_ROOT [--kills N] [--corpus DIRECTORY] [--sanitized] [options of unittest]
"""

import argparse
import base64
import contextlib
import gzip
import http.client
import io
import json
import os
import pathlib
import random
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import zipfile
import zlib

parser = argparse.ArgumentParser(add_help=False)
parser.add_argument('program')
parser.add_argument('root', type=pathlib.Path)
parser.add_argument('--kills', type=int, default=4)
parser.add_argument('--corpus', type=pathlib.Path)
parser.add_argument('--sanitized', action='store_true', help='memory is that of a sanitizer')
ARGS, OTHER_ARGS = parser.parse_known_args()
REPORTS = ARGS.root / 'examples/reports'
CORPUS = ARGS.corpus or ARGS.root.parent / 'shared/corpus'
GZIP, JSON = 'application/tlsrpt+gzip', 'application/tlsrpt+json'
MEMBERS = {'organization-name', 'contact-info', 'report-id', 'date-range'}


def report(number, domain='example.com', **members):
    """A report that differs from those of other numbers."""
    return json.dumps({
        'organization-name': 'Example', 'contact-info': 'tls@sender.example', 'report-id': f'id-{number}',
        'date-range': {'start-datetime': '2026-11-23T00:00:00Z', 'end-datetime': '2026-11-23T23:59:59Z'},
        'policies': [{'policy': {'policy-type': 'sts', 'policy-domain': domain, 'policy-string': []},
                      'summary': {'total-successful-session-count': number, 'total-failure-session-count': 0}}],
        **members}).encode()


def run(*words, octets=b'', status=0):
    done = subprocess.run([ARGS.program, *map(str, words)], input=octets, capture_output=True, timeout=60, check=False)
    assert done.returncode == status, (words, done)
    return done.stdout.decode()


class Server:
    """A running receiver, on a port that was free."""

    def __init__(self, db, *options, listen='127.0.0.1:0', files=None):
        self.db = db
        limited = ['prlimit', f'--nofile={files}'] if files else []
        self.process = subprocess.Popen(
            [*limited, ARGS.program, 'serve', '--db', db, '--listen', listen, *map(str, options)],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert 'listening at' in line, line
        self.address = line.split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def post(self, body, kind=GZIP, path='/v1/report', method='POST', **fields):
        """The status of the answer, its text and its fields. An iterator is sent in chunks."""
        headers = {name.replace('_', '-'): value for name, value in fields.items()}
        if kind is not None:
            headers['Content-Type'] = kind
        asked = urllib.request.Request(f'http://{self.address}{path}', body, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode(), answer.headers

    def raw(self, octets, *later, wait=0):
        """What comes back for octets as they are."""
        host, port = self.address.rsplit(':', 1)
        with socket.create_connection((host, int(port)), 30) as to:
            to.sendall(octets)
            for part in later:
                time.sleep(wait)
                to.sendall(part)
            back = b''
            try:
                while more := to.recv(65536):
                    back += more
                    if b'\r\n\r\n' in back and b'100 Continue' not in back:
                        break
            except ConnectionResetError:
                pass
            return back.decode()

    def memory(self):
        """The most memory that it has had, in MiB."""
        text = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(r'VmHWM:\s+(\d+)', text)[1]) / 1024


class SlowClients(threading.Thread):
    """Clients that are too slow, and what they were told. That takes half a minute, while other tests run."""

    def run(self):
        self.failure = None
        try:
            with tempfile.TemporaryDirectory(prefix='tlsrpt-') as folder, Server(f'{folder}/db', '--open') as server:
                self.be_slow(server)
        except Exception as failure:
            self.failure = failure

    def be_slow(self, server):
        host, port = server.address.rsplit(':', 1)
        slow, silent = (socket.create_connection((host, int(port)), 90) for _ in range(2))
        with slow, silent:
            for connection in (slow, silent):
                connection.sendall(b'POST /v1/report HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n{')
            slow.settimeout(1)
            begin, self.answer = time.monotonic(), b''
            while not self.answer and time.monotonic() - begin < 60:
                slow.sendall(b' ')
                try:
                    self.answer = slow.recv(4096)
                except TimeoutError:
                    pass
            self.seconds = time.monotonic() - begin
            self.answer_to_silence = silent.recv(4096)
        self.afterwards = server.post(report(1), JSON)[0]


SLOW = SlowClients()


def setUpModule():
    SLOW.start()


def tearDownModule():
    SLOW.join()


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(('::1', 0))
    except OSError:
        return False
    return True


def is_report(octets):
    """Whether these are a report, in up to two layers of gzip: an object that says whose report it is, or about what."""
    try:
        for _ in range(2):
            if octets.startswith(b'\x1f\x8b'):
                octets = zlib.decompressobj(31).decompress(octets)
        found, _ = json.JSONDecoder().raw_decode(octets.decode().removeprefix('\ufeff').strip())
    except (ValueError, zlib.error):
        return False
    if not isinstance(found, dict):
        return False
    policies = found.get('policies')
    has_policy = isinstance(policies, list) and any(isinstance(one, dict) and 'policy' in one for one in policies)
    return has_policy or bool(MEMBERS & {name.lower() for name in found})


def ids(db):
    """The ids of reports, as the ledger has them."""
    return sorted(json.loads(line)['report-id'] for line in run('export', '--db', db).splitlines()
                  if line.startswith('{"day"'))


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='tlsrpt-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db = str(self.folder / 'reports.db')

    def query(self, sql):
        with sqlite3.connect(self.db) as db:
            return db.execute(sql).fetchall()


class Answers(Case):
    def test_each_status(self):
        good, zipped = report(1), gzip.compress(report(2))
        many = gzip.compress(report(3, policies=[{}] * 30_000))
        rows = [
            (404, good, {'path': '/'}), (404, good, {'path': '/v1/AAECAwQFBgcICQoLDA0ODw'}),
            (405, None, {'method': 'GET'}), (405, None, {'method': 'OPTIONS'}), (405, good, {'method': 'PUT'}),
            (413, b'x' * (11 << 20), {}), (413, iter([b'x' * (1 << 20)] * 11), {}), (413, many, {}),
            (413, gzip.compress(b' ' * (40 << 20)), {}),
            (415, good, {'Content_Encoding': 'br'}), (415, good, {'kind': 'text/html'}),
            (415, good, {'kind': 'multipart/form-data; boundary=x'}),
            (415, b'a=b', {'kind': 'application/x-www-form-urlencoded'}),
            (400, b'', {}), (400, b'hello', {}), (400, b'{', {'kind': JSON}), (400, zipped[:-9], {}),
            (400, report(4, **{'date-range': {'start-datetime': '2024-01-01T00:00:00Z',
                                              'end-datetime': '2026-01-01T00:00:00Z'}}), {}),
            (200, good, {'kind': JSON}), (200, zipped, {}), (200, zipped, {}),
            (200, report(5), {'kind': 'application/x-www-form-urlencoded'}),
            (200, gzip.compress(zipped), {'Content_Encoding': 'gzip'}),
            (200, gzip.compress(report(6)), {'kind': JSON, 'Content_Encoding': 'gzip'}),
            (200, iter([report(7)]), {'kind': 'application/octet-stream'}),
        ]
        with Server(self.db, '--open') as server:
            for status, body, how in rows:
                with self.subTest(status=status, how=how, body=str(body)[:40]):
                    try:
                        answer = server.post(body, **how)
                    except (urllib.error.URLError, ConnectionError) as error:
                        # The answer came while the body was on its way, and was lost with the connection.
                        self.assertEqual(status, 413, error)
                        continue
                    self.assertEqual(answer[0], status)
                    self.assertEqual(answer[1].count('\n'), 1)
                    self.assertEqual(answer[2]['Cache-Control'], 'no-store')
                    self.assertEqual(answer[2]['X-Content-Type-Options'], 'nosniff')
        self.assertEqual(ids(self.db), [f'id-{n}' for n in (1, 2, 5, 6, 7)])
        self.assertIn(('period-too-long',), self.query('SELECT code FROM bad'))
        self.assertEqual(len(self.query('SELECT 1 FROM bad')), 3)
        counts = dict(self.query('SELECT what, n FROM health'))
        self.assertEqual((counts['stored'], counts['known'], counts['unknown-path']), (5, 2, 2))

    def test_requests_that_smuggle(self):
        with Server(self.db, '--open') as server:
            begin = b'POST /v1/report HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
            for fields in (b'Content-Length: 2\r\nContent-Length: 3\r\n', b'Content-Length: x\r\n',
                           b'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'):
                with self.subTest(fields):
                    self.assertIn(' 400 ', server.raw(begin + fields + b'\r\n{}\r\n').splitlines()[0])
            answer = server.raw(begin + b'Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n')
            self.assertTrue(answer.startswith('HTTP/1.1 413 '), answer)

    def test_tokens(self):
        with Server(self.db) as server:
            line = run('token', 'add', 'Example.com', '--db', self.db, '--url', 'https://tls.example.net')
            found = re.fullmatch(r'_smtp\._tls\.example\.com\. IN TXT '
                                 r'"v=TLSRPTv1; rua=https://tls\.example\.net(/v1/[\w-]{22})"\n', line)
            self.assertTrue(found, line)
            self.assertEqual(server.post(report(1), JSON)[0], 404)
            self.assertEqual(server.post(report(1), JSON, found[1])[0], 200)
            run('token', 'disable', found[1], '--db', self.db)
            self.assertEqual(server.post(report(2), JSON, found[1])[0], 404)
        run('token', 'disable', 'x', '--db', self.db, status=1)
        run('token', 'add', 'no domain', '--db', self.db, '--url', 'https://x.example', status=1)
        run('token', 'add', 'a.example', '--db', self.db, status=64)
        self.assertEqual(ids(self.db), ['id-1'])

    def test_domains(self):
        (self.folder / 'domains').write_text('# ours\nExample.COM\n')
        with Server(self.db, '--open', '--domains', self.folder / 'domains') as server:
            self.assertEqual(server.post(report(1), JSON)[0], 200)
            self.assertEqual(server.post(report(2, 'example.net'), JSON)[0], 422)
            # The TLSA records of a mail host that others run.
            dane = report(3, 'mx.provider.example').replace(b'"sts"', b'"tlsa"')
            self.assertEqual(server.post(dane, JSON)[0], 200)
        self.assertEqual(ids(self.db), ['id-1', 'id-3'])

    def test_rates(self):
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
        with Server(self.db) as server:
            answers = [server.post(b'{', JSON, path)[0] for _ in range(210)]
            self.assertEqual(answers[0], 400)
            status, _, fields = server.post(b'{', JSON, path)
            self.assertEqual(status, 429)
            self.assertTrue(600 <= int(fields['Retry-After']) <= 3600)
        with Server(self.db, '--rate', 'off') as server:
            self.assertNotIn(429, [server.post(b'{', JSON, path)[0] for _ in range(210)])

    def test_rates_of_each(self):
        """A network has a rate, whatever it asks for; another one has its own, as has each token (IN-34)."""
        paths = []
        for domain in ('example.com', 'example.net'):
            url = run('token', 'add', domain, '--db', self.db, '--url', 'https://x.example').split('=')[-1]
            paths.append('/v1/' + url.strip().strip('"').rsplit('/', 1)[1])
        with Server(self.db, '--proxy', '127.0.0.1') as server:
            def ask(address, path):
                return server.post(b'{', JSON, path, X_Forwarded_For=address)[0]

            for n in range(210):
                ask(f'192.0.2.{n}', '/v1/AAECAwQFBgcICQoLDA0ODw')
            self.assertEqual([ask('192.0.2.255', path) for path in ['/', *paths]], [429] * 3)
            self.assertEqual([ask('192.0.3.1', path) for path in ['/', *paths]], [404, 400, 400])
            for n in range(205):
                ask(f'2001:db8:0:{n}::1', paths[0])
            self.assertEqual([ask('2001:db8:0:ffff::1', paths[1]), ask('2001:db8:1::1', paths[1])], [429, 400])

    def test_token_of_another_domain(self):
        """The report counts for the domain that it is about (IN-16); the database has no token (IN-33)."""
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        token = url.strip().strip('"').rsplit('/', 1)[1]
        with Server(self.db) as server:
            self.assertEqual(server.post(report(1, 'example.net'), JSON, f'/v1/{token}')[0], 200)
            for path in (f'/v1/{token}/', f'/v1//{token}', f'/v1/{token}x', f'/v1/{token[:-1]}', f'//v1/{token}',
                         f'/v1/{token}%00', f'/v1/%2e%2e/v1/{token}', f'/V1/{token}', f'/v1/{token};x',
                         '/v1/' + 'x' * 4000):
                with self.subTest(path[:60]):
                    self.assertEqual(server.post(report(2), JSON, path)[0], 404)
            # More than the memory of a connection.
            for octets in (b'POST /v1/' + b'x' * 9000, b'POST / HTTP/1.1\r\nX-Long: ' + b'x' * 9000,
                           b'POST / HTTP/1.1\r\n' + b'X: y\r\n' * 3000):
                self.assertRegex(server.raw(octets), '^(HTTP/1.1 4(13|14|31) |$)')
        self.assertEqual(self.query('SELECT about FROM report'), [('example.net',)])
        files = b''.join(path.read_bytes() for path in self.folder.iterdir())
        self.assertNotIn(token.encode(), files)

    def test_retention(self):
        """Octets go before figures, and both by the day that the report is about."""
        def about(days):
            day = time.strftime('%Y-%m-%d', time.gmtime(time.time() - days * 86400))
            return report(days, **{'date-range': {'start-datetime': f'{day}T00:00:00Z',
                                                  'end-datetime': f'{day}T23:59:59Z'}})

        with Server(self.db, '--open', '--keep-raw', 10, '--keep', 20) as server:
            for days in (0, 9, 11, 19, 21):
                self.assertEqual(server.post(about(days), JSON)[0], 200)
        kept = dict(self.query('SELECT facts, raw IS NOT NULL FROM report'))
        self.assertEqual({int(re.search(r'"id-(\d+)"', facts)[1]): value for facts, value in kept.items()},
                         {0: 1, 9: 1, 11: 0, 19: 0})
        self.assertEqual(self.query('SELECT count(*) FROM receipt'), [(4,)])

    def test_many_broken_bodies(self):
        """Who sends many of them pushes out none but its own: nobody else by POST, and no signed mail (IN-14)."""
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
        signed = b'Authentication-Results: mx.example.net; dkim=pass header.d=mail.sender.example\r\n'
        run('mail', '--db', self.db, '--authserv-id', 'mx.example.net',
            octets=signed + b'From: tls@mail.sender.example\r\n\r\nno report')
        with Server(self.db, '--proxy', '127.0.0.1', '--rate', 'off') as server:
            server.post(b'{1', JSON, path, X_Forwarded_For='192.0.2.1')
            self.fill_bad(995)
            # Of two that have many the one that has most is the one to go.
            for _ in range(5):
                server.post(b'{2', JSON, path, X_Forwarded_For='203.0.113.1')
            for n in range(4):
                server.post(b'{3' + b'x' * 70_000, JSON, path, X_Forwarded_For=f'198.51.100.{n}')
            rows = self.query('SELECT source, count(*), max(length(head)) FROM bad '
                              'GROUP BY source ORDER BY source')
        self.assertEqual([row[:2] for row in rows], [
            ('192.0.2.0', 1), ('198.51.100.0', 993), ('203.0.113.0', 5), ('sender.example', 1)])
        self.assertEqual(rows[1][2], 65_536)
        # As many octets as there may be, of few rows.
        with sqlite3.connect(self.db) as db:
            db.execute("UPDATE bad SET size = 65536, head = zeroblob(65536) WHERE id IN (SELECT id FROM bad "
                       "WHERE code = 'none' ORDER BY id DESC LIMIT 252)")
        with Server(self.db, '--proxy', '127.0.0.1', '--rate', 'off') as server:
            server.post(b'{4' + b'x' * 70_000, JSON, path, X_Forwarded_For='192.0.2.2')
        rows = self.query('SELECT source, count(*) FROM bad WHERE source != \'198.51.100.0\' GROUP BY source '
                          'ORDER BY source')
        self.assertEqual(rows, [('192.0.2.0', 2), ('203.0.113.0', 5), ('sender.example', 1)])
        self.assertLessEqual(self.query('SELECT sum(length(head)) FROM bad')[0][0], 16 << 20)

    def fill_bad(self, rows):
        """Rows of one network, as if it had sent as many bodies."""
        with sqlite3.connect(self.db) as db:
            db.executemany("INSERT INTO bad(received, peer, code, source, size, head) "
                           "VALUES(0, '198.51.100.1', 'none', '198.51.100.0', 1, 'x')", [()] * rows)

    def test_size_of_the_file(self):
        """What is forgotten is given back to the disk."""
        old = {'date-range': {'start-datetime': '2024-01-01T00:00:00Z', 'end-datetime': '2024-01-01T23:59:59Z'}}
        with Server(self.db, '--open', '--keep-raw', 10_000, '--keep', 10_000) as server:
            for n in range(60):
                self.assertEqual(server.post(report(n, **old) + b' ' * 50_000, JSON)[0], 200)
        before = os.path.getsize(self.db)
        self.assertGreater(before, 3_000_000)
        with Server(self.db, '--open'):
            pass
        self.assertLess(os.path.getsize(self.db), before / 10)
        self.assertEqual(self.query('PRAGMA integrity_check'), [('ok',)])

    def test_another_writer(self):
        """While another process writes, posts and mails wait; tokens are looked up as ever."""
        with Server(self.db) as server, sqlite3.connect(self.db, isolation_level=None) as other:
            url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
            path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
            other.execute('BEGIN IMMEDIATE')
            answers = []
            mail = ('mail', '--db', self.db)
            waiting = [threading.Thread(target=lambda: answers.append(server.post(report(1), JSON, path)[0])),
                       threading.Thread(target=run, args=mail, kwargs={'octets': b'\r\n' + report(2)})]
            for thread in waiting:
                thread.start()
            time.sleep(0.5)
            self.assertEqual(server.post(b'', JSON, path)[0], 400)
            self.assertEqual(server.post(b'', JSON, path[:-4])[0], 404)
            self.assertEqual(answers, [])
            other.execute('COMMIT')
            for thread in waiting:
                thread.join()
        other.close()
        self.assertEqual(answers, [200])
        self.assertEqual(ids(self.db), ['id-1', 'id-2'])

    def test_proxy(self):
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
        with Server(self.db, '--proxy', '127.0.0.1') as server:
            server.post(report(1), JSON, path, X_Forwarded_For='198.51.100.1, 192.0.2.7')
        with Server(self.db) as server:
            server.post(report(2), JSON, path, X_Forwarded_For='192.0.2.8')
        self.assertEqual(self.query('SELECT peer FROM receipt'), [('192.0.2.7',), ('127.0.0.1',)])

    def test_other_clients(self):
        """Requests in the shapes of senders: uncompressed, in chunks or with length, with or without a name (IN-43)."""
        zipped, plain = gzip.compress(report(1)), report(1)
        chunked = b'%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n' % (7, zipped[:7], len(zipped) - 7, zipped[7:])
        requests = [
            b'content-type: application/tlsrpt+gzip\r\naccept: */*\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s'
            % (len(zipped), zipped),
            b'Host: x\r\nUser-Agent: curl/7.88.1\r\nContent-Type: application/tlsrpt+gzip\r\n'
            b'Transfer-Encoding: chunked\r\n\r\n' + chunked,
            b'Host: x:443\r\nContent-Type: application/tlsrpt+json; charset=utf-8\r\nContent-Length: %d\r\n'
            b'Connection: close\r\n\r\n%s' % (len(plain), plain)]
        with Server(self.db, '--open') as server:
            for octets in requests:
                with self.subTest(octets[:60]):
                    self.assertRegex(server.raw(b'POST /v1/report HTTP/1.1\r\n' + octets), '^HTTP/1.1 200 ')
        self.assertEqual(ids(self.db), ['id-1'])

    @unittest.skipUnless(shutil.which('curl'), 'without curl')
    def test_clients(self):
        """As Postfix's reporter and as people call curl; through a Unix socket, too (IN-43)."""
        zipped = self.folder / 'report.json.gz'
        zipped.write_bytes(gzip.compress(report(1)))
        path = self.folder / 'socket'
        with Server(self.db, '--open', listen=f'unix:{path}'):
            for words in (['-H', 'Content-Type: application/tlsrpt+gzip', '--data-binary', f'@{zipped}'],
                          ['-H', 'Content-Type: application/tlsrpt+gzip', '-H', 'Transfer-Encoding: chunked',
                           '--data-binary', f'@{zipped}'],
                          ['--data-binary', f'@{zipped}'],
                          ['-H', 'Expect: 100-continue', '--data-binary', f'@{zipped}']):
                done = subprocess.run(['curl', '-sS', '-w', '%{http_code}', '--unix-socket', path, *words,
                                       'http://localhost/v1/report'], capture_output=True, text=True, check=False)
                self.assertTrue(done.stdout.endswith('\n200'), done)
        self.assertEqual(ids(self.db), ['id-1'])

    def test_every_report(self):
        """Plain and compressed, chunked and with length: the same answer, and stored once."""
        files = sorted(REPORTS.iterdir()) + sorted((ARGS.root / 'tests/data/reports').iterdir())
        if CORPUS.is_dir():
            files += sorted(path for path in CORPUS.rglob('*') if path.name.endswith(('.json', '.json.gz')))
        with Server(self.db, '--open') as server:
            for file in files:
                octets = file.read_bytes()
                try:
                    text = gzip.decompress(octets) if file.suffix == '.gz' else octets
                except (OSError, EOFError):
                    text = octets
                zipped = gzip.compress(text)
                if not text.strip() or len(text) > 1 << 20:
                    continue
                with self.subTest(file.name):
                    answers = {server.post(zipped)[0], server.post(iter([zipped]))[0], server.post(text, JSON)[0],
                               server.post(iter([text]), JSON)[0]}
                    self.assertEqual(answers, {200 if is_report(text) else 400})
            stored = dict(self.query('SELECT report, count(*) FROM receipt GROUP BY report'))
            self.assertTrue(stored)
            self.assertTrue(all(count % 4 == 0 for count in stored.values()), stored)


class Mails(Case):
    def mail(self, octets, results='', kind=JSON):
        return (f'{results}Received: from x by y\r\nFrom: tls@sender.example\r\nTLS-Report-Domain: example.com\r\n'
                f'MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n').encode() + octets + b'\r\n'

    def deliver(self, octets, *options, status=0):
        return run('mail', '--db', self.db, *options, octets=octets, status=status)

    def trusts(self):
        return [json.loads(line)['trust'] for line in run('export', '--db', self.db).splitlines()
                if line.startswith('{"day"')]

    def test_who_vouches(self):
        """Mails that nobody vouches for are refused with the reason, or kept as claimed (DE-44)."""
        good = 'Authentication-Results: mx.example.net; dkim=pass header.d=sender.example\r\n'
        own = ['--authserv-id', 'mx.example.net']
        self.deliver(self.mail(report(1)))
        self.assertEqual(self.trusts(), ['claimed'])
        self.deliver(self.mail(report(2), good.replace('sender', 'other')), *own)
        self.deliver(self.mail(report(2)), *own)
        self.assertEqual(self.trusts(), ['claimed'])
        self.assertEqual([code for code, in self.query('SELECT code FROM bad')],
                         ['dkim-not-aligned', 'dkim-no-signature'])
        self.deliver(self.mail(report(2)), *own, '--claimed')
        self.assertEqual(self.trusts(), ['claimed', 'claimed'])
        self.deliver(self.mail(report(1), good), *own)
        self.deliver(self.mail(report(2), good), *own)
        self.assertEqual(self.trusts(), ['verified', 'verified'])

    def test_by_post_and_by_mail(self):
        """A post is claimed, until a signed mail brings the same (IN-32)."""
        with Server(self.db, '--open') as server:
            self.assertEqual(server.post(report(1), JSON)[0], 200)
            self.deliver(self.mail(report(1)))
            self.assertEqual(self.trusts(), ['claimed'])
            good = 'Authentication-Results: mx.example.net; dkim=pass header.d=sender.example\r\n'
            self.deliver(self.mail(report(1), good), '--authserv-id', 'mx.example.net')
            self.assertEqual(self.trusts(), ['verified'])
            self.assertEqual(server.post(report(1), JSON)[0], 200)
        self.assertEqual(self.trusts(), ['verified'])
        line = run('export', '--db', self.db).splitlines()[1]
        self.assertEqual(json.loads(line)['via'], 'hm')

    def test_what_is_no_report(self):
        self.deliver(self.mail(b'Hello', kind='text/plain'))
        self.deliver(self.mail(b'{"a":', kind=JSON))
        self.assertEqual(len(self.query('SELECT 1 FROM bad')), 2)
        self.assertEqual(ids(self.db), [])

    def bad(self):
        return sorted(code for code, in self.query('SELECT code FROM bad'))

    def test_parts(self):
        """Of each part that was to be a report there is a report, or a row that says why not."""
        def archive(**entries):
            out = io.BytesIO()
            with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as to:
                for name, octets in entries.items():
                    to.writestr(name.replace('__', '.'), octets)
            return out.getvalue()

        good, broken, zipped = report(1), b'{"organization-name": "x", "policies"', gzip.compress(report(2))
        damaged = archive(a__json=good)[:-30]
        text, octets, kind = 'text/plain', 'application/octet-stream', 'application/zip'
        rows = [
            ('a broken part beside a good one', [(JSON, good), (JSON, broken)], 1, ['json-truncated']),
            ('and before it', [(JSON, broken), (GZIP, zipped)], 1, ['json-truncated']),
            ('gzip that is cut off', [(JSON, good), (GZIP, zipped[:-30])], 1, ['gzip-truncated']),
            ('words beside a report', [(text, b'Hello'), (JSON, good), (octets, b'{"a": 1}')], 1, []),
            ('two reports', [(JSON, good), (GZIP, zipped)], 2, []),
            ('an archive', [(text, b'Hello'), (kind, archive(a__json=good, b__json__gz=zipped, c__txt='x'))], 2, []),
            ('an archive with a broken entry', [(kind, archive(a__json=good, b__json=broken))], 1, ['json-truncated']),
            ('a broken archive beside a report', [(JSON, good), (kind, damaged)], 1, ['zip-truncated']),
            ('a broken archive', [(kind, damaged)], 0, ['zip-truncated']),
            ('an archive in an archive', [(kind, archive(a__zip=archive(a__json=good)))], 0, ['zip-container']),
            ('two texts in one part', [(JSON, good + b'\n' + report(3))], 1, ['trailing-bytes']),
            ('no report at all', [(text, b'Hello')], 0, ['mail-report-missing']),
        ]
        for what, parts, reports, bad in rows:
            with self.subTest(what):
                self.db = str(self.folder / (what + '.db'))
                mail = b'From: tls@sender.example\r\nSubject: Report Domain: example.com Submitter: sender.example ' \
                       b'Report-ID: <1>\r\nMIME-Version: 1.0\r\n' \
                       b'Content-Type: multipart/report; report-type="tlsrpt"; boundary="x"\r\n\r\n'
                for number, (media_type, content) in enumerate(parts):
                    ending = {GZIP: 'json.gz', kind: 'zip', text: 'txt'}.get(media_type, 'json')
                    name = f'sender.example!example.com!1763856000!1763942399!{number}.{ending}'
                    mail += f'--x\r\nContent-Type: {media_type}; name="{name}"\r\n' \
                            'Content-Transfer-Encoding: base64\r\n\r\n'.encode() + base64.encodebytes(content)
                self.deliver(mail + b'--x--\r\n')
                self.assertEqual(len(ids(self.db)), reports)
                self.assertEqual(self.bad(), bad)

    def test_a_store_that_fails(self):
        self.db = str(self.folder / 'none' / 'reports.db')
        self.deliver(self.mail(report(1)), status=75)

    def test_maildir(self):
        for name in ('cur', 'new', 'tmp'):
            (self.folder / 'Maildir' / name).mkdir(parents=True)
        for number in (1, 2):
            (self.folder / f'Maildir/new/{number}').write_bytes(self.mail(report(number)))
        self.deliver(b'', '--maildir', self.folder / 'Maildir')
        self.deliver(b'', '--maildir', self.folder / 'Maildir')
        self.assertEqual(ids(self.db), ['id-1', 'id-2'])
        self.assertEqual(sorted(os.listdir(self.folder / 'Maildir/cur')), ['1:2,S', '2:2,S'])
        done = subprocess.run([ARGS.program, 'mail', '--db', self.db, '--maildir', self.folder / 'none'],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (75, f'tlsrpt-intake: {self.folder}/none: No such file or directory\n'))

    def maildir(self):
        folder = self.folder / 'Maildir'
        for name in ('cur', 'new', 'tmp'):
            (folder / name).mkdir(parents=True)
        return folder

    def test_mails_that_were_read(self):
        """Who reads the Maildir, too, moves mails and changes flags; each is taken once, broken ones as well."""
        folder = self.maildir()
        (folder / 'cur/1.a.host:2,S').write_bytes(self.mail(report(1)))
        (folder / 'cur/2.a.host,S=90:2,').write_bytes(self.mail(b'{'))
        (folder / 'new/3.a.host').write_bytes(self.mail(b'{"'))
        (folder / 'tmp/4.a.host').write_bytes(self.mail(report(4)))
        self.deliver(b'', '--maildir', folder)
        self.assertEqual((ids(self.db), len(self.bad())), (['id-1'], 2))
        for old, new in (('1.a.host:2,S', '1.a.host:2,FS'), ('2.a.host,S=90:2,', '2.a.host,S=90,W=95:2,S'),
                         ('3.a.host:2,S', '3.a.host')):
            (folder / 'cur' / old).rename(folder / 'cur' / new)
        (folder / 'cur/3.a.host').rename(folder / 'new/3.a.host')
        self.deliver(b'', '--maildir', f'{folder}/../Maildir/')
        self.assertEqual((ids(self.db), len(self.bad())), (['id-1'], 2))
        self.assertEqual(self.query('SELECT sum(n) FROM health'), [(3,)])
        # Of a mail that is gone nothing is kept in the end.
        with sqlite3.connect(self.db) as db:
            db.execute("UPDATE taken SET seen = seen - 31")
        (folder / 'cur/1.a.host:2,FS').unlink()
        self.deliver(b'', '--maildir', folder)
        self.assertEqual(self.query('SELECT mail FROM taken'), [('2.a.host',), ('3.a.host',)])
        self.assertEqual(len(self.bad()), 2)

    def test_mails_that_move(self):
        """Somebody moves mails while they are taken: none is missed, none taken twice."""
        folder, over = self.maildir(), threading.Event()
        for number in range(60):
            (folder / f'new/{number}.host').write_bytes(self.mail(report(number)))
            (folder / f'new/{number}.broken').write_bytes(self.mail(b'{'))

        def move():
            flags = 0
            while not over.is_set():
                flags += 1
                for name in os.listdir(folder / 'new')[::7]:
                    with contextlib.suppress(FileNotFoundError):
                        (folder / 'new' / name).rename(folder / f'cur/{name}:2,')
                for name in os.listdir(folder / 'cur')[flags % 5::5]:
                    with contextlib.suppress(FileNotFoundError):
                        (folder / 'cur' / name).rename(folder / 'cur' / f'{name.split(":")[0]}:2,{"FRS"[flags % 3]}')
                time.sleep(0.002)

        reader = threading.Thread(target=move)
        reader.start()
        try:
            for _ in range(2):
                self.deliver(b'', '--maildir', folder)
        finally:
            over.set()
            reader.join()
        self.deliver(b'', '--maildir', folder)
        self.assertEqual(ids(self.db), sorted(f'id-{number}' for number in range(60)))
        self.assertEqual(len(self.bad()), 60)
        self.assertEqual(self.query('SELECT sum(n) FROM health'), [(120,)])


class Endurance(Case):
    def test_kills(self):
        """What was answered with 200 is there, and nothing is there twice (IN-30, IN-40)."""
        answered, lock, number = set(), threading.Lock(), [0]

        def work(server, over):
            while not over.is_set():
                with lock:
                    number[0] += 1
                    mine = number[0]
                try:
                    if server.post(report(mine), JSON)[0] == 200:
                        with lock:
                            answered.add(f'id-{mine}')
                except (OSError, http.client.HTTPException):
                    # A sender repeats: the answer may have been lost after the commit.
                    pass

        for _ in range(ARGS.kills):
            over = threading.Event()
            server = Server(self.db, '--open')
            threads = [threading.Thread(target=work, args=(server, over)) for _ in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0.05, 0.4))
            server.stop(signal.SIGKILL)
            over.set()
            for thread in threads:
                thread.join()
        there = ids(self.db)
        self.assertTrue(answered)
        self.assertEqual(len(there), len(set(there)))
        self.assertLessEqual(answered, set(there))

    def test_a_full_disk(self):
        """A disk of no size; afterwards it continues without a restart (IN-20, IN-41)."""
        if os.geteuid() != 0 or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', self.folder],
                                               capture_output=True, check=False).returncode != 0:
            self.skipTest('no file system can be mounted')
        try:
            with Server(self.db, '--open') as server:
                big = report(0, **{'contact-info': ''.join(random.choices('abcdefgh', k=40_000))})
                statuses = [server.post(report(n) + b' ' * 30_000, JSON)[0] for n in range(60)]
                self.assertIn(200, statuses)
                self.assertEqual(statuses[-1], 503)
                self.assertEqual(server.post(big, JSON)[2]['Retry-After'], '3600')
                # What is to be told to the sender is found before anything is stored (IN-36).
                self.assertEqual(server.post(b'{', JSON)[0], 400)
                self.assertEqual(server.post(big, JSON, '/')[0], 404)
                subprocess.run(['mount', '-o', 'remount,size=32m', self.folder], check=True)
                self.assertEqual(server.post(report(1000), JSON)[0], 200)
                there = set(ids(self.db))
                self.assertEqual(there - {'id-1000'}, {f'id-{n}' for n, status in enumerate(statuses) if status == 200})
        finally:
            subprocess.run(['umount', self.folder], check=False)

    def test_memory_under_attack(self):
        """Idle and slow connections, large bodies and bombs at once, in little memory (IN-42)."""
        attack = [sys.executable, ARGS.root / 'examples/collector/attack', ARGS.program, '--idle', '900',
                  '--slow', '100', '--large', '12', *(['--limit', '4096'] if ARGS.sanitized else [])]
        done = subprocess.run(attack, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done)

    def test_the_oldest_idle_connection(self):
        """It goes first when there are too many; who still sends stays (IN-34)."""
        with Server(self.db, '--open', files=200) as server:
            host, port = server.address.rsplit(':', 1)
            octets, opened = report(1), []
            try:
                for _ in range(3):
                    opened.append(socket.create_connection((host, int(port)), 30))
                begin = b'POST /v1/report HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(octets)
                opened[0].sendall(begin)
                for n in range(150):
                    opened.append(socket.create_connection((host, int(port)), 30))
                    if n % 15 == 0:
                        opened[0].sendall(octets[n // 15:n // 15 + 1])
                        time.sleep(0.05)
                self.assertEqual([opened[1].recv(1), opened[2].recv(1)], [b'', b''])
                opened[0].sendall(octets[10:])
                self.assertIn(b' 200 ', opened[0].recv(4096))
                opened[-1].sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
                self.assertIn(b' 404 ', opened[-1].recv(4096))
                self.assertEqual(server.post(report(2), JSON)[0], 200)
            finally:
                for connection in opened:
                    connection.close()

    def test_connections_of_a_network(self):
        """It has 64, whatever its addresses: one more ends that which is idle for longest, and no other's (IN-34)."""
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
        for listen, other in (('127.0.0.1:0', '127.0.1.1'), ('[::]:0', '127.0.1.1'), ('[::]:0', '::1')):
            with self.subTest(listen=listen, other=other), contextlib.ExitStack() as last:
                if '::' in listen and not has_ipv6():
                    self.skipTest('without IPv6')
                # With a web server in front the same counts for those who connect directly.
                server = last.enter_context(Server(self.db, '--proxy', '192.0.2.1', listen=listen))
                port = int(server.address.rsplit(':', 1)[1])

                def connect(source):
                    target = '::1' if ':' in source else '127.0.0.1'
                    return last.enter_context(socket.create_connection((target, port), 30, (source, 0)))

                def post(connection):
                    """The status of an answer after which the connection stays."""
                    connection.sendall(f'POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(report(1))}\r\n\r\n'
                                       .encode() + report(1))
                    with http.client.HTTPResponse(connection) as answer:
                        answer.begin()
                        answer.read()
                        return answer.status

                stranger = connect(other)
                opened = []
                for n in range(1, 65):
                    opened.append(connect(f'127.0.0.{n}'))
                    # Its answer shows that it was accepted.
                    self.assertEqual(post(opened[-1]), 200)
                self.assertEqual(post(opened[0]), 200)
                opened.append(connect('127.0.0.65'))
                ended, _, _ = select.select(opened, [], [], 30)
                self.assertEqual([opened.index(one) for one in ended], [1])
                self.assertEqual(opened[1].recv(1), b'')
                for connection in (stranger, opened[0], opened[2], opened[-1]):
                    self.assertEqual(post(connection), 200)

    def test_a_locked_database(self):
        """Who waits in vain is told to come again (IN-20), keeps his mail, and loses nothing; a short lock is waited for."""
        maildir = self.folder / 'Maildir'
        for part in ('new', 'cur'):
            (maildir / part).mkdir(parents=True)
        mail = b'From: a@b.example\r\nContent-Type: application/tlsrpt+json\r\n\r\n'
        (maildir / 'new/1.host').write_bytes(mail + report(201))
        with Server(self.db, '--open', '--wait', '3') as server, contextlib.closing(
                sqlite3.connect(self.db, isolation_level=None, check_same_thread=False)) as other:
            self.assertEqual(server.post(report(1), JSON)[0], 200)
            other.execute('BEGIN IMMEDIATE')
            answers, begin = [], time.monotonic()
            threads = [threading.Thread(target=lambda n=n: answers.append(server.post(report(n), JSON)))
                       for n in range(2, 402)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            # All of them wait for the same lock, though they need seven commits: 21 seconds one after the other.
            self.assertLess(time.monotonic() - begin, 18)
            self.assertEqual({(status, fields['Retry-After']) for status, _, fields in answers}, {(503, '3600')})
            self.assertEqual(len(answers), 400)
            self.assertEqual(server.post(b'{', JSON)[0], 400)
            run('mail', '--db', self.db, '--wait', '1', octets=mail + report(200), status=75)
            run('mail', '--db', self.db, '--wait', '1', '--maildir', maildir, status=75)
            self.assertEqual(os.listdir(maildir / 'new'), ['1.host'])
            run('token', 'add', 'a.example', '--db', self.db, '--url', 'https://x.example', '--wait', '1', status=1)
            # Who reads need not wait for who writes.
            self.assertEqual(ids(self.db), ['id-1'])
            release = threading.Timer(0.4, other.execute, ['ROLLBACK'])
            release.start()
            self.assertEqual(server.post(report(500), JSON)[0], 200)
            run('mail', '--db', self.db, octets=mail + report(200))
            run('mail', '--db', self.db, '--maildir', maildir)
            self.assertEqual(server.post(report(2), JSON)[0], 200)
            release.join()
        self.assertEqual(ids(self.db), ['id-1', 'id-2', 'id-200', 'id-201', 'id-500'])
        with contextlib.closing(sqlite3.connect(self.db, isolation_level=None)) as alone:
            alone.execute('PRAGMA locking_mode = EXCLUSIVE')
            alone.execute('BEGIN EXCLUSIVE')
            done = subprocess.run([ARGS.program, 'export', '--db', self.db, '--wait', '1'], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (1, '', f'tlsrpt-intake: {self.db}: database is locked\n'))

    def test_a_damaged_database(self):
        """Senders come again when tokens cannot be read, too (IN-20)."""
        path = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('/')[-1]
        with Server(self.db) as server:
            for file in self.folder.glob('reports.db*'):
                if not file.name.endswith('-shm'):
                    os.truncate(file, 0)
            self.assertEqual(server.post(report(1), JSON, '/v1/' + path.strip().strip('"'))[0], 503)

    def test_tables_of_another_version(self):
        """They are refused in one sentence, and stay as they are."""
        with contextlib.closing(sqlite3.connect(self.db)) as db, db:
            db.execute('CREATE TABLE report(id INTEGER PRIMARY KEY)')
        for version, words in ((1, 'its tables are of version 1, and this program wants version 2: '
                                   'keep the file elsewhere, and begin with a new one'),
                               (0, 'this program did not make its tables')):
            with contextlib.closing(sqlite3.connect(self.db)) as db, db:
                db.execute(f'PRAGMA user_version = {version}')
            before = pathlib.Path(self.db).read_bytes()
            for command, status in (('serve', 1), ('mail', 75), ('export', 1)):
                with self.subTest(version=version, command=command):
                    done = subprocess.run([ARGS.program, command, '--db', self.db], input=b'', capture_output=True,
                                          timeout=30, check=False)
                    self.assertEqual((done.returncode, done.stdout, done.stderr.decode()),
                                     (status, b'', f'tlsrpt-intake: {self.db}: {words}\n'))
            self.assertEqual(pathlib.Path(self.db).read_bytes(), before)
        pathlib.Path(self.db).write_bytes(b'')
        run('export', '--db', self.db, status=1)
        run('mail', '--db', self.db, octets=b'no report')
        self.assertEqual(self.query('PRAGMA user_version'), [(2,)])

    def test_slow_bodies(self):
        """Who sends a little now and then is told so after 30 s; who sends nothing is forgotten (IN-21)."""
        SLOW.join()
        self.assertIsNone(SLOW.failure)
        self.assertRegex(SLOW.answer, rb'^HTTP/1\.1 408 [^\n]*\n(?s:.)*Connection: close')
        self.assertGreaterEqual(SLOW.seconds, 29)
        self.assertEqual(SLOW.answer_to_silence, b'')
        self.assertEqual(SLOW.afterwards, 200)

    def test_an_endless_body(self):
        with Server(self.db, '--open') as server:
            host, port = server.address.rsplit(':', 1)
            with socket.create_connection((host, int(port)), 30) as to:
                to.sendall(b'POST /v1/report HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
                with self.assertRaises(OSError):
                    for _ in range(1024):
                        to.sendall(b'100000\r\n' + b'x' * (1 << 20) + b'\r\n')
            if not ARGS.sanitized:
                self.assertLess(server.memory(), 64)

    def test_ends_what_has_begun(self):
        """A body that is on its way when the server has to stop is stored; what begins then is not (IN-20, IN-37)."""
        with Server(self.db, '--open') as server:
            octets = report(1)
            host, port = server.address.rsplit(':', 1)
            with socket.create_connection((host, int(port)), 30) as to, \
                    socket.create_connection((host, int(port)), 30) as late:
                to.sendall(f'POST /v1/report HTTP/1.1\r\nHost: x\r\nContent-Length: {len(octets)}\r\n\r\n'.encode())
                to.sendall(octets[:10])
                time.sleep(0.3)
                server.process.send_signal(signal.SIGTERM)
                time.sleep(0.3)
                late.sendall(b'POST /v1/report HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')
                self.assertRegex(late.recv(4096), rb'^HTTP/1\.1 503 (?s:.)*Retry-After: 3600')
                to.sendall(octets[10:])
                self.assertIn(b' 200 ', to.recv(4096))
            self.assertEqual(server.stop(), 0)
        self.assertEqual(ids(self.db), ['id-1'])


class Packaging(Case):
    @contextlib.contextmanager
    def front(self, file, replaced, *words, around='%s', options=()):
        """A web server set up as packaging shows it, before an intake, and the path of a token there."""
        if not shutil.which(words[0]):
            self.skipTest(f'without {words[0]}')
        url = run('token', 'add', 'example.com', '--db', self.db, '--url', 'https://x.example').split('=')[-1]
        path = '/v1/' + url.strip().strip('"').rsplit('/', 1)[1]
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        intake, conf = self.folder / 'intake.sock', self.folder / 'conf'
        shown = (ARGS.root / 'packaging/collector' / file).read_text()
        for old, new in {'/run/tlsrpt/intake.sock': str(intake), **replaced}.items():
            self.assertIn(old, shown)
            shown = shown.replace(old, new)
        conf.write_text((around % shown).replace('FOLDER', str(self.folder)).replace('PORT', str(port)))
        front = Server.__new__(Server)
        front.address = f'127.0.0.1:{port}'
        with Server(self.db, *options, listen=f'unix:{intake}'), open(self.folder / 'log', 'wb') as log:
            web = subprocess.Popen([*words, conf], stdout=log, stderr=log, cwd=self.folder,
                                   env={**os.environ, 'HOME': str(self.folder)})
            try:
                for _ in range(200):
                    try:
                        socket.create_connection(('127.0.0.1', port)).close()
                        break
                    except OSError:
                        self.assertIsNone(web.poll(), (self.folder / 'log').read_text())
                        time.sleep(0.05)
                yield front, path
            finally:
                web.terminate()
                web.wait()

    def check_front(self, *how, **more):
        """What packaging shows for a web server brings reports through, with the address of the client."""
        with self.front(*how, **more) as (front, path):
            spoofed = {'X_Forwarded_For': '198.51.100.1'}
            large = report(2) + b' ' * (3 << 20)
            self.assertEqual(front.post(report(1), JSON, path, **spoofed)[0], 200)
            self.assertEqual(front.post(gzip.compress(report(1)), GZIP, path, **spoofed)[0], 200)
            self.assertEqual(front.post(iter([large[:100], large[100:]]), JSON, path)[0], 200)
            self.assertEqual(front.post(b'hello', JSON, path)[0], 400)
            self.assertEqual(front.post(report(3), JSON, '/v1/../v1/report')[0], 404)
            self.assertIn(front.post(report(3), JSON, '/')[0], (404, 405))
            begin = f'POST {path} HTTP/1.1\r\nHost: tlsrpt.example.net\r\nContent-Type: {JSON}\r\n'.encode()
            inner = begin + b'Content-Length: %d\r\n\r\n' % len(report(4)) + report(4)
            for fields in (b'Content-Length: 2\r\nContent-Length: 3\r\n', b'Content-Length: +2\r\n',
                           b'Transfer-Encoding: xchunked\r\n', b'Transfer-Encoding: chunked, identity\r\n',
                           b'Content-Length : %d\r\n' % len(inner), b'Transfer-Encoding\t: chunked\r\n'):
                with self.subTest(fields):
                    answer = front.raw(begin + fields + b'\r\n' + inner)
                    self.assertRegex(answer, r'^HTTP/1\.[01] (400|501|404|422) ')
        self.assertEqual(self.query('SELECT DISTINCT peer FROM receipt'), [('127.0.0.1',)])
        self.assertEqual(ids(self.db), ['id-1', 'id-2'])

    def make_certificates(self):
        """An authority and certificates of it: that of the server, of a sender that we know, and of another one."""
        if not (shutil.which('openssl') and shutil.which('curl')):
            self.skipTest('without openssl or curl')

        def openssl(*words):
            subprocess.run(['openssl', *words], cwd=self.folder, capture_output=True, check=True)

        def certificate(name, subject, *signer):
            openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                    '-subj', subject, '-keyout', f'{name}.key', '-out', f'{name}.crt', *signer)

        certificate('authority', '/CN=Authority')
        signed = ('-CA', 'authority.crt', '-CAkey', 'authority.key', '-addext', 'basicConstraints=critical,CA:FALSE')
        certificate('server', '/CN=tlsrpt.example.net', '-addext', 'subjectAltName=DNS:tlsrpt.example.net', *signed)
        certificate('known', '/O=Sender, Inc./CN=reports.sender.example', *signed)
        certificate('unknown', '/O=Other/CN=reports.sender.example', *signed)
        certificate('forged', '/O=Sender, Inc./CN=reports.sender.example')
        (self.folder / 'server.pem').write_bytes(b''.join((self.folder / f'server.{part}').read_bytes()
                                                          for part in ('crt', 'key')))
        self.subject = 'CN=reports.sender.example,O=Sender\\, Inc.'
        (self.folder / 'clients').write_text(f'# senders\nSender.example {self.subject}\n')

    def check_certificates(self, *how, **more):
        """The web server passes the subject of a certificate that it has verified, and nobody else does (IN-32)."""
        with self.front(*how, options=('--clients', self.folder / 'clients'), **more) as (front, path):
            def post(number, name=None):
                """The status of the answer; 0 when the client was not let in."""
                words = ['--cert', f'{name}.crt', '--key', f'{name}.key'] if name else []
                done = subprocess.run(
                    ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', 'authority.crt', '--resolve',
                     f'tlsrpt.example.net:{front.address.split(":")[1]}:127.0.0.1', '--data-binary', '@-', '-H',
                     f'Content-Type: {JSON}', '-H', f'X-Client-Name: {self.subject}', *words,
                     f'https://tlsrpt.example.net:{front.address.split(":")[1]}{path}'],
                    input=report(number), cwd=self.folder, capture_output=True, check=False)
                return int(done.stdout)

            self.assertEqual([post(1), post(2, 'unknown'), post(3, 'known')], [200, 200, 200])
            self.assertIn(post(4, 'forged'), (0, 400))
            # The certificate may come later.
            self.assertEqual([post(5), post(5, 'known')], [200, 200])
        self.assertEqual(ids(self.db), ['id-1', 'id-2', 'id-3', 'id-5'])
        self.assertEqual(self.query('SELECT DISTINCT submitter FROM receipt ORDER BY 1'), [(None,), ('sender.example',)])
        trusted = [json.loads(line)['report-id'] for line in run('export', '--db', self.db).splitlines()
                   if '"trust":"verified"' in line]
        self.assertEqual(sorted(trusted), ['id-3', 'id-5'])

    NGINX = ('daemon off; master_process off; pid FOLDER/pid; error_log FOLDER/error; events {} http { '
             'access_log off; client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; '
             'fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s; '
             'server { listen 127.0.0.1:PORT%s;\n%%s} }')

    def nginx(self):
        return 'nginx', '-e', self.folder / 'error', '-c'

    def test_certificates_and_nginx(self):
        self.make_certificates()
        self.check_certificates(
            'nginx.conf', {'#ssl_client_certificate /etc/nginx/senders.pem': 'ssl_client_certificate FOLDER/authority.crt',
                           '#ssl_verify_client': 'ssl_verify_client'}, *self.nginx(),
            around=self.NGINX % ' ssl; ssl_certificate FOLDER/server.crt; ssl_certificate_key FOLDER/server.key')

    def test_certificates_and_caddy(self):
        self.make_certificates()
        self.check_certificates(
            'Caddyfile', {'tlsrpt.example.net {': 'https://tlsrpt.example.net:PORT {\n\tbind 127.0.0.1',
                          '\t#tls {': '\ttls FOLDER/server.crt FOLDER/server.key {', '\t#\t': '\t\t', '\t#}': '\t}',
                          '/etc/caddy/senders.pem': 'FOLDER/authority.crt'},
            'caddy', 'run', '--adapter', 'caddyfile', '--config', around='{\n\tadmin off\n\tauto_https off\n}\n%s')

    def test_certificates_and_haproxy(self):
        self.make_certificates()
        self.check_certificates(
            'haproxy.cfg', {':443 ssl crt /etc/haproxy/tlsrpt.example.net.pem':
                            '127.0.0.1:PORT ssl crt FOLDER/server.pem ca-file FOLDER/authority.crt verify optional',
                            'add: ca-file /etc/haproxy/senders.pem verify optional': ''}, 'haproxy', '-db', '-f')

    def test_names_of_clients_without_a_front(self):
        """Only the configured web server is believed, and only one field (IN-32)."""
        (self.folder / 'clients').write_text('sender.example CN=x\n')
        how = ('--open', '--clients', self.folder / 'clients')
        with Server(self.db, '--open') as server:
            self.assertEqual(server.post(report(1), JSON, X_Client_Name='CN=x')[0], 200)
        with Server(self.db, *how, '--proxy', '127.0.0.2') as server:
            self.assertEqual(server.post(report(2), JSON, X_Client_Name='CN=x')[0], 200)
        with Server(self.db, '--open', '--proxy', '127.0.0.1') as server:
            self.assertEqual(server.post(report(3), JSON, X_Client_Name='CN=x')[0], 200)
        # However the address is written.
        with Server(self.db, *how, '--proxy', '::FFFF:127.0.0.1') as server:
            self.assertEqual(server.post(report(4), JSON, X_Client_Name='CN=y')[0], 200)
            self.assertEqual(server.post(report(5), JSON, X_Client_Name='CN=x')[0], 200)
            body = report(6)
            answer = server.raw(b'POST /v1/report HTTP/1.1\r\nHost: x\r\nX-Client-Name: CN=x\r\nX-Client-Name: CN=x\r\n'
                                b'Content-Length: %d\r\n\r\n' % len(body) + body)
            self.assertIn(' 200 ', answer)
        self.assertEqual(self.query('SELECT count(*) FROM report'), [(6,)])
        self.assertEqual(self.query("SELECT facts LIKE '%\"id-5\"%', submitter FROM report JOIN receipt ON report = id"
                                    ' WHERE trust = 1'), [(1, 'sender.example')])
        for wrong in ('sender.example', '.example CN=x', '-'):
            (self.folder / 'clients').write_text(wrong)
            run('serve', '--db', self.db, '--listen', '127.0.0.1:0', '--proxy', '127.0.0.1', *how, status=1)

    def test_nginx(self):
        self.check_front('nginx.conf', {}, *self.nginx(), around=self.NGINX % '')

    def test_caddy(self):
        self.check_front('Caddyfile', {'tlsrpt.example.net {': 'http://:PORT {\n\tbind 127.0.0.1'},
                         'caddy', 'run', '--adapter', 'caddyfile', '--config', around='{\n\tadmin off\n}\n%s')

    def test_haproxy(self):
        self.check_front('haproxy.cfg', {':443 ssl crt /etc/haproxy/tlsrpt.example.net.pem': '127.0.0.1:PORT'},
                         'haproxy', '-db', '-f')

    def test_socket_activation(self):
        with socket.socket() as listening:
            listening.bind(('127.0.0.1', 0))
            listening.listen()
            script = 'import os,sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_FDS="1",' \
                     'LISTEN_PID=str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])'
            process = subprocess.Popen([sys.executable, '-c', script, str(listening.fileno()), ARGS.program, 'serve',
                                        '--db', self.db, '--open'], pass_fds=[listening.fileno()],
                                       stdout=subprocess.PIPE)
            try:
                process.stdout.readline()
                server = Server.__new__(Server)
                server.address = '127.0.0.1:%d' % listening.getsockname()[1]
                self.assertEqual(server.post(report(1), JSON)[0], 200)
            finally:
                process.terminate()
                process.wait()
                process.stdout.close()


class Usage(Case):
    def test_usage(self):
        for words in ([], ['serve'], ['mail'], ['export', '--db'], ['serve', '--db', self.db, '--x', '1'],
                      ['serve', '--db', self.db, '--rate', 'fast'], ['token', 'x', 'y', '--db', self.db]):
            run(*words, status=64)
        self.assertIn('usage', run('--help'))
        (self.folder / 'clients').write_text('sender.example CN=x\n')
        # Nobody could say what certificates the clients have.
        for words in (['--proxy', 'localhost'], ['--clients', self.folder / 'clients']):
            run('serve', '--db', self.db, '--listen', '127.0.0.1:0', *words, status=64)
        run('serve', '--db', self.db, '--listen', 'nowhere', status=1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + OTHER_ARGS, verbosity=2)
