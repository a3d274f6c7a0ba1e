"""What the command-line program answers about many reports. Argument: the program."""

import json
import os
import subprocess
import sys
import unittest

PROGRAM = os.path.abspath(sys.argv[1])


def run(*arguments, stdin=b''):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Explain(unittest.TestCase):
    def meanings(self, text):
        status, out, err = run('explain', '--format', 'json', text)
        self.assertEqual((err, out.count('\n')), ('', 1))
        shown = json.loads(out)
        self.assertEqual(list(shown), ['text', 'meanings'])
        self.assertEqual(status, 0 if shown['meanings'] else 1)
        for one in shown['meanings']:
            self.assertEqual(list(one), ['reason', 'certainty', 'party', 'explanation', 'remedy'])
        return shown['meanings']

    def test_the_same_words_at_a_mail_host_and_at_a_web_server(self):
        host, web = self.meanings('X509_V_ERR_CERT_HAS_EXPIRED')
        self.assertEqual((host['reason'], host['party']), ('x509.expired', 'certificate'))
        self.assertEqual((web['reason'], web['party']), ('webpki.expired', 'policy_host'))
        self.assertEqual([m['reason'] for m in self.meanings('i/o timeout')], ['handshake.timeout', 'http.timeout'])

    def test_words_with_one_meaning(self):
        for text, reason, certainty in (('MX_HOSTS_MISMATCH', 'sts.mx_mismatch', 'sure'),
                                        ('bad https response code: 404', 'http.404', 'sure'),
                                        ('remote: unexpected EOF', 'handshake.closed', 'likely'),
                                        ('x509.self_signed', 'x509.self_signed', 'sure')):
            one, = self.meanings(text)
            self.assertEqual((one['reason'], one['certainty']), (reason, certainty))

    def test_result_types(self):
        one, = self.meanings('tlsa-invalid')
        self.assertEqual((one['reason'], one['party']), ('tlsa-invalid', 'dns'))
        self.assertIn('certificate-expired', [m['reason'] for m in self.meanings('certificate-expired')])

    def test_what_is_not_known(self):
        for text in ('frobnicated', '', '-x', 'unknown', '404', '\x1b[31m'):
            self.assertEqual(run('explain', '--format', 'json', '--', text)[::2], (1, ''), text)
        status, out, _ = run('explain', 'tls', 'frob\x1b[31mnicated')
        self.assertEqual(status, 1)
        self.assertIn('handshake.failed', out)
        self.assertIn('frob\\x1b[31mnicated\n  Not known.', out)

    def test_text(self):
        status, out, err = run('explain', 'self-signed_certificate')
        self.assertEqual((status, err), (0, ''))
        self.assertTrue(out.startswith('self-signed_certificate\n  Cause   x509.self_signed\n'), out)
        self.assertIn('  Acts    the receiver: the certificate of the mail host\n', out)
        self.assertLessEqual(max(map(len, out.splitlines())), 80)
        self.assertIn('\x1b[1m', run('explain', '--color', 'always', 'tls')[1])

    def test_standard_input(self):
        status, out, _ = run('explain', '--format', 'json', stdin=b'tls\r\n\nmx-mismatch\nfrob\n')
        self.assertEqual((status, [json.loads(line)['text'] for line in out.splitlines()]),
                         (1, ['tls', 'mx-mismatch', 'frob']))
        self.assertEqual(run('explain', stdin=b''), (0, '', ''))
        self.assertEqual(run('explain', '-', stdin=b'x' * (1 << 20 | 1))[::2],
                         (3, 'tlsrpt: standard input: File too large\n'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
