"""What the command-line program answers about many reports. Argument: the program."""

import csv
import datetime
import email
import email.mime.application
import email.mime.message
import email.mime.multipart
import email.mime.text
import gzip
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

try:
    from prometheus_client.openmetrics import parser as openmetrics_parser
except ImportError:
    openmetrics_parser = None

PROGRAM = os.path.abspath(sys.argv[1])
PROMTOOL = shutil.which('promtool')


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


FIRST_DAY, DAYS = datetime.date(2026, 11, 14), 10
DOMAINS = ('example.com', 'example.net', 'example.org')
SENDERS = [f'mail.sender{i}.example' for i in range(12)]


def reports():
    """Ten days of mail: each sender reports on another domain every day. The certificate of one mail host
    is past its last day from 2026-11-19 on, for all; one sender alone times out."""
    for day in range(DAYS):
        for number, sender in enumerate(SENDERS):
            date, domain = FIRST_DAY + datetime.timedelta(days=day), DOMAINS[(number + day) % 3]
            entry = {
                'policy': {'policy-type': 'sts', 'policy-domain': domain,
                           'policy-string': ['version: STSv1', 'mode: enforce', f'mx: *.{domain}', 'max_age: 86400']},
                'summary': {'total-successful-session-count': 100, 'total-failure-session-count': 0}}
            failure = None
            if domain == 'example.net' and day >= 5:
                failure = {'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx2.example.net',
                           'receiving-ip': '192.0.2.25', 'failed-session-count': 3}
            elif number == 7:
                failure = {'result-type': 'validation-failure', 'receiving-mx-hostname': f'mx1.{domain}',
                           'failure-reason-code': 'tls timeout', 'failed-session-count': 2}
            if failure:
                entry['failure-details'] = [failure]
                entry['summary']['total-failure-session-count'] = failure['failed-session-count']
            yield sender, domain, {
                'organization-name': f'Sender {number}',
                'date-range': {'start-datetime': f'{date}T00:00:00Z', 'end-datetime': f'{date}T23:59:59Z'},
                'contact-info': f'tls@{sender}', 'report-id': f'{date}_{number}@{sender}', 'policies': [entry]}


def mail_of(sender, domain, report):
    mail = email.mime.multipart.MIMEMultipart('report')
    mail.set_param('report-type', 'tlsrpt')
    mail['Subject'] = f'Report Domain: {domain} Submitter: {sender} Report-ID: <{report["report-id"]}>'
    mail['From'], mail['To'] = f'noreply@{sender}', f'tls@{domain}'
    mail['Date'] = 'Tue, 24 Nov 2026 06:00:00 +0000'
    mail['TLS-Report-Domain'], mail['TLS-Report-Submitter'] = domain, sender
    mail.attach(email.mime.text.MIMEText('A report.'))
    part = email.mime.application.MIMEApplication(gzip.compress(json.dumps(report).encode()), 'tlsrpt+gzip')
    part.add_header('Content-Disposition', 'attachment', filename=f'{sender}!{domain}!1!2.json.gz')
    mail.attach(part)
    return mail.as_bytes()


def report_of(*elements, name='one', day='2026-11-22', until=None):
    """A report of one sender; each element is (policy, counts, failures)."""
    return json.dumps({
        'organization-name': 'Sender', 'contact-info': f'tls@{name}.example', 'report-id': f'{day}@{name}.example',
        'date-range': {'start-datetime': f'{day}T00:00:00Z', 'end-datetime': f'{until or day}T23:59:59Z'},
        'policies': [{'policy': {'policy-domain': 'example.com', **policy}, 'summary': counts,
                      'failure-details': list(failures)} for policy, counts, failures in elements]}).encode()


def counts(ok, failed):
    return {'total-successful-session-count': ok, **({} if failed is None else {'total-failure-session-count': failed})}


STS, TLSA = {'policy-type': 'sts'}, {'policy-type': 'tlsa'}


