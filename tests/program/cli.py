"""Runs the command-line program. Arguments: the program and the source root."""

import base64
import fcntl
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
import zipfile

from terminal import open_terminal

PROGRAM, ROOT = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
REPORTS, DATA = ROOT / 'examples/reports', ROOT / 'tests/data'
RECORD = 'v=TLSRPTv1; rua=mailto:tls@example.com,https://reports.example.net/tls'


def run(*arguments, stdin=b'', **environment):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True,
                          env={**os.environ, **environment}, timeout=60)
    return done.returncode, done.stdout.decode('utf-8', 'surrogateescape'), done.stderr.decode()


def run_on_terminal(*arguments, columns=0, **environment):
    """What the program writes when standard output is a terminal, which may say its width."""
    master, slave = open_terminal()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    env = {**os.environ, 'TERM': 'xterm', **environment}
    program = subprocess.Popen([PROGRAM, *arguments], stdout=slave, stdin=subprocess.DEVNULL, env=env)
    os.close(slave)
    written = b''
    try:
        while part := os.read(master, 4096):
            written += part
    except OSError:
        pass
    os.close(master)
    return program.wait(timeout=60), written.decode()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Show(unittest.TestCase):
    def test_what_else_json_is(self):
        """Objects that are no reports, but are known: the hint says what they are."""
        session = {'epoch': 1795219200, 'type': 1, 'policy': {'policy-type': 'no-policy-found', 'policy-domain': 'b.example'},
                   'sending-mta-ip': '192.0.2.7', 'receiving-mx-hostname': 'mx.b.example'}
        mail = 'From: tls@a.example\r\nTLS-Report-Domain: b.example\r\n\r\n'
        wrapped = {'kind': 'received', 'parts': [], 'raw': mail}
        labels = {'attachments': [{'content-type': 'application/tlsrpt+gzip', 'url': 'https://a.example/1'}]}
        other = {'epoch': 1, 'sending-mta-ip': '192.0.2.7', 'raw': 'From: tls@a.example'}
        for document, hint in ((session, 'session-of-log'), (wrapped, 'mail-in-json'), (labels, 'mail-in-json'),
                               (json.dumps(wrapped, indent=2), 'mail-in-json'), (other, None)):
            text = document if isinstance(document, str) else json.dumps(document)
            status, out, _ = run('show', '--format', 'json', stdin=text.encode())
            error = json.loads(out)['error']
            self.assertEqual((status, error['code'], error.get('hint', {}).get('code')), (1, 'not-a-report', hint))
        text = '\n'.join([json.dumps(session)] * 2)
        status, out, _ = run('show', stdin=text.encode())
        self.assertEqual((status, ' '.join(out.split()).count("Probably: This is one session of a sender's log")), (1, 2))

    def test_json_is_ascii(self):
        """What a sender wrote is escaped, octets that are not UTF-8 are replaced, and there is no whitespace."""
        after_plain = ''.join('x' * size + odd for odd in '"\\\x1f\x7f\xe9' for size in range(40)) + 'plain'
        texts = ['"\\\b\f\n\r\t\0\x1f\x7f', '\x80\xe9\u07ff\u0800\ud7ff\ue000\uffff', '\U00010000\U0010ffff', after_plain]
        broken = [b'\xe2\x82(', b'\xf0\x9f\x98', b'\xed\xa0\x80', b'\xc0\x80', b'\xf4\x90\x80\x80', b'\xe0\x80', b'a\xff\xc3']
        with tempfile.TemporaryDirectory() as directory:
            for number, octets in enumerate([text.encode() for text in texts] + broken):
                name = os.fsencode(directory) + b'/%d' % number + octets.replace(b'\0', b'')[:200] + b'.json'
                report = json.loads((REPORTS / 'rfc-structure.json').read_bytes())
                report['organization-name'] = octets.decode('utf-8', 'replace')
                with open(name, 'wb') as file:
                    file.write(json.dumps(report).encode() if number % 2 else octets)
                _, out, _ = run('show', '--format', 'json', name)
                shown = json.loads(out)
                self.assertEqual(out, json.dumps(shown, separators=(',', ':')).replace('\x7f', '\\u007f') + '\n')
                self.assertEqual(shown['file'], name.decode('utf-8', 'replace'))
                if number % 2:
                    self.assertEqual(shown['report']['organization-name'], report['organization-name'])

    def test_json_of_a_report(self):
        path = str(REPORTS / 'rfc-structure.json')
        status, out, err = run('show', '--format', 'json', path)
        self.assertEqual((status, err, out.count('\n')), (0, '', 1))
        shown = json.loads(out)
        self.assertEqual(list(shown), ['file', 'ok', 'report', 'diagnostics'])
        self.assertEqual((shown['file'], shown['ok']), (path, True))
        # The report conforms; that it is an example shows in its addresses.
        self.assertEqual({d['code'] for d in shown['diagnostics']}, {'documentation-sending-address'})
        expected = json.loads((REPORTS / 'rfc-structure.json').read_text())
        expected['date-range'] |= {'start': 1795219200, 'end': 1795305599}
        expected['policies'][0]['policy']['policy-type-known'] = True
        for details in expected['policies'][0]['failure-details']:
            details['result-type-known'] = True
            for name in ('sending-mta-ip', 'receiving-ip'):
                if name in details:
                    details[name + '-canonical'] = details[name].replace(':0004:', ':4:').replace(':0005:', ':5:')
        self.assertEqual(shown['report'], expected)

    def test_json_leaves_out_what_is_absent(self):
        status, out, _ = run('show', '--format=json', str(REPORTS / 'stalwart-nulls.json'))
        report = json.loads(out)['report']
        self.assertEqual(status, 0)
        self.assertNotIn('contact-info', report)
        self.assertNotIn('sending-mta-ip', report['policies'][0]['failure-details'][0])
        self.assertNotIn('mx-host', report['policies'][0]['policy'])
        diagnostic = json.loads(out)['diagnostics'][0]
        self.assertEqual(list(diagnostic), ['code', 'grade', 'path', 'offset', 'in', 'message', 'subject'])
        self.assertEqual((diagnostic['code'], diagnostic['grade'], diagnostic['path'], diagnostic['subject']),
                         ('null-member', 'warning', '/contact-info', 'null'))

    def test_counts_are_whole_64_bit_numbers(self):
        _, out, _ = run('show', '--format', 'json', str(DATA / 'reports/count-largest.json'))
        summary = json.loads(out)['report']['policies'][0]['summary']
        self.assertEqual(summary['total-successful-session-count'], 2**64 - 1)
        _, out, _ = run('show', '--format', 'json', str(DATA / 'reports/count-in-words.json'))
        self.assertNotIn('total-successful-session-count', json.loads(out)['report']['policies'][0]['summary'])

    def test_policy_string_is_taken_apart(self):
        _, out, _ = run('show', '--format', 'json', str(REPORTS / 'microsoft-sts-and-tlsa.json'))
        policy = json.loads(out)['report']['policies'][1]['policy']
        self.assertEqual([text[:6] for text in policy['policy-string']], ['3 1 1 ', '3 1 1 '])

    def test_unknown_values_keep_their_text(self):
        _, out, _ = run('show', '--format', 'json', str(DATA / 'reports/result-type-unknown.json'))
        details = json.loads(out)['report']['policies'][0]['failure-details'][0]
        self.assertEqual((details['result-type'], details['result-type-known']), ('policy-mismatch', False))

    def test_subjects_are_cut_between_characters(self):
        text = (DATA / 'reports/plain.json').read_text()
        name = 'x' + '\u20ac' * 100  # the 200th octet is inside a character
        _, out, _ = run('show', '--format', 'json', '-', stdin=text.replace('{', '{"%s": 1,' % name, 1).encode())
        self.assertEqual(json.loads(out)['diagnostics'][0]['subject'], 'x' + '\u20ac' * 66)

    def test_broken_documents(self):
        for row in (DATA / 'broken/expected.tsv').read_text().splitlines():
            name, code, offset = row.split('\t')
            if code == 'zip-container':  # which the library refuses and the program reads
                continue
            for arguments in ((), ('--strict',)):
                status, out, _ = run('show', '--format', 'json', *arguments, str(DATA / 'broken' / name))
                shown = json.loads(out)
                self.assertEqual((status, shown['ok']), (1, False), name)
                error = shown['error']
                self.assertEqual(list(error)[:6], ['code', 'grade', 'path', 'offset', 'in', 'message'])
                # Of what is no report strict mode may name an earlier violation.
                if code != 'not-a-report' or error['grade'] == 'fatal':
                    self.assertEqual((error['code'], error['offset']), (code, int(offset)), name)

    def test_zip(self):
        plain = (REPORTS / 'rfc-structure.json').read_bytes()
        google = (REPORTS / 'google-success.json.gz').read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'reports.zip')
            with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
                archive.writestr('2026/', b'')
                archive.writestr('2026/a.json', plain)
                archive.writestr('2026/google.json.gz', google, zipfile.ZIP_STORED)
                archive.writestr('../../\x1b[31mevil.json', plain)
                archive.writestr('__MACOSX/2026/._a.json', b'\0\5\x16\7')
            status, out, _ = run('show', '--format', 'json', path)
            shown = lines(out)
            self.assertEqual((status, [each['entry'] for each in shown]),
                             (0, ['2026/a.json', '2026/google.json.gz', '../../\x1b[31mevil.json']))
            self.assertEqual({each['file'] for each in shown}, {path})
            for each in shown:
                self.assertEqual((each['ok'], each['diagnostics'][0]['code'], each['diagnostics'][0]['in']),
                                 (True, 'in-zip', 'zip'))
            self.assertEqual(shown[2]['diagnostics'][-1]['code'], 'repeated-report')
            self.assertEqual(shown[2]['diagnostics'][-1]['subject'], path + ', entry 2026/a.json')
            status, out, _ = run('show', path)
            self.assertEqual(status, 0)
            self.assertNotIn('\x1b', out)
            self.assertIn('2 reports, 0 unusable inputs, 1 repeated report not counted', out)
            status, out, _ = run('show', '--strict', '--format', 'json', path)
            self.assertEqual((status, [(each['ok'], each['error']['code']) for each in lines(out)]), (1, [(False, 'in-zip')]))

            # What cannot be read of an archive is an unusable input, whatever else is in it.
            inner = pathlib.Path(path).read_bytes()
            with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
                archive.writestr('a.txt', b'Hello')
                archive.writestr('b.xml', b'<?xml version="1.0"?><feedback/>')
                archive.writestr('c.zip', inner)
                archive.writestr('d.json', plain, zipfile.ZIP_LZMA)
                archive.writestr('e.json', plain[:-2])
                archive.writestr('g.json', plain)
            octets = bytearray(pathlib.Path(path).read_bytes())
            octets[octets.index(b'PK\1\2') + 8] |= 1  # the first is encrypted
            status, out, _ = run('show', '--format', 'json', '-', stdin=bytes(octets))
            shown = lines(out)
            self.assertEqual(status, 1)
            self.assertEqual([(each['entry'], each['ok'], each.get('dmarc')) for each in shown],
                             [('a.txt', False, None), ('b.xml', True, True), ('c.zip, entry 2026/a.json', True, None),
                              ('c.zip, entry 2026/google.json.gz', True, None),
                              ('c.zip, entry ../../\x1b[31mevil.json', True, None), ('d.json', False, None),
                              ('e.json', False, None), ('g.json', True, None)])
            self.assertEqual([each['error']['code'] for each in shown if not each['ok']],
                             ['zip-encrypted', 'zip-method', 'json-truncated'])
            self.assertIn('2 reports, 3 unusable inputs, 1 DMARC report', run('show', '-', stdin=bytes(octets))[1])
            # An archive may be in another one, and no deeper.
            for _ in range(2):
                inner = pathlib.Path(path).read_bytes()
                with zipfile.ZipFile(path, 'w') as archive:
                    archive.writestr('inner.zip', inner)
            self.assertEqual([each['error']['code'] for each in lines(run('show', '--format', 'json', path)[1])
                              if each['entry'] == 'inner.zip, entry inner.zip'], ['cannot-read'])

            status, out, _ = run('show', '--format', 'json', '-', stdin=bytes(octets[:-1]))
            self.assertEqual((status, lines(out)[0]['error']['code']), (1, 'zip-truncated'))

    def test_strict(self):
        path = str(REPORTS / 'microsoft-sts-and-tlsa.json')
        self.assertEqual(run('show', path)[0], 0)
        status, out, _ = run('show', '--strict', '--format', 'json', path)
        error = json.loads(out)['error']
        self.assertEqual((status, error['code'], error['grade'], error['path']),
                         (1, 'missing-time-zone', 'violation', '/date-range/start-datetime'))

    def test_what_is_odd(self):
        text = (REPORTS / 'rfc-structure.json').read_text()
        odd = text.replace('"2026-11-21T23:59:59Z"', '"2026-11-21T12:00:00Z"').replace('": 162', '": 163')
        for arguments in ((), ('--strict',)):
            status, out, _ = run('show', '--format', 'json', *arguments, '-', stdin=odd.encode())
            self.assertEqual(status, 0)
            found = {d['code']: d for d in json.loads(out)['diagnostics']}
            self.assertEqual(set(found), {'documentation-sending-address', 'period-not-a-day', 'details-below-total'})
            end = found['period-not-a-day']
            self.assertEqual(list(end), ['code', 'grade', 'path', 'offset', 'in', 'message', 'subject'])
            self.assertEqual((end['grade'], end['path'], end['subject']),
                             ('note', '/date-range/end-datetime', '2026-11-21T12:00:00Z'))
            self.assertEqual(odd[found['documentation-sending-address']['offset']], '{')
            self.assertEqual(found['details-below-total']['path'], '/policies/0/summary/total-failure-session-count')
        # Offsets count in the inflated text.
        _, zipped, _ = run('show', '--format', 'json', '-', stdin=gzip.compress(odd.encode()))
        self.assertEqual(json.loads(zipped)['diagnostics'], json.loads(out)['diagnostics'])
        status, out, _ = run('show', '-', stdin=odd.encode())
        self.assertEqual(status, 0)
        shown = ' '.join(out.split())
        for part in ('Remarks warning: The failure details add up to fewer sessions', '[details-below-total]',
                     '[period-not-a-day] /date-range/end-datetime: "2026-11-21T12:00:00Z"'):
            self.assertIn(part, shown)

    def test_mistakes_in_policies(self):
        def policy(kind, *texts):
            return {'policy': {'policy-type': kind, 'policy-domain': 'example.com', 'policy-string': list(texts)},
                    'summary': {'total-successful-session-count': 1, 'total-failure-session-count': 0}}
        good = ('version: STSv1', 'mode: enforce', 'mx: mx.example.com', 'max_age: 604800')
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        report['policies'] = [policy('sts', *good),
                              policy('sts', good[0] + '\r', good[1], 'mx: mx1.example.com, mx2.example.com'),
                              policy('tlsa', '3 1 1 ' + 'ab' * 32, '3 1 1 xy'), policy('no-policy-found')]
        text = json.dumps(report)
        status, out, err = run('show', '--format', 'json', '-', stdin=text.encode())
        self.assertEqual((status, err), (0, ''))
        found = [(d['code'], d['path'], d['in'], d['offset']) for d in json.loads(out)['diagnostics']
                 if d['code'].startswith(('sts-', 'tlsa-', 'policy-'))]
        self.assertEqual(found, [
            ('sts-mx-list', '/policies/1/policy/policy-string/2', 'policy-text', len('mx: mx1.example.com')),
            ('sts-missing-max-age', '/policies/1/policy/policy-string', 'policy-text', 0),
            ('tlsa-not-hexadecimal', '/policies/2/policy/policy-string/1', 'policy-text', len('3 1 1 '))])
        # The report itself conforms, so it is not refused.
        self.assertEqual(run('show', '--strict', '-', stdin=text.encode())[0], 0)

    def test_digest_of_nothing(self):
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        report['policies'][0]['policy'] = {'policy-type': 'tlsa', 'policy-domain': 'mx.example.com', 'policy-string': [
            '3 1 1 ' + 'ab' * 32, '3 1 1 ' + hashlib.sha256().hexdigest(), '3 1 2 ' + hashlib.sha512().hexdigest()]}
        status, out, _ = run('show', '--format', 'json', '-', stdin=json.dumps(report).encode())
        found = [d['path'] for d in json.loads(out)['diagnostics'] if d['code'] == 'tlsa-digest-of-nothing']
        self.assertEqual((status, found), (0, [f'/policies/0/policy/policy-string/{i}' for i in (1, 2)]))
        self.assertIn('no certificate matches it', ' '.join(run('show', '-', stdin=json.dumps(report).encode())[1].split()))

    def test_counts_without_a_policy(self):
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        del report['policies'][0]['policy']
        status, out, _ = run('show', '--format', 'json', '-', stdin=json.dumps(report).encode())
        shown = json.loads(out)
        self.assertEqual((status, shown['ok'], shown['diagnostics'][0]['code']), (0, True, 'missing-policy'))
        self.assertEqual(shown['report']['policies'][0]['summary'], report['policies'][0]['summary'])
        self.assertEqual(len(shown['report']['policies'][0]['failure-details']),
                         len(report['policies'][0]['failure-details']))
        self.assertEqual(run('show', '--strict', '-', stdin=json.dumps(report).encode())[0], 1)

    def test_skipped_counts_are_no_clean_exit(self):
        for change in (lambda r: r['policies'].append([r['policies'][0]]), lambda r: r['policies'].append('sts'),
                       lambda r: r.update(policies=7), lambda r: r['policies'][0].update(summary=[5, 1]),
                       lambda r: r['policies'][0].update({'failure-details': 'none'}),
                       lambda r: r['policies'][0]['failure-details'].append(2)):
            report = json.loads((REPORTS / 'rfc-structure.json').read_text())
            change(report)
            octets = json.dumps(report).encode()
            status, out, _ = run('show', '--format', 'json', '-', stdin=octets)
            shown = json.loads(out)
            self.assertEqual((status, shown['ok'], shown['partial']), (1, True, True), report)
            self.assertIn('1 report, 0 unusable inputs, 1 report of which a part was skipped',
                          run('show', '-', stdin=octets)[1])
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        report['policies'] += [None, {}]
        status, out, _ = run('show', '--format', 'json', '-', stdin=json.dumps(report).encode())
        self.assertEqual((status, json.loads(out).get('partial')), (0, None))

    def test_policies_have_one_numbering(self):
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        odd = dict(report['policies'][0], **{'failure-details': []})
        odd['policy'] = {'policy-type': 'sts', 'policy-domain': 'example.com', 'policy-string': ['version: STSv1']}
        report['policies'] = ['no policy', {'summary': {}}, odd]
        _, out, _ = run('show', '--format', 'json', '-', stdin=json.dumps(report).encode())
        found = {d['code']: d['path'] for d in json.loads(out)['diagnostics']}
        self.assertEqual({code: found[code] for code in ('wrong-type', 'missing-policy', 'failures-without-details',
                                                         'sts-missing-mode')},
                         {'wrong-type': '/policies/0', 'missing-policy': '/policies/1',
                          'failures-without-details': '/policies/2/failure-details',
                          'sts-missing-mode': '/policies/2/policy/policy-string'})

    def test_the_present_time(self):
        path = str(REPORTS / 'google-success.json.gz')
        _, out, _ = run('show', '--format', 'json', path)
        range = json.loads(out)['report']['date-range']
        def found(*now):
            status, out, err = run('show', '--format', 'json', *now, path)
            self.assertEqual((status, err), (0, ''))
            return [d['code'] for d in json.loads(out)['diagnostics']]
        self.assertEqual(found('--now', '2026-11-23T08:00:00+01:00'), [])
        self.assertEqual(found('--now', range['start-datetime']), ['period-in-future'])
        self.assertEqual(found('--now', '9999-12-31T00:00:00Z'), [])
        for wrong in ('', 'yesterday', '2026-11-23', '2026-11-23T08:00:00'):
            status, out, err = run('show', '--now', wrong, path)
            self.assertEqual((status, out), (2, ''), wrong)
            self.assertIn('not a date-time', err)

    def test_equal_failure_details_are_put_together(self):
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        details = report['policies'][0]['failure-details']
        report['policies'][0]['failure-details'] = [
            details[1], {**details[0], 'failed-session-count': 2**64 - 1}, details[0],
            {**details[1], 'receiving-mx-hostname': 'MX2.mail.example.com.', 'failed-session-count': 3}]
        stdin = json.dumps(report).encode()
        _, out, _ = run('show', '-', stdin=stdin)
        self.assertRegex(out, r' 122 x starttls-not-supported\n.*\n *combined from 2 entries')
        self.assertRegex(out, r'18446744073709551615 x certificate-expired\n.*\n *combined from 2 entries')
        self.assertEqual(out.count(' x '), 2)
        self.assertIn('[equal-failure-details]', ' '.join(out.split()))
        # Other programs get what the sender wrote.
        _, out, _ = run('show', '--format', 'json', '-', stdin=stdin)
        self.assertEqual(len(json.loads(out)['report']['policies'][0]['failure-details']), 4)

    def test_standard_input_by_content(self):
        text = (REPORTS / 'rfc-structure.json').read_bytes()
        for stdin in (text, gzip.compress(text)):
            status, out, _ = run('show', '--format', 'json', '-', stdin=stdin)
            shown = json.loads(out)
            self.assertEqual((status, shown['file'], shown['report']['report-id'][:4]), (0, '-', '7f1c'))
            self.assertEqual(run('show', '--format', 'json', stdin=stdin), (status, out, ''))
        for arguments in (('-',), ()):
            status, out, _ = run('show', '--format', 'json', *arguments, stdin=b'')
            self.assertEqual((status, json.loads(out)['error']['code']), (1, 'empty-input'))

    def test_directories(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            text = (DATA / 'reports/plain.json').read_bytes()
            for name in ('b/2.json', 'b/1.json', 'a.json', 'c.bin', '.hidden/x.json', 'b/.x'):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_bytes(text)
            os.mkfifo(root / 'pipe')
            (root / 'b/loop').symlink_to(root)
            (root / 'z.json').symlink_to(root / 'a.json')
            (root / 'dangling').symlink_to(root / 'nowhere')
            (root / 'bad.json').write_text('{')
            (root / 'empty').mkdir()
            status, out, _ = run('show', '--format', 'json', folder, folder + '/a.json')
            names = ['a.json', 'b/1.json', 'b/2.json', 'bad.json', 'c.bin', 'z.json', 'a.json']
            self.assertEqual([line['file'] for line in lines(out)], [f'{folder}/{name}' for name in names])
            self.assertEqual([line['ok'] for line in lines(out)], [True] * 3 + [False] + [True] * 3)
            self.assertEqual(status, 1)
            self.assertEqual(run('show', '--format', 'json', str(root / 'empty')), (0, '', ''))

    def test_what_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.fsencode(folder) + b'/caf\xe9.json'
            done = subprocess.run([PROGRAM, 'show', '--format', 'json', missing], capture_output=True)
            shown = json.loads(done.stdout)
            self.assertEqual((done.returncode, shown['ok'], shown['diagnostics']), (1, False, []))
            self.assertEqual((shown['error']['code'], shown['error']['grade']), ('cannot-read', 'fatal'))
            self.assertTrue(shown['file'].endswith('/caf\ufffd.json'))
            text = subprocess.run([PROGRAM, 'show', missing], capture_output=True)
            self.assertIn(b'caf\\xe9.json', text.stdout)

    def test_what_is_too_long(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'long'
            for start, code in ((b'{}', 'text-too-long'), (b'\x1f\x8b', 'compressed-too-long')):
                with open(path, 'wb') as file:
                    file.write(start)
                    file.truncate(10**12)  # sparse: reading all of it would take for ever
                status, out, _ = run('show', '--format', 'json', str(path))
                error = json.loads(out)['error']
                self.assertEqual((status, error['code'], error['offset']), (1, code, 64 << 20))

    def test_text(self):
        status, out, err = run('show', str(REPORTS))
        self.assertEqual((status, err), (0, ''))
        for part in ('Webmail Example Inc.', 'Domain      example.com', 'Period      2026-11-22 (UTC day)',
                     '57 succeeded (90.5 %), 6 failed (9.5 %)', 'at mx2.example.com [192.0.2.26], from 203.0.113.17',
                     'reason: MX_HOSTS_MISMATCH', 'What helps:', '[missing-time-zone]',
                     '/date-range/start-datetime: "2026-11-22T00:00:00"', '8 reports, 0 unusable inputs',
                     'Authentication was not checked'):
            self.assertIn(part, out)
        self.assertNotIn('\x1b', out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, line)
        # Policies of different type are not added up.
        self.assertRegex(out, r'example\.com +sts +[0-9]')
        self.assertRegex(out, r'example\.com +tlsa +[0-9]')

    def test_text_explains_each_result_type_once(self):
        _, out, _ = run('show', str(REPORTS / 'mail.ru-fetch-error.json'))
        self.assertEqual(len(re.findall('^  sts-policy-fetch-error$', out, re.M)), 1)
        self.assertEqual(out.count('What helps:'), 1)

    def test_meanings_are_explained_once_in_a_run(self):
        paths = (str(REPORTS / 'mail.ru-fetch-error.json'), str(REPORTS / 'google-failure.json'))
        text = [pathlib.Path(path).read_text() for path in paths]
        twice = text[1].replace('"report-id":"', '"report-id":"other-')
        self.assertNotEqual(twice, text[1])
        for arguments, times in (((), 1), (('--verbose',), 2), (('-v',), 2)):
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / 'report.json').write_text(twice)
                _, out, _ = run('show', *arguments, *paths, folder)
            found = re.findall('^  (certificate-host-mismatch|sts-policy-fetch-error)$', out, re.M)
            self.assertEqual([found.count(each) for each in ('sts-policy-fetch-error', 'certificate-host-mismatch')],
                             [1, times])

    def policy_text(self, kind, *texts):
        """What is shown of a policy that a report repeats."""
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        report['policies'] = [{'policy': {'policy-type': kind, 'policy-domain': 'example.com', 'policy-string': texts},
                               'summary': {'total-successful-session-count': 1, 'total-failure-session-count': 0}}]
        return ' '.join(run('show', '-', stdin=json.dumps(report).encode())[1].split())

    def test_the_policy_as_the_sender_saw_it(self):
        lines = ('version: STSv1', 'mx: a.example.com', 'mx: *.example.net')
        for mode, meaning in (('enforce', 'or is not delivered'), ('testing', 'mail is delivered all the same'),
                              ('none', 'as without a policy'), ('maybe', 'which senders do not know')):
            shown = self.policy_text('sts', f'mode: {mode}', 'max_age: 86400', *lines)
            self.assertRegex(shown, rf'Mode {mode}[:,] [a-z ,]*{meaning} Max age 86400 seconds, 1 day mx a\.example\.com, \*\.example\.net')
        shown = self.policy_text('sts', 'max_age: 7200', *['mx: mx.example.com'] * 12)
        self.assertIn('Mode not given Max age 7200 seconds, 2 hours mx mx.example.com,', shown)
        self.assertIn(' and 2 more', shown)
        self.assertIn('max_age', self.policy_text('sts', 'max_age: x', 'mode: \x1b[2J'))
        digest = 'ab' * 32
        shown = self.policy_text('tlsa', '3 1 1 ' + digest, '9 1 1 ' + digest, 'what?')
        self.assertIn(f'TLSA 3 1 1 {digest} (DANE-EE SPKI SHA2-256) 9 1 1 {digest} what?', shown)
        self.assertIn(' and 3 more', self.policy_text('tlsa', *['3 1 1 ' + digest] * 13))
        self.assertNotIn('TLSA', self.policy_text('no-policy-found', '3 1 1 ' + digest))

    def test_a_host_outside_the_policy_stands_beside_its_failure(self):
        report = json.loads((REPORTS / 'google-failure.json').read_text())
        for details in report['policies'][0]['failure-details']:
            details['receiving-mx-hostname'] = 'mx.example.org'
        _, out, _ = run('show', '-', stdin=json.dumps(report).encode())
        shown = ' '.join(out.split())
        self.assertRegex(shown, r'at mx\.example\.org [^x]*The mail host matches no mx pattern of the MTA-STS policy')
        self.assertNotIn('[mx-outside-policy]', shown.partition(' Remarks ')[2])
        self.assertNotIn('[mx-outside-policy]', run('show', str(REPORTS / 'google-failure.json'))[1])

    def test_what_is_refused_at_its_beginning_is_quoted(self):
        for octets, quoted in ((b'unused', 'unused'), (b'<!DOCTYPE html>\n<html>', '<!DOCTYPE html>'),
                               (gzip.compress(b'unused'), 'unused'), (b'\x1b[2J' + b'x' * 100, '\\x1b[2J' + 'x' * 56)):
            status, out, _ = run('show', '-', stdin=octets)
            self.assertEqual(status, 1)
            self.assertIn(f'It begins: "{quoted}"', ' '.join(out.split()))
            _, out, _ = run('show', '--format', 'json', '-', stdin=octets)
            self.assertTrue(json.loads(out)['error']['subject'].encode('unicode_escape').decode().startswith(quoted[:4]))
        self.assertNotIn('It begins', run('show', '-', stdin=b'{"policies": [')[1])
        self.assertNotIn('It begins', run('show', '-')[1])

    def test_text_has_the_width_of_the_terminal(self):
        def longest(columns):
            status, written = run_on_terminal('show', '--color', 'never', str(REPORTS / 'google-failure.json'),
                                              columns=columns)
            self.assertEqual(status, 0)
            return max(len(line.rstrip('\r')) for line in written.split('\n'))
        self.assertLessEqual(longest(70), 70)  # the table of sums needs as much
        self.assertTrue(80 < longest(120) <= 120)
        self.assertTrue(70 < longest(0) <= 80)  # it does not say

    def test_period_that_is_no_day(self):
        _, out, _ = run('show', str(DATA / 'reports/range-is-a-week.json'))
        self.assertIn('Period      2026-11-16T00:00:00Z to 2026-11-22T23:59:59Z', out)
        _, out, _ = run('show', str(DATA / 'reports/range-ends-next-midnight.json'))
        self.assertIn('Period      2026-11-22 (UTC day)', out)
        _, out, _ = run('show', str(DATA / 'reports/date-range-missing.json'))
        self.assertIn('Period      unknown to unknown', out)

    def test_domain_that_is_not_given(self):
        text = (REPORTS / 'postfix-no-policy.json').read_bytes()
        named, anonymous = 'mail.sender.example!example.net!1795305600!1795391999!001.json', 'a!b.json'
        with tempfile.TemporaryDirectory() as folder:
            for name, domain, policy, key in (
                    (named, 'example.net (inferred from the file name)', 'example.net (inferred from the file name)', 'example.net'),
                    (anonymous, '(not given)', '(domain not given)', '(domain not given)')):
                (pathlib.Path(folder) / name).write_bytes(text)
                out = run('show', f'{folder}/{name}')[1]
                self.assertIn(f'\nDomain      {domain}\n', out)
                self.assertIn(f'\n{policy}: no policy found\n', out)
                self.assertRegex(out, rf'\n{re.escape(key)}  no-policy-found +1 ')
                _, out, _ = run('show', '--format', 'json', f'{folder}/{name}')
                policy = json.loads(out)['report']['policies'][0]['policy']
                given = ('example.net', True) if name == named else (None, None)
                self.assertEqual((policy.get('policy-domain'), policy.get('policy-domain-inferred')), given)
                found = 'inferred-policy-domain' in [d['code'] for d in json.loads(out)['diagnostics']]
                self.assertEqual(found, name == named)

    def test_file_name_contradicts_nothing(self):
        path = REPORTS / 'google-failure.json'
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / 'other.example!example.net!1!2.json'
            copy.write_bytes(path.read_bytes())
            shown, expected = (json.loads(run('show', '--format', 'json', str(p))[1]) for p in (copy, path))
            self.assertEqual({**shown, 'file': None}, {**expected, 'file': None})

    def test_repeated_report(self):
        text = (DATA / 'reports/plain.json').read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            for name, octets in (('1.json', text), ('2.gz', gzip.compress(text)), ('3.json', text.replace(b'": 9', b'": 8'))):
                (pathlib.Path(folder) / name).write_bytes(octets)
            _, out, _ = run('show', '--format', 'json', folder)
            found = [[d.get('subject') for d in line['diagnostics'] if d['code'] == 'repeated-report'] for line in lines(out)]
            self.assertEqual(found, [[], [folder + '/1.json'], []])
            _, out, _ = run('show', folder)
            self.assertIn('2 reports, 0 unusable inputs, 1 repeated report not counted\n', out)
            self.assertRegex(out, r'example\.com +sts +2 +17 +4 ')

    def test_hostile_text_does_not_reach_the_terminal(self):
        path = str(DATA / 'reports/organization-name-hostile.json')
        for _, out in (run('show', path)[:2], run_on_terminal('show', path, NO_COLOR='1')):
            self.assertIn('\\x1b]0;title\\x07 \\u{202e}elpmaxE', out)
            self.assertNotRegex(out, '[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]')
        _, out, _ = run('show', '--format', 'json', path)
        self.assertTrue(out.isascii() and '\x1b' not in out)
        self.assertEqual(json.loads(out)['report']['organization-name'],
                         '<b>Sender</b>\x1b]0;title\x07 \u202eelpmaxE')

    def test_long_text_is_cut(self):
        _, out, _ = run('show', str(DATA / 'reports/long-reason.json'))
        self.assertRegex(out.replace('\n', ' '), r'\[\d+ +more +octets\]')
        self.assertLess(len(out), 4000)

    def test_colour(self):
        path = str(REPORTS / 'google-failure.json')
        self.assertIn('\x1b[1m', run_on_terminal('show', path, NO_COLOR='')[1])
        self.assertNotIn('\x1b', run_on_terminal('show', path, NO_COLOR='1')[1])
        self.assertNotIn('\x1b', run_on_terminal('show', path, NO_COLOR='', TERM='dumb')[1])
        self.assertNotIn('\x1b', run_on_terminal('show', '--format', 'json', path, NO_COLOR='')[1])
        for command in (('show', path), ('check', RECORD)):
            status, plain, _ = run(*command)
            coloured = run(*command, '--color', 'always', NO_COLOR='1', TERM='dumb')[1]
            self.assertIn('\x1b[', coloured)
            self.assertEqual(re.sub(r'\x1b\[\d+m', '', coloured), plain)
            self.assertEqual(run_on_terminal(*command, '--color', 'never', NO_COLOR='')[1].replace('\r', ''), plain)
            self.assertNotIn('\x1b', run(*command, '--color=always', '--format=json')[1])

    def test_progress(self):
        def progress(on_terminal):
            """What a terminal has that standard error is, and perhaps standard output."""
            master, slave = open_terminal()
            with tempfile.TemporaryFile() as file:
                program = subprocess.Popen([PROGRAM, 'show', '--format', 'json', *[str(DATA / 'reports')] * 2],
                                           stdout=slave if on_terminal else file, stderr=slave)
                os.write(slave, b'.')
                shown = b''
                while select.select([master], [], [], 0.1)[0] or program.poll() is None:
                    shown += os.read(master, 65536) if select.select([master], [], [], 0)[0] else b''
            os.close(slave)
            os.close(master)
            return shown.decode()
        # Who writes to a file may have a terminal for errors that others read as well.
        self.assertEqual(progress(False), '.')
        shown = progress(True)
        self.assertRegex(shown, r'\r50 of \d+\r +\r\{')
        self.assertRegex(shown, r'\r100 of \d+\r +\r\{')

    def test_reader_that_goes_away(self):
        for ignored in (True, False):
            for output in ('text', 'json'):
                program = subprocess.Popen([PROGRAM, 'show', '--format', output, *[str(DATA / 'reports')] * 40],
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                                           pipesize=4096,  # what is written does not fit
                                           restore_signals=not ignored)
                program.stdout.readline()
                program.stdout.close()
                self.assertEqual(program.stderr.read(), b'')
                program.stderr.close()
                self.assertEqual(program.wait(timeout=60), -signal.SIGPIPE)

    def test_reader_that_goes_away_while_the_signal_is_blocked(self):
        read, write = os.pipe()
        os.close(read)
        block = ('import os, signal, sys; signal.signal(signal.SIGPIPE, signal.SIG_IGN);'
                 'signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE}); os.execv(sys.argv[1], sys.argv[1:])')
        done = subprocess.run([sys.executable, '-c', block, PROGRAM, 'check', RECORD], stdout=write,
                              stderr=subprocess.PIPE)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (128 + signal.SIGPIPE, b''))

    def test_many_files(self):
        text = (DATA / 'reports/plain.json').read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            for i in range(3000):
                (pathlib.Path(folder) / f'{i:04}.json').write_bytes(text.replace(b'2026-11-22-example.com', b'%d' % i))
            status, out, err = run('show', '--format', 'json', folder)
            self.assertEqual((status, err), (0, ''))
            self.assertEqual([line['file'] for line in lines(out)], [f'{folder}/{i:04}.json' for i in range(3000)])
            self.assertTrue('3000 reports, 0 unusable inputs' in run('show', folder)[1])
            # Whoever wants no more than the first line does not wait for the rest.
            first = subprocess.run(['bash', '-c', 'set -o pipefail; "$0" show --format json "$1" | head -n 1', PROGRAM, folder],
                                   capture_output=True)
            self.assertEqual((first.returncode, first.stderr), (128 + signal.SIGPIPE, b''))
            self.assertEqual(json.loads(first.stdout)['file'], f'{folder}/0000.json')

    def test_hostile_names(self):
        text = (DATA / 'reports/plain.json').read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            for name in ('a\nb', 'c\x1b[31m', '-', '--strict', '[x]'):
                (pathlib.Path(folder) / name).write_bytes(text)
            headings = ['== -', '== --strict', '== [x]', '== a\\nb', '== c\\x1b[31m']
            def shown(*arguments):
                done = subprocess.run([PROGRAM, 'show', *arguments], cwd=folder, stdout=subprocess.PIPE,
                                      stdin=subprocess.DEVNULL)
                details = done.stdout.decode().split('== Details\n')[1]
                return [line.replace('./', '') for line in details.splitlines() if line.startswith('== ')]
            self.assertEqual(shown('.'), headings)
            self.assertEqual(shown('--', './-', '--strict', '[x]', 'a\nb', 'c\x1b[31m'), headings)
            _, out, _ = run('show', '--format', 'json', folder)
            self.assertEqual([pathlib.Path(line['file']).name for line in lines(out)],
                             ['-', '--strict', '[x]', 'a\nb', 'c\x1b[31m'])


