"""Counts how many instructions the command-line program needs for mails of two sizes: whatever a
sender does, the work grows with the size of the mail. Arguments: the program, and whether valgrind can
run it, without sanitizers or coverage; "true" or "false"."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from mails import HEADER, HUMAN, MULTIPART, TEXT, mail, multipart, part

PROGRAM, CAN_COUNT = sys.argv[1], sys.argv[2] == 'true'


def instructions(octets, *command):
    """Of a command, `tlsrpt show --format json` if there is none, for a file that has these octets."""
    command = command or ('show', '--format', 'json')
    with tempfile.NamedTemporaryFile() as file:
        file.write(octets)
        file.flush()
        done = subprocess.run(['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null',
                               PROGRAM, *command, file.name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert done.returncode in (0, 1), done.stderr
    return int(re.search(rb'I\s+refs:\s+([\d,]+)', done.stderr)[1].replace(b',', b''))


def json_part(text=TEXT):
    return part(text, 'application/tlsrpt+json', '', '')


@unittest.skipUnless(CAN_COUNT and shutil.which('valgrind'), 'needs valgrind, and no sanitizers')
class Work(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.least = instructions(HEADER + b'\n')

    def assert_linear(self, make, size):
        """Twice the size takes about twice the work; sorting is allowed."""
        one, two = (instructions(make(n)) - self.least for n in (size, 2 * size))
        self.assertGreater(one, self.least / 10, 'too small to be measured')
        self.assertLess(two / one, 2.3)

    def test_parts_and_header(self):
        """What is per mail is done once: a part costs the same, however long the header is."""
        def of_parts(octets_in_header):
            def count(parts):
                fields = b''.join(b'%s: %s\n' % (name, b'd' * octets_in_header) * 4
                                  for name in (b'TLS-Report-Domain', b'TLS-Report-Submitter'))
                header = HEADER.replace(b'Subject: ', b'Subject: ' + b's' * octets_in_header) + fields
                wrapper = MULTIPART.replace(b'=tlsrpt', b'=' + b'r' * octets_in_header)
                return instructions(mail(*[json_part(b'{"a":\n'), json_part()] * parts, header=header + wrapper))
            return count(20) - count(10)
        short, long = of_parts(2_000), of_parts(20_000)
        self.assertLess(long / short, 1.1)

    def test_reports_and_fields(self):
        """Nor does a report cost more where the header has many fields."""
        for command in ('list',), ('show',), ('sum',):
            def of_reports(fields):
                def count(reports):
                    parts = [json_part(TEXT.replace(b'"Sender"', b'"S%d"' % i)) for i in range(reports)]
                    return instructions(mail(*parts, header=HEADER + b'X: a\n' * fields + MULTIPART), *command)
                return count(20) - count(10)
            short, long = of_reports(100), of_reports(5_000)
            with self.subTest(command):
                self.assertLess(long / short, 1.1)

    def test_parts(self):
        self.assert_linear(lambda n: mail(*[json_part(TEXT.replace(b'"Sender"', b'"S%d"' % i)) for i in range(n)]), 30)

    def test_lines_like_boundaries(self):
        start = HEADER + b''.join(b'Content-Type: multipart/mixed; boundary="d%d."\n\n--d%d.\n' % (i, i) for i in range(20))
        self.assert_linear(lambda n: start + b'\n' + b'--d\n' * n, 1_000)

    def test_headers(self):
        self.assert_linear(lambda n: HEADER.replace(b': example.com\nTLS', b': ' + b'()' * n + b'\nTLS') + b'a:\n' * n +
                           b'TLS-Report-Domain: a.example\n' * n + MULTIPART + multipart(HUMAN, part()), 1_000)

    def test_lines_that_are_no_fields(self):
        self.assert_linear(lambda n: HEADER + MULTIPART + multipart(*[b'bad line here\nx\n'] * n), 200)

    def test_base64(self):
        self.assert_linear(lambda n: mail(part(TEXT + b' ' * n, 'application/tlsrpt+json', ''), part(b'', body=b'QQ==\nQQ\n' * n)),
                           5_000)

    def test_mails_in_a_mail(self):
        inner = mail(json_part(), header=HEADER + MULTIPART.replace(b'"b1"', b'inner')).replace(b'--b1', b'--inner')
        encoded = part(inner, 'application/octet-stream', '')
        self.assert_linear(lambda n: mail(*[b'Content-Type: message/rfc822\n\n' + inner, encoded] * n), 10)

    def test_mbox(self):
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        self.assert_linear(lambda n: (line + HEADER + b'\n' + b'From x\n' * 4_000) * n, 10)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