class Month(unittest.TestCase):
    """A month of mail, in files and in a Maildir."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        for name in ('files', 'Maildir/cur', 'Maildir/new', 'Maildir/tmp'):
            (cls.root / name).mkdir(parents=True)
        for number, (sender, domain, report) in enumerate(reports()):
            (cls.root / f'files/{number:03}.json').write_text(json.dumps(report))
            box = 'cur' if number % 2 else 'new'
            (cls.root / f'Maildir/{box}/{number:03}.host:2,S').write_bytes(mail_of(sender, domain, report))
        cls.files, cls.maildir = str(cls.root / 'files'), str(cls.root / 'Maildir')

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Advise(Month):
    def advice(self, *arguments, **options):
        status, out, err = run('advise', '--format', 'json', *arguments, **options)
        self.assertEqual(err, '')
        self.assertEqual(status, 0)
        return json.loads(out)

    def check_truth(self, shown):
        self.assertEqual(list(shown), ['version', 'now', 'advice', 'silent', 'returned'])
        self.assertEqual(shown['version'], 1)
        self.assertEqual(shown['now'], '2026-11-24')
        host, sender = shown['advice']
        self.assertEqual(list(host), [
            'code', 'key', 'severity', 'impact', 'party', 'certainty', 'domains', 'host', 'node', 'reason', 'since',
            'last', 'change', 'reporters', 'others', 'noted', 'failed-at-least', 'text', 'do-first', 'evidence'])
        self.assertEqual((host['host'], host['reason'], host['since'], host['last'], host['severity'], host['change']),
                         ('mx2.example.net', 'x509.expired', '2026-11-19', '2026-11-23', 1, 'continuing'))
        self.assertEqual(sorted(host['reporters']), sorted(SENDERS))
        self.assertEqual((host['node'], host['noted'], len(host['evidence'])), ('192.0.2.25', 60, 3))
        self.assertEqual((sender['reporters'], sender['reason'], sender['party'], sender['host']),
                         (['mail.sender7.example'], 'handshake.timeout', 'sender', None))
        self.assertEqual(len(sender['others']), 11)

    def test_files(self):
        self.check_truth(self.advice(self.files))

    def test_first_screen(self):
        status, out, err = run('advise', self.files)
        self.assertEqual((status, err), (0, ''))
        screen = out.splitlines()[:24]
        self.assertTrue(all(len(line) <= 80 for line in screen))
        screen = ' '.join(' '.join(screen).split())
        for words in ('as of 2026-11-24, the day after the newest report', 'mx2.example.net shows a certificate '
                      'that is past its last day.', 'since 2026-11-19', '12 reporters: ', 'Renew the certificate',
                      'Only mail.sender7.example reports it.', 'not by 11 others'):
            self.assertIn(words, screen)

    def test_maildir(self):
        mail = str(next((self.root / 'Maildir/cur').iterdir()))
        if run('merge', mail)[0] != 0:
            self.skipTest('built without mails')
        self.check_truth(self.advice(self.maildir))
        # The same reports in files and in mails count once.
        self.check_truth(self.advice(self.maildir, self.files))

    def test_ledgers_of_any_split_in_any_order(self):
        expected = run('advise', self.files)[1]
        paths = sorted(str(path) for path in pathlib.Path(self.files).iterdir())
        shuffled = random.Random(1)
        whole = run('merge', self.files)
        self.assertEqual((whole[0], whole[2]), (0, ''))
        for parts in (2, 5):
            shuffled.shuffle(paths)
            ledgers = []
            for part in range(parts):
                status, ledger, err = run('merge', *paths[part::parts])
                self.assertEqual((status, err), (0, ''))
                ledgers.append(self.root / f'part{part}')
                ledgers[-1].write_text(ledger)
            self.assertEqual(run('merge', *map(str, reversed(ledgers))), whole)
            self.assertEqual(run('advise', *map(str, ledgers), paths[0])[1], expected)
        self.assertEqual(run('advise', stdin=whole[1].encode())[1], expected)

    def test_days_and_domains(self):
        before = self.advice('--until', '2026-11-18', self.files)
        self.assertEqual((before['now'], [one['code'] for one in before['advice']]), ('2026-11-19', ['sender']))
        self.assertEqual(self.advice('--now', '2026-11-19T08:00:00Z', self.files), before)
        one, = self.advice('--domain', 'Example.NET.', '--since', '2026-11-19', self.files)['advice']
        self.assertEqual(one['host'], 'mx2.example.net')
        self.assertEqual(self.advice('--domain', 'other.example', self.files)['advice'], [])

    def test_fail_on(self):
        self.assertEqual(run('advise', '--fail-on', '1', self.files)[0], 4)
        self.assertEqual(run('advise', '--fail-on', '3', '--until', '2026-11-18', self.files)[0], 0)
        self.assertEqual(run('advise', '--fail-on', '4', '--until', '2026-11-18', self.files)[0], 4)
        for wrong in ('0', '6', 'x'):
            self.assertEqual(run('advise', '--fail-on', wrong, self.files)[0], 2)
        for option in ('--since', '--until'):
            self.assertEqual(run('advise', option, '2026-02-30', self.files)[0], 2)

    def test_known(self):
        known = self.root / 'known'
        known.write_text('until 2026-12-31 cert.mx2.example.net.x509.expired.sts # ordered\n'
                         'until 2026-11-01 old.key\nuntil 2027-01-01 no.such.key\nsometime\n')
        status, out, err = run('advise', '--format', 'json', '--known', str(known), '--fail-on', '3', self.files)
        self.assertEqual(status, 0)
        self.assertEqual({one['key']: one['severity'] for one in json.loads(out)['advice']},
                         {'cert.mx2.example.net.x509.expired.sts': 5,
                          'sender.mail.sender7.example.handshake.timeout.sts': 4})
        self.assertEqual([line.split(known.name)[1] for line in err.splitlines()], [
            ', line 4: not as in "until 2027-01-31 KEY # why"', ': old.key: its day is past',
            ': no.such.key: nothing has this key today'])
        self.assertEqual(run('advise', '--known', str(self.root / 'none'), self.files)[0], 3)

    def test_what_cannot_be_read(self):
        broken = self.root / 'broken.json'
        broken.write_text('{"policies":')
        for command in ('advise', 'merge'):
            status, out, err = run(command, str(broken), self.files)
            self.assertEqual(status, 1)
            self.assertIn('broken.json', err)
            self.assertEqual(out, run(command, self.files)[1])
        ledger = self.root / 'ledger'
        ledger.write_text('{"_ledger":1,"reasons":1}\n')
        self.assertEqual(run('advise', str(ledger))[0], 1)

    def test_reports_without_days(self):
        report = next(reports())[2]
        report['date-range'] = {}
        nowhere = self.root / 'nowhere.json'
        nowhere.write_text(json.dumps(report))
        status, out, err = run('merge', str(nowhere))
        self.assertEqual((status, out.count('\n')), (1, 1))
        self.assertIn('neither the report nor what is around it says a day', err)
        named = self.root / 'mail.sender0.example!example.com!1795305600!1795391999.json'
        named.write_text(json.dumps(report))
        status, out, err = run('merge', str(named))
        self.assertEqual((status, err), (0, ''))
        self.assertIn('{"day":"2026-11-22","days":1,', out)


class BareCounts(unittest.TestCase):
    """Failures of which there is nothing but a number."""

    POLICY = {'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: enforce', 'mx: *.example.com']}

    def test_all_failed_and_no_detail(self):
        report = report_of((self.POLICY, counts(0, 500), ()))
        status, out, err = run('advise', '--fail-on', '1', stdin=report)
        self.assertEqual((status, err), (4, ''))
        text = ' '.join(out.split())
        for words in ('1 thing to do', 'Act now', 'At least 500 sessions about mail to example.com failed, and the '
                      'reports do not say why.', 'Sessions at least 500 failed; the mail waits', 'Do first Test every '
                      'mail host of example.com from outside'):
            self.assertIn(words, text)
        one, = json.loads(run('advise', '--format', 'json', stdin=report)[1])['advice']
        self.assertEqual((one['severity'], one['impact'], one['noted'], one['failed-at-least'], one['unexplained']),
                         (1, 'refused', 0, 500, 500))

    def test_more_failed_than_the_details_speak_of(self):
        failure = {'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.example.com',
                   'failed-session-count': 4}
        report = report_of((self.POLICY, counts(0, 10), [failure]))
        out = ' '.join(run('advise', stdin=report)[1].split())
        self.assertIn('4 mention it; the same reports count at least 10 failed', out)
        self.assertIn('Of 6 more failed sessions there is no detail; perhaps for the same reason.', out)

    def test_no_number_at_all(self):
        out = ' '.join(run('advise', stdin=report_of((self.POLICY, {'total-successful-session-count': 5}, ())))[1].split())
        self.assertIn('Tell the sender', out)
        self.assertIn('Sessions how many failed is not known', out)


class Sum(Month):
    def sums(self, *arguments, stdin=b''):
        status, out, err = run('sum', '--format', 'json', *arguments, stdin=stdin)
        self.assertEqual((status, err, out.count('\n')), (0, '', 1))
        return json.loads(out)

    def test_totals_and_failures_are_those_of_the_reports(self):
        shown = self.sums(self.files)
        self.assertEqual(list(shown), ['first-day', 'last-day', 'reports', 'repeated', 'unusable', 'not-reports',
                                       'returned', 'now', 'claimed', 'shadowed', 'conflicts', 'also-by-day', 'scope', 'domains',
                                       'failures', 'other', 'undated'])
        self.assertEqual([shown[name] for name in ('first-day', 'last-day', 'reports', 'repeated', 'unusable')],
                         ['2026-11-14', '2026-11-23', DAYS * len(SENDERS), 0, 0])
        expected, noted = {}, {}
        for _, domain, report in reports():
            entry = report['policies'][0]
            ok, failed = expected.get(domain, (0, 0))
            expected[domain] = (ok + 100, failed + entry['summary']['total-failure-session-count'])
            for failure in entry.get('failure-details', []):
                key = (domain, failure['receiving-mx-hostname'], failure['result-type'])
                noted[key] = noted.get(key, 0) + failure['failed-session-count']
        self.assertEqual({row['domain']: (row['ok'], row['failed']) for row in shown['domains']}, expected)
        self.assertEqual({row['domain']: (row['ok-at-least'], row['failed-at-least']) for row in shown['domains']},
                         expected)
        self.assertEqual({(row['kind'], row['mode'], row['reporters']) for row in shown['domains']},
                         {('sts', 'enforce', 12)})
        self.assertEqual({(row['domain'], row['mx-host'], row['result-type']): row['noted']
                          for row in shown['failures']}, noted)
        self.assertEqual(list(shown['failures'][0]), ['domain', 'kind', 'result-type', 'mx-host', 'node', 'reason',
                                                      'noted', 'reporters', 'first-day', 'last-day', 'provisional'])

    def test_each_part_in_each_form(self):
        """Totals and failures by whatever a row may be about, of files, mails and ledgers alike (OUT-01)."""
        ledger = self.root / 'parts'
        ledger.write_text(run('merge', self.files)[1])
        for part in ('domain', 'host', 'reason', 'reporter', 'result', 'policy', 'day'):
            rows = self.sums('--by', part, self.files)
            is_total = part in ('domain', 'reporter', 'policy', 'day')
            self.assertTrue(rows['domains' if is_total else 'failures'], part)
            for paths in (self.maildir, str(ledger)):
                self.assertEqual(self.sums('--by', part, paths), rows, part)
        for form, begin in (('text', '120 reports'), ('csv', 'table,'), ('json', '{'), ('openmetrics', '# ')):
            outs = {run('sum', '--format', form, paths) for paths in (self.files, self.maildir, str(ledger))}
            (status, out, err), = outs
            self.assertEqual((status, err, out[:len(begin)]), (0, '', begin))

    def test_ledgers_and_repeated_reports(self):
        """A ledger, whose first line says its version, gives the same sums as its reports (OUT-04)."""
        self.assertEqual(json.loads(run('merge', self.files)[1].splitlines()[0])['_ledger'], 1)
        shown = self.sums(self.files)
        ledger = self.root / 'ledger'
        ledger.write_text(run('merge', self.files)[1])
        self.assertEqual(self.sums(str(ledger)), shown)
        twice = self.sums(self.files, self.maildir)
        self.assertEqual(twice.pop('repeated'), DAYS * len(SENDERS))
        shown.pop('repeated')
        self.assertEqual(twice, shown)

    def test_parts(self):
        days = self.sums('--by', 'day', self.files)['domains']
        self.assertEqual(sorted(row['first-day'] for row in days),
                         [str(FIRST_DAY + datetime.timedelta(days=day)) for day in range(DAYS)])
        self.assertEqual({row['ok'] for row in days}, {1200})
        hosts = self.sums('--by', 'host,result', '--failures', self.files)
        self.assertNotIn('domains', hosts)
        self.assertEqual(hosts['failures'][0]['mx-host'], 'mx2.example.net')
        self.assertNotIn('reason', hosts['failures'][0])
        self.assertEqual(len(self.sums('--by', 'reporter', self.files)['domains']), len(SENDERS))
        for wrong in ('domain,', ',', 'hosts'):
            self.assertEqual(run('sum', '--by', wrong, self.files)[0], 2, wrong)

    def test_days_and_domains(self):
        part = self.sums('--domain', 'Example.NET.', '--since', '2026-11-19', '--until', '2026-11-19', self.files)
        self.assertEqual([(row['domain'], row['ok']) for row in part['domains']], [('example.net', 400)])
        self.assertEqual((part['first-day'], part['last-day'], part['reports']), ('2026-11-19', '2026-11-19', 12))
        self.assertEqual(self.sums('--domain', 'other.example', self.files)['domains'], [])

    def test_kinds_are_not_added(self):
        report = report_of((STS, counts(60, 5), ()), (TLSA, counts(30, 9), ()))
        by_kind = self.sums(stdin=report)['domains']
        self.assertEqual({row['kind']: (row['ok'], row['failed']) for row in by_kind},
                         {'sts': (60, 5), 'tlsa': (30, 9)})
        row, = self.sums('--by', 'domain', stdin=report)['domains']
        self.assertEqual((row['ok'], row['failed'], row['ok-at-least'], row['failed-at-least']), (None, None, 60, 9))
        self.assertIn('60 to 90 ok, 9 to 14 failed', run('sum', '--by', 'domain', stdin=report)[1])

    def test_unknown_is_not_0(self):
        failure = {'result-type': 'certificate-expired', 'failed-session-count': 7}
        row, = self.sums(stdin=report_of((STS, {'total-successful-session-count': 3}, [failure])))['domains']
        self.assertEqual((row['ok'], row['failed'], row['failed-at-least']), (3, None, 7))
        out = run('sum', stdin=report_of((STS, {'total-successful-session-count': 3}, ())))[1]
        self.assertIn('3 ok, unknown failed', out)
        report = report_of((STS, counts(3, 2), [{'result-type': 'certificate-expired'}]))
        row, = self.sums(stdin=report)['failures']
        self.assertEqual((row['noted'], row['noted-at-least']), (None, 0))
        self.assertIn('    an unknown number of sessions; ', run('sum', stdin=report)[1])

    def test_policies_are_named_as_in_ledgers(self):
        policy = {'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: enforce', 'mx: *.example.com']}
        report = report_of((policy, counts(3, 2), ()))
        row, = self.sums('--by', 'policy', stdin=report)['domains']
        self.assertRegex(row['policy'], '^[0-9a-f]{16}$')
        self.assertIn(f'{{"policy":"{row["policy"]}",', run('merge', stdin=report)[1])

    def test_sums_do_not_overflow(self):
        most = 2 ** 53 - 1
        for number in (most, 10 ** 18, 2 ** 63 - 1):
            row, = self.sums(stdin=report_of((STS, counts(number, number), ())))['domains']
            self.assertEqual((row['ok'], row['failed']), (most, most))

    def test_csv_has_each_figure(self):
        """A row of each total and of each failure, in columns that stay (OUT-02)."""
        status, out, err = run('sum', '--format', 'csv', self.files)
        self.assertEqual((status, err), (0, ''))
        self.assertEqual(out.split('\r\n')[0], 'table,day,days,domain,kind,mode,reporter,trust,result,host,node,reason,ok,'
                         'ok_unknown,failed,failed_unknown,noted,noted_unknown')
        rows = list(csv.DictReader(io.StringIO(out, newline='')))
        totals = [row for row in rows if row['table'] == 'total']
        self.assertEqual(len(totals), DAYS * len(SENDERS))
        self.assertEqual({row['ok'] for row in totals}, {'100'})
        self.assertEqual(sum(int(row['noted']) for row in rows if row['table'] == 'failure'),
                         sum(row['noted'] for row in self.sums(self.files)['failures']))
        name = {'policy-type': 'sts', 'policy-domain': '=cmd|x'}
        self.assertNotIn(',"=cmd', run('sum', '--format', 'csv', stdin=report_of((name, counts(1, 0), ())))[1])

    def test_text(self):
        status, out, err = run('sum', self.files)
        self.assertEqual((status, err), (0, ''))
        self.assertTrue(out.startswith('120 reports, 2026-11-14 to 2026-11-23; as of 2026-11-24, the day after the\n'))
        self.assertIn('example.net sts enforce\n    4000 ok, ', out)
        self.assertIn('certificate-expired at mx2.example.net (192.0.2.25)', out)
        self.assertLessEqual(max(map(len, out.splitlines())), 80)
        hostile = {'policy-type': 'sts', 'policy-domain': 'a\x1b[31mb'}
        self.assertNotIn('\x1b', run('sum', '--color', 'never', stdin=report_of((hostile, counts(1, 0), ())))[1])

    def test_what_is_unusable(self):
        status, out, err = run('sum', '--format', 'json', '-', stdin=b'{"a": 1}')
        self.assertEqual((status, json.loads(out)['unusable'], json.loads(out)['first-day']), (1, 1, None))
        self.assertIn('[not-a-report]', err)


class SumOfOddReports(unittest.TestCase):
    """Reports that overlap, contradict each other, or cannot be believed."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, *reports):
        for number, report in enumerate(reports):
            (self.root / f'{number:03}.json').write_bytes(report)

    def sum(self, *arguments):
        status, out, err = run('sum', '--format', 'json', *arguments, str(self.root))
        self.assertEqual((status, err), (0, ''))
        return json.loads(out)

    def figures(self, *arguments):
        return [(row['ok'], row['failed']) for row in self.sum(*arguments)['domains']]

    def text(self, *arguments):
        return ' '.join(run('sum', *arguments, str(self.root))[1].split())

    def test_a_week_beside_its_days(self):
        def failing(count, day, until=None):
            return report_of((STS, counts(0, count), ()), day=f'2026-11-{day}', until=until and f'2026-11-{until}')
        self.write(failing(7, 16, 22), *(failing(1, day) for day in range(16, 23)))
        self.assertEqual(self.figures(), [(0, 7)])
        self.assertEqual(self.sum()['also-by-day'], 1)
        self.assertIn('1 total of several days whose days are there one by one: left out.', self.text())
        (self.root / '004.json').unlink()
        self.assertEqual(self.figures(), [(0, 13)])
        self.assertTrue(self.sum()['domains'][0]['overlap'])
        self.assertIn('some reports overlap, and count sessions twice', self.text())

    def test_two_reports_of_one_id(self):
        self.write(report_of((STS, counts(100, 0), ())), report_of((STS, counts(90, 3), ())))
        self.assertEqual(self.figures(), [(100, 3)])
        self.assertEqual(self.sum()['conflicts'], 1)

    def test_mentions_of_sessions_that_did_not_fail(self):
        failure = {'result-type': 'certificate-expired', 'failed-session-count': 5}
        self.write(report_of((STS, counts(10, 0), [failure])))
        self.assertEqual(self.figures(), [(10, 0)])
        self.assertEqual([row['noted'] for row in self.sum()['failures']], [5])
        self.assertIn('5 sessions; 1 reporter, 2026-11-22, and more may come; none failed', self.text())

    def test_the_first_and_the_last_year(self):
        self.write(report_of((STS, counts(3, 4), ()), day='9999-12-31'))
        self.assertEqual(self.figures(), [(3, 4)])
        self.assertEqual(self.sum()['last-day'], '9999-12-31')
        self.write(report_of((STS, counts(1, 2), ()), day='0001-01-01'))
        status, out, err = run('sum', '--format', 'json', str(self.root))
        self.assertEqual((status, json.loads(out)['reports'], json.loads(out)['unusable']), (1, 0, 1))
        self.assertIn('000.json: ', err)

    def test_absent_names_are_null(self):
        failure = {'result-type': 'certificate-expired', 'failed-session-count': 5}
        self.write(report_of((STS, counts(10, 5), [failure])))
        row, = self.sum()['failures']
        self.assertEqual((row['mx-host'], row['node'], row['reason']), (None, None, 'x509.expired'))
        self.assertNotIn('(-)', self.text())
        self.assertNotIn(' -', self.text())
        row, = self.sum('--by', 'policy')['domains']
        self.assertIsNone(row['policy'])

    def test_what_has_no_row_is_added_up(self):
        """A screen shows the twenty rows with most sessions, and the exact rest (AG-34)."""
        self.write(report_of(*(({**STS, 'policy-domain': f'd{number}.example'}, counts(number, 1), ())
                               for number in range(1, 31))))
        shown = [int(number) for number in re.findall(r'd([0-9]+)[.]example', self.text())]
        self.assertEqual(shown, list(range(30, 10, -1)))
        self.assertIn(f'other, 10 rows: {sum(range(1, 11))} ok, 10 failed', self.text())
        self.assertEqual((len(self.figures()), self.sum()['other']['domains']), (30, 0))
        self.write(report_of(*(({**STS, 'policy-domain': f'd{number}.example'}, counts(number, 1), ())
                               for number in range(1, 1101))))
        other = self.sum()['other']
        # A report keeps 1024 of its domains, and the sum of the others.
        self.assertEqual((other['domains'], other['ok'], other['failed']), (24, sum(range(1, 101)), 100))

    def verified(self, report, sender):
        """A ledger of the report as an intake makes it that checks signatures."""
        ledger = run('merge', stdin=report)[1]
        self.assertIn('"trust":"claimed"', ledger)
        return ledger.replace('"trust":"claimed","via":"f"', '"trust":"verified","via":"m"') \
            .replace('"by":[]', f'"by":["{sender}"]').encode()

    def test_figures_that_nobody_vouches_for(self):
        """Figures of authenticated reports are shown where there are some; else all are (AG-08)."""
        claimed = {**STS, 'policy-domain': 'example.net'}
        failure = {'result-type': 'tlsa-invalid', 'failed-session-count': 9}
        self.write(self.verified(report_of((STS, counts(5, 1), ())), 'one.example'),
                   report_of((STS, counts(70, 0), ()), (claimed, counts(8, 9), [failure]), name='two'))
        shown = self.sum()
        self.assertEqual((shown['scope'], shown['claimed']), ('verified', 1))
        self.assertEqual([(row['domain'], row['ok'], row['failed'], row.get('claimed')) for row in shown['domains']],
                         [('example.com', 5, 1, None), ('example.net', 8, 9, True)])
        self.assertEqual([(row['noted'], row['claimed']) for row in shown['failures']], [(9, True)])
        self.assertIn('8 ok, 9 failed (52.9 %); 1 reporter, 2026-11-22, and more may come; unverified', self.text())

    def test_a_forged_report_beside_the_true_one(self):
        self.write(self.verified(report_of((STS, counts(5, 1), ())), 'one.example'),
                   report_of((STS, counts(1000000, 0), ())))
        self.assertEqual(self.figures(), [(5, 1)])
        self.assertEqual(self.sum()['shadowed'], 1)
        self.assertIn('1 unverified report beside a verified one', self.text())

    def metrics(self, *arguments):
        status, out, err = run('sum', '--format', 'openmetrics', *arguments, str(self.root))
        self.assertEqual((status, err), (0, ''))
        self.assertTrue(out.endswith('\n# EOF\n'))
        samples, families = {}, []
        for line in out.splitlines()[:-1]:
            if line.startswith('# TYPE '):
                families.append(line.split()[2])
                self.assertEqual(line, f'# TYPE {families[-1]} gauge')
            elif not line.startswith(f'# HELP {families[-1]} '):
                self.assertRegex(line, r'^[a-z_]+(\{([a-z]+="[^"\\\n]*",?)+\})? [0-9]+$')
                name, value = line.rsplit(' ', 1)
                self.assertEqual(name.split('{')[0], families[-1])
                self.assertNotIn(name, samples)
                samples[name] = int(value)
        self.assertEqual(len(set(families)), len(families))
        self.others_read(out, samples)
        return samples

    def others_read(self, out, samples):
        """Readers of OpenMetrics that others wrote, where they are installed, find the same."""
        if openmetrics_parser:
            theirs = {}
            for family in openmetrics_parser.text_string_to_metric_families(out):
                self.assertEqual(family.type, 'gauge')
                self.assertTrue(family.documentation)
                for sample in family.samples:
                    theirs[(sample.name, frozenset(sample.labels.items()))] = sample.value
            ours = {(name.split('{')[0], frozenset(re.findall('([a-z]+)="([^"]*)"', name))): value
                    for name, value in samples.items()}
            self.assertEqual(theirs, ours)
        if PROMTOOL:
            checked = subprocess.run([PROMTOOL, 'check', 'metrics'], input=out, capture_output=True, text=True, timeout=60)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, '', ''))

    def test_others_read_openmetrics(self):
        if not openmetrics_parser and not PROMTOOL:
            self.skipTest('neither prometheus_client nor promtool is installed')
        failure = {'result-type': 'my"\n\\own', 'receiving-mx-hostname': 'mx.example.com', 'failed-session-count': 2}
        self.write(report_of((STS, counts(10, 2), [failure])))
        self.assertIn('tlsrpt_build_info', ''.join(self.metrics('--domain', 'example.com')))

    def test_openmetrics(self):
        failure = {'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.example.com',
                   'failed-session-count': 2}
        odd = {'result-type': 'my"\n\\own', 'failed-session-count': 1}
        policy = {**STS, 'policy-string': ['version: STSv1', 'mode: enforce', 'mx: *.example.com']}
        foreign = {**STS, 'policy-domain': 'a"\n\\b.example'}
        self.write(report_of((policy, counts(10, 3), [failure, odd]), (foreign, counts(4, None), ())),
                   report_of((policy, counts(900, 0), ()), day='2026-11-21'))
        mine = self.metrics('--domain', 'Example.COM')
        self.assertEqual(mine['tlsrpt_sessions{domain="example.com",kind="sts",outcome="ok",trust="claimed"}'], 10)
        self.assertEqual(mine['tlsrpt_sessions{domain="example.com",kind="sts",outcome="failed",trust="claimed"}'], 3)
        self.assertEqual(mine['tlsrpt_failure_mentions{domain="example.com",result="certificate-expired"}'], 2)
        self.assertEqual(mine['tlsrpt_failure_mentions{domain="example.com",result="other"}'], 1)
        self.assertEqual(mine['tlsrpt_day_timestamp_seconds'], 1795305600)
        self.assertEqual(mine['tlsrpt_findings{severity="1"}'], 2)
        self.assertFalse([name for name in mine if 'domain="other"' in name])
        # Names that senders make up are in no label.
        all_of_them = self.metrics()
        self.assertFalse([name for name in all_of_them if 'example' in name])
        self.assertEqual(all_of_them['tlsrpt_sessions{domain="other",kind="sts",outcome="ok",trust="claimed"}'], 14)
        self.assertEqual(
            all_of_them['tlsrpt_unknown_counts{domain="other",kind="sts",outcome="failed",trust="claimed"}'], 1)

    def test_openmetrics_without_reports(self):
        self.assertNotIn('tlsrpt_day_timestamp_seconds', self.metrics())
        self.assertEqual(self.metrics()['tlsrpt_findings{severity="1"}'], 0)

    def test_known_failures(self):
        failure = {'result-type': 'certificate-expired', 'receiving-mx-hostname': 'mx.example.com',
                   'failed-session-count': 2}
        self.write(report_of((STS, counts(10, 2), [failure])))
        with tempfile.NamedTemporaryFile('w') as known:
            print('until 2026-12-31 cert.mx.example.com.x509.expired.sts # ordered', file=known, flush=True)
            row, = self.sum('--known', known.name)['failures']
            self.assertEqual(row['known-until'], '2026-12-31')
            self.assertIn('known until 2026-12-31', self.text('--known', known.name))
            self.assertEqual(self.metrics('--known', known.name)['tlsrpt_findings{severity="5"}'], 1)
        self.assertNotIn('known-until', self.sum()['failures'][0])
        self.assertEqual(run('sum', '--known', str(self.root / 'none'), str(self.root))[0], 3)


