"""The module: every way in, what comes out of bad arguments, and rows equal to what the program shows."""

import concurrent.futures
import datetime
import gzip
import io
import mailbox
import os
import pathlib
import tarfile
import tempfile
import unittest
import zipfile
from email.message import EmailMessage

import duckdb
import pyarrow as pa
import tlsrpt

from samples import ROOT, SAMPLES, report, shown


def table(reports):
    result = pa.table(reports)
    result.validate(full=True)
    return result


def errors(reports):
    return table(reports)['error'].to_pylist()


def mail(content, name='report.json.gz', type='tlsrpt+gzip'):
    message = EmailMessage()
    message['From'], message['To'], message['Subject'] = 'tls@sender.example', 'tls@example.com', 'Report Domain: example.com'
    message.set_content('see below')
    message.add_attachment(content, maintype='application', subtype=type, filename=name)
    return message


class Ways(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_all_forms_of_columns(self):
        blobs = [report(), gzip.compress(report()), b'?', None]
        for type in (pa.binary(), pa.large_binary(), pa.binary_view()):
            array = pa.array(blobs, type)
            for content in (array, array.slice(1), pa.chunked_array([array, array.slice(2)])):
                found = errors(tlsrpt.parse(content))
                self.assertEqual(len(found), len(content))
                self.assertEqual(found[-1], 'empty-input')
        texts = [report().decode(), 'short']
        for type in (pa.string(), pa.large_string(), pa.string_view()):
            self.assertIsNone(errors(tlsrpt.parse(pa.array(texts, type)))[0])
        self.assertEqual(errors(tlsrpt.parse([report(), bytearray(report()), memoryview(report()), None])),
                         [None, None, None, 'empty-input'])

    def test_columns_are_taken_along(self):
        batch = pa.record_batch({
            'content': pa.array([report(), b'', report()], pa.binary()), 'mailbox': [{'a': [1, None]}, None, {'a': []}],
            'source': ['a', None, 'c'], 'submitter': ['sender.example', None, None],
            'received': pa.array([datetime.datetime(2026, 11, 24, 5)] * 3, pa.timestamp('ms', 'UTC'))})
        for content in (batch, pa.table(batch), pa.RecordBatchReader.from_batches(batch.schema, [batch])):
            found = table(tlsrpt.parse(content, ledger=True))
            self.assertEqual(found['mailbox'].to_pylist(), batch['mailbox'].to_pylist())
            self.assertEqual(found['source'].to_pylist(), ['a', None, 'c'])
            self.assertEqual(found['trust'].to_pylist(), ['verified', None, 'claimed'])
            self.assertEqual(found['position'].to_pylist(), [0, 1, 2])
            self.assertEqual(found['received'][0].as_py().isoformat(), '2026-11-24T05:00:00+00:00')
        parts = table(tlsrpt.parse(pa.table(batch).slice(1), rows=1))
        self.assertEqual(parts['mailbox'].to_pylist(), [None, {'a': []}])

    def test_files_and_folders(self):
        (self.folder / 'b').mkdir()
        (self.folder / 'b' / 'two.json').write_bytes(report())
        (self.folder / 'a.json.gz').write_bytes(gzip.compress(report()))
        found = table(tlsrpt.read([self.folder, self.folder / 'gone.json']))
        self.assertEqual([os.path.relpath(path, self.folder) for path in found['source'].to_pylist()],
                         ['a.json.gz', 'b/two.json', 'gone.json'])
        self.assertEqual(found['error'].to_pylist(), [None, None, 'cannot-read'])
        self.assertEqual(found['error_hint'].to_pylist()[-1], 'No such file or directory')

    def test_archives(self):
        long_name = 'x/' * 80 + 'report.json'
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            path = self.folder / f'{form}.tar'
            with tarfile.open(path, 'w', format=form) as archive:
                for name, content in (('a.json', report()), ('b', b''), (long_name, gzip.compress(report()))):
                    member = tarfile.TarInfo(name)
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
                archive.addfile(tarfile.TarInfo('c.json'), io.BytesIO())
            found = table(tlsrpt.read_tar(path))
            self.assertEqual(found['source'].to_pylist(), ['a.json', 'b', long_name, 'c.json'])
            self.assertEqual(found['error'].to_pylist(), [None, 'empty-input', None, 'empty-input'])
            self.assertEqual(path.read_bytes()[found['position'][0].as_py():][:10], report()[:10])

    def test_an_archive_that_is_cut_says_so(self):
        path = self.folder / 'a.tar'
        with tarfile.open(path, 'w') as archive:
            for name in 'ab':
                member = tarfile.TarInfo(name)
                member.size = len(report())
                archive.addfile(member, io.BytesIO(report()))
        path.write_bytes(path.read_bytes()[:1300])
        found = table(tlsrpt.read_tar(path))
        self.assertEqual(found['error'].to_pylist(), [None, 'cannot-read'])
        self.assertEqual(found['error_hint'].to_pylist()[1], 'the archive ends early')
        path.write_bytes(gzip.compress(b'x' * 5000) + os.urandom(600))
        self.assertEqual(errors(tlsrpt.read_tar(path)), ['cannot-read'])
        self.assertEqual(errors(tlsrpt.read_tar(self.folder / 'gone')), ['cannot-read'])

    def test_mails(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, 'w') as content:
            content.writestr('a.json', report())
            content.writestr('b.json', b'no report')
        single = mail(gzip.compress(report()))
        (self.folder / 'one.eml').write_bytes(bytes(single))
        box = mailbox.mbox(self.folder / 'box')
        box.add(mail(report(), 'report.json', 'tlsrpt+json'))
        box.add(mail(archive.getvalue(), 'reports.zip', 'zip'))
        box.add(b'From: a@b.example\nSubject: hello\n\nFrom here on no report.\n')
        box.close()
        maildir = mailbox.Maildir(self.folder / 'maildir')
        maildir.add(single)
        (self.folder / 'maildir/tmp/half').write_bytes(b'Subject:')
        found = table(tlsrpt.read_mail(self.folder))
        by_file = {}
        for row in found.to_pylist():
            by_file.setdefault(row['source'].split('/')[-2 if 'maildir' in row['source'] else -1], []).append(
                (row['position'], row['error']))
        self.assertEqual(by_file['one.eml'], [(0, None)])
        self.assertEqual(by_file['new'], [(0, None)])
        self.assertEqual([position for position, _ in by_file['box']], [0, 1, 2, 3])
        self.assertEqual([error is None for _, error in by_file['box']], [True, True, False, False])
        self.assertEqual(by_file['box'][3][1], 'mail-report-missing')
        self.assertEqual(len(by_file), 3)

    def test_records(self):
        record = tlsrpt.parse_record('v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/tls; x=1')
        self.assertIsNone(record['error'])
        self.assertEqual(record['endpoints'][1], {'uri': 'https://example.com/tls', 'scheme': 'https'})
        self.assertEqual(record['extensions'], [{'name': 'x', 'value': '1'}])
        self.assertEqual(tlsrpt.parse_record(b'v=TLSRPTv1; RUA=mailto:a@b.example')['hint'], 'rua-name-case')

    def test_rules_and_limits(self):
        late = report().replace(b'T00:00:00Z', b'T00:00:00')
        self.assertEqual(errors(tlsrpt.parse([late])), [None])
        self.assertEqual(errors(tlsrpt.parse([late], rules='strict')), ['missing-time-zone'])
        self.assertEqual(errors(tlsrpt.parse([late], refuse=['missing-time-zone'])), ['missing-time-zone'])
        self.assertEqual(errors(tlsrpt.parse([late], rules='strict', accept=['missing-time-zone'])), [None])
        self.assertEqual(errors(tlsrpt.parse([late], limits={'max_text_bytes': 100})), ['text-too-long'])

    def test_bad_arguments(self):
        for wrong, call in (
                (TypeError, lambda: tlsrpt.parse(b'{}')), (TypeError, lambda: tlsrpt.parse([1])),
                (TypeError, lambda: tlsrpt.parse([], refuse='empty-input')),
                (ValueError, lambda: tlsrpt.parse(pa.array([1]))),
                (ValueError, lambda: tlsrpt.parse(pa.table({'x': [b'']}))),
                (ValueError, lambda: tlsrpt.parse(pa.table({'content': [b''], 'error': [1]}))),
                (ValueError, lambda: tlsrpt.parse([], refuse=['no-such-code'])),
                (ValueError, lambda: tlsrpt.parse([], limits={'max_fun': 1})),
                (ValueError, lambda: tlsrpt.parse([], limits={'max_text_bytes': 1 << 40})),
                (ValueError, lambda: tlsrpt.parse([], rules='loose')), (ValueError, lambda: tlsrpt.parse([], rows=0))):
            with self.assertRaises(wrong):
                call()

    def test_a_stream_of_another_that_fails_fails_too(self):
        def batches():
            yield pa.record_batch({'content': [report()]})
            raise OSError('the disk is on fire')
        reader = pa.RecordBatchReader.from_batches(pa.schema({'content': pa.binary()}), batches())
        with self.assertRaisesRegex(Exception, 'the disk is on fire'):
            pa.table(tlsrpt.parse(reader))

    def test_it_is_read_as_often_as_its_input(self):
        reports = tlsrpt.parse([report()] * 3)
        for _ in range(3):
            self.assertEqual(table(reports).num_rows, 3)
        reports = tlsrpt.read(SAMPLES)
        for _ in range(3):
            self.assertEqual(duckdb.sql('SELECT count(*) FROM reports').fetchall(), [(8,)])

    def test_batches_end_by_octets(self):
        large = report(noted=[1] * 5000)
        batches = list(pa.RecordBatchReader.from_stream(tlsrpt.parse([large] * 20, octets=1 << 20)))
        self.assertGreater(len(batches), 5)
        self.assertEqual(sum(batch.num_rows for batch in batches), 20)

    def test_threads_do_not_wait_for_each_other(self):
        blobs = pa.array([gzip.compress(report(id=str(i))) for i in range(2000)], pa.binary())
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for found in pool.map(lambda _: table(tlsrpt.parse(blobs, ledger=True)), range(8)):
                self.assertEqual(len(set(found['digest'].to_pylist())), 2000)

    def test_broken_inputs_are_rows(self):
        blobs = [report(), b'', None, os.urandom(300), report()[:200], gzip.compress(report())[:-5],
                 gzip.compress(bytes(20 << 20)), b'[' * 5000, b'PK\3\4', report().replace(b'Sender', b'\xff'), b'null']
        found = table(tlsrpt.parse(pa.array(blobs * 100, pa.binary())))
        self.assertEqual(found.num_rows, len(blobs) * 100)
        self.assertEqual(found['error'].null_count, 100)
        self.assertEqual(found['error_offset'].null_count, 100)


class Program(unittest.TestCase):
    """Rows are what the program shows."""

    def test_rows_equal_what_is_shown(self):
        folders = [str(SAMPLES), str(ROOT / 'tests/data')]
        if (ROOT.parent / 'shared/corpus').is_dir():
            folders.append(str(ROOT.parent / 'shared/corpus'))
        if shown(folders[:1]) is None:
            self.skipTest('no program tlsrpt to compare with')
        by_file = {}
        for line in shown(folders):
            by_file.setdefault(line['file'], []).append(line)
        compared = 0
        for row in table(tlsrpt.read(folders)).to_pylist():
            lines = by_file.get(row['source'], [])
            # Mails, archives and files with several reports are for read_mail().
            if len(lines) != 1 or {'mail', 'member', 'part', 'entry'} & lines[0].keys():
                continue
            line = lines[0]
            with self.subTest(row['source']):
                if line['ok'] and 'report' in line:
                    self.assertIsNone(row['error'])
                    self.assertEqual(self.as_shown(row), self.without_more(line['report']))
                elif not line['ok'] and line['error']['code'] == 'gzip-truncated':
                    # libdeflate does not tell what is cut off from what is broken.
                    self.assertIn(row['error'], ('gzip-truncated', 'gzip-corrupt'))
                elif not line['ok']:
                    # The program looks first what a file may be, of many kinds.
                    code = {'unknown-format': 'json-expected-value'}.get(line['error']['code'], line['error']['code'])
                    self.assertEqual((row['error'], row['error_offset'], row['error_path']),
                                     (code, line['error']['offset'], line['error']['path']))
                compared += 1
        self.assertGreater(compared, 7)

    def as_shown(self, row):
        seconds = lambda time: None if time is None else int(time.timestamp())
        members = {'organization-name': row['organization_name'], 'contact-info': row['contact_info'],
                   'report-id': row['report_id'],
                   'date-range': self.present({'start': seconds(row['start_datetime']),
                                               'end': seconds(row['end_datetime'])})}
        policies = []
        for p in row['policies']:
            policy = {'policy-type': p['policy_type_text'] or p['policy_type'], 'policy-string': p['policy_string'] or None,
                      'policy-domain': p['policy_domain_text'] or p['policy_domain'], 'mx-host': p['mx_host'] or None}
            summary = {name: p[name.replace('-', '_')] for name in
                       ('total-successful-session-count', 'total-failure-session-count')}
            failures = [self.present({
                name: f.get(name.replace('-', '_') + '_text') or f[name.replace('-', '_')] for name in
                ('result-type', 'sending-mta-ip', 'receiving-ip', 'receiving-mx-hostname', 'receiving-mx-helo',
                 'failed-session-count', 'additional-information', 'failure-reason-code')})
                for f in p['failure_details']]
            policies.append({'policy': self.present(policy), **self.present({
                'summary': self.present(summary) or None, 'failure-details': failures or None})})
        return self.present(members) | {'policies': policies}

    def without_more(self, shown_report):
        """Without what the program adds and the texts of times, and with the largest number of a column."""
        def kept(value):
            if isinstance(value, list):
                return [kept(element) for element in value]
            if isinstance(value, int):
                return min(value, 2**63 - 1)
            if not isinstance(value, dict):
                return value
            return {name: kept(inner) for name, inner in value.items() if not name.endswith(
                ('-known', '-canonical', '-datetime', '-inferred'))}
        return {'date-range': {}, **kept(shown_report)}

    @staticmethod
    def present(members):
        return {name: value for name, value in members.items() if value is not None}


if __name__ == '__main__':
    unittest.main()
