"""Mails, for the command-line program. Arguments: the program, the source root, and whether it is as
small as it should be, without sanitizers; "true" or "false"."""

import base64
import gzip
import io
import json
import os
import pathlib
import quopri
import re
import resource
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

from mails import GZIP, HEADER, HUMAN, MIXED, MULTIPART, NAME, REPORT, TEXT, mail, multipart, part

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
IS_SMALL = sys.argv[3] == 'true'
# The mails that were collected; not part of the sources.
CORPUS = ROOT / '../shared/corpus'

NOW = '2026-11-22T06:00:00Z'


def run(*arguments, stdin=b''):
    done = subprocess.run([PROGRAM, 'show', '--now', NOW, *arguments], input=stdin, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


def show(octets, *arguments):
    """The lines that come of an input, and the exit status."""
    status, out, err = run('--format', 'json', *arguments, '-', stdin=octets)
    assert err == '', err
    return status, [json.loads(line) for line in out.splitlines()]


def codes(line):
    return [found['code'] for found in line['diagnostics']]


EXPECTED = show(TEXT)[1][0]['report']


class MailTest(unittest.TestCase):
    maxDiff = None

    def assert_report(self, octets, *expected_codes, part='2', count=1):
        """The mail has the report, in each of `count` parts, and just these findings."""
        status, lines = show(octets)
        self.assertEqual((status, len(lines)), (0, count), lines)
        for line in lines:
            self.assertTrue(line['ok'], line)
            self.assertEqual(line['report'], EXPECTED)
            self.assertIs(line['mail']['authenticated'], False)
        self.assertEqual(lines[0]['part'], part)
        self.assertEqual(sorted(set(codes(lines[0]))), sorted(expected_codes))
        return lines

    def assert_failure(self, octets, code, *arguments):
        status, lines = show(octets, *arguments)
        self.assertEqual((status, [line['ok'] for line in lines]), (1, [False]), lines)
        self.assertEqual(lines[0]['error']['code'], code)
        return lines[0]

    def assert_no_report(self, octets):
        status, lines = show(octets)
        self.assertEqual((status, len(lines)), (0, 1), lines)
        self.assertEqual((lines[0]['ok'], lines[0]['no-report']), (True, True))
        self.assertNotIn('report', lines[0])
        return lines[0]


class Output(MailTest):
    def test_json(self):
        line, = self.assert_report(mail())
        self.assertEqual(list(line), ['file', 'part', 'mail', 'ok', 'report', 'diagnostics'])
        self.assertEqual((line['file'], line['part']), ('-', '2'))
        self.assertEqual(line['mail'], {
            'subject': 'Report Domain: example.com Submitter: sender.example '
                       'Report-ID: <2026-11-21T00.00.00Z.example.com@sender.example>',
            'from': 'TLS Reports <tls@sender.example>', 'date': 'Sun, 22 Nov 2026 06:00:00 +0000',
            'tls-report-domain': 'example.com', 'tls-report-submitter': 'sender.example',
            'file-name': NAME + '.gz', 'content-type': 'application/tlsrpt+gzip', 'authenticated': False})

    def test_text(self):
        status, out, _ = run('-', stdin=mail())
        out = out.decode()
        self.assertEqual(status, 0)
        for words in ('== -, part 2\n', 'Domain      example.com\n', 'From        TLS Reports <tls@sender.example> (not',
                      'application/tlsrpt+gzip', '1 report, 0 unusable inputs\n', 'Authentication was not checked'):
            self.assertIn(words, out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_what_the_mail_says_does_not_reach_the_terminal(self):
        header = HEADER.replace(b'Subject:', b'Subject: =?utf-8?q?=1B]0;x=07=E2=80=AE?=').replace(b'TLS Reports', b'\x1b[2J')
        _, out, _ = run('-', stdin=mail(HUMAN, part(name='\x1b[2J.json.gz'), header=header + MULTIPART))
        self.assertIn('\\x1b]0;x\\x07\\u{202e}', out.decode())
        self.assertNotRegex(out.decode(), '[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]')

    def test_body_wins(self):  # C-34
        header = (HEADER.replace(b'Domain: example.com', b'Domain: example.net')
                  .replace(b'Submitter: sender.example', b'Submitter: other.example')
                  .replace(b'2026-11-21T00.00', b'2025-01-01T00.00') + MULTIPART)
        octets = mail(HUMAN, part(name='third.example!example.org!1795132800!1795219199.json.gz'), header=header)
        line, = self.assert_report(octets, 'header-domain-differs', 'header-submitter-differs',
                                   'file-name-domain-differs', 'file-name-sender-differs', 'file-name-range-differs',
                                   'subject-domain-differs', 'subject-submitter-differs', 'subject-report-id-differs')
        subjects = {found['code']: found.get('subject') for found in line['diagnostics']}
        self.assertEqual(subjects['header-domain-differs'], 'example.net')
        self.assertEqual(subjects['file-name-domain-differs'], 'example.org')
        self.assertTrue(all(found['grade'] in ('note', 'warning') for found in line['diagnostics']))

    def test_findings_say_which_text_they_are_about(self):
        header = HEADER.replace(b'Report-ID: <', b'Report-ID: ').replace(b'.example>', b'.example').replace(
            b'Domain: example.com\nTLS', b'Domain: example.com. (us)\nTLS') + MULTIPART
        line, = self.assert_report(mail(header=header), 'report-id-brackets', 'domain-field-decorated')
        places = {found['code']: found['in'] for found in line['diagnostics']}
        self.assertEqual(places, {'report-id-brackets': 'subject', 'domain-field-decorated': 'tls-report-domain'})

    def test_strict_judges_the_report(self):
        status, lines = show(mail(), '--strict')
        self.assertEqual((status, lines[0]['report']), (0, EXPECTED))
        text = TEXT.replace(b'00:00Z",', b'00:00",')
        self.assert_failure(mail(HUMAN, part(gzip.compress(text))), 'missing-time-zone', '--strict')


class PolicyDomain(MailTest):
    """F-26: a policy domain that the report lacks comes from what is around it."""

    def inferred(self, octets):
        status, (line,) = show(octets)
        self.assertEqual(status, 0)
        policy = line['report']['policies'][0]['policy']
        self.assertIn('inferred-policy-domain' if 'policy-domain' in policy else 'missing-member', codes(line))
        return policy.get('policy-domain'), policy.get('policy-domain-inferred')

    def setUp(self):
        report = json.loads(TEXT)
        del report['policies'][0]['policy']['policy-domain']
        self.part = part(gzip.compress(json.dumps(report).encode()))
        self.anonymous = self.part.replace(NAME.encode(), b'report.json')
        self.header = HEADER.replace(b'TLS-Report-Domain: example.com\n', b'') + MULTIPART

    def test_sources(self):
        named = self.part.replace(b'!example.com!', b'!name.example!')
        self.assertEqual(self.inferred(mail(HUMAN, named)), ('example.com', True))
        self.assertEqual(self.inferred(mail(HUMAN, named, header=self.header)), ('name.example', True))
        self.assertEqual(self.inferred(mail(HUMAN, self.anonymous, header=self.header)), ('example.com', True))
        header = self.header.replace(b'Report Domain: example.com', b'TLS report')
        self.assertEqual(self.inferred(mail(HUMAN, self.anonymous, header=header)), (None, None))

    def test_what_the_report_says_is_not_marked(self):
        _, (line,) = show(mail())
        self.assertNotIn('policy-domain-inferred', line['report']['policies'][0]['policy'])

    def test_text(self):
        _, out, _ = run('-', stdin=mail(HUMAN, self.part))
        self.assertIn(b'Domain      example.com (inferred from the header field)\n', out)
        self.assertIn(b'example.com (inferred from the header field): MTA-STS policy\n', out)
        self.assertIn(b'example.com  sts', out)

    def test_plain_files_are_not_filled(self):
        text = gzip.decompress(base64.b64decode(self.part.split(b'\n\n')[1]))
        _, (line,) = show(text)
        self.assertNotIn('policy-domain', line['report']['policies'][0]['policy'])


class Parts(MailTest):
    """C-22 to C-24: reports are found by content first, by type or name second, at every depth."""

    def test_media_types(self):
        for kind in ('application/gzip', 'application/x-gzip', 'application/octet-stream', 'application/tlsrpt',
                     'application/tlsrpt+x-gzip', 'application/x-compressed', 'text/plain'):
            self.assert_report(mail(HUMAN, part(kind=kind)), 'unregistered-media-type')
        self.assert_report(mail(HUMAN, part(kind='APPLICATION/TLSRPT+GZIP')))
        self.assert_report(mail(HUMAN, part(kind='application/octet-stream', name='')), 'unregistered-media-type')
        for kind in ('application/json', 'text/json', 'text/plain'):
            self.assert_report(mail(HUMAN, part(TEXT, kind, NAME, '7bit')), 'unregistered-media-type')
        self.assert_report(mail(HUMAN, part(TEXT, 'application/tlsrpt+json', NAME, '')))
        self.assert_report(mail(HUMAN, part(TEXT)), 'media-type-contradicted', 'file-name-contradicted')

    def test_wrappers(self):
        for kind in (b'mixed', b'alternative', b'related', b'signed; protocol="application/pgp-signature"', b'x-own'):
            header = HEADER + b'Content-Type: multipart/' + kind + b'; boundary=b1\n'
            self.assert_report(mail(header=header), 'wrapper-type')
        for kind, found in ((b'TLSRPT', ()), (b'delivery-status', ('report-type-parameter',))):
            self.assert_report(mail(header=HEADER + MULTIPART.replace(b'tlsrpt', kind)), *found)

    def test_no_multipart(self):  # C-24
        self.assert_report(HEADER + part(), 'wrapper-type', part='1')
        self.assert_report(HEADER + part(TEXT, 'application/tlsrpt+json', NAME, '8bit'), 'wrapper-type', part='1')
        self.assert_report(HEADER + part(TEXT, '', '', ''), 'wrapper-type', 'unregistered-media-type', part='1')

    def test_nested(self):
        inner = MULTIPART.replace(b'b1', b'b12') + multipart(HUMAN, part(), boundary=b'b12')
        outer = HEADER + b'Content-Type: multipart/mixed; boundary="b1"\n'
        footer = b'Content-Type: text/plain\n\n-- \nA mailing list\n'
        self.assert_report(mail(inner, footer, header=outer), part='1.2')
        for _ in range(29):
            inner = b'Content-Type: multipart/mixed; boundary="b1"\n' + multipart(inner)
            inner = inner.replace(b'"b1"', b'"c%d"' % _).replace(b'--b1\n', b'--c%d\n' % _).replace(
                b'--b1--', b'--c%d--' % _)
        self.assert_report(mail(inner, header=outer), part='1.' * 30 + '2')

    def test_forwarded(self):  # C-22
        outer = b'From: a@example.com\nSubject: Fwd: look\nContent-Type: multipart/mixed; boundary="o"\n'
        for kind in (b'message/rfc822', b'message/global'):
            forwarded = b'Content-Type: ' + kind + b'\n\n' + mail()
            line, = self.assert_report(outer + multipart(HUMAN, forwarded, boundary=b'o'), 'mail-forwarded', part='2.2')
            self.assertEqual(line['mail']['tls-report-domain'], 'example.com')  # of the inner mail
        encoded = b'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n' + base64.encodebytes(mail())
        self.assert_report(outer + multipart(encoded, boundary=b'o'), 'mail-forwarded', 'mail-encoded-message', part='1.2')
        octets = part(mail(), 'application/octet-stream', 'report.eml')
        self.assert_report(outer + multipart(octets, boundary=b'o'), 'mail-forwarded', 'mail-encoded-message', part='1.2')
        single = b'Content-Type: message/rfc822\n\n' + HEADER + part()
        self.assert_report(outer + multipart(single, boundary=b'o'), 'mail-forwarded', 'wrapper-type', part='1.1')
        self.assert_report(b'From: a@example.com\nContent-Type: message/rfc822\n\n' + mail(), 'mail-forwarded', part='1.2')

    def test_bounced_as_text(self):
        octets = b'From: mailer@example.com\nSubject: failed\n\nYour mail follows.\n\n' + mail()
        self.assert_report(octets, 'not-a-report-subject', 'mail-boundary-missing', 'wrapper-type', part='2')

    def test_several_reports(self):
        other = TEXT.replace(b'"Sender"', b'"Other"')
        status, lines = show(mail(HUMAN, part(), part(gzip.compress(other))))
        self.assertEqual((status, [(each['part'], each['report']['organization-name']) for each in lines]),
                         (0, [('2', 'Sender'), ('3', 'Other')]))
        self.assertEqual([codes(each) for each in lines], [[], ['mail-several-reports']])
        self.assertEqual(len({each['file'] for each in lines}), 1)

    def test_same_report_twice(self):
        octets = mail(HUMAN, part(), part(TEXT, 'application/tlsrpt+json', NAME, '8bit'))
        lines = self.assert_report(octets, count=2)
        self.assertEqual([codes(each) for each in lines], [[], ['repeated-report']])
        _, out, _ = run('-', stdin=octets)
        self.assertRegex(out.decode(), r'example\.com +sts +1 +5 +1 ')

    def test_same_report_in_two_mails(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, octets in (('1.eml', mail()), ('2.eml', mail(header=HEADER + MIXED)), ('3.json', TEXT)):
                (pathlib.Path(folder) / name).write_bytes(octets)
            status, out, _ = run('--format', 'json', folder)
            found = [[each['subject'] for each in json.loads(line)['diagnostics'] if each['code'] == 'repeated-report']
                     for line in out.splitlines()]
            self.assertEqual((status, found), (0, [[], [folder + '/1.eml, part 2'], [folder + '/1.eml, part 2']]))
            _, out, _ = run(folder)
            self.assertIn(b'1 report, 0 unusable inputs, 2 repeated reports not counted\n', out)
            self.assertRegex(out.decode(), r'example\.com +sts +1 +5 +1 ')

    def test_one_bad_part_does_not_hide_the_others(self):  # E-26
        status, lines = show(mail(HUMAN, part(GZIP[:-9]), part()))
        self.assertEqual((status, [each['ok'] for each in lines]), (1, [False, True]))
        self.assertEqual((lines[0]['part'], lines[0]['error']['code']), ('2', 'gzip-truncated'))
        self.assertEqual(lines[1]['report'], EXPECTED)

    def test_other_attachments_are_left_alone(self):
        dmarc = part(gzip.compress(b'<?xml version="1.0"?><feedback/>'), 'application/gzip',
                     'sender.example!example.com!1795219200!1795305599.xml.gz')
        package = part(b'{"name": "x"}', 'application/json', 'package.json')
        image = part(b'\x89PNG\r\n\x1a\n' + bytes(range(256)), 'image/png', 'logo.png')
        archive = part(b'PK\3\4' + bytes(60), 'application/zip', 'photos.zip')
        for other in (dmarc, package, image, archive):
            self.assert_report(mail(HUMAN, other, part()), part='3')
            header = b'From: a@example.com\nSubject: hello\nContent-Type: multipart/mixed; boundary="b1"\n'
            self.assert_no_report(mail(HUMAN, other, header=header))

    def test_report_in_a_text(self):
        octets = HEADER + b'Content-Type: text/plain\n\nYour report:\n\n' + TEXT + b'\n'
        self.assert_report(octets, 'mail-report-in-text', 'unregistered-media-type', 'wrapper-type', part='1')

    def test_two_names(self):
        octets = mail(HUMAN, part(kind='application/tlsrpt+gzip; name="other.json.gz"'))
        line, = self.assert_report(octets, 'mail-two-file-names')
        self.assertEqual(line['mail']['file-name'], NAME + '.gz')

    def test_names(self):
        head, tail = NAME[:20], NAME[20:] + '.gz'
        for disposition, found in (
                (f'filename={NAME}.gz', ()), (f'filename = "{NAME}.gz" ;', ()),
                (f'filename*0="{head}";\n filename*1="{tail}"', ()), (f"filename*=utf-8''{NAME.replace('!', '%21')}.gz", ()),
                (f'filename="=?utf-8?Q?{NAME.replace("!", "=21")}.gz?="', ()), (f'filename="{head}\n {tail}"', ()),
                (f'filename="../../{NAME}.gz"', ('file-name-path',)), (f'filename="{NAME}.gz', ('mail-field-syntax',)),
                (f'filename="{NAME.upper()}.GZ"', ())):
            octets = mail(HUMAN, b'Content-Disposition: attachment; ' + disposition.encode() + b'\n' + part(name=''))
            line, = self.assert_report(octets, *found)
            self.assertTrue(line['mail']['file-name'].lower().strip('"./').startswith(NAME.lower()), disposition)


class Encodings(MailTest):
    """C-35: every transfer encoding, wrong labels, and what gateways do to base64."""

    def test_all(self):
        self.assert_report(mail(HUMAN, part(encoding='quoted-printable', body=quopri.encodestring(GZIP))))
        self.assert_report(mail(HUMAN, part(encoding='binary')))
        for encoding in ('BASE64', 'base64 ', 'base64 (as ever)'):
            self.assert_report(mail(HUMAN, part(encoding=encoding, body=base64.encodebytes(GZIP))))
        for encoding in ('7bit', '8bit', 'binary', '', 'x-unknown'):
            self.assert_report(mail(HUMAN, part(TEXT, 'application/tlsrpt+json', NAME, encoding)))
        for encoded, encoding in ((quopri.encodestring(TEXT), 'quoted-printable'), (base64.encodebytes(TEXT), 'base64')):
            self.assert_report(mail(HUMAN, part(kind='application/tlsrpt+json', name=NAME, encoding=encoding, body=encoded)))

    def test_wrong_labels(self):
        for kind, name, octets in (('application/tlsrpt+gzip', NAME + '.gz', GZIP), ('application/tlsrpt+json', NAME, TEXT)):
            for label in ('7bit', '8bit', '', 'quoted-printable'):
                body = base64.encodebytes(octets)
                self.assert_report(mail(HUMAN, part(kind=kind, name=name, encoding=label, body=body)), 'mail-transfer-encoding')
        for label, body in (('base64', TEXT), ('7bit', quopri.encodestring(TEXT)), ('base64', quopri.encodestring(TEXT)),
                            ('base64', base64.encodebytes(base64.encodebytes(GZIP)))):
            octets = mail(HUMAN, part(kind='application/tlsrpt', name='', encoding=label, body=body))
            self.assert_report(octets, 'mail-transfer-encoding', 'unregistered-media-type')

    def test_base64(self):
        # A report that needs padding, and has octets that differ in the two alphabets.
        padded = next(octets for octets in (gzip.compress(TEXT + b' ' * i, mtime=0) for i in range(99))
                      if len(octets) % 3 != 0 and set(b'+/') <= set(base64.b64encode(octets)))
        whole, octet_lines = base64.b64encode(padded), base64.encodebytes(padded)
        joined = base64.encodebytes(padded[:100]) + base64.encodebytes(padded[100:])
        for body, found in (
                (whole, ()), (octet_lines.replace(b'\n', b'\n\n'), ()),
                (octet_lines.replace(b'\n', b'\n  \t'), ()), (b'  ' + whole + b'  ', ()),
                (whole[:30] + b' ' + whole[30:], ()), (whole.rstrip(b'='), ('mail-base64-form',)),
                (base64.urlsafe_b64encode(padded), ('mail-base64-form',)), (joined, ('mail-base64-form',)),
                (whole + b'\n-- \nThis mail was scanned.\n', ('mail-base64-form',)),
                (whole[:40] + b'!' + whole[40:], ('mail-base64-form',)),
                (base64.b64encode(GZIP + bytes(-len(GZIP) % 3)) + b'\n\nScanned by a gateway.\n',
                 ('mail-base64-form', 'gzip-trailing-bytes'))):
            self.assert_report(mail(HUMAN, part(body=body)), *found)
        footer = base64.b64encode(TEXT).rstrip(b'=') + b'\n\nScanned by a gateway, K\xf6ln.\n'
        octets = mail(HUMAN, part(kind='application/tlsrpt+json', name=NAME, body=footer))
        self.assert_report(octets, 'mail-base64-form', 'trailing-bytes')

    def test_gzip(self):
        two = GZIP + gzip.compress(TEXT.replace(b'"Sender"', b'"Other"'))
        status, lines = show(mail(HUMAN, part(two)))
        self.assertEqual((status, [(each['part'], each.get('document'), each['report']['organization-name'])
                                   for each in lines]), (0, [('2', None, 'Sender'), ('2', 2, 'Other')]))
        self.assertEqual([codes(each) for each in lines], [['trailing-bytes'], ['mail-several-reports']])
        self.assert_report(mail(HUMAN, part(gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]))))
        self.assert_report(mail(HUMAN, part(GZIP + bytes(512))), 'gzip-zero-padding')
        for octets, code in ((gzip.compress(GZIP), 'nested-gzip'), (zlib.compress(TEXT), 'zlib-container'),
                             (b'BZh91AY', 'bzip2-container'), (b'PK\3\4' + bytes(40), 'zip-truncated'),
                             (gzip.compress(b''), 'empty-input'), (b'', 'empty-input'), (GZIP[:-20], 'gzip-truncated'),
                             (gzip.compress(b'{"a": 1}'), 'not-a-report')):
            line = self.assert_failure(mail(HUMAN, part(octets)), code)
            self.assertEqual((line['part'], line['mail']['file-name']), ('2', NAME + '.gz'))
        for kind in ('application/zip', 'application/x-zip-compressed', 'application/tlsrpt+zip', 'application/octet-stream'):
            self.assert_failure(mail(HUMAN, part(b'PK\3\4' + bytes(40), kind, NAME + '.zip')), 'zip-truncated')

    def test_words_in_the_place_of_a_report(self):
        line = self.assert_failure(mail(HUMAN, part(b'hello')), 'mail-report-missing')
        self.assertEqual([(each['part'], each['why']) for each in line['mail']['passed-over']],
                         [('1', 'This is text, without a report in it.'), ('2', 'This is no report.')])
        self.assertEqual([each.get('begins') for each in line['mail']['passed-over']], [None, 'hello'])
        status, lines = show(mail(HUMAN, part(b'hello'), part()))
        self.assertEqual((status, [each['ok'] for each in lines]), (1, [True, False]))

    def test_zip(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w') as file:
            file.writestr('a.txt', 'hello')
            file.writestr(NAME, TEXT)
        for kind in ('application/zip', 'application/tlsrpt+gzip', 'application/octet-stream'):
            status, (line,) = show(mail(HUMAN, part(archive.getvalue(), kind, NAME + '.zip')))
            self.assertEqual((status, line['entry'], line['part'], line['report']), (0, NAME, '2', EXPECTED))

    def test_zip_in_a_mail_in_a_zip(self):
        inner, outer = io.BytesIO(), io.BytesIO()
        texts = [TEXT.replace(b'"Sender"', b'"Sender %d"' % i) for i in range(40)]
        with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as file:
            for i in range(20):
                file.writestr(f'{i}.json', texts[i])
        with zipfile.ZipFile(outer, 'w', zipfile.ZIP_DEFLATED) as file:
            file.writestr('a.eml', mail(HUMAN, part(inner.getvalue(), 'application/zip', NAME + '.zip'), part(texts[20])))
            for i in range(21, 40):
                file.writestr(f'{i}.json', texts[i])
        status, lines = show(outer.getvalue())
        self.assertEqual((status, [each['report']['organization-name'] for each in lines]),
                         (0, [f'Sender {i}' for i in range(40)]))

    def test_octets_that_are_not_utf_8(self):
        text = TEXT.replace(b'"Sender"', b'"S\xe9nder"')
        octets = mail(HUMAN, part(text, 'application/tlsrpt+json; charset=iso-8859-1', NAME, '8bit'))
        self.assertEqual(self.assert_failure(octets, 'invalid-utf8')['error']['offset'], text.index(b'\xe9'))


class Form(MailTest):
    """Mails that are not as they should be."""

    def test_line_ends(self):
        octets = mail()
        self.assert_report(octets.replace(b'\n', b'\r\n'))
        self.assert_report(octets.replace(b'\n', b'\r'), 'mail-line-ends')
        self.assert_report(octets.replace(b'\n', b'\r\r\n'), 'mail-line-ends')
        head, body = octets.split(b'\n\n', 1)
        self.assert_report(head + b'\n\n' + body.replace(b'\n', b'\r\n'))
        self.assert_report(head.replace(b'\n', b'\r\n') + b'\r\n\r\n' + body)
        self.assert_report(head + b'\n\n' + body.replace(b'\n', b'\r'), 'mail-line-ends')

    def test_leading_text(self):
        for front, found in ((b'\n\r\n', ()), (b'\xef\xbb\xbf', ('mail-byte-order-mark',)), (b'>From a@example.com\n', ())):
            self.assert_report(front + mail(), *found)

    def test_nul(self):
        self.assert_report(mail(HUMAN.replace(b'TLS', b'\0'), part()))
        header = (HEADER + MULTIPART).replace(b'; report', b';\0report')
        self.assert_report(mail(header=header), 'mail-nul-in-header')
        octets = b'>From a@example.com\n' + mail(header=header)
        _, (line,) = show(octets)
        self.assertEqual([(found['in'], found['offset']) for found in line['diagnostics']], [('mail', octets.index(b'\0'))])

    def test_boundaries(self):
        self.assert_report(mail(end=b''), 'mail-boundary-not-closed')
        self.assert_report(mail(end=b'\n'), 'mail-boundary-not-closed')
        self.assert_report(mail().removesuffix(b'--b1--\n'), 'mail-boundary-not-closed')
        for boundary, parameter in ((b'b1=_x', b'"b1=_x"'), (b'b1=_x', b'b1=_x'), (b"'()+_,-./:=?", b'"\'()+_,-./:=?"'),
                                    (b'x' * 70, b'x' * 70)):
            self.assert_report(mail(header=HEADER + MULTIPART.replace(b'"b1"', parameter), boundary=boundary))
        for header in (MULTIPART.replace(b'; boundary="b1"', b''), b'Content-Type: multipart/report\n'):
            lines = self.assert_report(mail(header=HEADER + header), 'mail-boundary-missing',
                                       *(['report-type-parameter'] if b'tlsrpt' not in header else []))
        self.assert_report(mail(boundary=b'b2'), 'mail-boundary-missing')
        self.assert_report(mail().replace(b'\n\n--b1\n', b'\n\nA preamble\n--b11\n--b1\n', 1) + b'\n--b1\nepilogue\n')

    def test_content_type_without_hyphen(self):
        self.assert_report(mail().replace(b'Content-Type: app', b'ContentType: app'), 'mail-field-without-hyphen')
        lines = self.assert_report(mail().replace(b'Content-Type: multi', b'ContentType: multi'), 'mail-field-without-hyphen')
        self.assertEqual(lines[0]['mail']['content-type'], 'application/tlsrpt+gzip')

    def test_missing_blank_lines(self):
        self.assert_report(mail(HUMAN, part().replace(b'\n\n', b'\n')), 'mail-missing-blank-line')
        self.assert_report(mail(HUMAN, part(TEXT, 'application/tlsrpt+json', NAME, '').replace(b'\n\n', b'\n')),
                           'mail-missing-blank-line')
        self.assert_report(mail().replace(b'\n\n--b1\n', b'\n--b1\n', 1), 'mail-missing-blank-line')

    def test_parameters(self):
        for field, found in ((MULTIPART.rstrip() + b';\n', ()), (b'Content-Type:multipart/report;boundary=b1;report-type=tlsrpt\n', ()),
                             (MULTIPART.rstrip() + b'; boundary="b1"\n', ('mail-repeated-parameter',)),
                             (MULTIPART.rstrip() + b'; boundary="b2"\n', ('mail-repeated-parameter',)),
                             (MULTIPART.replace(b'=', b' = ').replace(b';', b' ;\n\t'), ())):
            self.assert_report(mail(header=HEADER + field), *found)

    def test_fields(self):
        lines = self.assert_report(mail(header=HEADER.replace(b'TLS-Report-Domain:', b'tls-REPORT-domain :') + MULTIPART))
        self.assertEqual(lines[0]['mail']['tls-report-domain'], 'example.com')
        header = HEADER + b'TLS-Report-Domain: example.net\n' + MULTIPART
        self.assert_report(mail(header=header), 'several-domains')
        self.assert_report(mail(header=HEADER.replace(b'\n Report-ID', b'\nReport-ID') + MULTIPART), 'missing-subject-part')
        header = HEADER.replace(b'TLS Reports', b'=?iso-8859-1?q?M=FCller?=') + MULTIPART
        self.assertEqual(self.assert_report(mail(header=header))[0]['mail']['from'], 'M\xfcller <tls@sender.example>')
        header = HEADER.replace(b'TLS Reports', 'M\xfcller'.encode('latin-1')) + MULTIPART
        lines = self.assert_report(mail(header=header), 'mail-raw-octets-in-header')
        self.assertEqual(lines[0]['mail']['from'], 'M\xfcller <tls@sender.example>')
        self.assert_report(mail(header=b'From: a@example.com\n' + MULTIPART))

    def test_mails_without_report(self):
        for octets in (b'From: a@example.com\nSubject: hello\n\nHello\n', b'From: a@example.com\n', b'From: a@example.com',
                       b'From: a@example.com\nContent-Type: multipart/report\n\n'):
            line = self.assert_no_report(octets)
            self.assertEqual((line['file'], line['mail']['authenticated']), ('-', False))
            self.assertEqual([each['part'] for each in line['mail']['passed-over']], ['1'])
            self.assertEqual(codes(line), [])
        _, out, _ = run('-', stdin=b'From: a@example.com\n\nHello\n')
        self.assertIn(b'This mail has no TLS report.\n', out)
        self.assertIn(b'  Part        1, 6 octets: This is text, without a report in it.\n', out)
        self.assertIn(b'0 reports, 0 unusable inputs, 1 mail without a report\n', out)

    def test_mails_that_lost_their_report(self):
        for octets in (HEADER + b'\n', HEADER, HEADER.rstrip(), HEADER + MULTIPART + b'\n', mail(HUMAN),
                       HEADER + b'Content-Type: multipart/report\n\n', b'From: a@example.com\n' + MULTIPART + multipart(HUMAN)):
            self.assert_failure(octets, 'mail-report-missing')
        _, out, _ = run('-', stdin=mail(HUMAN))
        self.assertIn(b'0 reports, 1 unusable input (1 mail that lost its report)\n', out)

    def test_what_cannot_be_looked_into(self):
        header = b'From: a@example.com\n'
        for octets, kind, name, code in (
                (b'\x78\x9f\x3e\x22' + bytes(20), 'application/ms-tnef', 'winmail.dat', 'tnef-container'),
                (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(20), 'application/vnd.ms-outlook', 'a.msg', 'compound-file'),
                (b'-----BEGIN PGP MESSAGE-----\n\nx\n', 'text/plain', '', 'pgp-encrypted')):
            line = self.assert_failure(header + MIXED + multipart(HUMAN, part(octets, kind, name)), code)
            self.assertEqual(line['mail']['passed-over'][1]['why'], line['error']['message'])
            self.assert_report(mail(HUMAN, part(octets, kind, name), part()), part='3')

    def test_reports_that_came_back(self):
        outer = b'From: a@example.com\nContent-Type: multipart/report; report-type=delivery-status; boundary=o\n'
        octets = outer + multipart(HUMAN, b'Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n',
                                   b'Content-Type: message/rfc822\n\n' + mail(), boundary=b'o')
        line, = self.assert_report(octets, 'mail-forwarded', 'mail-returned', part='3.2')
        self.assertIs(line['mail']['returned'], True)
        _, out, _ = run('-', stdin=octets)
        self.assertIn(b'0 reports, 0 unusable inputs, 1 report that came back not counted\n', out)
        self.assertNotIn(b'Succeeded', out)


class Inputs(MailTest):
    def test_dmarc_reports(self):  # They have the same Subject.
        header = b''.join(line for line in HEADER.splitlines(True) if not line.startswith(b'TLS-')) + MIXED
        name = 'sender.example!example.com!1795219200!1795305599'
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w') as file:
            file.writestr(name + '.XML', '<feedback/>')
        xml = gzip.compress(b'<?xml version="1.0"?><feedback/>')
        for octets, kind, named in ((archive.getvalue(), 'application/zip', name + '.zip'), (xml, 'application/gzip', name + '.xml.gz'),
                                    (xml, 'application/gzip', name + '.gz'), (xml, 'application/octet-stream', '')):
            line = self.assert_no_report(mail(HUMAN, part(octets, kind, named), header=header))
            self.assertIs(line['dmarc'], True)
            self.assert_report(mail(HUMAN, part(octets, kind, named), part()), part='3')
        self.assert_failure(mail(HUMAN, part(GZIP[:-30], 'application/octet-stream', ''), header=header), 'gzip-truncated')

    def test_mbox(self):
        first, second = mail(), mail(HUMAN, part(gzip.compress(TEXT.replace(b'"Sender"', b'"Other"'))))
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        hello = b'From: a@example.com\n\nHello\n\nFrom here on\nall is well.\n'
        for end in (b'\n', b'\r\n'):
            octets = b'\n'.join(line + each for each in (first, hello, second)).replace(b'\n', end)
            status, lines = show(octets)
            self.assertEqual((status, [(each['message'], each['ok']) for each in lines]), (0, [(1, True), (2, True), (3, True)]))
            self.assertEqual(lines[0]['report'], EXPECTED)
            self.assertTrue(lines[1]['no-report'])
            self.assertEqual(lines[2]['report']['organization-name'], 'Other')
            self.assertEqual(list(lines[0])[:3], ['file', 'message', 'part'])
        _, out, _ = run('-', stdin=octets)
        self.assertIn(b'== -, message 3, part 2\n', out)

    def test_reports_about_reports(self):
        def hint(counts, to=b'tls@example.com', order=list):
            """What is said of a report for each of these days, by the sessions that it counts; None for no report."""
            mails = []
            for day, count in enumerate(counts, 16):
                made = json.loads(TEXT)
                made['date-range'] = {f'{end}-datetime': f'2026-11-{day}T{time}Z' for end, time in (('start', '00:00:00'), ('end', '23:59:59'))}
                made['policies'][0] = {'policy': made['policies'][0]['policy'],
                                       'summary': {'total-successful-session-count': count, 'total-failure-session-count': 0}}
                if count is not None:
                    mails.append(mail(HUMAN, part(gzip.compress(json.dumps(made).encode())),
                                      header=HEADER.replace(b'To: tls@example.com', b'To: ' + to) + MULTIPART))
            status, out, _ = run('-', stdin=b'\n'.join(b'From a Sun Nov 22 06:00:00 2026\n' + each for each in order(mails)))
            out = ' '.join(out.decode().split())
            self.assertEqual((status, f'{len(mails)} reports, 0 unusable inputs' in out), (0, True), out)
            return re.findall('on each of (.*?), and its reports go to an address there', out)

        three = ['3 days, 2026-11-16 to 2026-11-18']
        self.assertEqual(hint([1, 1, 1]), three)
        self.assertEqual(hint([1, 1, 1], order=reversed), three)
        self.assertEqual(hint([1, 1, 1], b'a@example.org, "TLS" <tls@EXAMPLE.com.>'), three)
        self.assertEqual(hint([None, 7, 1, 1, 1, 1]), ['4 days, 2026-11-18 to 2026-11-21'])  # another mail began it
        for counts in ([1, 1], [1, 1, 1, 2], [1, 1, None, 1, 1], [2, 2, 2], [0, 0, 0]):
            self.assertEqual(hint(counts), [], counts)
        for to in (b'tls@example.org', b'tls@sub.example.com', b'tls', b'example.com', b'@' * 900_000):
            self.assertEqual(hint([1, 1, 1], to), [], to)

    def test_mbox_without_empty_lines(self):
        second = mail(HUMAN, part(gzip.compress(TEXT.replace(b'"Sender"', b'"Other"'))))
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        for end in (b'\n', b'\r\n'):
            status, lines = show((line + mail() + line + second).replace(b'\n', end))
            self.assertEqual((status, [(each['message'], each['report']['organization-name']) for each in lines]),
                             (0, [(1, 'Sender'), (2, 'Other')]))
        # Without a time or without a header after it the line is text.
        for text in (b'From here on\nSubject: x\n', line + b'all is well\n'):
            _, lines = show(line + HEADER + b'\nHello\n' + text)
            self.assertEqual([each['message'] for each in lines], [1])

    def test_mails_of_any_length_in_an_mbox(self):
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        lengths = range(200)
        mails = [line + HEADER + b'\n' + length * b'x' + b'\n>From here on\n\n' for length in lengths]
        _, lines = show(b''.join(mails))
        self.assertEqual([each['message'] for each in lines], [length + 1 for length in lengths])
        sizes = [each['mail']['passed-over'][0]['size'] for each in lines]
        self.assertEqual(sizes, [len('\nFrom here on\n\n') + length for length in lengths])

    def test_quoted_lines_of_an_mbox(self):
        # A line of quoted-printable may end before any word.
        text = TEXT.replace(b'"Sender"', b'"Letters From Sender"')
        body = text.replace(b'=', b'=3D').replace(b'From Sender', b'=\nFrom Sender')
        octets = mail(HUMAN, part(kind='application/tlsrpt+json', name='', encoding='quoted-printable', body=body))
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        for end in (b'\n', b'\r\n'):
            quoted = (line + octets.replace(b'\nFrom Sender', b'\n>From Sender')).replace(b'\n', end)
            status, lines = show(quoted + end + quoted)
            self.assertEqual((status, [each['report']['organization-name'] for each in lines]),
                             (0, ['Letters From Sender'] * 2))
            self.assertEqual([each['message'] for each in lines], [1, 2])

    def test_content_length_of_an_mbox(self):
        def with_length(octets, length):
            head, _, body = octets.partition(b'\n\n')
            return b'From tls@sender.example Sun Nov 22 06:00:00 2026\n' + head + \
                b'\nContent-Length: %d\n\n' % (len(body) + length) + body
        letter = b'Content-Type: text/plain\n\nHello,\n\nFrom the desk of\nNote: a header field, almost.\n'
        octets = mail(letter, part())
        # It decides whether a line that may begin a mail does so.
        status, lines = show(with_length(octets, 0) + b'\n' + with_length(octets, 0))
        self.assertEqual((status, [(each['message'], each['report']) for each in lines]), (0, [(1, EXPECTED), (2, EXPECTED)]))
        # A wrong one, and one that leads to the end of another mail, hide nothing.
        others = with_length(mail(HUMAN, part(gzip.compress(TEXT.replace(b'"Sender"', b'"Other"')))), 0)
        for length in (-20, 7, 10**6, 10**11, len(b'\n' + others), len(b'\n' + others + b'\n' + others)):
            _, lines = show(with_length(mail(), length) + b'\n' + others + b'\n' + others)
            self.assertEqual([(each['message'], each['report']['organization-name']) for each in lines],
                             [(1, 'Sender'), (2, 'Other'), (3, 'Other')], length)

    def test_mails_in_gzip_and_zip(self):
        line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
        mbox = line + mail() + b'\n' + line + mail()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as file:
            file.writestr('a.mbox', mbox)
            file.writestr('b.eml.gz', gzip.compress(mail()))
        cases = ((gzip.compress(mail()), [{}]), (gzip.compress(mbox), [{'message': 1}, {'message': 2}]),
                 (gzip.compress(mbox[:200]) + gzip.compress(mbox[200:]) + b'\r\n', [{'message': 1}, {'message': 2}]),
                 (gzip.compress(b'%d   \n' % len(mail()) + mail() + b'<?xml?>'), [{}]),
                 (archive.getvalue(), [{'entry': 'a.mbox', 'message': 1}, {'entry': 'a.mbox', 'message': 2}, {'entry': 'b.eml.gz'}]),
                 (gzip.compress(archive.getvalue()), [{'entry': 'a.mbox', 'message': 1}, {'entry': 'a.mbox', 'message': 2}, {'entry': 'b.eml.gz'}]))
        for octets, places in cases:
            status, lines = show(octets)
            self.assertEqual((status, [each['report'] for each in lines]), (0, [EXPECTED] * len(places)))
            self.assertEqual([{name: each[name] for name in ('entry', 'message') if name in each} for each in lines], places)
        # What is cut off, damaged or followed by other things is not passed over.
        whole = gzip.compress(mbox)
        for octets, code in ((whole[:-9], 'gzip-truncated'), (whole[:-8] + bytes(8), 'gzip-corrupt'),
                             (whole + mbox, 'gzip-trailing-bytes')):
            status, lines = show(octets)
            self.assertEqual((status, lines[-1]['error']['code']), (1, code))

    def test_apple_mail(self):
        after = b'<?xml version="1.0"?><plist version="1.0"><dict/></plist>\n'
        for size in (b'%d', b'%d       '):
            self.assert_report(size % len(mail()) + b'\n' + mail() + after)
        self.assert_failure(b'99999999999\n' + mail(), 'mail-too-long')
        self.assert_failure(b'12\nhello\n', 'not-an-object')

    def test_pieces_of_a_mail(self):
        source = multipart(HUMAN, part()).lstrip(b'\n')
        _, lines = show(source)
        self.assertEqual((lines[0]['report'], 'mail-boundary-missing' in codes(lines[0])), (EXPECTED, True))
        for octets in (GZIP, TEXT):
            status, lines = show(base64.encodebytes(octets))
            self.assertEqual((status, lines[0]['report']), (0, EXPECTED))
            self.assertIn('mail-transfer-encoding', codes(lines[0]))

    def test_name_of_the_organization_as_submitter(self):
        name = 'Sender Mail GmbH'
        text = TEXT.replace(b'"Sender"', b'"%s"' % name.encode())
        header = HEADER.replace(b'Submitter: sender.example', b'Submitter: ' + name.encode()) \
            .replace(b'@sender.example>', b'@%s>' % name.encode())
        octets = mail(HUMAN, part(gzip.compress(text), name=NAME.replace('sender.example', name) + '.gz'), header=header + MULTIPART)
        status, lines = show(octets)
        self.assertEqual((status, codes(lines[0])), (0, ['organization-as-domain']))
        self.assertEqual(lines[0]['diagnostics'][0]['subject'], name)
        self.assertEqual(lines[0]['mail']['file-name'], NAME.replace('sender.example', name) + '.gz')
        # What else is wrong is said as well.
        _, lines = show(octets.replace(b'TLS-Report-Domain: example.com', b'TLS-Report-Domain: example.net'))
        self.assertEqual(sorted(codes(lines[0])), ['header-domain-differs', 'organization-as-domain'])

    def test_live_maildir(self):
        """A mail that is moved or gets another flag while others are read is read once."""
        with tempfile.TemporaryDirectory() as folder:
            maildir = pathlib.Path(folder) / 'Maildir'
            for name in ('cur', 'new', 'tmp'):
                (maildir / name).mkdir(parents=True)
            reports = [mail(HUMAN, part(gzip.compress(TEXT.replace(b'"Sender"', b'"%d"' % i)))) for i in range(20)]
            for i, octets in enumerate(reports):
                (maildir / ('cur' if i < 10 else 'new') / (f'{i:02}.host' + (':2,' if i < 10 else ''))).write_bytes(octets)
            # The first input is a pipe: the rest is listed and not yet read while that is open.
            pipe = os.path.join(folder, 'pipe')
            os.mkfifo(pipe)
            program = subprocess.Popen([PROGRAM, 'show', '--now', NOW, '--format', 'json', pipe, str(maildir)],
                                       stdout=subprocess.PIPE)
            with open(pipe, 'wb') as first:
                for i in range(5, 15):
                    old = maildir / ('cur' if i < 10 else 'new') / (f'{i:02}.host' + (':2,' if i < 10 else ''))
                    old.rename(maildir / 'cur' / f'{i:02}.host:2,S')
                (maildir / 'new/19.host').unlink()
                first.write(TEXT)
            out, _ = program.communicate(timeout=60)
            lines = [json.loads(line) for line in out.splitlines()][1:]
            self.assertEqual([line['report']['organization-name'] for line in lines if line['ok']], [str(i) for i in range(19)])
            self.assertEqual([os.path.basename(line['file']) for line in lines[5:15]], [f'{i:02}.host:2,S' for i in range(5, 15)])
            self.assertEqual([(os.path.basename(line['file']), line['error']['code']) for line in lines if not line['ok']],
                             [('19.host', 'cannot-read')])

    def test_large_mbox(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'mbox')
            line = b'From tls@sender.example Sun Nov 22 06:00:00 2026\n'
            large = b'From: a@example.com\n\n' + (b'x' * 71 + b'\n') * (1 << 20) + b'\n'  # more than the limit
            with open(path, 'wb') as file:
                file.write((line + mail() + b'\n') * 500 + line + large + (line + mail() + b'\n') * 500)
            status, out, _ = run('--format', 'json', path)
            lines = [json.loads(each) for each in out.splitlines()]
            self.assertEqual((status, [each['message'] for each in lines]), (1, list(range(1, 1002))))
            self.assertEqual([each['message'] for each in lines if not each['ok']], [501])
            self.assertEqual(lines[500]['error']['code'], 'mail-too-long')
            self.assertTrue(all(each['report'] == EXPECTED for each in lines if each['ok']))

    def test_directories(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, octets in (('Maildir/cur/2.host:2,S', mail()), ('Maildir/cur/1.host:2,', b'From: a@example.com\n\nHi\n'),
                                 ('Maildir/new/3.host', mail()), ('Maildir/tmp/4.host', mail()), ('Maildir/dovecot-uidlist', b'3 V1'),
                                 ('Maildir/Archive/cur/5.host', mail()), ('Maildir/.TLSRPT/cur/6.host', mail()),
                                 ('Maildir/.TLSRPT/new/.keep', b''), ('Maildir/.TLSRPT/tmp/.keep', b''),
                                 ('Maildir/.hidden/cur/7.host', mail()), ('mixed/report.json', TEXT), ('mixed/report.gz', GZIP),
                                 ('mixed/mail', mail()), ('mixed/tmp/x.eml', mail())):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(octets)
            status, out, _ = run('--format', 'json', folder)
            lines = [json.loads(each) for each in out.splitlines()]
            names = ['Maildir/.TLSRPT/cur/6.host', 'Maildir/Archive/cur/5.host', 'Maildir/cur/1.host:2,', 'Maildir/cur/2.host:2,S', 'Maildir/new/3.host',
                     'mixed/mail', 'mixed/report.gz', 'mixed/report.json', 'mixed/tmp/x.eml']
            self.assertEqual([each['file'] for each in lines], [f'{folder}/{name}' for name in names])
            self.assertEqual(status, 0)
            self.assertEqual([each.get('no-report') for each in lines], [None, None, True] + [None] * 6)
            self.assertEqual([each.get('part') for each in lines], ['2', '2', None, '2', '2', '2', None, None, '2'])

    def test_what_is_no_mail(self):
        for octets in (b'name: value\nother: value\n', b'http://example.com/\n', b'Error: something\n', b'{"from": 1}',
                       b'hello\n', b'From here on\n', b': x\n', b'Subject x\n'):
            status, lines = show(octets)
            self.assertEqual((status, lines[0]['ok']), (1, False), octets)
            self.assertNotIn('mail', lines[0])

    def test_further_texts(self):
        status, lines = show(TEXT + b'\n' + TEXT.replace(b'"Sender"', b'"Other"') + b'\n{"a')
        self.assertEqual((status, [(each.get('document'), each['report']['organization-name']) for each in lines[:2]]),
                         (1, [(None, 'Sender'), (2, 'Other')]))
        self.assertEqual([codes(each) for each in lines[:2]], [['trailing-bytes']] * 2)
        # One that breaks off is an input of its own.
        self.assertEqual([(each.get('document'), each['error']['code']) for each in lines[2:]], [(3, 'json-truncated')])
        status, out, _ = run('-', stdin=TEXT + b'{"a')
        self.assertEqual(status, 1)
        self.assertIn(b'1 report, 1 unusable input', out)
        # What does not begin like one is not.
        status, lines = show(TEXT + b'Bye')
        self.assertEqual((status, len(lines), codes(lines[0])), (0, 1, ['trailing-bytes']))
        self.assertEqual(len(show(TEXT * 40)[1]), 40)


class Limits(MailTest):
    """E-02: what a sender controls is bounded. That it takes linear time is shown by work.py."""

    def bounded(self, octets, megabytes=600):
        with tempfile.NamedTemporaryFile() as file:
            file.write(octets)
            file.flush()
            done = subprocess.Popen([PROGRAM, 'show', '--now', NOW, '--format', 'json', file.name], stdout=subprocess.PIPE)
            out = done.stdout.read()
            done.stdout.close()
            _, status, usage = os.wait4(done.pid, 0)
            done.returncode = os.waitstatus_to_exitcode(status)
        if IS_SMALL:
            self.assertLess(usage.ru_maxrss >> 10, megabytes)
        self.assertIn(done.returncode, (0, 1))
        return done.returncode, [json.loads(line) for line in out.splitlines()]

    def refused(self, octets, code):
        status, lines = self.bounded(octets)
        self.assertEqual((status, [line['error']['code'] for line in lines]), (1, [code]))

    def test_size(self):
        start = b'From: a@example.com\n\n'
        at_limit = start + b'x\n' * (((64 << 20) - len(start)) // 2)
        self.assertEqual(self.bounded(at_limit + b' ' * ((64 << 20) - len(at_limit)))[0], 0)
        self.refused(at_limit + b'xxx', 'mail-too-long')

    def test_fields(self):
        start = b'From: a@example.com\n'
        self.refused(start + b'X-Long: ' + b'x' * (1 << 20) + b'\n\n', 'mail-header-too-long')
        self.refused(start + b'X-Long: x\n' + b' x\n' * (1 << 19) + b'\n', 'mail-header-too-long')
        self.refused(start + MIXED + multipart(b'To: ' + b'a:' * (1 << 19) + b'\n\n'), 'mail-header-too-long')
        self.refused(b'Subject: x\n' + b'a:\n' * (8 << 20) + b'\n', 'mail-header-too-long')
        many = b''.join(b';a%d=x' % i for i in range(50_000))
        self.assertEqual(self.bounded(start + b'Content-Type: text/plain' + many + b'\n\n')[0], 0)
        status, lines = self.bounded(HEADER + b'a:\n' * 99_000 + MULTIPART + multipart(HUMAN, part()))
        self.assertEqual((status, lines[0]['report']), (0, EXPECTED))

    def test_parts(self):
        status, lines = self.bounded(HEADER + MULTIPART + multipart(*[b'\nx\n'] * 19_000, part()))
        self.assertEqual((status, lines[0]['part'], lines[0]['report']), (0, '19001', EXPECTED))
        self.refused(HEADER + MULTIPART + b'\n' + b'--b1\n\n' * 20_001, 'mail-too-many-parts')
        self.refused(HEADER + MULTIPART + b'\n' + b'--b1\n\n' * (8 << 20), 'mail-too-many-parts')
        status, lines = self.bounded(HEADER + MULTIPART + multipart(*[part(name='')] * 1_030))
        self.assertEqual((status, [line['ok'] for line in lines]), (0, [True] * 1_030))

    def test_depth(self):
        def nested(depth):
            octets = HEADER
            for i in range(depth):
                octets += b'Content-Type: multipart/mixed; boundary="d%d."\n\n--d%d.\n' % (i, i)
            return octets + part()
        self.assertEqual(self.bounded(nested(32))[1][0]['report'], EXPECTED)
        self.refused(nested(33), 'mail-nested-too-deep')
        self.refused(nested(15_000), 'mail-nested-too-deep')
        self.refused(HEADER + b'Content-Type: message/rfc822\n\n' * 15_000 + part(), 'mail-nested-too-deep')
        octets = mail()
        for _ in range(9):
            octets = b'From: a@example.com\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n' + base64.encodebytes(octets)
        self.assertEqual(self.bounded(octets)[1][0]['report'], EXPECTED)
        octets = mail(HUMAN, part(TEXT, 'application/tlsrpt+json', NAME, ''))
        for _ in range(40):
            octets = b'From: a@example.com\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n' + octets.replace(b'=', b'=3D')
            if len(octets) > 1 << 20:
                break
        self.bounded(octets)

    def test_lines_like_boundaries(self):
        octets = HEADER
        for i in range(900):
            octets += b'Content-Type: multipart/mixed; boundary="d%d."\n\n--d%d.\n' % (i, i)
        self.refused(octets + b'\n' + b'--d\n' * 19_000, 'mail-nested-too-deep')

    def test_bombs(self):
        zeros = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b''.join(zeros.compress(bytes(1 << 20)) for _ in range(256)) + zeros.flush()
        status, lines = self.bounded(mail(HUMAN, *[part(bomb)] * 18))
        self.assertEqual((status, [line['error']['code'] for line in lines]),
                         (1, ['text-too-long'] * 16 + ['too-much-text'] * 2))

    def test_memory_that_runs_out(self):
        if not IS_SMALL:
            self.skipTest('sanitizers need address space')
        with tempfile.NamedTemporaryFile() as file:
            file.write(TEXT[:-2] + b',' + b','.join([b'{"policy":{}}'] * 900_000) + b']}')
            file.flush()
            seen = {}
            for megabytes in (40, 60, 90, 110, 120, 130, 140, 200, 300):
                limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)
                done = subprocess.run([PROGRAM, 'show', '--format', 'json', file.name], capture_output=True,
                                      preexec_fn=limit, check=False)
                seen[done.returncode] = done.stdout, done.stderr
            self.assertEqual(seen.get(3), (b'', b'tlsrpt: There is not enough memory.\n'))
            self.assertLessEqual(set(seen), {1, 3})
            self.assertEqual(json.loads(seen[1][0])['error']['code'], 'too-many-policies')

    def test_lines_that_are_no_fields(self):
        for octets in (b'Subject: x\n' + b'bad line here\n' * 70_000 + b'\n\n', b'Subject: x\n' + b'{a: b\n' * 90_000):
            self.assertEqual(self.bounded(octets)[0], 0)
        self.refused(HEADER + b'x\n' * 5_000_000, 'mail-header-too-long')

    def test_repeated_fields(self):
        octets = mail(*[part(TEXT, 'application/tlsrpt+json', '', '')] * 1_000,
                      header=HEADER + b'TLS-Report-Domain: a.example\n' * 30_000 + MULTIPART)
        status, lines = self.bounded(octets)
        self.assertEqual((status, len(lines), codes(lines[0]).count('several-domains')), (0, 1_000, 15))
        line, = self.bounded(mail(header=HEADER.replace(b': example.com\nTLS', b': ' + b'()' * 20_000 + b'\nTLS') + MULTIPART))[1]
        self.assertEqual(codes(line).count('domain-field-decorated'), 16)

    def test_what_is_repeated_for_each_report_is_short(self):
        header = HEADER.replace(b'Subject: ', b'Subject: ' + b'long ' * 10_000) + MULTIPART
        octets = mail(*[part(TEXT, 'application/tlsrpt+json', '', '')] * 3_000, header=header)
        status, lines = self.bounded(octets)
        self.assertEqual((status, len(lines), len(lines[0]['mail']['subject'])), (0, 3_000, 1_000))


class Corpus(MailTest):
    """Every mail that was collected: what the table says of it, and no crash, no loss."""

    # What the table has as readable is not where the library refuses on purpose, and the other way
    # round: what it calls unreadable for usual parsers is read here.
    FAILURES = {'mime-gzip-in-gzip': 'nested-gzip', 'mime-gzip-bzip2': 'bzip2-container',
                'mime-gzip-zlib': 'zlib-container', 'mime-gzip-reserved-flag': 'gzip-reserved-flags',
                'mime-gzip-truncated': 'gzip-truncated', 'mime-gzip-bad-crc': 'gzip-checksum',
                'mime-gzip-bomb-20mib': 'expansion-ratio', 'mime-gzip-empty': 'empty-input', 'mime-json-latin1': 'invalid-utf8'}

    @unittest.skipUnless((CORPUS / 'mail').is_dir(), 'no corpus here')
    def test_corpus(self):
        rows = [row.split('\t') for row in (CORPUS / 'manifest.tsv').read_text(errors='replace').splitlines()]
        rows = [row for row in rows if row[0].startswith('mail/')]
        self.assertGreater(len(rows), 100)
        seen = 0
        for row in rows:
            path = CORPUS / row[0]
            with self.subTest(row[0]):
                status, out, err = run('--format', 'json', str(path))
                lines = [json.loads(line) for line in out.splitlines()]
                self.assertEqual(err, '')
                self.assertTrue(all(line['file'] == str(path) for line in lines))
                failure = self.FAILURES.get(path.stem)
                if failure:
                    self.assertEqual((status, lines[0]['error']['code']), (1, failure))
                elif 'header only' in row[4]:
                    self.assertEqual((status, lines[0]['error']['code']), (1, 'mail-report-missing'))
                else:
                    self.assertEqual((status, len(lines)), (0, 2 if '2 documents' in row[2] else 1), lines)
                    for line in lines:
                        self.assertTrue(line['report']['policies'], row)
                        for policy in line['report']['policies']:
                            self.assertIn('policy-domain', policy['policy'])
                            self.assertIn('total-successful-session-count', policy['summary'])
                seen += 1
        self.assertEqual(seen, len(rows))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