class ShowMany(Month):
    def test_many_reports_fit_on_a_screen(self):
        status, out, err = run('show', self.files)
        self.assertEqual((status, err), (0, ''))
        self.assertLess(out.count('\n'), 45)
        self.assertTrue(out.startswith('== What to do\n1 thing to do; 120 reports, as of 2026-11-24'))
        for words in ('mx2.example.net shows a certificate', 'since 2026-11-19', '== Summary\n120 reports, 0 unusable '
                      'inputs\n', '120 reports in detail: add -v.'):
            self.assertIn(words, out)

    def test_all_details_when_they_are_asked_for(self):
        status, out, err = run('show', '-v', self.files)
        self.assertEqual((status, err), (0, ''))
        summary, details = out.split('\n== Details\n')
        self.assertIn('== Summary', summary)
        self.assertEqual([line for line in details.splitlines() if line.startswith('== ')],
                         [f'== {path}' for path in sorted(pathlib.Path(self.files).iterdir())])

    def test_few_reports_are_shown_after_their_summary(self):
        few = sorted(map(str, pathlib.Path(self.files).iterdir()))[:20]
        details = run('show', *few)[1].split('\n== Details\n')[1]
        self.assertEqual(sum(line.startswith('== ') for line in details.splitlines()), 20)

    def test_one_report_comes_before_its_summary(self):
        out = run('show', str(next(pathlib.Path(self.files).iterdir())))[1]
        self.assertNotIn('What to do', out)
        self.assertGreater(out.index('\n== Summary\n'), out.index('Reporter'))

    def test_what_is_unusable_is_shown_among_many(self):
        broken = self.root / 'broken.json'
        broken.write_text('{"policies":')
        status, out, err = run('show', self.files, str(broken))
        self.assertEqual(status, 1)
        self.assertIn(f'add -v.\n\n== {broken}\nThis is not a usable report.', out)

    def test_much_text(self):
        status, out, err = run('show', '-v', *[self.files] * 40)
        self.assertEqual((status, err), (0, ''))
        self.assertGreater(len(out), 2 << 20)
        self.assertEqual(sum(line.startswith('== /') for line in out.splitlines()), 40 * DAYS * len(SENDERS))