class Inputs(unittest.TestCase):
    PLAIN = (DATA / 'reports/plain.json').read_bytes().strip()

    def numbered(self, number):
        return json.dumps(json.loads(self.PLAIN.replace(b'2026-11-22-example.com', b'%d' % number))).encode()

    def test_all_of_a_stream_is_read(self):
        for end in (b'', b'\n', b'\r\n\r\n'):
            stream = end.join(self.numbered(i) for i in range(200))
            for octets in (stream, gzip.compress(stream, 0)):
                status, out, _ = run('show', '--format', 'json', stdin=octets)
                self.assertEqual((status, [each['report']['report-id'] for each in lines(out)]),
                                 (0, [str(i) for i in range(200)]))
                self.assertEqual([each.get('document') for each in lines(out)], [None, *range(2, 201)])
        # What is broken does not hide what follows it.
        for broken in (b'{"a":', b'{"a":1}', b'{"a":"', b'{"a":]}'):
            status, out, _ = run('show', '--format', 'json', stdin=b'\n'.join([broken, self.PLAIN, broken, self.PLAIN]))
            self.assertEqual((status, [each['ok'] for each in lines(out)]), (1, [False, True, False, True]), broken)

    def test_what_is_not_read_of_a_stream(self):
        # More texts than real reports could have: those of a bomb.
        bomb = gzip.compress(b''.join(b'{"policies":[],"report-id":"%d"}\n' % i for i in range(20_000)))
        for octets in (bomb, b'{"a":\n' * 40):
            status, out, _ = run('show', '--format', 'json', stdin=octets)
            self.assertEqual((status, lines(out)[-1]['error']['code']), (1, 'cannot-read'))
            self.assertIn('the rest', lines(out)[-1]['error']['message'])
            self.assertLess(out.count('\n'), 1_000)

    def test_lines(self):
        text = self.numbered(1)
        packed = [base64.b64encode(gzip.compress(text, mtime=0)), base64.b64encode(gzip.compress(text, mtime=0)).rstrip(b'=')]
        stream = [text, b'', *packed, b'{"a":', b'%%%', b'QQ', text + text, text + b'\r', b' ' + text]
        status, out, err = run('show', '--lines', '--format', 'json', stdin=b'\n'.join(stream))
        shown = lines(out)
        self.assertEqual((status, err, [each['line'] for each in shown]), (1, '', [*range(1, len(stream) + 1)]))
        self.assertEqual([each.get('error', {}).get('code') for each in shown],
                         [None, 'empty-input', None, None, 'json-truncated', 'json-expected-value', 'json-expected-value',
                          'trailing-bytes', None, None])
        # Each line is on its own: no report is a repeated one.
        self.assertEqual({each['report']['report-id'] for each in shown if each['ok']}, {'1'})
        self.assertNotIn('repeated-report', out)
        self.assertEqual(run('show', '--lines', '--format', 'json', stdin=b''), (0, '', ''))
        self.assertEqual(run('show', '--lines', '--format', 'json', stdin=text + b'\n')[1].count('\n'), 1)
        self.assertEqual(run('show', '--lines', stdin=text)[0], 2)

    def test_a_line_that_is_too_long(self):
        stream = b'\n'.join([self.PLAIN.replace(b'\n', b''), b' ' * (65 << 20), self.PLAIN.replace(b'\n', b'')])
        status, out, _ = run('show', '--lines', '--format', 'json', stdin=stream)
        self.assertEqual((status, [each['ok'] for each in lines(out)]), (1, [True, False, True]))
        self.assertEqual(lines(out)[1]['error']['code'], 'text-too-long')

    def test_what_is_no_format(self):
        for octets in (b'unused', gzip.compress(b'unused'), b'\0' * 64, b'\xd0\x0d\0\0 mail of another program'):
            status, out, _ = run('show', '--format', 'json', stdin=octets)
            self.assertEqual((status, json.loads(out)['error']['code']), (1, 'unknown-format'))
        self.assertIn('It begins: "unused"', run('show', stdin=b'unused')[1])

    def test_other_forms_are_named_with_the_way_out(self):
        for magic, way in ((b'\x28\xb5\x2f\xfd', 'zstdcat'), (b'BZh91AY&SY', 'bzcat'), (b'\xfd7zXZ\0', 'xzcat'),
                           (b"7z\xbc\xaf\x27\x1c", '7z x -so'), (b'\xff\xfe{\0\r\0', 'iconv -f UTF-16 -t UTF-8')):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "a'b"
                path.write_bytes(magic + bytes(60))
                status, out, _ = run('show', str(path))
                self.assertEqual(status, 1)
                # Nobody is led to put the name into a shell.
                self.assertIn(f'This may help: {way} FILE | tlsrpt show -', ' '.join(out.split()))
                shown = json.loads(run('show', '--format', 'json', str(path))[1])
                self.assertEqual(shown['error']['way-out'], f'{way} FILE | tlsrpt show -')

    def test_dmarc_reports_are_counted_apart(self):
        xml = b'<?xml version="1.0"?><feedback><report_metadata/></feedback>'
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'a.xml').write_bytes(xml)
            (root / 'b.xml.gz').write_bytes(gzip.compress(xml))
            with zipfile.ZipFile(root / 'c.zip', 'w') as archive:
                archive.writestr('c.xml', xml)
            (root / 'd.json').write_bytes(self.PLAIN)
            status, out, _ = run('show', folder)
            self.assertIn('1 report, 0 unusable inputs, 3 DMARC reports', out)
            self.assertEqual(status, 0)
            self.assertEqual(run('show', '--strict', str(root / 'a.xml'), str(root / 'b.xml.gz'))[0], 0)
            self.assertEqual(run('write', str(root / 'a.xml')), (0, '', ''))
            (root / 'e.xml').write_bytes(b'<?xml version="1.0"?><other/>')
            self.assertEqual(run('show', folder)[0], 1)

    def test_hostile_files(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'a').symlink_to('b')
            (root / 'b').symlink_to('a')
            for path in ('a', 'none', 'a/b', 'x' * 300):
                status, out, _ = run('show', '--format', 'json', str(root / path))
                self.assertEqual((status, json.loads(out)['error']['code']), (1, 'cannot-read'))
            deep = root / 'deep'
            deep.mkdir()
            here = os.open(deep, os.O_RDONLY)
            for _ in range(1_500):  # longer than a path may be
                os.mkdir('xxxx', dir_fd=here)
                inner = os.open('xxxx', os.O_RDONLY, dir_fd=here)
                os.close(here)
                here = inner
            os.close(here)
            self.assertIn(run('show', '--format', 'json', str(root))[0], (0, 1))
            subprocess.run(['rm', '-rf', str(deep)], check=True)
            os.mkfifo(root / 'pipe')
            program = subprocess.Popen([PROGRAM, 'show', '--format', 'json', str(root / 'pipe')], stdout=subprocess.PIPE)
            with open(root / 'pipe', 'wb') as pipe:
                pipe.write(self.PLAIN)
            out, _ = program.communicate(timeout=60)
            self.assertEqual((program.returncode, json.loads(out)['ok']), (0, True))
            status, out, _ = run('show', '--format', 'json', '/dev/zero')
            self.assertEqual((status, json.loads(out)['ok']), (1, False))

    def test_gzip_that_expands_without_end(self):
        mails = gzip.compress(b'From a Sun Nov 22 06:00:00 2026\nSubject: x\n\n' + bytes(40 << 20))
        mails += gzip.compress(bytes(300 << 20))
        status, out, _ = run('show', '--format', 'json', stdin=mails)
        self.assertEqual((status, lines(out)[-1]['error']['code']), (1, 'expansion-ratio'))
        archive, bomb = io.BytesIO(), gzip.compress(bytes(60 << 20))
        with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as file:
            for i in range(20):
                file.writestr(f'{i}.json.gz', bomb)
        status, out, _ = run('show', '--format', 'json', stdin=archive.getvalue())
        self.assertEqual((status, lines(out)[-1]['error']['code']), (1, 'too-much-text'))


