"""The Python and SQL of docs/columns.md and of the README files run, and print what the pages say."""

import contextlib
import datetime
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from samples import ROOT, SAMPLES, report

PAGES = ['docs/columns.md', 'examples/duckdb/README.md', 'packaging/python/README.md']
BLOCK = re.compile(r'^```(python|text)\n(.*?)^```$', re.M | re.S)


class Pages(unittest.TestCase):
    def test_blocks_print_what_is_shown(self):
        for page in PAGES:
            blocks = BLOCK.findall((ROOT / page).read_text())
            self.assertTrue(blocks, page)
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                os.symlink(SAMPLES, 'reports')
                os.symlink(ROOT / 'examples', 'examples')
                names, printed = {}, ''
                for language, code in blocks:
                    with self.subTest(page=page, code=code):
                        if language == 'text':
                            self.assertEqual(printed, code)
                            continue
                        output = io.StringIO()
                        with contextlib.redirect_stdout(output):
                            exec(compile(code, page, 'exec'), names)
                        printed = output.getvalue()

    def test_a_question_is_answered_in_eight_lines(self):
        blocks = BLOCK.findall((ROOT / 'packaging/python/README.md').read_text())
        code = next(code for language, code in blocks if language == 'python')
        self.assertLessEqual(len(code.splitlines()), 8)
        yesterday = datetime.date.today() - datetime.timedelta(1)
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            os.mkdir('reports')
            pathlib.Path('reports/one.json').write_bytes(report(noted=[4, 3], day=yesterday))
            pathlib.Path('reports/old.json').write_bytes(report(noted=[9], day=yesterday - datetime.timedelta(1)))
            # As where there is nothing but duckdb.
            bare = "import sys; sys.modules.update(pyarrow=None, pandas=None, numpy=None)\n"
            run = subprocess.run([sys.executable, '-c', bare + code], capture_output=True, text=True)
        self.assertEqual((run.stdout, run.stderr), ("[('mx.example.com', 7)]\n", ''))


if __name__ == '__main__':
    unittest.main()
