"""Packing mails and reports into Parquet files of blobs."""

import gzip
import mailbox
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import pyarrow as pa
import pyarrow.parquet as pq
import tlsrpt
from tlsrpt.pack import pack

from samples import ROOT, SAMPLES, report
from test_module import mail


class Pack(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.blobs = self.folder / 'blobs'

    def packed(self):
        return pq.ParquetDataset(self.blobs).read()

    def test_maildirs_and_folders(self):
        (self.folder / 'in').mkdir()
        maildir = mailbox.Maildir(self.folder / 'in/maildir')
        maildir.add(mail(gzip.compress(report(id='a'))))
        maildir.add(b'Subject: hello\n\nNo report.\n')
        box = mailbox.mbox(self.folder / 'in/box')
        for id in 'bc':
            box.add(mail(report(id=id), 'sender.example!about.example!1!2.json', 'tlsrpt+json'))
        box.flush()
        (self.folder / 'in/d.json').write_bytes(report(id='d'))
        (self.folder / 'in/broken.json').write_bytes(b'{"policies":')
        os.utime(self.folder / 'in/d.json', (1_700_000_000, 1_700_000_000))
        refused = pack(self.folder / 'in', self.blobs)
        self.assertEqual([code for _, code in refused], ['mail-report-missing'])
        table = self.packed()
        self.assertEqual(table.num_rows, 6)
        rows = pa.RecordBatchReader.from_stream(tlsrpt.parse(table)).read_all().to_pylist()
        by_id = {row['report_id']: row for row in rows if row['error'] is None}
        self.assertEqual(sorted(by_id), list('abcd'))
        self.assertEqual(by_id['b']['report_domain'], 'about.example')
        self.assertEqual(by_id['d']['received'].timestamp(), 1_700_000_000)
        self.assertEqual(sorted((row['error'], row['refused']) for row in rows if row['error']),
                         [('empty-input', 'mail-report-missing'), ('json-truncated', None)])

    def test_rows_are_those_of_the_mails(self):
        corpus = ROOT.parent / 'shared/corpus'
        paths = [path for folder in (SAMPLES, corpus) for path in sorted(folder.rglob('*.eml'))] or [SAMPLES]
        pack(paths, self.blobs)
        packed = pa.RecordBatchReader.from_stream(tlsrpt.parse(self.packed(), ledger=True)).read_all()
        read = pa.RecordBatchReader.from_stream(tlsrpt.read_mail(paths, ledger=True)).read_all()

        def usable(table):
            return [(row['source'], row['digest'], row['report_domain']) for row in table.to_pylist() if not row['error']]
        if paths != [SAMPLES]:
            self.assertEqual(usable(packed), usable(read))
        self.assertTrue(usable(packed))

    def test_files_have_a_size_and_are_never_written_over(self):
        inputs = self.folder / 'in'
        inputs.mkdir()
        for i in range(5):
            (inputs / f'{i}.json').write_bytes(b'{' + os.urandom(9 << 20))
        pack(inputs, self.blobs, octets=20 << 20)
        self.assertEqual(sorted(path.name for path in self.blobs.iterdir()), ['blobs-0000.parquet', 'blobs-0001.parquet'])
        self.assertEqual(self.packed().num_rows, 5)
        with self.assertRaises(FileExistsError):
            pack(inputs, self.blobs)

    def test_the_command_names_what_is_refused(self):
        (self.folder / 'mail').write_bytes(b'From: a@b.example\nSubject: hello\n\nNo report.\n')
        command = [sys.executable, '-m', 'tlsrpt.pack']
        run = subprocess.run([*command, self.folder / 'mail', self.blobs], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (1, f"'{self.folder}/mail': mail-report-missing\n"))
        run = subprocess.run([*command, self.folder / 'gone', self.folder / 'other'], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (1, f"'{self.folder}/gone': cannot-read\n"))
        self.assertEqual(subprocess.run([*command, self.blobs], capture_output=True).returncode, 2)
        self.assertEqual(subprocess.run([*command, SAMPLES, self.blobs], capture_output=True).returncode, 3)


if __name__ == '__main__':
    unittest.main()
