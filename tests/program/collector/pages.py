"""Runs tlsrpt-pages on what tlsrpt-intake keeps.

pages.py INTAKE PAGES [--corpus DIRECTORY] [--renew] [--pictures FOLDER] [options of unittest]

looks.txt has what the views look like at three widths and in both themes, as far as no font and no version of the browser
changes it; --renew writes it anew, for somebody to read the difference. --pictures puts pictures of the same there, for
somebody to look at.
"""

import argparse
import base64
import collections
import contextlib
import datetime
import fcntl
import hashlib
import html
import html.parser
import http.client
import http.server
import ipaddress
import json
import os
import pathlib
import random
import re
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
import zlib

parser = argparse.ArgumentParser(add_help=False)
parser.add_argument('intake')
parser.add_argument('pages')
parser.add_argument('--corpus', type=pathlib.Path)
parser.add_argument('--renew', action='store_true')
parser.add_argument('--pictures', type=pathlib.Path)
ARGS, OTHER_ARGS = parser.parse_known_args()
INTAKE, PAGES = ARGS.intake, ARGS.pages
LOOKS = pathlib.Path(__file__).with_name('looks.txt')
ROOT = pathlib.Path(__file__).resolve().parents[3]
NASTY = '<script>alert(1)</script>"\'>&{{7*7}}\x00\x1b\u202e\u2066</style>]]>javascript:' + 'A' * 5000
CORPUS = ARGS.corpus or ROOT.parent / 'shared/corpus'
TODAY = '2026-11-24T06:00:00Z'
VERSION = subprocess.run([PAGES, '--version'], capture_output=True, text=True, check=True).stdout
HAS_ICU, HAS_CURL = ' (ICU ' in VERSION, ' (libcurl ' in VERSION


def report(number, domain='example.com', failed=0, host='mx.example.com', result='certificate-expired', reason=None,
           contact='tls@sender.example', **members):
    details = {'result-type': result, 'receiving-mx-hostname': host, 'failed-session-count': failed}
    if reason is not None:
        details['failure-reason-code'] = reason
    return {
        'organization-name': 'Example', 'contact-info': contact, 'report-id': f'{number} {domain}',
        'date-range': {'start-datetime': f'2026-11-{number:02}T00:00:00Z', 'end-datetime': f'2026-11-{number:02}T23:59:59Z'},
        'policies': [{
            'policy': {'policy-type': 'sts', 'policy-domain': domain,
                       'policy-string': ['version: STSv1', 'mode: enforce', 'mx: mx.example.com', 'max_age: 86400']},
            'summary': {'total-successful-session-count': 50, 'total-failure-session-count': failed},
            'failure-details': [details] if failed else []}], **members}


def mail_of(report_made):
    signer = report_made['contact-info'].rpartition('@')[2]
    return (f'Authentication-Results: mx.example; dkim=pass header.d={signer}\r\nFrom: {report_made["contact-info"]}\r\n'
            f'Content-Type: application/tlsrpt+json\r\n\r\n{json.dumps(report_made)}\r\n').encode()


def mail(number, *values, **members):
    return mail_of(report(number, *values, **members))


