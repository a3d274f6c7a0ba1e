"""Runs tlsrpt-pages on what tlsrpt-intake keeps. Arguments: tlsrpt-intake, tlsrpt-pages."""

import base64
import hashlib
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

INTAKE, PAGES = sys.argv[1:]
NASTY = '<script>alert(1)</script>"\'>&{{7*7}}\x1b\u202e</style>]]>' + 'A' * 5000


def mail(number, domain='example.com', failed=0, **members):
    text = json.dumps({
        'organization-name': 'Example', 'contact-info': 'tls@sender.example', 'report-id': str(number),
        'date-range': {'start-datetime': f'2026-11-{number:02}T00:00:00Z', 'end-datetime': f'2026-11-{number:02}T23:59:59Z'},
        'policies': [{
            'policy': {'policy-type': 'sts', 'policy-domain': domain,
                       'policy-string': ['version: STSv1', 'mode: enforce', 'mx: mx.example.com', 'max_age: 86400']},
            'summary': {'total-successful-session-count': 50, 'total-failure-session-count': failed},
            'failure-details': [{'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.example.com',
                                 'failed-session-count': failed}] if failed else []}], **members})
    return ('Authentication-Results: mx.example; dkim=pass header.d=sender.example\r\nFrom: tls@sender.example\r\n'
            f'Content-Type: application/tlsrpt+json\r\n\r\n{text}\r\n').encode()


class Page(html.parser.HTMLParser):
    """Elements and the text of a page; whether each element that was opened is closed."""

    EMPTY = {'meta', 'rect', 'path'}

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


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='tlsrpt-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db, self.out = str(self.folder / 'reports.db'), self.folder / 'site'

    def deliver(self, octets):
        subprocess.run([INTAKE, 'mail', '--db', self.db, '--authserv-id', 'mx.example'], input=octets, check=True)

    def make(self, *options, status=0):
        done = subprocess.run([PAGES, '--db', self.db, '--out', self.out, '--now', '2026-11-24T06:00:00Z', *options],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done)
        return {path.relative_to(self.out).as_posix(): path.read_text() for path in sorted(self.out.rglob('*'))
                if path.is_file()}

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
        self.assertIn(f"style-src 'sha256-{hashed}'", policy)
        self.assertTrue(policy.startswith("default-src 'none'"))
        names = [attributes['id'] for _, attributes in page.elements if 'id' in attributes]
        self.assertEqual(len(names), len(set(names)))
        for link in page.links:
            target = (self.out / name).parent / link.split('#')[0]
            self.assertTrue(link.startswith('#') or target.resolve().is_file(), link)
        return page

    def test_the_truth_is_first(self):
        for number in range(14, 24):
            self.deliver(mail(number, failed=7 if number > 20 else 0))
        pages = self.make()
        for name, text in pages.items():
            if name.endswith('.html'):
                self.check(name, text)
        self.assertEqual(set(pages), {'index.html', 'reporters.html', 'set-up.html', 'domain/example.com.html',
                                      'metrics.txt'})
        first = pages['index.html']
        self.assertIn('1 thing to do, 0 of 1 domain fine; complete days up to 2026-11-23', first)
        self.assertLess(first.index('mx.example.com shows a certificate that is past its last day'),
                        first.index('id="domains"'))
        about = Page(pages['domain/example.com.html']).text
        self.assertIn('10 days with data', about)
        self.assertIn('500 sessions with TLS, 21 failed', about)
        self.assertIn('tlsrpt_sessions{domain="example.com",kind="sts",outcome="failed"} 7\n', pages['metrics.txt'])
        self.assertTrue(pages['metrics.txt'].endswith('# EOF\n'))
        self.assertIn('tlsrpt_intake_total{verdict="mail-stored"} 10\n', pages['metrics.txt'])
        self.assertEqual(pages, self.make())
        self.assertEqual(len([path for path in self.folder.iterdir() if path.name.startswith('site')]), 2)

    def test_what_is_known(self):
        for number in range(14, 24):
            self.deliver(mail(number, failed=7))
        key = re.search(r'<code>(cert\.[^<]*)</code>', self.make()['index.html'])[1]
        known = self.folder / 'known'
        known.write_text(f'until 2026-12-31 {key} # renewed\n')
        self.assertIn('Nothing to do', self.make('--known', known)['index.html'])

    def test_hostile_texts(self):
        self.deliver(mail(23, failed=1, **{'organization-name': NASTY, 'contact-info': NASTY, 'report-id': NASTY}))
        self.deliver(mail(22, domain=NASTY, failed=1))
        pages = self.make()
        for name, text in pages.items():
            self.assertRegex(name, r'\A(domain/)?[a-z0-9.-]+\Z')
            self.assertNotIn('\x1b', text)
            self.assertNotIn('\u202e', text)
            if name.endswith('.html'):
                self.check(name, text)

    def test_domains_without_data(self):
        (self.folder / 'domains').write_text('example.com\nexample.org\n')
        self.deliver(mail(23))
        self.deliver(mail(22, domain='stranger.example'))
        pages = self.make('--domains', self.folder / 'domains')
        self.assertIn('1 of 2 domains fine, 1 without data', pages['index.html'])
        self.assertIn('no report about this domain yet', pages['domain/example.org.html'])
        self.assertNotIn('domain/stranger.example.html', pages)

    def test_a_folder_that_is_somebody_elses(self):
        self.deliver(mail(23))
        self.out.mkdir()
        self.make(status=1)
        self.assertEqual(list(self.out.iterdir()), [])

    def test_usage(self):
        for words in ([], ['--db', 'x'], ['--db', 'x', '--out', 'y', '--now', 'noon'], ['--db', 'x', '--out', 'y', 'z']):
            self.assertEqual(subprocess.run([PAGES, *words], capture_output=True, check=False).returncode, 64)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
