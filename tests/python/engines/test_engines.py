"""The same figures in DuckDB, in Spark on two workers, in ClickHouse, and by the program; and what no engine may lose.

ENGINES_REPORTS and ENGINES_MANY say how many reports there are (200000 and 1000000).
"""

import contextlib
import datetime
import gzip
import json
import os
import pathlib
import re
import sys
import tempfile
import threading
import time
import unittest

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import tlsrpt

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent.parent / 'examples/spark')]

import engine_views  # noqa: E402
import generated  # noqa: E402
import tlsrpt_spark  # noqa: E402
from cluster import Cluster  # noqa: E402
from samples import PROGRAM, ROOT, SAMPLES, report  # noqa: E402

REPORTS = int(os.environ.get('ENGINES_REPORTS', 200_000))
MANY = int(os.environ.get('ENGINES_MANY', 1_000_000))
TODAY = generated.FIRST_DAY + datetime.timedelta(20)
CLOCK = f"SELECT cast('{TODAY}' AS date) AS today"
LARGEST = 2**63 - 1


def write_blobs(folder, inputs, size=25_000):
    """Parquet files of blobs."""
    os.mkdir(folder)
    rows = []

    def write():
        content, submitters = zip(*rows)
        number = len(os.listdir(folder))
        pq.write_table(pa.table({
            'content': pa.array(content, pa.binary()), 'submitter': pa.array(submitters, pa.string()),
            'source': [f'{number}/{i}' for i in range(len(rows))]}), f'{folder}/{number:04}.parquet', compression='none')
        rows.clear()
    for pair in inputs:
        rows.append(pair)
        if len(rows) == size:
            write()
    if rows:
        write()


def write_lines(name, contents, size=50_000):
    """Files with a report on each line, which the program reads; none longer than it reads. Their paths."""
    paths = []
    for begin in range(0, len(contents), size):
        paths.append(f'{name}.{begin}')
        with open(paths[-1], 'wb') as file:
            for content in contents[begin:begin + size]:
                text = gzip.decompress(content) if content[:1] == b'\x1f' else content
                file.write(text.replace(b'\n', b'') + b'\n')
    return paths


def figures(run):
    return {view: engine_views.in_order(run(f'SELECT {columns} FROM {view}'))
            for view, columns in engine_views.FIGURES.items()}