def facts(day, domain, failed=0, reporter='sender.example', host='mx.shared.example', also=()):
    """A row of the table of reports, as tlsrpt-intake writes it."""
    number = (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days
    digest = hashlib.md5(f'{day} {domain} {reporter}'.encode()).digest()
    rows = [json.dumps([name, 'sts', 'enforce', '-', 50, 0, failed, 0, 1], separators=(',', ':'))
            for name in sorted([domain, *also])]
    failures = [json.dumps([name, 'sts', 'enforce', 'certificate-expired', host, '-', 'x509.expired', failed, 0],
                           separators=(',', ':')) for name in sorted([domain, *also])] if failed else []
    text = ('{"_ledger":1,"reasons":1,"details":256,"elements":1024}\n'
            f'{{"day":"{day}","days":1,"digest":"{digest.hex()}","report-id":"{day}","org":"Sender","reporter":"{reporter}",'
            f'"trust":"claimed","via":"m","seen":{number * 86400 + 100000},"by":[],"about":"{domain}","inferred":"",'
            f'"flags":[],"T":[{",".join(rows)}],"F":[{",".join(failures)}]}}\n')
    return digest, number, 1, domain, reporter, 0, number * 86400 + 100000, text, None


class Page(html.parser.HTMLParser):
    """Elements and the text of a page; whether each element that was opened is closed."""

    EMPTY = {'meta', 'rect', 'path', 'br'}

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text, self.links, self.style = [], [], '', [], ''
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.links += [value for name, value in attributes if name in ('href', 'src')]

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == 'style':
            self.style += data
        else:
            self.text += data


RESULTS = {
    'starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted', 'validation-failure',
    'tlsa-invalid', 'dnssec-invalid', 'dane-required', 'sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid'}


def plain_report(octets):
    """What a report says, read by Python alone; nothing where it is not plainly as RFC 8460 has it."""
    def demand(condition):
        if not condition:
            raise ValueError('not plain')

    def once(pairs):
        demand(len(dict(pairs)) == len(pairs))
        return dict(pairs)

    def text(value):
        demand(value == value.strip() and value.isprintable() and 0 < len(value.encode()) < 200)
        return value

    def name(value):
        demand(re.fullmatch(r'(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*', value.lower()))
        return value.lower()

    def count(value):
        demand(type(value) is int and 0 <= value < 1 << 53)
        return value

    def moment(value):
        seconds = datetime.datetime.fromisoformat(re.fullmatch(r'([\d-]{10}T[\d:]{8})Z', value)[1] + '+00:00').timestamp()
        demand(seconds >= 0)
        return int(seconds)

    def failure(one):
        demand(set(one) <= {'result-type', 'sending-mta-ip', 'receiving-mx-hostname', 'receiving-mx-helo', 'receiving-ip',
                            'failed-session-count', 'additional-information', 'failure-reason-code'})
        machine = host = 'not said'
        if 'receiving-ip' in one:
            address = ipaddress.ip_address(text(one['receiving-ip']).partition('%')[0])
            demand(getattr(address, 'ipv4_mapped', None) is None)
            machine = str(address)
        elif 'receiving-mx-helo' in one:
            machine = name(one['receiving-mx-helo'])
        if 'receiving-mx-hostname' in one:
            host = name(one['receiving-mx-hostname'])
        kind = text(one['result-type'])
        demand(kind == kind.lower() and len(kind) < 64)
        return (host, machine, kind if kind in RESULTS else f'"{kind}"'), count(one['failed-session-count'])

    try:
        found = json.loads(octets, object_pairs_hook=once)
        policies, sessions, failures = found['policies'], collections.defaultdict(lambda: [0, 0]), collections.Counter()
        # What is there twice is counted once; more than 200 rows are not shown.
        demand(len({json.dumps(one, sort_keys=True) for one in policies}) == len(policies) in range(1, 201))
        for one in policies:
            policy, summary = one['policy'], one['summary']
            demand(set(one) <= {'policy', 'summary', 'failure-details'})
            kind = {'sts': 'MTA-STS', 'tlsa': 'DANE', 'no-policy-found': 'no policy'}[policy['policy-type']]
            lines = [re.fullmatch('[!-~][ -~]*', line)[0].rstrip() for line in policy.get('policy-string', [])]
            modes = [line.partition(':')[2].strip() for line in lines if line.startswith('mode:')]
            mode = (modes or ['not said'])[0] if kind == 'MTA-STS' else '-'
            key = name(policy['policy-domain']), kind, mode, tuple(sorted(set(lines)) if kind == 'DANE' else lines)
            sessions[key][0] += count(summary['total-successful-session-count'])
            sessions[key][1] += count(summary['total-failure-session-count'])
            for seen in one.get('failure-details', []):
                what, noted = failure(seen)
                failures[(f'{key[0]}, {kind}', *what)] += noted
        begin, end = (moment(found['date-range'][which + '-datetime']) for which in ('start', 'end'))
        demand(begin <= end)
        # The midnight next to each; at noon the one before.
        first, after = ((seconds + 43_199) // 86_400 for seconds in (begin, end + (end % 86_400 != 0 and end % 60 == 59)))
        days = [first, after - 1] if after > first else [begin // 86_400]
        return {'From': text(found['organization-name']), 'Report-ID': text(found['report-id']),
                'Reporter': name(re.fullmatch('[^@<> ]+@([^@<> ]+)', found['contact-info'])[1]),
                'Day': ' to '.join(dict.fromkeys(str(datetime.date(1970, 1, 1) + datetime.timedelta(day)) for day in days)),
                'sessions': sorted((*key[:3], *map(str, counts)) for key, counts in sessions.items()),
                'failures': sorted((*key, str(noted)) for key, noted in failures.items())}
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def shown_report(page):
    """What the page of a report shows, in the same words."""
    def text(cell):
        whole = re.sub(r'<summary>.*?</summary>|\(<bdi>.*?</bdi>\)|<br>', ' ', cell, flags=re.DOTALL)
        return ' '.join(Page(whole).text.split()).replace(' ,', ',')

    def rows(caption):
        table = re.search(f'<caption>{caption}</caption>.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
        return [tuple(map(text, re.findall(r'<t[hd].*?>(.*?)</t[hd]>', row, re.DOTALL)))
                for row in re.findall('<tr>(.*?)</tr>', table[1], re.DOTALL)] if table else []

    terms = {name: text(value) for name, value in re.findall('<dt>(.*?)</dt><dd>(.*?)</dd>', page, re.DOTALL)}
    failures = collections.Counter()
    for policy, host, machine, result, _, noted in rows('Failures that it mentions'):
        failures[policy, host, machine, result] += int(noted)
    return {name: terms[name] for name in ('From', 'Report-ID', 'Reporter', 'Day')} | {
        'sessions': sorted(rows('Sessions, by policy')), 'failures': sorted((*key, str(noted)) for key, noted in failures.items())}


class NameServer:
    """Answers questions for TXT records, of names that it knows, and for those of other types by (name, type). Of names
    that are `secure` it says so when it is asked whether DNSSEC protects the answer; '' is the root."""

    def __init__(self, records, secure=()):
        self.records, self.secure, self.asked = records, secure, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.address = '127.0.0.1:%d' % self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode())
                at += 1 + question[at]
            name = '.'.join(labels)
            self.asked.append(name)
            kind = struct.unpack_from('>H', question, at + 1)[0]
            texts = self.records.get(name if kind == 16 else (name, kind))
            code = 3 if texts is None else 2 if texts == 'broken' else 0
            texts = texts if code == 0 else []
            data = [bytes([len(text)]) + text.encode() if kind == 16 else text for text in texts]
            answers = b''.join(b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, 60, len(each)) + each for each in data)
            flags = 0x8180 | code | (question[3] & 0x20 if name in self.secure else 0)
            self.socket.sendto(question[:2] + struct.pack('>HHHHH', flags, 1, len(texts), 0, 0) +
                               question[12:at + 5] + answers, sender)


class PolicyServer:
    """Answers requests for MTA-STS policies, at an address of this machine that others hardly use. `answers` has a status,
    a type, a body, and fields for each host; more of a body may be promised than comes."""

    def __init__(self, certificate, answers):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.headers['Host'], self.path))
                status, kind, body, fields = answers[self.headers['Host']]
                self.send_response(status)
                for name, value in {'Content-Type': kind, 'Content-Length': len(body), **fields}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, client):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                with contextlib.suppress(OSError), context.wrap_socket(request, server_side=True) as connection:
                    super().finish_request(connection, client)

        self.address = '127.' + '.'.join(str(random.randint(1, 250)) for _ in range(3))
        self.server = Server((self.address, 443), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='tlsrpt-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db, self.out = str(self.folder / 'reports.db'), self.folder / 'site'

    def deliver(self, octets):
        subprocess.run([INTAKE, 'mail', '--db', self.db, '--authserv-id', 'mx.example'], input=octets, check=True)

    def start(self):
        """Makes a database with a token of example.com."""
        subprocess.run([INTAKE, 'token', 'add', 'example.com', '--db', self.db, '--url', 'https://tlsrpt.example'],
                       check=True, stdout=subprocess.DEVNULL)

    def make(self, *options, status=0):
        done = subprocess.run([PAGES, '--db', self.db, '--out', self.out, '--now', TODAY, *options],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done)
        return {path.relative_to(self.out).as_posix(): path.read_text() for path in sorted(self.out.rglob('*'))
                if path.suffix in ('.html', '.txt')}

    def page_folders(self):
        return sorted(path.name for path in self.folder.glob('site.pages-*'))

    def insert(self, rows):
        """Writes rows of reports into a database that is there."""
        with contextlib.closing(sqlite3.connect(self.db)) as db, db:
            db.executemany('INSERT INTO report(digest, day, days, about, reporter, trust, first_seen, facts, raw)'
                           ' VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)', rows)

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(self.db)) as db:
            return db.execute(sql).fetchall()

    def ours(self, *names):
        (self.folder / 'domains').write_text('\n'.join(names))
        return '--domains', self.folder / 'domains'

    def check(self, name, text):
        page = Page(text)
        self.assertEqual(page.open, [], name)
        tags = [tag for tag, _ in page.elements]
        self.assertEqual(tags.count('h1'), 1)
        self.assertNotIn('script', tags)
        self.assertFalse([attributes for _, attributes in page.elements if 'style' in attributes or
                          any(key.startswith('on') for key in attributes)])
        policy, = [attributes['content'] for _, attributes in page.elements if 'http-equiv' in attributes]
        hashed = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
        self.assertEqual(policy, f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'")
        self.check_structure(page, text)
        names = [attributes['id'] for _, attributes in page.elements if 'id' in attributes]
        self.assertEqual(len(names), len(set(names)))
        for attributes in (attributes for tag, attributes in page.elements if tag == 'a'):
            if not attributes['href'].startswith('https:'):
                continue
            self.assertTrue(name.startswith('report/'), name)
            self.assertEqual(attributes['rel'], 'noopener noreferrer nofollow')
            page.links.remove(attributes['href'])
        for link in page.links:
            target = (self.out / name).parent / link.split('#')[0]
            self.assertTrue(link.startswith('#') or target.resolve().is_file(), link)
        return page

    def check_structure(self, page, text):
        """What readers go by who do not see a page as a whole (UI-10)."""
        tags = [tag for tag, _ in page.elements]
        self.assertEqual(page.elements[0], ('html', {'lang': 'en'}))
        self.assertEqual([tag for tag in tags if tag in ('header', 'main', 'footer')], ['header', 'main', 'footer'])
        first = next(given for tag, given in page.elements if tag == 'a')
        self.assertEqual((first['class'], first['href']), ('skip', '#main'))
        levels = [int(tag[1]) for tag in tags if re.fullmatch('h[1-6]', tag)]
        self.assertEqual(levels[0], 1)
        self.assertFalse([pair for pair in zip(levels, levels[1:]) if pair[1] > pair[0] + 1])
        self.assertEqual(text.count('<table>'), text.count('<table><caption>'))
        self.assertFalse([given for tag, given in page.elements if tag == 'th' and given.get('scope') not in ('row', 'col')])
        self.assertFalse(re.findall(r'<a [^>]*>\s*</a>', text))

    def check_all(self, pages):
        for name, text in pages.items():
            self.assertRegex(name, r'\A((domain|host|reporter|report)/)?[a-z0-9.-]+\Z')
            for character in '\0\x1b\u202e\u2066':
                self.assertNotIn(character, text)
            if name.endswith('.html'):
                self.check(name, text)
                self.assertLess(len(text), 200 * 1024, name)

    def test_the_truth_is_first(self):
        for number in range(14, 24):
            self.deliver(mail(number, failed=7 if number > 20 else 0))
        pages = self.make()
        self.check_all(pages)
        self.assertTrue({'index.html', 'domains.html', 'hosts.html', 'reporters.html', 'set-up.html',
                         'domain/example.com.html', 'metrics.txt'} <= set(pages))
        first = Page(pages['index.html']).text
        self.assertIn('1 thing to do, 0 of 1 domain fine; complete days up to 2026-11-23', first)
        self.assertLess(first.index('mx.example.com shows a certificate that is past its last day'),
                        first.index('Sessions in all reports'))
        self.assertRegex(first, r'New reports by mail\s*10\n')
        about = Page(pages['domain/example.com.html']).text
        self.assertIn('10 days with data', about)
        self.assertIn('500 sessions with TLS, 21 failed', about)
        self.assertEqual(pages, self.make())
        self.assertEqual(len(self.page_folders()), 1)

    def test_many_senders_and_one_fault(self):
        """What 30 senders report about 3 domains: the certificate of one host has expired."""
        dice = random.Random(8460)
        inbox = self.folder / 'mail' / 'new'
        inbox.mkdir(parents=True)
        (inbox.parent / 'cur').mkdir()
        mine = ['example.com', 'example.net', 'shop.example.org']
        failed = 0
        for number in range(10, 24):
            for sender in range(30):
                domain = mine[(sender + number) % 3]
                count = dice.randint(1, 30) if domain == 'example.net' and number >= 17 else 0
                failed += count
                made = report(number, domain, count, 'mx2.example.net', contact=f'tls@sender{sender}.example')
                (inbox / f'{number}.{sender}').write_bytes(mail_of(made))
        subprocess.run([INTAKE, 'mail', '--db', self.db, '--authserv-id', 'mx.example', '--maildir', inbox.parent],
                       check=True)
        pages = self.make()
        self.check_all(pages)
        text = pages['index.html']
        self.assertIn('1 thing to do, 2 of 3 domains fine', text)
        block = Page(re.search(r'<section class="finding">.*?</section>', text, re.DOTALL)[0]).text
        self.assertIn('mx2.example.net shows a certificate that is past its last day.', block)
        self.assertIn('Since 2026-11-17, last on 2026-11-23', block)
        self.assertIn('Mail is held back', block)
        self.assertIn(f'At least {failed} sessions failed; {failed} mentions', block)
        self.assertIn('sender0.example, sender1.example', block)
        self.assertIn('and 25 more', block)
        host, = [name for name in pages if name.startswith('host/')]
        self.assertIn('A mail host of 1 domain.', pages[host])
        self.assertIn(f'href="../{host}"', pages['domain/example.net.html'])
        self.assertEqual(len([name for name in pages if name.startswith('reporter/')]), 30)
        shown = [pages[name] for name in pages if name.startswith('report/')]
        self.assertTrue(shown)
        for text in shown:
            self.assertIn('verified: vouched for by sender', text)
            self.assertIn('&quot;organization-name&quot;: &quot;Example&quot;', text)

    def test_the_views(self):
        """Their order and links (UI-01, UI-02), no share of few sessions and no sum of kinds (UI-04), charts (UI-11)."""
        for number in range(1, 24):
            if number < 15:
                self.deliver(mail(number, contact='tls@quiet.example'))
            made = report(number, failed=5 if number in range(12, 19) else 0, host='mx.old.example')
            if number > 20:
                made['policies'].append({
                    'policy': {'policy-type': 'tlsa', 'policy-domain': 'example.com', 'policy-string': []},
                    'summary': {'total-successful-session-count': 7, 'total-failure-session-count': 0}})
            self.deliver(mail_of(made))
        made = report(23, domain='example.org', failed=4)
        made['policies'][0]['summary']['total-successful-session-count'] = 3
        made['policies'][0]['policy']['policy-string'][1] = 'mode: testing'
        self.deliver(mail_of(made))
        pages = self.make(*self.ours('example.com', 'example.org'))
        self.check_all(pages)
        heads = re.findall('<h2[^>]*>([^<]*)</h2>', pages['index.html'])
        self.assertEqual(heads, ['To do', 'Mended', 'Silent', 'Intake', 'Domains'])
        self.assertRegex(pages['index.html'], r'quiet\.example</a></div></td>|quiet\.example</a></th>')
        self.assertIn('<div>4 of 7</div>', pages['index.html'])
        self.assertIn('Ready for enforce?', pages['domain/example.org.html'])
        self.assertIn('MTA-STS, 2026-11-23, seen by 1 reporter', Page(pages['domain/example.org.html']).text)
        self.assertIn('MTA-STS, 2026-11-01 to 2026-11-23, seen by 2 reporters', Page(pages['domain/example.com.html']).text)
        self.assertIn('1850 sessions with TLS', pages['domain/example.com.html'])
        self.assertIn('21 sessions with TLS', pages['domain/example.com.html'])
        self.assertIn('<div>1850 to 1871</div>', pages['index.html'])
        kinds = {'index', 'set-up', 'domain', 'host', 'reporter', 'report'}

        def kind(name):
            return name.split('/')[0].removesuffix('.html')

        def linked(names):
            found = set()
            for name in names:
                for link in Page(pages[name]).links:
                    target = (self.out / name).parent / link.split('#')[0]
                    found.add(target.resolve().relative_to(self.out.resolve()).as_posix())
            return found & set(pages)

        for name in pages:
            if kind(name) in kinds:
                near = linked({name})
                self.assertLessEqual(kinds, {kind(one) for one in near | linked(near)}, name)
        charts = 0
        for name, text in pages.items():
            for chart in re.findall(r'<svg(?! class="strip").*?</details>', text, re.DOTALL):
                charts += 1
                self.assertRegex(chart, r'\A<svg role="img"[^>]*><title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>')
                self.assertIn('<table>', chart)
                self.assertLessEqual(len(re.findall('<rect class="ok"', chart)), 92, name)
        self.assertGreaterEqual(charts, 3)

    def test_a_report(self):
        made = report(23, failed=2, **{'unknown-member': '<b>'})
        made['policies'][0]['summary']['total-failure-session-count'] = '2'
        self.deliver(mail_of(made))
        pages = self.make()
        name, = [name for name in pages if name.startswith('report/')]
        text = Page(pages[name]).text
        # Of what it does not say.
        self.assertRegex(pages[name], '<td data-label="Machine"><div>not said</div></td>')
        for words in ('Report-ID', '23 example.com', 'by mail, signed by sender.example', 'certificate-expired',
                      '/policies/0/summary/total-failure-session-count', '"unknown-member": "<b>"'):
            self.assertIn(words, text)
        self.assertEqual(json.loads((self.out / name.replace('.html', '.json')).read_bytes()), made)

    def test_every_report(self):
        """The page of each report shows what Python reads in it: who sent it, when, about what, its sessions and failures;
        its text; and beside it is what was received (UI-02). The corpus is read where it is."""
        files = [*sorted((ROOT / 'examples/reports').iterdir()), *sorted((ROOT / 'tests/data/reports').glob('*.json*')),
                 *sorted(path for path in CORPUS.rglob('*') if path.name.endswith(('.json', '.json.gz')))]
        posted, plain = self.post(files), set()
        # A page of a domain lists its newest reports, so those that were shown make room for others.
        while newest := self.query("SELECT max(day) FROM report WHERE about != '?' AND about NOT LIKE '!%'")[0][0]:
            today = datetime.date(1970, 1, 1) + datetime.timedelta(newest + 1)
            pages = self.make('--now', f'{today}T06:00:00Z')
            shown = [name[7:-5] for name in pages if name.startswith('report/')]
            self.assertTrue(shown)
            for digest in shown:
                with self.subTest(posted[digest].name):
                    if self.shows(digest, posted[digest].read_bytes(), pages[f'report/{digest}.html']):
                        plain.add(digest)
            with contextlib.closing(sqlite3.connect(self.db)) as db, db:
                db.executemany('DELETE FROM report WHERE digest = ?', [(bytes.fromhex(digest),) for digest in shown])
        self.assertGreater(len(plain), 30)
        # All others are about what is no name of a domain.
        for digest, in self.query('SELECT lower(hex(digest)) FROM report'):
            self.assertIsNone(plain_report(posted[digest].read_bytes()), posted[digest].name)

    def post(self, files):
        """The files that were taken, by the digests of their reports."""
        posted = {}
        server = subprocess.Popen([INTAKE, 'serve', '--db', self.db, '--listen', '127.0.0.1:0', '--open', '--keep-raw', '10000',
                                   '--keep', '10000'], stdout=subprocess.PIPE, text=True)
        try:
            port = int(server.stdout.readline().rpartition(':')[2])
            with contextlib.closing(http.client.HTTPConnection('127.0.0.1', port, timeout=30)) as client:
                for file in files:
                    client.request('POST', '/v1/report', file.read_bytes())
                    with client.getresponse() as answer:
                        answer.read()
                    for digest, in self.query('SELECT lower(hex(digest)) FROM report ORDER BY id DESC LIMIT 1'):
                        posted.setdefault(digest, file)
        finally:
            server.terminate()
            server.wait(30)
            server.stdout.close()
        return posted

    def shows(self, digest, octets, page):
        """Compares a page with its report; whether that is plain."""
        is_zipped = octets.startswith(b'\x1f\x8b')
        self.check(f'report/{digest}.html', page)
        self.assertEqual((self.out / f'report/{digest}.json{".gz" if is_zipped else ""}').read_bytes(), octets)
        text = zlib.decompressobj(31).decompress(octets) if is_zipped else octets
        expected = plain_report(text)
        if expected is None:
            return False
        self.assertEqual(shown_report(page), expected)
        copied = html.unescape(re.search('<pre tabindex="0"><code>(.*?)</code></pre>', page, re.DOTALL)[1])
        if re.fullmatch(rb'[ -~\r\n]*', text):
            self.assertEqual(copied.splitlines(), text.decode().splitlines())
        return True

    def test_additional_information(self):
        """It is a link where it leads to a public host by HTTPS, which is shown before it, and text else (UI-16)."""
        texts = ['https://help.sender.example/tls?a=1&b="2"', 'https://help.sender.example/tls?a=1&b=2',
                 'http://help.sender.example/', 'javascript:alert(1)//https://x.example', 'see https://x.example/',
                 'https://user:secret@x.example/', 'https://localhost/', 'https://192.0.2.1/', '//x.example/',
                 'https://\u0430pple.example/', 'https://x.example/' + 'a' * 3000, '<a href="https://x.example">x</a>']
        made = report(23, failed=1)
        failure, = made['policies'][0]['failure-details']
        made['policies'][0]['failure-details'] = [{**failure, 'additional-information': text} for text in texts * 2]
        self.deliver(mail_of(made))
        pages = self.make()
        self.check_all(pages)
        name, = [name for name in pages if name.startswith('report/')]
        page = Page(pages[name])
        self.assertEqual([attributes['href'] for tag, attributes in page.elements if 'rel' in attributes], [texts[1]])
        self.assertIn(f'<code>help.sender.example</code>: <a href="{texts[1]}"'.replace('&', '&amp;'), pages[name])
        for text in texts[2:10]:
            self.assertIn(f'<li>{text}</li>', pages[name])
        self.assertEqual(pages[name].count('<li>'), len(texts) + 5)
        self.assertNotIn('more text', pages[name])
        self.assertFalse([name for name, text in pages.items() if 'sender says more' in text
                          and not name.startswith('report/')])

    def test_many_texts_of_additional_information(self):
        """20 are shown, and how many more there are."""
        made = report(23, failed=1)
        failure, = made['policies'][0]['failure-details']
        made['policies'][0]['failure-details'] = [{**failure, 'additional-information': f'see {n}'} for n in range(23)]
        self.deliver(mail_of(made))
        text, = [text for name, text in self.make().items() if name.startswith('report/')]
        self.assertEqual(text.count('<li>see '), 20)
        self.assertIn('And 3 more texts in the text below.', text)

    @unittest.skipUnless(HAS_ICU, 'tlsrpt-pages was built without ICU')
    def test_names_in_unicode(self):
        """A domain is shown with the letters of its owner, too, where these are of one script (UI-17)."""
        def read(name):
            return '.'.join(label[4:].encode().decode('punycode') if label.startswith('xn--') else label
                            for label in name.split('.'))

        # Latin, Cyrillic, Han, Greek, Hebrew, Arabic and Devanagari.
        shown = {name: read(name) for name in (
            'xn--bcher-kva.example', 'xn--strae-oqa.xn--bcher-kva.example', 'xn--80ak6aa92e.com', 'mail.xn--fiqs8s',
            'xn--hxajbheg2az3al.xn--jxalpdlp', 'xn--9dbne9b.example', 'xn--mgbh0fb.xn--kgbechtv', 'xn--h2brj9c.example')}
        # Latin and Cyrillic, Han and Latin, what cannot be read, a sign, and upper case.
        hidden = ['xn--pple-43d.com', 'xn--a-kq6a.example', 'xn--99999999.com', 'xn--ls8h.com', 'xn--ber-ska.com', 'xn--' + 'a' * 59 + '.com', 'xn--bcher-kva.xn--pple-43d.com']
        made = report(23, 'example.net', failed=1)
        failure, = made['policies'][0]['failure-details']
        made['policies'][0]['failure-details'] = [{**failure, 'receiving-mx-hostname': name} for name in hidden]
        self.deliver(mail_of(made))
        for name in shown:
            self.deliver(mail(23, domain=name, failed=1, host='mx.' + name))
        pages = self.make(*self.ours(*shown, 'example.net'))
        self.check_all(pages)
        for name in hidden:
            self.assertIn(f'>{name}</a></th>', pages['hosts.html'])
        domains, hosts = set(shown.items()), {('mx.' + name, 'mx.' + one) for name, one in shown.items()}
        for page, expected in (('domains.html', domains), ('set-up.html', domains), ('hosts.html', hosts),
                               ('index.html', domains | hosts)):
            beside = set(re.findall(r'>([^<>]*)</a> \(<bdi>([^<]*)</bdi>\)', pages[page]))
            self.assertEqual(beside, expected, page)

    def test_metrics(self):
        """Gauges about the last complete day, counters of what came, in the syntax of OpenMetrics (OUT-03)."""
        for number in range(1, 24):
            if number < 15:
                self.deliver(mail(number, contact='tls@quiet.example'))
            self.deliver(mail(number, failed=7 if number > 20 else 0))
        text = self.make()['metrics.txt']
        for line in ('tlsrpt_sessions{domain="example.com",kind="sts",outcome="ok",trust="verified"} 50',
                     'tlsrpt_sessions{domain="example.com",kind="sts",outcome="failed",trust="verified"} 7',
                     'tlsrpt_failure_mentions{domain="example.com",result="certificate-expired"} 7',
                     'tlsrpt_findings{severity="1"} 1', 'tlsrpt_findings{severity="2"} 0',
                     'tlsrpt_reporter_silent_days{domain="example.com",reporter="quiet.example"} 10',
                     'tlsrpt_day_timestamp_seconds 1795392000', 'tlsrpt_intake_total{verdict="mail-stored"} 37'):
            self.assertIn(f'\n{line}\n', text)
        self.assertTrue(text.endswith('\n# EOF\n'))
        families = re.findall(r'^# TYPE (\S+) (gauge|counter|info)$', text, re.MULTILINE)
        self.assertEqual(len(families), len(set(families)))
        for line in text.splitlines()[:-1]:
            self.assertRegex(line, r'\A(# (TYPE|HELP) .+|(\w+)(\{(\w+="([^"\\\n]|\\.)*",?)*\})? \d+)\Z')
            if not line.startswith('#'):
                name = re.match(r'\w+', line)[0]
                self.assertIn(re.sub('_(total|info)$', '', name), dict(families))

    def test_labels_are_not_those_of_strangers(self):
        """Nobody that is not verified makes a series (OUT-03)."""
        self.deliver(mail(23))
        self.insert(facts(f'2026-11-{day:02}', 'example.com', reporter='stranger.example') for day in range(1, 12))
        text = self.make(*self.ours('example.com'))['metrics.txt']
        self.assertNotIn('stranger', text)

    def test_more_to_do_than_is_shown(self):
        """The first page has the 20 most urgent, and how many more there are (UI-01)."""
        for number in range(23):
            self.deliver(mail(23, failed=7, host=f'mx{number}.example.com'))
        pages = self.make()
        self.check_all(pages)
        self.assertEqual(pages['index.html'].count('<section class="finding'), 20)
        self.assertIn('3 more are on the pages of the domains.', pages['index.html'])
        self.assertIn('23 things to do', pages['index.html'])
        self.assertEqual(pages['hosts.html'].count('<tr><th scope="row">'), 23)

    def test_what_a_reporter_says(self):
        """Its page has bounds of what it counts (UI-03), adds no kinds (UI-04), and says what it never says (UI-02)."""
        made = report(22, failed=3)
        made['policies'].append({
            'policy': {'policy-type': 'tlsa', 'policy-domain': 'example.com', 'policy-string': []},
            'summary': {'total-successful-session-count': 7, 'total-failure-session-count': 0}})
        self.deliver(mail_of(made))
        made = report(23)
        del made['policies'][0]['summary']['total-successful-session-count']
        self.deliver(mail_of(made))
        self.deliver(mail(23, contact='tls@second.example', **{'report-id': '2026-11-23T00:00:00Z_example.com'}))
        pages = self.make()
        self.check_all(pages)
        by_title = {re.search('<h1>(.*?)</h1>', text)[1]: text for name, text in pages.items() if name.startswith('reporter/')}
        self.assertIn('Reports about 1 domain: at least 50 to 57 sessions with TLS, 3 failed.', by_title['sender.example'])
        for text in (by_title['sender.example'], pages['reporters.html']):
            self.assertIn('<div>at least 50 to 57</div>', text)
        limits = 'This sender never gives a reason for a failure.'
        self.assertEqual({name for name, text in by_title.items() if limits in text}, {'second.example'})

    def test_what_is_no_name(self):
        """What a ledger marks is said in words: what is no name, no type and no reason that is known, and what is not said."""
        made = report(23, failed=2, host='no name', result='odd-type', reason='odd words')
        made['policies'][0]['policy']['policy-domain'] = 'no domain'
        del made['contact-info']
        named = json.dumps(made)
        del made['organization-name'], made['report-id']
        made['policies'].append(report(23, failed=1)['policies'][0])
        subprocess.run([INTAKE, 'mail', '--db', self.db], check=True,
                       input=b'Content-Type: application/tlsrpt+json\n\n' + json.dumps(made).encode())
        made['policies'][0]['policy']['policy-domain'] = None
        subprocess.run([INTAKE, 'mail', '--db', self.db], check=True,
                       input=b'Content-Type: application/tlsrpt+json\n\n' + json.dumps(made).encode())
        subprocess.run([INTAKE, 'mail', '--db', self.db], check=True,
                       input=b'Content-Type: application/tlsrpt+json\n\n' + named.replace('no domain', 'example.org').encode())
        pages = self.make(*self.ours('example.com', 'example.org'))
        self.check_all(pages)
        # Without an address its name stands for a sender.
        self.assertIn('<h1>&quot;example&quot;</h1>', ''.join(pages.values()).replace('&#34;', '&quot;'))
        self.assertNotIn('org:', re.sub('<pre.*?</pre>', '', ''.join(pages.values()), flags=re.DOTALL))
        shown = [text for name, text in pages.items() if name.startswith('report/') and 'Report-ID</dt><dd>not' in text]
        self.assertEqual(len(shown), 2)
        for text in shown:
            for term in ('From', 'Reporter', 'Report-ID'):
                self.assertRegex(text, f'<dt>{term}</dt><dd>(<a [^>]*>)?not said(</a>)?</dd>')
            for cell in ('"no name"', '"odd-type"', '"odd words"'):
                self.assertIn(f'<div>{html.escape(cell)}</div>', text.replace('&#34;', '&quot;'))
        self.assertIn('"no domain"', Page(pages['domains.html']).text)
        self.assertIn('not said', Page(pages['domains.html']).text)
        for text in pages.values():
            self.assertNotRegex(re.sub('<(style|pre).*?</(style|pre)>|Key: <code>.*?</code>', '', text, flags=re.DOTALL), '[!~?](no|odd)|>[?*]<')

    def test_what_is_not_known_is_no_number(self):
        made = report(23)
        del made['policies'][0]['summary']['total-successful-session-count']
        self.deliver(mail_of(made))
        pages = self.make()
        self.assertNotIn('outcome="ok"', pages['metrics.txt'])
        self.assertIn('at least 0', pages['domain/example.com.html'])
        name, = [name for name in pages if name.startswith('report/')]
        self.assertIn('not known', pages[name])

    def test_what_is_known(self):
        for number in range(14, 24):
            self.deliver(mail(number, failed=7))
        key = re.search(r'<code>(cert\.[^<]*)</code>', self.make()['index.html'])[1]
        known = self.folder / 'known'
        known.write_text(f'until 2026-12-31 {key} # renewed\n')
        self.assertIn('Nothing to do', self.make('--known', known)['index.html'])

    def test_hostile_texts(self):
        self.deliver(mail(23, failed=1, **{'organization-name': NASTY, 'report-id': NASTY}))
        self.deliver(mail(22, failed=3, host=NASTY, result=NASTY, reason=NASTY))
        self.deliver(mail(21, failed=3, host='mx.' + 'a' * 63 + '.example', reason='\ud800' + NASTY))
        self.deliver(mail(22, domain=NASTY, failed=1))
        longest = '.'.join(['a' * 61] * 4) + '.test'
        self.deliver(mail(22, domain=longest, failed=1))
        self.deliver(mail(22, domain='b' + longest[-199:], failed=1))
        made = report(20, failed=2)
        made['contact-info'] = made['policies'][0]['policy']['policy-string'][2] = NASTY
        subprocess.run([INTAKE, 'mail', '--db', self.db], check=True,
                       input=b'Content-Type: application/tlsrpt+json\n\n' + json.dumps(made).encode())
        pages = self.make()
        self.check_all(pages)
        self.assertIn(longest[:190], pages['domains.html'])
        text = '\n'.join(Page(pages[name]).text for name in pages if name.endswith('.html'))
        self.assertIn('<script>alert(1)</script>"\'>&{{7*7}}\\x00\\x1b\\u{202e}\\u{2066}</style>]]>', text)

    def test_domains_without_data(self):
        self.deliver(mail(23))
        self.deliver(mail(22, domain='stranger.example', failed=9))
        pages = self.make(*self.ours('example.com', 'example.org'))
        self.check_all(pages)
        self.assertIn('Nothing to do, 1 of 2 domains fine, 1 without data', pages['index.html'])
        self.assertIn('no report about this domain yet', pages['domain/example.org.html'])
        self.assertNotIn('domain/stranger.example.html', pages)
        self.assertNotIn('stranger', pages['index.html'])
        self.assertIn('stranger.example', pages['domains.html'])

    def test_domains_with_a_token_are_ours(self):
        self.start()
        self.deliver(mail(22, domain='stranger.example'))
        pages = self.make()
        self.assertIn('domain/example.com.html', pages)
        self.assertNotIn('domain/stranger.example.html', pages)
        self.assertNotIn('Nobody said which domains are yours', pages['index.html'])

    def test_no_report_at_all(self):
        self.start()
        pages = self.make()
        self.check_all(pages)
        self.assertIn('There is no report yet', pages['index.html'])

    def test_many_domains(self):
        """More than are in memory at a time, and a report about two that are not together there; none of these pages is longer
        than 200 KiB (UI-34; how long and how much memory 10 000 take, a benchmark says)."""
        self.start()
        names = [f'd{number:04}.example' for number in range(1200)]
        self.insert(facts('2026-11-23', name, failed=2) for name in names)
        self.insert([facts('2026-11-22', names[-1], reporter='other.example', also=[names[0]])])
        pages = self.make(*self.ours(*names))
        self.check_all(pages)
        text = pages['index.html']
        self.assertIn('1 thing to do', text)
        self.assertIn('At least 2400 sessions failed; 2400 mentions', text)
        host, = [name for name in pages if name.startswith('host/')]
        self.assertIn('A mail host of 1200 domains.', pages[host])
        for name in (names[0], names[-1]):
            self.assertIn('other.example', pages[f'domain/{name}.html'])
        listed = [name for name in pages if re.fullmatch(r'domains(-\d+)?\.html', name)]
        self.assertEqual(len(listed), 5)
        for name in names:
            self.assertEqual(sum(f'>{name}</a></th>' in pages[page] for page in listed), 1)

    def test_set_up(self):
        self.deliver(mail(23))
        records = self.folder / 'records'
        records.write_text('_smtp._tls.example.com. 300 IN TXT "v=TLSRPTv1; rua=mailto:tls@example.com"\n'
                           '_smtp._tls.example.org. 300 IN TXT "v=TLSRPTv1; RUA=mailto:tls@example.org"\n')
        pages = self.make(*self.ours('example.com', 'example.net', 'example.org'), '--records', records)
        self.check_all(pages)
        good, none, bad = (Page(pages[f'domain/example.{end}.html']).text for end in ('com', 'net', 'org'))
        self.assertIn('It is as it should be. Reports go to:\n\nmailto:tls@example.com', good)
        self.assertNotIn('Publish one record', good)
        self.assertIn('_smtp._tls.example.net. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.net"', none)
        self.assertIn('Senders cannot use it', bad)
        self.assertIn('Write rua in lower case.', bad)
        self.assertIn('Publish one record', bad)

    def test_looking_up(self):
        self.deliver(mail(23))
        self.deliver(mail(23, domain='stranger.example'))
        server = NameServer({'_smtp._tls.example.com': ['v=TLSRPTv1; rua=mailto:tls@example.com'],
                             '_smtp._tls.example.net': ['v=TLSRPTv1; rua=tls@example.net', 'v=spf1 <b>'],
                             '_smtp._tls.example.edu': 'broken'})
        names = [f'example.{end}' for end in ('com', 'edu', 'net', 'org')]
        pages = self.make(*self.ours(*names), '--dns', '--resolver', server.address)
        self.check_all(pages)
        asked = sorted(set(server.asked))
        self.assertEqual([name for name in asked if name.startswith('_smtp.')], [f'_smtp._tls.{name}' for name in names])
        self.assertEqual([name for name in asked if name.startswith('example.')], names)
        self.assertFalse([name for name in asked if 'stranger' in name])
        good, broken, wrong, none = (Page(pages[f'domain/{name}.html']).text for name in names)
        self.assertIn('It is as it should be', good)
        self.assertIn('gave no answer', broken)
        self.assertIn('Senders cannot use it', wrong)
        self.assertIn('v=spf1 <b>', wrong)
        self.assertIn('Publish one record', none)

    def test_policies(self):
        self.deliver(mail(23))
        policies = self.folder / 'policies'
        policies.mkdir()
        (policies / 'Example.com.txt').write_text('version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n')
        host = lambda name: b'\0\x0a' + b''.join(bytes([len(label)]) + label for label in name.split(b'.')) + b'\0'
        server = NameServer({'_smtp._tls.example.com': ['v=TLSRPTv1; rua=mailto:tls@example.com'],
                             '_mta-sts.example.com': ['v=STSv1; id=1', 'v=STSv1; id=2'],
                             ('example.com', 15): [host(b'mx1.example.com'), host(b'mx2.example.com')],
                             ('_25._tcp.mx2.example.com', 52): [b'\1\1\1' + bytes(32)]})
        pages = self.make(*self.ours('example.com'), '--dns', '--resolver', server.address, '--policies', policies)
        self.check_all(pages)
        text = Page(pages['set-up.html']).text
        self.assertIn('There are several TXT records of an MTA-STS policy, which is as none.', text)
        self.assertIn('The MTA-STS policy does not list the mail host. mx2.example.com', text)
        self.assertIn('The mail host has TLSA records, but senders can use none of them. mx2.example.com', text)
        self.assertNotIn('mx1.example.com', text)

    def test_what_dnssec_protects(self):
        """TLSA records without it are said to be of no use, by the word of a resolver that checks signatures (RC-50)."""
        self.deliver(mail(23))
        host = lambda name: b'\0\x0a' + b''.join(bytes([len(label)]) + label for label in name.split(b'.')) + b'\0'
        names = ['_25._tcp.mx1.example.com', '_25._tcp.mx2.example.com']
        records = {('example.com', 15): [host(b'mx1.example.com'), host(b'mx2.example.com'), host(b'mx3.example.com')],
                   **{(name, 52): [b'\3\1\1' + bytes(32)] for name in names}}
        unsigned = 'The TLSA records of the mail host are not signed, so senders ignore them.'
        for secure, expected in (({'', names[0]}, ['mx2.example.com']), ({''}, ['mx1.example.com', 'mx2.example.com']),
                                 ({'', *names}, []), ((), []), ({names[0]}, [])):
            with self.subTest(secure):
                server = NameServer(records, secure)
                pages = self.make(*self.ours('example.com'), '--dns', '--resolver', server.address)
                self.check_all(pages)
                self.assertEqual(re.findall(unsigned + r' (\S+)Sign', Page(pages['set-up.html']).text), expected)
                self.assertLessEqual(server.asked.count(''), 1)

    @unittest.skipUnless(HAS_CURL and shutil.which('openssl'), 'tlsrpt-pages was built without libcurl, or there is no openssl')
    def test_policies_that_are_served(self):
        """They are fetched as senders fetch them (RC-50, RFC 8461), of one's own domains only (RC-51)."""
        def policy(domain):
            return f'version: STSv1\r\nmode: enforce\r\nmx: mx1.{domain}\r\nmax_age: 604800\r\n'.encode()

        plain = 'text/plain; charset=utf-8'
        elsewhere = {'Location': 'https://mta-sts.good.example/.well-known/mta-sts.txt'}
        answers = {'good': (200, plain, policy('good.example'), {}), 'gone': (404, 'text/html', b'<b>', {}),
                   'moved': (301, plain, policy('moved.example'), elsewhere),
                   'html': (200, 'text/html', policy('html.example'), {}),
                   'long': (200, plain, policy('long.example') + b'\n' * 65536, {}),
                   'cut': (200, plain, policy('cut.example'), {'Content-Length': '9999'}),
                   'wrong-name': (200, plain, policy('wrong-name.example'), {}),
                   'given': (200, plain, policy('given.example'), {}), 'none': (200, plain, policy('none.example'), {}),
                   'lines': (200, plain, policy('lines.example') + b'\n' * 60_000, {}),
                   'two': (200, plain, policy('two.example'), {}), 'other': (200, plain, policy('other.example'), {}),
                   'stranger': (200, plain, policy('stranger.example'), {})}
        private = ['private', 'mixed']
        names = ','.join(f'DNS:mta-sts.{name}.example' for name in answers if name != 'wrong-name')
        certificate, key = self.folder / 'crt', self.folder / 'key'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                        '-days', '2', '-subj', '/CN=policies', '-addext', f'subjectAltName={names}', '-keyout', key,
                        '-out', certificate], check=True, capture_output=True)
        (self.folder / 'pem').write_text(key.read_text() + certificate.read_text())
        try:
            web = PolicyServer(self.folder / 'pem', {f'mta-sts.{name}.example': answer for name, answer in answers.items()})
        except PermissionError:
            self.skipTest('port 443 is not for everybody here')
        self.addCleanup(web.close)
        own = [name for name in [*answers, *private] if name != 'stranger']
        server = NameServer({})
        for name in [*own, 'stranger']:
            labels = [name.encode(), b'example']
            host = b'\0\x0a' + b''.join(bytes([len(one)]) + one for one in [b'mx2', *labels]) + b'\0'
            server.records |= {(f'{name}.example', 15): [host], (f'mta-sts.{name}.example', 28): [],
                               (f'mta-sts.{name}.example', 1): [socket.inet_aton(web.address)]}
            if name != 'none':
                server.records[f'_mta-sts.{name}.example'] = ['v=STSv1; id=1']
        server.records['_mta-sts.two.example'] = ['v=STSv1; id=1', 'v=STSv1; id=2']
        server.records['_mta-sts.other.example'] = ['hello world']
        server.records['mta-sts.private.example', 1] = [socket.inet_aton('192.168.0.1')]
        server.records['mta-sts.mixed.example', 1].append(socket.inet_aton('10.0.0.1'))
        (self.folder / 'policies').mkdir()
        (self.folder / 'policies/given.example.txt').write_bytes(policy('given.example').replace(b'mx1', b'mx2'))
        self.deliver(mail(23, domain='stranger.example'))
        given = [*self.ours(*(f'{name}.example' for name in own)), '--dns', '--resolver', server.address, '--policies',
                 self.folder / 'policies', '--ca-file', certificate]
        pages = self.make(*given, '--allow', '127.0.0.0/8')
        self.check_all(pages)
        text = {name: Page(pages[f'domain/{name}.example.html']).text for name in own}
        unlisted = 'The MTA-STS policy does not list the mail host. mx2.{}.example'
        refused = 'The MTA-STS policy could not be fetched. '
        for name, sentence in {
                'good': unlisted.format('good'), 'gone': 'there is an MTA-STS policy, but none is served.',
                'moved': refused + 'status 301', 'html': 'senders may ignore it. text/html',
                'long': 'has more than 64 KiB', 'cut': refused + 'the answer ends before its end',
                'wrong-name': refused + 'SSL: no alternative certificate subject name matches',
                'private': refused + 'mta-sts.private.example has the address 192.168.0.1, which is',
                'mixed': refused + 'mta-sts.mixed.example has the address 10.0.0.1, which is'}.items():
            self.assertIn(sentence, text[name])
            self.assertEqual(text[name].count(refused), int(sentence.startswith(refused)), name)
        self.assertIn(unlisted.format('html'), text['html'])
        self.assertEqual({name for name in own if 'does not list' in text[name]}, {'good', 'html', 'lines'})
        self.assertRegex(text['lines'], r'[0-9]+ more\.')
        self.assertLess(len(pages['domain/lines.example.html']), 100_000)
        self.make(*given[:-1], self.folder / 'nothing', status=1)
        self.assertEqual(sorted(web.asked), [(f'mta-sts.{name}.example', '/.well-known/mta-sts.txt')
                                             for name in ('cut', 'gone', 'good', 'html', 'lines', 'long', 'moved')])
        self.assertFalse([name for name in server.asked if 'stranger' in name])
        # Without leave nothing here is connected to, and without its authority no certificate is believed.
        del web.asked[:]
        self.assertIn(refused + 'mta-sts.good.example has the address 127.', Page(self.make(*given)['set-up.html']).text)
        pages = self.make(*given[:-2], '--allow', '127.0.0.0/8')
        self.assertIn(refused + 'SSL certificate problem', Page(pages['domain/good.example.html']).text)
        self.assertEqual(web.asked, [])

    def test_what_looks_mended(self):
        """What helps is published, and nobody has noted the fault for two days; silence alone mends nothing (RC-50)."""
        # The one that has noted it reports every other day, so that its silence is none yet.
        for number in range(4, 21, 2):
            self.deliver(mail(number, failed=5, host='mx2.example.com', result='validation-failure',
                              reason='mx-mismatch'))
        for number in range(12, 24):
            self.deliver(mail(number, contact='tls@second.example'))
        policies = self.folder / 'policies'
        policies.mkdir()
        policy = policies / 'example.com.txt'
        server = NameServer({('example.com', 15): [b'\0\x0a\2mx\7example\3com\0', b'\0\x0a\3mx2\7example\3com\0']})
        given = (*self.ours('example.com'), '--policies', policies, '--dns', '--resolver', server.address)
        before = 'version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n'

        def domain(*options):
            pages = self.make(*given, *options)
            self.check_all(pages)
            text = Page(pages['domain/example.com.html']).text
            self.assertIn('The MTA-STS policy of example.com does not list mx2.example.com.', text)
            return text

        mended = 'This looks mended: what helps is published, and nobody has noted it for two days.'
        self.assertNotIn(mended, domain())
        policy.write_text(before)
        self.assertNotIn(mended, domain())
        policy.write_text(before.replace('max_age', 'mx: mx2.example.com\nmax_age'))
        self.assertIn(mended, domain())
        self.assertNotIn(mended, domain('--now', '2026-11-22T06:00:00Z'))
        self.deliver(mail(23, failed=1, host='mx2.example.com', result='validation-failure', reason='mx-mismatch',
                          contact='tls@second.example'))
        self.assertNotIn(mended, domain())

    def test_what_senders_saw_is_compared(self):
        """The page of a domain says how its policy and records differ from those that senders applied last."""
        self.deliver(mail(20))
        made = report(23)
        made['policies'][0]['policy']['policy-string'] = [
            'version: STSv1', 'mode: testing', 'mx: mx.example.com', 'max_age: 86400']
        made['policies'].append({
            'policy': {'policy-type': 'tlsa', 'policy-domain': 'example.com', 'mx-host': ['mx.example.com'],
                       'policy-string': ['3 1 1 ' + 'ab' * 32]},
            'summary': {'total-successful-session-count': 1, 'total-failure-session-count': 0}})
        self.deliver(mail_of(made))
        policies = self.folder / 'policies'
        policies.mkdir()
        words = {'mode': 'applied a policy with another mode', 'mx': 'applied a policy with other mx lines',
                 'max_age': 'applied a policy with another max_age', 'tlsa': 'No TLSA record that senders saw'}
        same = {'mode': 'testing', 'mx': 'mx.example.com', 'max_age': '86400', 'tlsa': b'\xab' * 32}
        for other in ({}, {'mode': 'enforce'}, {'mx': '*.example.com'}, {'max_age': '604800'},
                      {'tlsa': b'\xcd' * 32}, {'mode': 'none', 'mx': 'mail.example.com', 'max_age': '3600'}):
            with self.subTest(other):
                now = {**same, **other}
                (policies / 'example.com.txt').write_text(
                    f'version: STSv1\nmode: {now["mode"]}\nmx: {now["mx"]}\nmax_age: {now["max_age"]}\n')
                server = NameServer({
                    '_smtp._tls.example.com': ['v=TLSRPTv1; rua=mailto:tls@example.com'],
                    '_mta-sts.example.com': ['v=STSv1; id=1'],
                    ('example.com', 15): [b'\0\x0a\2mx\7example\3com\0'],
                    ('_25._tcp.mx.example.com', 52): [b'\3\1\1' + now['tlsa']]})
                pages = self.make(*self.ours('example.com'), '--dns', '--resolver', server.address,
                                  '--policies', policies)
                self.check_all(pages)
                text = Page(pages['domain/example.com.html']).text
                self.assertEqual({key for key, said in words.items() if said in text}, set(other))
                # The page about all domains is about what is published alone.
                self.assertFalse([said for said in words.values() if said in pages['set-up.html']])

    def test_the_sample(self):
        """The command of the documentation posts each sample report, delivers one by mail, and writes pages about them."""
        if not shutil.which('curl'):
            self.skipTest('without curl')
        build = pathlib.Path(PAGES).resolve().parents[2]
        done = subprocess.run([ROOT / 'examples/collector/run', '--programs', build, self.folder], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        *answers, last = done.stdout.splitlines()
        samples = sorted(path.name for path in (ROOT / 'examples/reports').iterdir())
        self.assertEqual(answers, [f'{name}: The report is stored.' for name in samples])
        first = self.folder / 'pages/index.html'
        self.assertEqual(last, f'Look at {first}; the reports are in {self.db}.')
        self.assertIn('mx2.example.com shows a certificate that does not carry its name.', first.read_text())
        verified = [path.read_text() for path in first.parent.glob('report/*.html')
                    if 'verified: vouched for by webmail.example' in path.read_text()]
        self.assertEqual(len(verified), 1)

    def test_the_unit_of_systemd(self):
        """The command of the service that packaging has writes pages."""
        self.deliver(mail(23))
        unit = (ROOT / 'packaging/collector/tlsrpt-pages.service').read_text()
        program, *words = re.search('(?m)^ExecStart=(.+)$', unit)[1].split()
        self.assertEqual(program, '/usr/bin/tlsrpt-pages')
        places = {'/var/lib/tlsrpt/reports.db': self.db, '/var/lib/tlsrpt-pages/site': self.out}
        subprocess.run([PAGES, *(places.get(word, word) for word in words)], check=True)
        self.assertTrue((self.out / 'index.html').is_file())

    def test_nginx(self):
        """What packaging shows lets in who has the password, with the fields that pages need (UI-13)."""
        if not shutil.which('nginx'):
            self.skipTest('without nginx')
        self.deliver(mail(23))
        self.make()
        (self.folder / 'users').write_text('me:{PLAIN}secret\n')
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        shown = (ROOT / 'packaging/collector/nginx-pages.conf').read_text()
        for old, new in {'/var/lib/tlsrpt-pages/site': self.out, '/etc/nginx/tlsrpt.users': self.folder / 'users'}.items():
            self.assertIn(old, shown)
            shown = shown.replace(old, str(new))
        temporary = ''.join(f'{name}_temp_path {self.folder};' for name in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        (self.folder / 'conf').write_text(
            f'daemon off; master_process off; pid {self.folder}/pid; events {{}} http {{ include /etc/nginx/mime.types;'
            f'access_log off; {temporary} server {{ listen 127.0.0.1:{port};\n{shown}}} }}')
        with open(self.folder / 'log', 'wb') as log:
            server = subprocess.Popen(['nginx', '-e', self.folder / 'log', '-c', self.folder / 'conf'], stderr=log)
        try:
            def ask(path, **fields):
                for _ in range(200):
                    try:
                        with contextlib.closing(http.client.HTTPConnection('127.0.0.1', port, timeout=10)) as client:
                            client.request('GET', path, headers=fields)
                            answer = client.getresponse()
                            return answer, answer.read().decode()
                    except ConnectionRefusedError:
                        self.assertIsNone(server.poll(), (self.folder / 'log').read_text())
                        time.sleep(0.05)

            self.assertEqual(ask('/')[0].status, 401)
            password = 'Basic ' + base64.b64encode(b'me:secret').decode()
            answer, text = ask('/', Authorization=password)
            self.assertEqual((answer.status, text), (200, (self.out / 'index.html').read_text()))
            self.assertEqual(answer.headers['Content-Security-Policy'], "frame-ancestors 'none'")
            self.assertEqual(answer.headers['Referrer-Policy'], 'no-referrer')
            self.assertEqual(answer.headers['X-Content-Type-Options'], 'nosniff')
            self.assertEqual(ask('/domain/example.com.html', Authorization=password)[0].status, 200)
        finally:
            server.terminate()
            server.wait()

    def test_names_of_strangers_are_not_asked_for(self):
        self.deliver(mail(23))
        server = NameServer({})
        self.make('--dns', '--resolver', server.address)
        self.assertEqual(server.asked, [])

    def test_change(self):
        """What is new, worse, back or gone is told, once in an hour, in JSON with a version, to a command without arguments
        that no shell reads (OUT-04, OUT-05)."""
        told, command = self.folder / 'told', self.folder / 'tell me'
        command.write_text(f'#!/bin/sh\n[ $# = 0 ] && cat > "{told}"\n')
        command.chmod(0o755)

        def change(now, status=0):
            told.unlink(missing_ok=True)
            self.make('--on-change', command, '--now', now, status=status)
            if not told.exists():
                return None
            said = json.loads(told.read_text())
            self.assertEqual((list(said), said['version']), (['version', 'findings'], 1))
            return [(one['change'], one['key']) for one in said['findings']]

        for number in range(14, 24):
            self.deliver(mail(number))
        self.assertIsNone(change('2026-11-24T06:00:00Z'))
        self.deliver(mail(23, domain='example.org', failed=30, host=NASTY))
        self.deliver(mail(23, domain='example.net', failed=30))
        expired = 'cert.mx.example.com.x509.expired.sts'
        first = change('2026-11-24T06:10:00Z')
        self.assertIn(('new', expired), first)
        self.assertEqual(len(first), 2)
        self.assertIsNone(change('2026-11-24T06:20:00Z'))
        self.deliver(mail(23, domain='example.net', failed=5, host='mx3.example.com', contact='tls@second.example'))
        self.assertIsNone(change('2026-11-24T07:04:00Z'))
        command.write_text('#!/bin/sh\nexit 1\n')
        self.assertIsNone(change('2026-11-24T07:06:00Z', status=1))
        command.write_text(f'#!/bin/sh\ncat > "{told}"\n')
        self.assertEqual(change('2026-11-24T07:06:00Z'), [('new', 'cert.mx3.example.com.x509.expired.sts')])
        self.assertIn(('gone', expired), change('2027-03-24T07:20:00Z'))

    def test_a_command_that_does_not_end(self):
        """Others make pages meanwhile, but run no second command; systemd ends it some day."""
        waiting, command = self.folder / 'waiting', self.folder / 'wait'
        os.mkfifo(waiting)
        command.write_text(f'#!/bin/sh\necho begun\nread line < "{waiting}"\n')
        command.chmod(0o755)
        self.deliver(mail(23, failed=30))
        words = [PAGES, '--db', self.db, '--out', self.out, '--now', TODAY, '--wait', '0']
        # Opened for both, it waits for nobody.
        with open(waiting, 'r+b', buffering=0) as to, \
                subprocess.Popen([*words, '--on-change', command], stdout=subprocess.PIPE, text=True) as first:
            self.assertEqual(first.stdout.readline(), 'begun\n')
            try:
                subprocess.run(words, check=True)
                self.assertEqual(len(self.page_folders()), 1)
                done = subprocess.run([*words, '--on-change', command], capture_output=True, text=True, check=False)
            finally:
                to.write(b'enough\n')
        self.assertEqual((done.returncode, done.stderr),
                         (1, f'tlsrpt-pages: {self.out}.telling: the command of an earlier run has not ended\n'))
        self.assertEqual(first.returncode, 0)
        subprocess.run([*words, '--on-change', 'false'], check=True)
        self.assertRegex((ROOT / 'packaging/collector/tlsrpt-pages.service').read_text(), r'(?m)^TimeoutStartSec=\d+min$')

    def test_claims_of_strangers_are_not_told(self):
        told, command = self.folder / 'told', self.folder / 'tell'
        command.write_text(f'#!/bin/sh\ncat > "{told}"\n')
        command.chmod(0o755)
        self.deliver(mail(23))
        self.insert([facts('2026-11-23', 'example.com', failed=99, reporter='stranger.example')])
        self.assertIn('unverified', self.make('--on-change', command)['index.html'])
        self.assertFalse(told.exists())

    def test_nobody_but_verified_copies_says_what_a_verified_report_is_about(self):
        self.deliver(mail(23))
        def about_nothing(reporter, flags):
            row = list(facts('2026-11-23', '?', reporter=reporter))
            row[5], row[7] = 1, (row[7].replace('"claimed"', '"verified"').replace('"by":[]', f'"by":["{reporter}"]')
                                 .replace('"inferred":"","flags":[]', f'"inferred":"example.com","flags":{flags}'))
            return row
        self.insert([about_nothing('vouched.example', '[]'), about_nothing('stranger.example', '["inferred_claimed"]')])
        text = self.make(*self.ours('example.com'))['domain/example.com.html']
        self.assertIn('vouched.example', text)
        self.assertNotIn('stranger.example', text)

    def test_server(self):
        self.deliver(mail(23))
        (self.folder / 'secret.html').write_text('secret')
        server = subprocess.Popen([PAGES, '--db', self.db, '--out', self.out, '--now', TODAY, '--serve', '127.0.0.1:0'],
                                  stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r':(\d+)/$', server.stdout.readline().strip())[1])
            (self.out / 'link.html').symlink_to(self.folder / 'secret.html')

            def ask(method, path, **fields):
                with contextlib.closing(http.client.HTTPConnection('127.0.0.1', port, timeout=10)) as client:
                    client.putrequest(method, path, skip_host='Host' in fields)
                    for name, value in fields.items():
                        client.putheader(name, value)
                    client.endheaders()
                    answer = client.getresponse()
                    return answer, answer.read().decode()

            answer, text = ask('GET', '/')
            self.assertEqual((answer.status, text), (200, (self.out / 'index.html').read_text()))
            self.assertEqual(answer.headers['Content-Type'], 'text/html; charset=utf-8')
            policy = re.search('content="(default-src[^"]*)"', text)[1]
            self.assertEqual(answer.headers['Content-Security-Policy'], policy + "; frame-ancestors 'none'")
            self.assertEqual(answer.headers['X-Content-Type-Options'], 'nosniff')
            self.assertEqual(answer.headers['Referrer-Policy'], 'no-referrer')
            answer, text = ask('HEAD', '/domain/example.com.html')
            self.assertEqual((answer.status, text), (200, ''))
            for path in ('/../secret.html', '/domain/../../secret.html', '/%2e%2e/secret.html', '//etc/passwd', '/link.html',
                         '/domain', '/domain/', '/no.html', '/.hidden', '/domain/%00', '/' + 'a' * 2000):
                answer, text = ask('GET', path)
                self.assertEqual(answer.status, 404, path)
                self.assertNotIn('secret', text)
            for method in ('POST', 'PUT', 'DELETE', 'OPTIONS'):
                answer, _ = ask(method, '/')
                self.assertEqual((answer.status, answer.headers['Allow']), (405, 'GET, HEAD'))
            self.assertEqual(ask('GET', '/', Host='evil.example')[0].status, 403)
            for host in (f'localhost:{port}', '[::1]'):
                self.assertEqual(ask('GET', '/', Host=host)[0].status, 200)
            self.make()
            self.assertEqual(ask('GET', '/')[0].status, 200)
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(10), 0)
            server.stdout.close()

    def install(self, *packages):
        """The folder of these packages of npm."""
        modules = self.folder / 'modules'
        try:
            subprocess.run(['npm', 'install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', modules,
                            *packages], capture_output=True, check=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            self.skipTest(f'npm cannot install {" and ".join(packages)}')
        return modules / 'node_modules'

    def make_all_views(self):
        """Pages of each kind, with usual, hostile and long texts; names of some."""
        for number in range(10, 24):
            self.deliver(mail(number, failed=number % 3, reason='tls timeout'))
        self.deliver(mail(23, domain='example.org', failed=5, host=NASTY, result=NASTY, reason=NASTY))
        self.deliver(mail(22, domain='example.org', failed=1, host='mx.' + 'long-name.' * 20 + 'example',
                          **{'organization-name': NASTY, 'report-id': NASTY}))
        made = report(21, domain='example.org', contact='tls@second.example')
        made['policies'][0]['policy']['policy-string'] = ['version: STSv1', 'mode: testing', f'mx: {NASTY}']
        self.deliver(mail_of(made))
        made = report(20, domain='example.org', failed=1, host='mx.xn--bcher-kva.example')
        made['policies'][0]['failure-details'][0]['additional-information'] = 'https://help.sender.example/?a=1&b=2'
        self.deliver(mail_of(made))
        pages = self.make(*self.ours('example.com', 'example.net', 'example.org', 'xn--bcher-kva.example'))
        names = [name for name in pages if '/' not in name and name.endswith('.html')] + ['domain/example.org.html']
        for view, most in (('host', 3), ('reporter', 1), ('report', 2)):
            names += [name for name in pages if name.startswith(view + '/')][:most]
        return names + [name for name in pages if 'rel="noopener' in pages[name]]

    def texts(self, names):
        return {name: (self.out / name).read_text() for name in names}

    def test_what_numbers_are(self):
        """Each says what it counts, whether that is all, how sure it is, and what a list leaves out (UI-03)."""
        for number in range(10, 24):
            self.deliver(mail(number, failed=3))
        made = report(23, contact='tls@second.example')
        del made['policies'][0]['summary']['total-successful-session-count']
        self.deliver(mail_of(made))
        self.insert([facts('2026-11-23', 'example.com', failed=99, reporter=f'stranger{number:03}.example')
                     for number in range(120)])
        pages = self.make()
        self.check_all(pages)
        about = pages['domain/example.com.html']
        text = re.sub(r'\s+', ' ', Page(about).text)
        self.assertIn('14 days with data of the last 28: at least 700 sessions with TLS, at least 42 failed', text)
        for day in range(10, 24):
            row = re.search(rf'<tr><th scope="row"><time>2026-11-{day}</time>(.*?)</tr>', about)[1]
            self.assertEqual(' (provisional)' in row, day >= 22, row)
            self.assertEqual('at least ' in row, day == 23, row)
        self.assertEqual(about.count('fill="url(#p-sts)"'), 2)
        self.assertRegex(about, r'<pattern id="p-sts"[^>]*><rect class="ok"[^>]*/><path class="hatch"')
        self.assertIn('provisional from 2026-11-22 on', Page(pages['index.html']).text)
        # Those that nobody vouches for are told apart, and are in no sum.
        strangers = re.findall('<tr><th scope="row"><a[^>]*>stranger[^<]*</a>(.*?)</th>', about)
        self.assertGreater(len(strangers), 10)
        self.assertEqual(set(strangers), {' (unverified)'})
        self.assertNotIn('(unverified)', re.search('<tr><th scope="row"><a[^>]*>sender.example</a>.*?</tr>', about)[0])
        shown = len(re.findall('<tr><th scope="row"><a href="../reporter/', about))
        self.assertIn(f'{122 - shown} more rows with fewer sessions are left out.', text)
        self.assertIn('At least 42 sessions failed; 42 mentions of this.', Page(pages['index.html']).text)
        self.assertIn('data-label="Mentions"><div>42</div>', about)

    def test_times(self):
        """They are dates and, of a moment, hours in UTC; no word stands for one (UI-05)."""
        names = self.make_all_views()
        times = set()
        for name, text in self.texts(names).items():
            text = re.sub('<pre.*?</pre>', '', text, flags=re.DOTALL)
            times |= {re.sub('[0-9]', '0', one) for one in re.findall(r'\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.{4})?', Page(text).text)}
            self.assertNotRegex(Page(text).text.lower(), r'\bago\b|yesterday|tomorrow|last week|\d{1,2} (am|pm)\b|'
                                r'\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b', name)
        self.assertEqual(times, {'0000-00-00', '0000-00-00 00:00 UTC'})

    def test_one_stylesheet(self):
        """The same octets in all pages, for both themes, with fonts of the system; nothing is fetched (UI-12)."""
        styles = set()
        for name, text in self.texts(self.make_all_views()).items():
            page = Page(text)
            styles.add(page.style)
            tags = {tag for tag, _ in page.elements}
            self.assertEqual([tag for tag, _ in page.elements].count('style'), 1, name)
            self.assertEqual(tags & {'link', 'img', 'image', 'picture', 'script', 'iframe', 'object', 'embed', 'audio',
                                     'video', 'source', 'use', 'base', 'font', 'form'}, set(), name)
            attributes = {key for _, given in page.elements for key in given}
            self.assertEqual(attributes & {'src', 'srcset', 'poster', 'data', 'background', 'xlink:href', 'style'}, set())
            outside = [link for link in page.links if re.match(r'(?i)[a-z][a-z0-9+.-]*:|//', link)]
            # Where more is to be read about a failure is no configuration, and on pages of reports alone (UI-16).
            self.assertTrue(not outside or name.startswith('report/'), outside)
        style, = styles
        self.assertIn(':root{color-scheme:light dark;', style)
        self.assertIn('@media(prefers-color-scheme:dark)', style)
        for word in ('url(', '@import', '@font-face', 'http', 'src'):
            self.assertNotIn(word, style)
        fonts = {font for family in re.findall(r'font(?:-family)?:[^;}]*?((?:[a-z-]+,)+[a-z-]+)', style)
                 for font in family.split(',')}
        self.assertEqual(fonts, {'system-ui', 'sans-serif', 'ui-monospace', 'monospace'})

    def test_texts_of_strangers(self):
        """A cell shows 200 characters at most, and folds the rest away; what turns text is shown as a number (UI-14)."""
        long = 'word ' * 300 + '<b>\u202e\u2066 end'
        made = report(22, failed=3, result=long, reason=long, **{'organization-name': long, 'report-id': long})
        self.deliver(mail_of(made))
        host = 'mx.' + '.'.join(['a' * 60] * 4)
        self.deliver(mail(22, failed=3, host=host, reason='\u202egnp'))
        self.deliver(mail(21, failed=3, **{'organization-name': '\u202e' * 66, 'report-id': '\u202e' * 60}))
        pages = self.make(*self.ours('example.com'))
        self.check_all(pages)
        folded = whole = 0
        for name, text in pages.items():
            if not name.endswith('.html'):
                continue
            self.assertFalse([given for _, given in Page(text).elements if 'dir' in given])
            for cell in re.findall(r'<t[hd][ >].*?</t[hd]>|<dd>.*?</dd>', text, re.DOTALL):
                at_first = re.sub(r'<details><summary>(.*?)</summary>.*?</details>', r'\1', cell, flags=re.DOTALL)
                # Of links, how much more there is takes some.
                self.assertLessEqual(len(Page(at_first).text), 200 if '<a ' not in cell else 220, name)
                folded += at_first != cell
                whole += Page(cell).text.endswith(long[:-4].replace('\u202e', '\\u{202e}').replace('\u2066', '\\u{2066}') + ' end')
        self.assertGreater(folded, 2)
        self.assertGreater(whole, 0)
        name, = [name for name, text in pages.items() if name.startswith('report/') and 'word word' in text]
        self.assertIn(f'<code>{name[7:-5]}</code>', pages[name])
        self.assertRegex(pages['index.html'], 'Key: <code>[^<]+</code>')
        self.assertIn('<dt>Report-ID</dt><dd><details><summary><code>word word', pages[name])
        shown = ''.join(pages.values())
        for code in ('22 example.com', 'certificate-expired', 'x509.expired'):
            self.assertIn(f'<code>{code}</code>', shown)
        self.assertIn('\\u{202e}gnp', ''.join(pages.values()))

    def test_names_of_files(self):
        """They are digests, and names of one's own domains; those of others share a page (UI-15)."""
        for number, domain in enumerate(('example.com', 'stranger.example', '../../secret', 'a/b.example', NASTY)):
            self.deliver(mail(20, domain=domain, failed=1, host=f'{number}.{domain}'))
        self.deliver(mail(21, contact='tls@/../x.example'))
        pages = self.make(*self.ours('example.com'))
        self.check_all(pages)
        files = {path.relative_to(self.out).as_posix() for path in self.out.rglob('*') if path.is_file()}
        self.assertEqual({name for name in files if name.startswith('domain/')}, {'domain/example.com.html'})
        made_of_digests = r'(host|reporter)/[0-9a-f]{16}\.html|report/[0-9a-f]{32}\.(html|json)'
        self.assertEqual({name for name in files if not re.fullmatch(made_of_digests, name)},
                         {'index.html', 'domains.html', 'hosts.html', 'reporters.html', 'set-up.html', 'metrics.txt',
                          'domain/example.com.html'})
        anchors = {given['id'] for name in pages if name.endswith('.html')
                   for _, given in Page(pages[name]).elements if 'id' in given}
        self.assertEqual({one for one in anchors if not re.fullmatch('main|domains|[a-z]-(sts|tlsa|none)', one)}, set())
        others = Page(pages['domains.html']).text
        for name in ('stranger.example', '../../secret', 'a/b.example', '{{7*7}}'):
            self.assertIn(name, others)

    def test_in_a_browser(self):
        """Nothing runs or is loaded (UI-30), axe finds nothing (UI-31), keys reach all (UI-33); it looks as stored (UI-32)."""
        chromium = shutil.which('chromium') or shutil.which('chromium-browser')
        if not (chromium and shutil.which('node')):
            self.skipTest('there is no Chromium, or no node')
        modules = self.install('playwright-core@1', 'axe-core@4')
        names = self.make_all_views()
        views = ['index.html', 'set-up.html', *(next(name for name in names if name.startswith(kind + '/'))
                                                for kind in ('domain', 'host', 'reporter', 'report'))]
        if ARGS.pictures:
            ARGS.pictures.mkdir(exist_ok=True)
        done = subprocess.run(['node', pathlib.Path(__file__).with_name('browser.js'), modules, chromium,
                               self.out.resolve(), ARGS.pictures or '', str(len(views)), *views,
                               *(name for name in names if name not in views)],
                              capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found['wrong'], [])
        self.assertEqual(found['pages'], 7 * len(names))
        if ARGS.renew:
            LOOKS.write_text('\n'.join(found['looks']) + '\n')
        self.assertEqual(found['looks'], LOOKS.read_text().splitlines())

    def test_in_a_terminal(self):
        """A browser without styles shows the truth first (UI-10)."""
        if not shutil.which('w3m'):
            self.skipTest('there is no w3m')
        for number in range(14, 24):
            self.deliver(mail(number, failed=7))
        self.make()
        done = subprocess.run(['w3m', '-dump', '-cols', '80', self.out / 'index.html'], capture_output=True, text=True,
                              check=True)
        lines = [line.rstrip() for line in done.stdout.splitlines()]
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertIn('mx.example.com shows a certificate that is past its last day.', lines[:25])

    def test_the_checker_of_the_w3c(self):
        """It finds nothing (UI-35); that it looks is seen by a page that is wrong."""
        if not shutil.which('java'):
            self.skipTest('there is no java')
        checker = ['java', '-jar', self.install('vnu-jar@26') / 'vnu-jar/build/dist/vnu.jar', '--format', 'json']
        names = self.make_all_views()
        wrong = self.folder / 'wrong.html'
        wrong.write_text((self.out / 'index.html').read_text().replace('</main>', '</div></main>', 1))
        try:
            done = subprocess.run([*checker, *(self.out / name for name in names), wrong], capture_output=True, text=True,
                                  check=False, timeout=120)
        except subprocess.TimeoutExpired:
            self.skipTest('the checker takes too long here')
        # Java may write lines of its own before.
        said, = [line for line in done.stderr.splitlines() if line.startswith('{')]
        # It takes no hash for what a policy allows; the browser does.
        found = [one for one in json.loads(said)['messages']
                 if not one['message'].startswith('Inline style violates Content Security Policy')]
        self.assertTrue([one for one in found if one['url'].endswith(wrong.name)], done)
        self.assertEqual([one for one in found if not one['url'].endswith(wrong.name)], [])

    def test_what_a_killed_run_has_left(self):
        """The next one takes it away, and nothing else, even when it fails itself."""
        self.deliver(mail(23))
        self.make()
        shown = self.page_folders()
        kept = ['site.pages-', 'site.pages-1.kept', 'site.pages-2025', 'site.pages-old']
        for name in ('site.pages-1/domain', 'site.2024', 'site.pages-', 'site.pages-old', 'site.pages-1.kept'):
            (self.folder / name).mkdir(parents=True)
        (self.folder / 'site.pages-2025').write_text('notes of that year')
        (self.folder / 'site.link').symlink_to('site.pages-1')
        subprocess.run([PAGES, '--db', self.folder / 'none.db', '--out', self.out], capture_output=True, check=False)
        self.assertEqual(self.page_folders(), sorted([*shown, *kept]))
        self.make()
        self.assertEqual(len(self.page_folders()), 5)
        self.assertEqual(self.out.resolve().name, str(self.out.readlink()))
        self.assertTrue((self.folder / 'site.2024').is_dir())

    def test_what_readers_see_stays_whole(self):
        """New pages are never made where the old ones are, and a run that fails leaves these."""
        self.deliver(mail(23))
        self.make()
        (self.out / 'earlier.html').write_text('')
        subprocess.run([PAGES, '--db', self.folder / 'none.db', '--out', self.out], capture_output=True, check=False)
        self.assertTrue((self.out / 'earlier.html').exists())
        self.make()
        self.assertTrue((self.out / 'index.html').exists())
        self.assertFalse((self.out / 'earlier.html').exists())
        # Nor does a link of somebody else lead the lock astray.
        (self.folder / 'site.lock').unlink()
        (self.folder / 'site.lock').symlink_to('elsewhere')
        self.make(status=1)
        self.assertFalse((self.folder / 'elsewhere').exists())

    def test_two_at_a_time(self):
        """The second waits for the first, and for who has the database to itself; not for ever."""
        self.deliver(mail(23))
        self.make()
        before = self.page_folders()
        with open(self.folder / 'site.lock', 'rb') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = subprocess.run([PAGES, '--db', self.db, '--out', self.out, '--wait', '0'], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (1, f'tlsrpt-pages: {self.out}.lock: '
                                                                 'another tlsrpt-pages writes these pages\n'))
            self.assertEqual(self.page_folders(), before)
            release = threading.Timer(0.3, fcntl.flock, (lock, fcntl.LOCK_UN))
            release.start()
            self.make()
            release.join()
        with contextlib.closing(sqlite3.connect(self.db, isolation_level=None, check_same_thread=False)) as alone:
            alone.execute('PRAGMA locking_mode = EXCLUSIVE')
            alone.execute('BEGIN EXCLUSIVE')
            done = subprocess.run([PAGES, '--db', self.db, '--out', self.out, '--wait', '0'], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (1, f'tlsrpt-pages: {self.db}: database is locked\n'))

    def test_a_folder_that_is_somebody_elses(self):
        self.deliver(mail(23))
        self.out.mkdir()
        self.make(status=1)
        self.assertEqual(list(self.out.iterdir()), [])

    def test_usage(self):
        for words in ([], ['--db', 'x'], ['--db', 'x', '--out', 'y', '--now', 'noon'], ['--db', 'x', '--out', 'y', 'z'],
                      ['--db', 'x', '--out', 'y', '--wait', 'long'], ['--db', 'x', '--out', 'y', '--allow', '192.0.2.1/33'],
                      ['--db', 'x', '--out', 'y', '--wait', '9999999']):
            self.assertEqual(subprocess.run([PAGES, *words], capture_output=True, check=False).returncode, 64)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + OTHER_ARGS, verbosity=2)
