"""Runs the small programs that read a file. Arguments: the source root and the programs."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT, PROGRAMS = pathlib.Path(sys.argv[1]), sys.argv[2:]
REPORT = ROOT / 'examples/reports/google-failure.json'


class Files(unittest.TestCase):
    def run_all(self, path):
        for program in PROGRAMS:
            with self.subTest(program):
                done = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=60, check=False)
                yield done.returncode, done.stdout, done.stderr

    def test_report(self):
        for status, out, err in self.run_all(REPORT):
            self.assertEqual((status, err), (0, ''))
            self.assertTrue(out)

    def test_what_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            for path, reason in ((folder, 'Is a directory'), (folder + '/none', 'No such file or directory')):
                for status, out, err in self.run_all(path):
                    self.assertEqual((status, out, err), (1, '', f'cannot read {path}: {reason}\n'))

    def test_empty_file(self):
        with tempfile.NamedTemporaryFile() as file:
            for status, out, err in self.run_all(file.name):
                self.assertEqual((status, out), (1, ''))
                self.assertTrue(err.startswith('The input is empty.'), err)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