class Write(unittest.TestCase):
    FAULTY = str(REPORTS / 'stalwart-nulls.json')

    def test_strict(self):
        path = str(REPORTS / 'google-failure.json')
        status, out, err = run('write', path)
        self.assertEqual((status, err, out.count('\n')), (0, '', 1))
        self.assertEqual(json.loads(out), json.loads((REPORTS / 'google-failure.json').read_text()))
        # What was written is read without a finding, and written as it is.
        shown = lines(run('show', '--strict', '--format', 'json', '-', stdin=out.encode())[1])
        self.assertEqual({d['code'] for d in shown[0]['diagnostics']}, {'documentation-sending-address'})
        self.assertEqual(run('write', stdin=out.encode()), (0, out, ''))
        self.assertEqual(run('write', stdin=gzip.compress(out.encode())), (0, out, ''))

    def test_pretty_and_gzip(self):
        path = str(REPORTS / 'google-failure.json')
        _, compact, _ = run('write', path)
        status, out, err = run('write', '--pretty', path)
        self.assertEqual((status, err), (0, ''))
        self.assertTrue(out.startswith('{\n  "organization-name": "Webmail Example Inc.",\n'))
        self.assertEqual(json.loads(out), json.loads(compact))
        for _ in range(2):
            done = subprocess.run([PROGRAM, 'write', '--gzip', path], capture_output=True, timeout=60, check=True)
            self.assertEqual(gzip.decompress(done.stdout), compact.rstrip('\n').encode())
            self.assertEqual(done.stdout[:10], b'\x1f\x8b\x08\0\0\0\0\0\0\xff')

    def test_faults(self):
        status, out, err = run('write', self.FAULTY)
        self.assertEqual((status, out), (1, ''))
        self.assertEqual(err, f'tlsrpt: {self.FAULTY}: /contact-info: A member that reports should have is missing. '
                              '[missing-member]\n')
        status, out, err = run('write', '--faithful', self.FAULTY)
        self.assertEqual((status, err, out.count('\n')), (0, '', 1))
        self.assertNotIn('contact-info', json.loads(out))
        self.assertNotIn('null', out)

    def test_several(self):
        path = str(REPORTS / 'google-failure.json')
        status, out, err = run('write', path, self.FAULTY, str(ROOT / 'none'), path)
        self.assertEqual((status, out.count('\n')), (1, 1))  # the same report once
        self.assertEqual([line.rpartition(' ')[2] for line in err.splitlines()], ['[missing-member]', '[cannot-read]'])
        status, out, err = run('write', '--faithful', str(REPORTS))
        self.assertEqual((status, err, out.count('\n')), (0, '', len(list(REPORTS.iterdir()))))

    def test_what_was_skipped(self):
        report = json.loads((REPORTS / 'rfc-structure.json').read_text())
        _, whole, _ = run('write', stdin=json.dumps(report).encode())
        report['policies'].append('sts')
        octets = json.dumps(report).encode()
        complaint = ('tlsrpt: -: The value does not have the type that RFC 8460 requires; it is skipped. '
                     '[wrong-type]\n')
        self.assertEqual(run('write', stdin=octets), (1, '', complaint))
        self.assertEqual(run('write', '--faithful', stdin=octets), (1, whole, complaint))

    def test_no_report(self):
        status, out, err = run('write', stdin=b'{"a":')
        self.assertEqual((status, out), (1, ''))
        self.assertEqual(err, 'tlsrpt: -: The JSON text ends too early. [json-truncated]\n')