def figures_of_duckdb(rows):
    """Of rows in Parquet files, as in the others."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE VIEW tls_reports AS FROM '{rows}'")
    for statement in engine_views.statements('duckdb'):
        connection.execute(statement)
    connection.execute(f'CREATE OR REPLACE VIEW clock AS {CLOCK}')
    return figures(lambda query: connection.execute(query).fetchall())


def figures_of_clickhouse(rows):
    from chdb import session
    clickhouse = session.Session()
    clickhouse.query(f"CREATE VIEW tls_reports AS SELECT * FROM file('{rows}')")
    for statement in engine_views.statements('clickhouse'):
        clickhouse.query(statement)
    clickhouse.query(f'CREATE OR REPLACE VIEW clock AS {CLOCK}')

    def run(query):
        lines = clickhouse.query(query, 'JSONCompactEachRow').bytes().splitlines()
        return [json.loads(line) for line in lines]
    found = figures(run)
    clickhouse.close()
    return found


class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.cluster = Cluster(cls.folder)
        cls.addClassCleanup(cls.cluster.stop)
        cls.spark = cls.cluster.session()
        cls.addClassCleanup(cls.spark.stop)
        cls.spark.sparkContext.addPyFile(tlsrpt_spark.__file__)
        cls.spark.dataSource.register(tlsrpt_spark.ReportSource)

    def figures_of_spark(self, rows):
        self.spark.read.parquet(rows).createOrReplaceTempView('tls_reports')
        tlsrpt_spark.make_views(self.spark, ROOT / 'examples')
        self.spark.sql(f'CREATE OR REPLACE TEMPORARY VIEW clock AS {CLOCK}')
        return figures(lambda query: self.spark.sql(query).collect())

    def path(self, name):
        return os.path.join(self.folder, name)

    def compare_engines(self, rows):
        """The figures, once they are the same in all engines."""
        wanted = figures_of_duckdb(f'{rows}/*.parquet')
        for name, found in (('clickhouse', figures_of_clickhouse(f'{rows}/*.parquet')),
                            ('spark', self.figures_of_spark(rows))):
            for view in wanted:
                with self.subTest(engine=name, view=view):
                    self.assertEqual(len(found[view]), len(wanted[view]))
                    self.assertTrue(found[view] == wanted[view],
                                    sorted(set(found[view]) ^ set(wanted[view]))[:6])
        return wanted

    def compare_with_program(self, found, paths):
        if PROGRAM is None:
            self.skipTest('no program tlsrpt to compare with')
        totals, failures = engine_views.facts_of_program(paths)
        # Without the last two columns, by which rows of one policy are told apart.
        self.assertTrue(engine_views.in_order(row[:-2] for row in found['totals']) == totals)
        self.assertTrue(found['failures'] == failures)
        self.assertEqual(engine_views.in_order((row[0], row[1], row[3]) for row in found['silent']),
                         engine_views.silent_by_program(paths, TODAY))

    def test_figures_of_generated_reports(self):
        inputs = [(content, None) for content, _ in generated.inputs(REPORTS)]
        inputs += [(json.dumps(members).encode(), None) for members in generated.regular()]
        write_blobs(self.path('generated'), inputs)
        lines = write_lines(self.path('generated.json'), [content for content, _ in inputs])
        blobs = self.spark.read.parquet(self.path('generated'))
        tlsrpt_spark.parsed(blobs, ledger=True).write.parquet(self.path('generated-rows'))
        found = self.compare_engines(self.path('generated-rows'))
        self.assertGreater(len(found['totals']), min(REPORTS, 1000))
        self.assertGreaterEqual(len(found['silent']), 2)
        self.compare_with_program(found, lines)

    def test_figures_of_reports_that_somebody_vouches_for(self):
        """And of broken ones; read by the data source."""
        write_blobs(self.path('vouched'), generated.inputs(REPORTS // 10, broken=True))
        read = self.spark.read.format('tlsrpt').option('ledger', 'true').load(self.path('vouched'))
        read.write.parquet(self.path('vouched-rows'))
        found = self.compare_engines(self.path('vouched-rows'))
        self.assertEqual(len(found['unusable']), REPORTS // 100)
        self.assertTrue(any(int(row[5]) for row in found['domain_type_day']), 'verified sessions')

    def test_figures_of_samples(self):
        folders = [SAMPLES] + [path for path in [ROOT.parent / 'shared/corpus'] if path.is_dir()]
        tables = [self.spark.read.format('tlsrpt').option('ledger', 'true').load(str(path)) for path in folders]
        rows = tables[0] if len(tables) == 1 else tables[0].union(tables[1])
        rows.write.parquet(self.path('samples-rows'))
        found = self.compare_engines(self.path('samples-rows'))
        usable = self.spark.read.parquet(self.path('samples-rows')).where(
            'error IS NULL AND day IS NOT NULL AND days <= 400')
        self.compare_with_program(found, [row.source for row in usable.collect()])

    def test_nothing_is_lost_and_nothing_ends_a_job(self):
        part = list(generated.inputs(MANY // 10, broken=True))
        details = [{'result-type': 'validation-failure', 'failed-session-count': 1,
                    'receiving-ip': f'192.0.2.{i % 256}'} for i in range(400_000)]
        large = json.loads(report(failed=400_000, id='large'))
        large['policies'][0]['failure-details'] = details
        odd = [(report(ok=LARGEST, failed=LARGEST, id='odd'), None),
               (report(ok=LARGEST, failed=LARGEST, id='odder'), None),
               (gzip.compress(json.dumps(large).encode(), 1), None)]
        write_blobs(self.path('many'), (pair for part in ([*part, *odd], *9 * [part]) for pair in part))
        count = MANY + len(odd)
        killed = []

        def kill_in_the_middle():
            tracker = self.spark.sparkContext.statusTracker()
            while not killed:
                stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
                if any(stage and 0 < stage.numCompletedTasks < stage.numTasks for stage in stages):
                    killed.append(self.cluster.kill_an_executor())
                time.sleep(0.05)
        thread = threading.Thread(target=kill_in_the_middle, daemon=True)
        blobs = self.spark.read.parquet(self.path('many')).repartition(40)
        thread.start()
        tlsrpt_spark.parsed(blobs).write.parquet(self.path('many-rows'))
        self.assertEqual(killed, [True])
        rows = self.spark.read.parquet(self.path('many-rows'))
        rows.createOrReplaceTempView('many')
        exploded = '''SELECT count(*), sum(cast(p.total_successful_session_count AS decimal(38, 0))),
                             sum(cast(p.total_failure_session_count AS decimal(38, 0))), sum({}(p.failure_details))
                      FROM {}'''
        found = self.spark.sql('SELECT count(*), count(DISTINCT source), count(error) FROM many').first()
        self.assertEqual(tuple(found), (count, count, MANY // 10))
        found = self.spark.sql(exploded.format('size', 'many LATERAL VIEW explode(policies) AS p')).first()
        stream = tlsrpt.parse(pq.ParquetDataset(self.path('many')).read())
        wanted = duckdb.sql(exploded.format('len', '(SELECT unnest(policies) AS p FROM stream)')).fetchall()[0]
        self.assertEqual(tuple(map(int, found)), tuple(map(int, wanted)))
        self.assertGreater(found[1], LARGEST)
        self.assertGreaterEqual(found[3], 400_000)

    def test_pages(self):
        """The Python of the README files of the engines runs."""
        for page in ('spark', 'clickhouse'):
            code = '\n'.join(re.findall(r'^```python\n(.*?)^```$', (ROOT / f'examples/{page}/README.md').read_text(),
                                        re.M | re.S))
            with self.subTest(page), tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                os.symlink(SAMPLES, 'reports')
                os.symlink(ROOT / 'examples', 'examples')
                write_blobs('blobs', [(path.read_bytes(), None) for path in sorted(SAMPLES.iterdir())])
                code = code.replace("parquet('", f"parquet('{folder}/").replace("load('", f"load('{folder}/")
                exec(compile(code, page, 'exec'), {})


if __name__ == '__main__':
    unittest.main()
