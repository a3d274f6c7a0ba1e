"""Reads mails that the library writes with other readers: Python's email package and the program tlsrpt.
Arguments: the program that writes them, the program tlsrpt, and the source root."""

import email.policy
import functools
import gzip
import json
import pathlib
import subprocess
import sys
import unittest

WRITER, READER, ROOT = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
FOLDERS = [ROOT / 'examples/reports', ROOT / 'tests/data/reports', ROOT / '../shared/corpus/reports']
DATE = '1795565400'


def write(path, address='tls@example.com', domain='example.com', date=DATE):
    done = subprocess.run([WRITER, str(path), address, domain, date], capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


@functools.cache
def mails():
    """The mail of each report that can be written."""
    paths = [path for folder in FOLDERS if folder.exists() for path in sorted(folder.iterdir())]
    written = [(path, *write(path)) for path in paths]
    return [(path, mail) for path, status, mail, _ in written if status == 0]


class WrittenMail(unittest.TestCase):
    def test_lines(self):
        for path, mail in mails():
            with self.subTest(path.name):
                lines = mail.split(b'\r\n')
                self.assertEqual(lines[-1], b'')
                self.assertTrue(all(b'\r' not in line and b'\n' not in line for line in lines))
                self.assertTrue(mail.isascii())
                self.assertLessEqual(max(map(len, lines[:lines.index(b'')])), 78)

    def test_email_package(self):
        count = 0
        for path, octets in mails():
            with self.subTest(path.name):
                mail = email.message_from_bytes(octets, policy=email.policy.SMTP)
                parts = list(mail.iter_parts())
                for each in (mail, *parts):
                    self.assertEqual(each.defects, [])
                    for value in each.values():
                        self.assertEqual(getattr(value, 'defects', ()), ())
                self.assertEqual(mail.get_content_type(), 'multipart/report')
                self.assertEqual(mail.get_param('report-type'), 'tlsrpt')
                self.assertEqual(mail['To'], 'tls@example.com')
                self.assertEqual(mail['Date'].datetime.isoformat(), '2026-11-25T00:10:00+00:00')
                self.assertEqual(mail['TLS-Report-Domain'], 'example.com')
                self.assertEqual(mail['TLS-Required'], 'No')
                self.assertEqual([each.get_content_type() for each in parts],
                                 ['text/plain', 'application/tlsrpt+gzip'])
                text = parts[0].get_content()
                self.assertLessEqual(len(text.splitlines()), 30)
                self.assertTrue(text.startswith('This is a report about TLS between mail servers'))
                report = json.loads(gzip.decompress(parts[1].get_content()))
                self.assertIn('policies', report)
                submitter = report['contact-info'].rpartition('@')[2]
                self.assertEqual(mail['TLS-Report-Submitter'], submitter)
                name = parts[1].get_filename()
                self.assertTrue(name.startswith(f'{submitter}!example.com!') and name.endswith('.json.gz'), name)
                self.assertEqual(parts[1].get_param('name'), name)
                count += 1
        self.assertGreater(count, 50)

    def test_program(self):
        for path, mail in mails():
            with self.subTest(path.name):
                done = subprocess.run([READER, 'show', '--format', 'json', '-'], input=mail, capture_output=True,
                                      timeout=60, check=False)
                lines = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual((done.returncode, len(lines)), (0, 1), done.stderr)
                self.assertTrue(lines[0]['ok'])
                # What is in the report is not the mail's doing, but another domain in it would be.
                about_mail = [each['code'] for each in lines[0]['diagnostics']
                              if each['in'] not in ('json', 'policy-text') and each.get('subject') != 'example.com']
                self.assertEqual(about_mail, [])

    def test_same_each_time(self):
        path = ROOT / 'examples/reports/google-failure.json'
        self.assertEqual(write(path), write(path))

    def test_what_is_refused(self):
        path = ROOT / 'examples/reports/google-failure.json'
        for arguments, reason in (({'address': 'tls@example.com\r\nBcc: x@example.com'}, 'mail address'),
                                  ({'domain': 'com'}, 'A domain in the Subject'), ({'domain': '../x'}, 'A domain'),
                                  ({'date': '253402300800'}, 'not a date-time')):
            status, out, err = write(path, **arguments)
            self.assertEqual((status, out), (1, b''))
            self.assertIn(reason, err)
        self.assertEqual(write(path, date='tomorrow')[0], 2)
        self.assertEqual(write(ROOT / 'none')[0], 1)
        self.assertEqual(write(ROOT / 'README.md')[0], 1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