class Check(unittest.TestCase):
    def test_json(self):
        status, out, err = run('check', '--format', 'json', RECORD + '; x-note=1')
        self.assertEqual((status, err), (0, ''))
        shown = json.loads(out)
        self.assertEqual(list(shown), ['ok', 'records', 'endpoints', 'extensions', 'diagnostics'])
        self.assertEqual(shown['records'], [RECORD + '; x-note=1'])
        self.assertEqual(shown['endpoints'], [
            {'scheme': 'mailto', 'uri': 'mailto:tls@example.com', 'target': 'tls@example.com'},
            {'scheme': 'https', 'uri': 'https://reports.example.net/tls', 'target': 'https://reports.example.net/tls'}])
        self.assertEqual(shown['extensions'], [{'name': 'x-note', 'value': '1'}])
        self.assertTrue(shown['ok'])

    def test_unusable_records(self):
        for record, code in (('', 'no-txt-record'), ('""', 'not-tlsrpt'), ('v=spf1 -all', 'not-tlsrpt'), ('V=TLSRPTv1; rua=mailto:a@example.com', 'version-case'),
                             ('v=TLSRPTv1;', 'missing-field'), ('[a,b]', 'not-tlsrpt')):
            status, out, _ = run('check', '--format', 'json', record)
            self.assertEqual((status, json.loads(out)['ok'], json.loads(out)['error']['code']), (1, False, code), record)

    def test_hint(self):
        _, out, _ = run('check', '--format', 'json', 'v=TLSRPTv1; RUA=mailto:a@example.com')
        error = json.loads(out)['error']
        self.assertEqual((error['code'], error['hint']['code']), ('missing-rua', 'rua-name-case'))
        self.assertTrue(error['hint']['message'].endswith('.'))

    def test_several_records(self):
        status, out, _ = run('check', '--format', 'json', 'v=spf1 -all', RECORD)
        self.assertEqual((status, len(json.loads(out)['endpoints'])), (0, 2))
        status, out, _ = run('check', '--format', 'json', RECORD, 'v=TLSRPTv1; rua=mailto:b@example.com')
        self.assertEqual((status, json.loads(out)['error']['code']), (1, 'several-records'))

    def test_text(self):
        status, out, _ = run('check', RECORD)
        self.assertEqual(status, 0)
        self.assertIn('tls@example.com by mail', out)
        self.assertIn('https://reports.example.net/tls by HTTPS', out)
        status, out, _ = run('check', 'v=TLSRPTv1; RUA=mailto:a@example.com')
        self.assertEqual(status, 1)
        self.assertIn('[missing-rua, at octet', ' '.join(out.split()))
        # What is probably the reason is among the remarks: it is said once.
        self.assertEqual(out.count('[rua-name-case]'), 1)
        self.assertNotIn('Probably:', out)

    def test_hostile_record(self):
        for output in ('text', 'json'):
            _, out, _ = run('check', '--format', output, 'v=TLSRPTv1; rua=mailto:a@example.com; x=\x1b[2J\x07')
            self.assertNotRegex(out, '[\x00-\x09\x0b-\x1f\x7f-\x9f]')

    def test_octets_that_are_not_utf_8(self):
        done = subprocess.run([PROGRAM, 'check', '--format', 'json', b'v=TLSRPTv1; rua=mailto:\xff@example.com'],
                              capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertFalse(json.loads(done.stdout)['ok'])


    def test_standard_input(self):
        def check(*records, stdin=None):
            status, out, err = run('check', '--format', 'json', *records, stdin=stdin or b'')
            self.assertEqual(err, '')
            return status, json.loads(out)
        alone, both = check(RECORD), check('v=spf1 -all', RECORD)
        # As it is, as dig writes it, and cut into strings, with escapes.
        quoted = f'"{RECORD}"'
        cut = '"v=TLSRPTv1\\; rua=mailto:t" \t"\\108s@example.com,\\https://reports.example.net/tls"'
        for line in (RECORD, quoted, cut, f'\n  \n  {quoted}  \r\n'):
            for arguments in ((), ('-',)):
                self.assertEqual(check(*arguments, stdin=line.encode()), alone, line)
        self.assertEqual(check(stdin=f'"v=spf1 -all"\n{quoted}\n'.encode()), both)
        # Quotation marks may be in the fields of a record, and what is malformed is left as it is.
        for line in (RECORD + '; x="a"', quoted + ' x', quoted[:-1], '"\\', '"\\25', '"\\256"', '"\\1x1"'):
            self.assertEqual(check(stdin=line.encode()), check(line), line)
        self.assertEqual(check(stdin=b'""'), check('""'))
        # Whoever copies the argument from dig copies the quotation marks.
        for argument in (quoted, cut):
            self.assertEqual(check(argument), alone)
        self.assertEqual(check('"v=spf1 -all"', quoted), both)
        self.assertEqual(check(f'"\\"{RECORD}\\""')[1]['error']['code'], 'quoted-twice')
        # dig also writes the targets of CNAME records, and comments.
        for before in ('h.example.', '_smtp._tls.H.example.\nx.example.', '; <<>> DiG <<>>\n;; Got answer:'):
            status, shown = check(stdin=f'{before}\n{quoted}\n'.encode())
            shown.pop('alias', None)
            self.assertEqual((status, shown), alone)
        for stdin, code in ((b'', 'no-txt-record'), (b'-', 'not-tlsrpt'), (b'-\n-', 'not-tlsrpt')):
            status, shown = check(stdin=stdin)
            self.assertEqual((status, shown['error']['code']), (1, code))

    def test_no_answer(self):
        said = ';; connection timed out; no servers could be reached'
        status, out, err = run('check', stdin=f'\n{said}\n;; \x1b\n'.encode())
        self.assertEqual((status, out, err), (1, '', f'tlsrpt: standard input: no answer was read: {said}\n'))
        status, out, err = run('check', '--format', 'json', stdin=said.encode())
        error = json.loads(out)['error']
        self.assertEqual((status, err, error['code']), (1, '', 'cannot-read'))
        self.assertIn(said, error['message'])
        self.assertEqual(run('check', stdin=b';; \x1b[2J')[2], 'tlsrpt: standard input: no answer was read: ;; \\x1b[2J\n')

    def test_standard_input_that_cannot_be_read(self):
        with open('/dev/zero', 'rb') as endless:
            directory = os.open('/', os.O_RDONLY)
            for stdin, what in ((endless, b'File too large'), (directory, b'Is a directory')):
                done = subprocess.run([PROGRAM, 'check'], stdin=stdin, capture_output=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (1, b''))
                self.assertEqual(done.stderr, b'tlsrpt: standard input: ' + what + b'\n')
                done = subprocess.run([PROGRAM, 'check', '--format', 'json'], stdin=stdin, capture_output=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (1, b''))
                self.assertEqual(json.loads(done.stdout)['error']['code'], 'cannot-read')
            os.close(directory)


class Usage(unittest.TestCase):
    def test_help_and_version(self):
        for arguments in (('--help',), ('show', '--help'), ('check', '--help'), ('explain', '--help')):
            status, out, err = run(*arguments)
            self.assertEqual((status, err), (0, ''))
            self.assertIn('Examples:', out)
            self.assertLessEqual(max(map(len, out.splitlines())), 80)
        status, out, _ = run('--version')
        self.assertEqual(status, 0)
        self.assertRegex(out, r'^tlsrpt \d+\.\d+\.\d+ \(simdjson \d+\.\d+\.\d+, (zlib|libdeflate) [\d.]+\)\n$')

    def test_errors(self):
        for arguments in ((), ('frobnicate',), ('show', '--frobnicate', 'x'), ('show', '--format', 'xml', 'x'),
                          ('show', '--color', 'blue', 'x'), ('check', '--now', '2026-11-23T08:00:00Z', 'x'),
                          ('--format', 'json', 'show', 'x'), ('show', '--format'), ('explain', '--strict', 'x'), ('show', '--\x1b[31m', 'x')):
            status, out, err = run(*arguments)
            self.assertEqual((status, out), (2, ''), arguments)
            command, = {'show', 'check', 'explain'} & {*arguments} or {''}
            self.assertRegex(err, rf"^tlsrpt: [^\n\x1b]+\nTry '{f'tlsrpt {command}'.strip()} --help'\.\n$")

    def test_nothing_to_read(self):
        for command in ('show', 'check', 'explain'):
            master, slave = open_terminal()
            done = subprocess.run([PROGRAM, command], stdin=slave, capture_output=True, timeout=60)
            os.close(slave)
            os.close(master)
            self.assertEqual((done.returncode, done.stdout), (2, b''))
            self.assertIn(b'standard input is a terminal', done.stderr)

    def test_simdjson_that_cannot_be_used(self):
        for output in ('text', 'json'):
            status, out, err = run('show', '--format', output, str(REPORTS), SIMDJSON_FORCE_IMPLEMENTATION='bogus')
            self.assertEqual((status, out), (3, ''))
            self.assertRegex(err, r'^tlsrpt: simdjson is set to [^\n]+\.\n$')

    def test_standard_output_that_cannot_be_written(self):
        if not os.path.exists('/dev/full'):
            self.skipTest('no /dev/full here')
        report = str(REPORTS / 'google-success.json.gz')
        for arguments in (('check', RECORD), ('explain', 'timeout'), ('show', report), ('show', '--format', 'json', report),
                          ('--help',), ('show', '--help'), ('--version',)):
            with open('/dev/full', 'wb') as full:
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stderr),
                             (3, b'tlsrpt: standard output: No space left on device\n'), arguments)
            closed = subprocess.run(['sh', '-c', '"$0" "$@" >&-', PROGRAM, *arguments], stderr=subprocess.PIPE)
            self.assertEqual((closed.returncode, closed.stderr),
                             (3, b'tlsrpt: standard output: Bad file descriptor\n'), arguments)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