class Laws(Month):
    """The same set of reports gives the same answers, octet for octet, in whatever parts and order they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A week beside some of its days, two reports of one id, unknown numbers, several kinds.
        odd = (report_of((STS, counts(1, 7), ()), name='week', day='2026-11-16', until='2026-11-22'),
               report_of((STS, counts(1, 1), ()), name='week', day='2026-11-17'),
               report_of((STS, counts(100, 0), ()), name='twice'), report_of((STS, counts(90, 3), ()), name='twice'),
               report_of((STS, counts(60, None), ()), (TLSA, counts(30, 9), ()), name='kinds'))
        for number, report in enumerate(odd):
            (pathlib.Path(cls.files) / f'odd{number}.json').write_bytes(report)

    def answers(self, *paths):
        forms = (('advise',), ('advise', '--format', 'json'), ('sum',), ('sum', '--format', 'json'),
                 ('sum', '--format', 'csv'), ('sum', '--format', 'openmetrics', '--domain', 'example.com'),
                 ('sum', '--by', 'domain,reporter,day', '--format', 'json'), ('merge',))
        all_of_them = []
        for form in forms:
            status, out, err = run(*form, *paths)
            self.assertEqual((status, err), (0, ''), form)
            all_of_them.append(out)
        return all_of_them

    def test_any_order_and_any_parts(self):
        paths = sorted(str(path) for path in pathlib.Path(self.files).iterdir())
        expected = self.answers(self.files)
        chance = random.Random(2026)
        for parts in (1, 2, 7):
            chance.shuffle(paths)
            self.assertEqual(self.answers(*paths), expected)
            ledgers = []
            for part in range(parts):
                ledgers.append(self.root / f'ledger{parts}-{part}')
                ledgers[-1].write_text(run('merge', *paths[part::parts])[1])
            chance.shuffle(ledgers)
            self.assertEqual(self.answers(*map(str, ledgers)), expected)
            # Ledgers that have reports in common, in ledgers that are merged.
            both = self.root / 'both'
            both.write_text(run('merge', str(ledgers[0]), *paths[::3])[1])
            self.assertEqual(self.answers(str(both), *map(str, ledgers)), expected)


class Threads(Month):
    """The answer does not depend on how many threads read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(0, DAYS * len(SENDERS), 5):
            (pathlib.Path(cls.files) / f'{number:03}.broken').write_text('{"policies":' + number * '[')
        cls.ledger = str(cls.root / 'ledger')
        some = sorted(str(path) for path in pathlib.Path(cls.files).glob('*.json'))[::2]
        pathlib.Path(cls.ledger).write_text(run('merge', '--jobs', '3', *some)[1])

    def test_any_number_of_threads(self):
        forms = (('sum',), ('sum', '--format', 'json'), ('sum', '--format', 'csv'), ('advise',),
                 ('advise', '--format', 'json'), ('merge',), ('merge', '--since', '2026-11-20'))
        for form in forms:
            expected = run(*form, '--jobs', '1', self.ledger, self.files, self.maildir)
            self.assertEqual((expected[0], expected[2].count('\n')), (1, DAYS * len(SENDERS) // 5))
            for jobs in ('2', '8'):
                self.assertEqual(run(*form, '--jobs', jobs, self.ledger, self.files, self.maildir), expected)
            self.assertEqual(run(*form, self.ledger, self.files, self.maildir), expected)

    def test_threads_share_an_mbox(self):
        start = b'From one@example.com Mon Nov 23 00:00:00 2026\n'
        broken = start + b'Subject: x\nContent-Type: application/tlsrpt+json\n\n{"policies":[\n\n'
        mails = [start + path.read_bytes() + b'\n' for path in sorted(pathlib.Path(self.maildir).rglob('*'))
                 if path.is_file()]
        self.assertGreater(len(mails), 50)
        mbox, archive = self.root / 'mbox', self.root / 'mbox.gz'
        mbox.write_bytes(b''.join(broken + mail for mail in mails))
        archive.write_bytes(gzip.compress(mbox.read_bytes()))
        for form in (('sum', '--format', 'json'), ('merge',)):
            for path in (str(mbox), str(archive)):
                expected = run(*form, '--jobs', '1', path)
                places = [line.split(': ')[1] for line in expected[2].splitlines()]
                self.assertEqual([place.split(', part')[0] for place in places],
                                 [f'{path}, message {number}' for number in range(1, 2 * len(mails), 2)])
                for jobs in ('2', '3', '8', '64'):
                    self.assertEqual(run(*form, '--jobs', jobs, path), expected)

    def test_an_archive_is_read_by_one_thread(self):
        """What is said of mailboxes and reports in it is in their order."""
        start = b'From one@example.com Mon Nov 23 00:00:00 2026\n'
        broken = 3 * (start + b'Subject: x\nContent-Type: application/tlsrpt+json\n\n{"policies":[\n\n')
        archive = self.root / 'mails.zip'
        with zipfile.ZipFile(archive, 'w') as entries:
            for name, content in (('a.mbox', broken), ('m.json', b'{"policies":['), ('b.mbox', broken)):
                entries.writestr(name, content)
        expected = run('sum', '--jobs', '1', str(archive))
        self.assertEqual([re.search(r'entry (\S+?)[,:]', line)[1] for line in expected[2].splitlines()],
                         3 * ['a.mbox'] + ['m.json'] + 3 * ['b.mbox'])
        self.assertEqual(run('sum', '--jobs', '8', str(archive)), expected)
        # One that is in a mail of a mailbox belongs to that mail.
        mail = email.message.EmailMessage()
        mail.add_attachment(archive.read_bytes(), maintype='application', subtype='zip', filename='mails.zip')
        mbox = self.root / 'mbox'
        mbox.write_bytes(broken + start + mail.as_bytes() + b'\n' + broken)
        expected = run('sum', '--jobs', '1', str(mbox))
        self.assertEqual([re.search(r'message (\d+)', line)[1] for line in expected[2].splitlines()],
                         ['1', '2', '3', *(len(expected[2].splitlines()) - 6) * ['4'], '5', '6', '7'])
        self.assertEqual(run('sum', '--jobs', '8', str(mbox)), expected)

    def test_what_is_unusable_is_named_in_the_order_of_the_inputs(self):
        names = [line.split(': ')[1] for line in run('sum', '--jobs', '8', self.files)[2].splitlines()]
        self.assertEqual(names, sorted(str(path) for path in pathlib.Path(self.files).glob('*.broken')))

    def test_reports_are_no_repetitions_of_ledgers(self):
        for paths in ((self.ledger, self.files), (self.files, self.ledger)):
            shown = json.loads(run('sum', '--format', 'json', *paths)[1])
            self.assertEqual((shown['reports'], shown['repeated']), (DAYS * len(SENDERS), 0))

    def test_standard_input_is_read_once(self):
        report = pathlib.Path(self.files, '000.json').read_bytes()
        status, out, _ = run('sum', '--format', 'json', '--jobs', '8', *4 * ('-',), stdin=report)
        shown = json.loads(out)
        self.assertEqual((status, shown['reports'], shown['unusable']), (1, 1, 3))

    def test_numbers_of_threads(self):
        for wrong in ('0', '-1', '257', 'x', ''):
            self.assertEqual(run('sum', '--jobs', wrong, self.files)[0], 2, wrong)
        self.assertEqual(run('sum', '--jobs', '256', self.files)[1], run('sum', self.files)[1])


class Returned(unittest.TestCase):
    """Reports in mails that came back are about what others received."""

    def test_they_are_counted_apart(self):
        sender, domain, report = next(reports())
        bounce = email.mime.multipart.MIMEMultipart('report')
        bounce.set_param('report-type', 'delivery-status')
        bounce['From'] = f'mailer-daemon@{domain}'
        bounce.attach(email.mime.text.MIMEText('It cannot be delivered.'))
        bounce.attach(email.mime.message.MIMEMessage(email.message_from_bytes(mail_of(sender, domain, report))))
        octets = bounce.as_bytes()
        self.assertIn('0 reports; 1 that came back', run('sum', stdin=octets)[1])
        self.assertIn('1 report that came back not counted.', run('advise', stdin=octets)[1])
        for command in ('sum', 'advise'):
            status, out, err = run(command, '--format', 'json', stdin=octets)
            self.assertEqual((status, json.loads(out)['returned'], err), (0, 1, ''), command)


class List(Month):
    MEMBERS = ['file', 'part', 'first-day', 'last-day', 'reporter', 'organization', 'report-id', 'domains', 'kinds',
               'ok', 'failed', 'top-failure', 'repeated-of', 'ok-at-least', 'failed-at-least']

    def list(self, *arguments, stdin=b''):
        status, out, err = run('list', '--format', 'json', *arguments, stdin=stdin)
        self.assertEqual((status, err), (0, ''))
        return [json.loads(line) for line in out.splitlines()]

    def test_each_report(self):
        shown = self.list(self.files)
        self.assertEqual(len(shown), DAYS * len(SENDERS))
        for one, (sender, domain, report) in zip(shown, reports()):
            self.assertEqual(list(one), self.MEMBERS)
            summary = report['policies'][0]['summary']
            failures = report['policies'][0].get('failure-details')
            day = report['date-range']['start-datetime'][:10]
            self.assertEqual(list(one.values())[1:], [
                None, day, day, sender, report['organization-name'], report['report-id'], [domain], ['sts'],
                summary['total-successful-session-count'], summary['total-failure-session-count'],
                failures[0]['result-type'] if failures else None, None,
                summary['total-successful-session-count'], summary['total-failure-session-count']])
        self.assertEqual(sorted(one['file'] for one in shown), sorted(map(str, pathlib.Path(self.files).iterdir())))

    def test_mails_and_repetitions(self):
        mail = str(next((self.root / 'Maildir/cur').iterdir()))
        if run('merge', mail)[0] != 0:
            self.skipTest('built without mails')
        first, second = self.list(mail, mail)
        self.assertEqual((first['file'], first['part'], first['repeated-of']), (mail, '2', None))
        self.assertEqual(second['repeated-of'], f'{mail}, part 2')
        twice = self.list(self.files, self.maildir)
        self.assertEqual(sum(one['repeated-of'] is not None for one in twice), DAYS * len(SENDERS))

    def test_ledgers(self):
        ledger = self.root / 'ledger'
        ledger.write_text(run('merge', self.files)[1])
        def of(*paths):
            return sorted([*one.values()][2:-3] for one in self.list(*paths))
        def facts(*paths):
            return sorted((one['report-id'], one['ok'], one['failed'], one['top-failure']) for one in self.list(*paths))
        self.assertEqual(facts(str(ledger)), facts(self.files))
        self.assertEqual({one['file'] for one in self.list(str(ledger))}, {str(ledger)})

    def test_ledgers_of_strangers_verify_nothing(self):
        ledger = self.root / 'ledger'
        text = ('{"_ledger":1,"reasons":1,"details":256,"elements":1024}\n'
                '{"day":"2026-11-23","days":1,"digest":"00112233445566778899aabbccddeeff","report-id":"1","org":"",'
                '"reporter":"sender.example","trust":"verified","via":"hm","seen":0,"by":["sender.example"],'
                '"about":"example.com","inferred":"","flags":[],"T":[["example.com","sts","?","-",1,0,0,0,1]],"F":[]}\n')
        ledger.write_text(text)
        self.assertEqual(run('merge', str(ledger)), (0, text, ''))
        self.assertEqual(run('merge', '--claimed', str(ledger)),
                         (0, text.replace('"verified"', '"claimed"').replace('"by":["sender.example"]', '"by":[]'), ''))

    def test_a_report_without_domain_is_about_that_of_its_mail(self):
        for number, policies in enumerate(([], [{'policy': {'policy-type': 'no-policy-found'}, 'summary': counts(1, 0)}])):
            report = {'organization-name': 'Sender', 'report-id': str(number), 'contact-info': 'tls@sender.example',
                      'date-range': {'start-datetime': '2026-11-23T00:00:00Z', 'end-datetime': '2026-11-23T23:59:59Z'},
                      'policies': policies}
            path = self.root / 'without-domain.eml'
            path.write_text('From: tls@sender.example\nTLS-Report-Domain: example.com\n'
                            f'Content-Type: application/tlsrpt+json\n\n{json.dumps(report)}\n')
            self.assertIn('"about":"?","inferred":"example.com",', run('merge', str(path))[1])
            one, = self.list('--domain', 'example.com', str(path))
            self.assertEqual((one['domains'], one['ok']), (['example.com'], number))

    def test_nobody_but_verified_copies_says_what_a_verified_report_is_about(self):
        ledger = self.root / 'ledger'
        for flags, domains in ('[]', ['shop.example']), ('["inferred_claimed"]', []):
            ledger.write_text(
                '{"_ledger":1,"reasons":1,"details":256,"elements":1024}\n'
                '{"day":"2026-11-23","days":1,"digest":"00112233445566778899aabbccddeeff","report-id":"1","org":"",'
                '"reporter":"sender.example","trust":"verified","via":"hm","seen":0,"by":["sender.example"],"about":"?",'
                f'"inferred":"shop.example","flags":{flags},"T":[["?","sts","?","-",1,0,0,0,1]],"F":[]}}\n')
            one, = self.list(str(ledger))
            self.assertEqual((one['domains'], one['ok']), (domains, 1))
            self.assertEqual(len(self.list('--domain', 'shop.example', str(ledger))), len(domains))

    def test_what_is_asked_for(self):
        def count(*arguments):
            return len(self.list(*arguments, self.files))
        self.assertEqual(count('--domain', 'Example.NET.'), DAYS * len(SENDERS) // 3)
        self.assertEqual(count('--domain', 'example.net', '--domain', 'example.org'), DAYS * len(SENDERS) * 2 // 3)
        self.assertEqual(count('--reporter', 'MAIL.sender7.example'), DAYS)
        self.assertEqual(count('--reporter', 'sender 7', '--reporter', 'Sender 8'), 2 * DAYS)
        self.assertEqual(count('--since', '2026-11-22'), 2 * len(SENDERS))
        self.assertEqual(count('--since', '2026-11-20', '--until', '2026-11-20'), len(SENDERS))
        failed = sum('failure-details' in report['policies'][0] for _, _, report in reports())
        self.assertEqual(count('--failures'), failed)
        self.assertEqual(count('--reporter', 'none'), 0)

    def test_what_is_not_known(self):
        report = report_of((STS, counts(60, None), ()), (TLSA, counts(30, 9), ()))
        one, = self.list(stdin=report)
        self.assertEqual((one['kinds'], one['ok'], one['failed'], one['ok-at-least'], one['failed-at-least']),
                         (['sts', 'tlsa'], None, None, 60, 9))
        row = run('list', stdin=report)[1].splitlines()[1].split()
        self.assertEqual(row[:3], ['2026-11-22', '60-90', '9+'])
        one, = self.list(stdin=b'{"report-id":"x","policies":[{"policy":{"policy-type":"sts"}}]}')
        self.assertEqual([name for name, value in one.items() if value is None],
                         ['part', 'first-day', 'last-day', 'reporter', 'organization', 'ok', 'failed', 'top-failure',
                          'repeated-of'])

    def test_text_and_csv(self):
        status, out, err = run('list', self.files)
        self.assertEqual((status, err, out.count('\n')), (0, '', 1 + DAYS * len(SENDERS)))
        self.assertEqual(out.split()[:7], ['Day', 'Ok', 'Failed', 'Domain', 'Reporter', 'Failure', 'File'])
        status, out, err = run('list', '--format', 'csv', self.files)
        self.assertEqual((status, err), (0, ''))
        rows = list(csv.DictReader(io.StringIO(out, newline='')))
        self.assertEqual([(row['file'], row['report-id'], int(row['ok'])) for row in rows],
                         [(one['file'], one['report-id'], one['ok']) for one in self.list(self.files)])
        hostile = report_of(({**STS, 'policy-domain': 'a\x1b[31m\u202eb'}, counts(1, 0), ()), name='=cmd\x1b')
        for format in ('text', 'json', 'csv'):
            out = run('list', '--format', format, '--color', 'never', stdin=hostile)[1]
            self.assertFalse(set('\x1b\u202e') & set(out), format)

    def test_what_cannot_be_read(self):
        broken = self.root / 'broken.json'
        broken.write_text('{"policies":')
        status, out, err = run('list', '--format', 'json', str(broken), self.files)
        self.assertEqual((status, out.count('\n')), (1, DAYS * len(SENDERS)))
        self.assertIn('broken.json', err)


    def test_what_is_unusable_is_named_where_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ('a.json', 'b.json', 'c.json')]
            for path in paths[::2]:
                pathlib.Path(path).write_bytes(report_of((STS, counts(5, 2), ())))
            pathlib.Path(paths[1]).write_text('{')
            done = subprocess.run([PROGRAM, 'list', '--format', 'csv', *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            lines = done.stdout.decode().splitlines()
            self.assertEqual([[path in line.split(',')[0] for path in paths].index(True) for line in lines[1:]], [0, 1, 2])


class UnknownDays(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.report = json.loads(report_of((STS, counts(5, 2), ())))
        del self.report['date-range']

    def test_shown_apart(self):
        nowhere = self.root / 'nowhere.json'
        nowhere.write_text(json.dumps(self.report))
        (self.root / 'other.json').write_bytes(report_of((STS, counts(70, 0), ())))
        status, out, err = run('sum', '--format', 'json', str(self.root))
        shown = json.loads(out)
        self.assertEqual((status, shown['unusable'], shown['reports'], shown['first-day']), (1, 1, 1, '2026-11-22'))
        self.assertIn('neither the report nor what is around it says a day', err)
        self.assertEqual([(row['domain'], row['ok'], row['failed']) for row in shown['undated']], [('example.com', 5, 2)])
        self.assertEqual([row['ok'] for row in shown['domains']], [70])
        out = run('sum', str(self.root))[1]
        self.assertIn('Reports of which nothing says the day, apart from these figures\n'
                      '    example.com sts: 5 ok, 2 failed', out)
        self.assertIn('1 report of which nothing says the day not counted', ' '.join(run('advise', str(self.root))[1].split()))
        self.assertEqual(json.loads(run('list', '--format', 'json', str(nowhere))[1])['first-day'], None)

    def test_the_name_of_the_file(self):
        (self.root / 'one.example!example.com!1795305600!1795391999.json').write_text(json.dumps(self.report))
        self.assertEqual(json.loads(run('sum', '--format', 'json', str(self.root))[1])['first-day'], '2026-11-22')

    def test_the_date_of_the_mail(self):
        mail = self.root / 'mail.eml'
        mail.write_bytes(mail_of('one.example', 'example.com', self.report))
        status, out, err = run('list', '--format', 'json', str(mail))
        self.assertEqual((status, json.loads(out)['first-day']), (0, '2026-11-24'))
        whole, of_name = mail.read_bytes(), '1970-01-01'
        for date, day in (('24 Nov 2026 23:30:00 -0100', '2026-11-25'),
                          ('Tue, 24 November 2026 00:30:00 +0100 (CET)', '2026-11-23'),
                          ('Tue,  1 dec 2026 1:02:03 Z', '2026-12-01'), ('31 Dec 1999 23:59:60 +0000', '2000-01-01'),
                          ('29 Feb 2028 00:00:00 +00:30', '2028-02-28'), ('29 Feb 2028 00:29:59 +01', '2028-02-28'),
                          ('24 Nov 2026 23:30 -0100', '2026-11-25'), ('24 Nov 2026 23:59:59 GMT', '2026-11-24'),
                          ('24 Nov 2026 20:00:00 EST', '2026-11-25'), ('24 Nov 2026 16:59 pdt', '2026-11-24'),
                          ('24 Nov 26 06:00:00 GMT (UTC)', '2026-11-24'),
                          ('24 Nov 2026 23:59 UTC-5', of_name), ('24 Nov 2026 06:00 UTX', of_name),
                          ('24 Nov 2026 06:00: +0000', of_name), ('32 Nov 2026 06:00:00 +0000', of_name), ('24 Nev 2026 06:00:00 +0000', of_name),
                          ('24 Nov 2026 24:00:00 +0000', of_name), ('24 Nov 2026 06:60:00 +0000', of_name),
                          ('24 Nov 2026 06:00:00', of_name), ('24 Nov 2026 06:00:00 +0060', of_name),
                          ('24 Nov 2026 06:00:00 +100', of_name), ('24 Nov 2026 06:00:00 +9959', '2026-11-20'),
                          ('24 Nov', of_name), ('', of_name)):
            with self.subTest(date):
                mail.write_bytes(whole.replace(b'Tue, 24 Nov 2026 06:00:00 +0000', date.encode()))
                self.assertEqual(json.loads(run('list', '--format', 'json', str(mail))[1])['first-day'], day)


class WriteDomains(unittest.TestCase):
    def test_what_the_name_of_the_file_says(self):
        report = json.loads(report_of((STS, counts(5, 2), ())))
        del report['policies'][0]['policy']['policy-domain']
        with tempfile.TemporaryDirectory() as folder:
            named = pathlib.Path(folder) / 'one.example!example.com!1795305600!1795391999.json'
            named.write_text(json.dumps(report))
            status, out, err = run('write', str(named))
            self.assertEqual((status, err), (0, ''))
            self.assertEqual(json.loads(out)['policies'][0]['policy']['policy-domain'], 'example.com')
            self.assertNotIn('policy-domain', run('write', '--faithful', str(named))[1])
            unnamed = named.rename(pathlib.Path(folder) / 'x.json')
            self.assertEqual(run('write', str(unnamed))[::2][0], 1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
