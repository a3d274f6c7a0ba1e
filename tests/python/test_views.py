"""The views in DuckDB: by the rules of the ledger."""

import datetime
import gzip
import json
import os
import pathlib
import tempfile
import unittest

import duckdb
import tlsrpt

import engine_views
import generated
from samples import PROGRAM, ROOT, SAMPLES, report

LARGEST = 2**53 - 1
DAY = datetime.date(2026, 11, 23)


def views_of(reports):
    """A database with the views over these rows."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute('CREATE TABLE tls_reports AS SELECT * FROM reports')
    for statement in engine_views.statements('duckdb'):
        connection.execute(statement)
    return connection


def views(*blobs, submitters=None, report_domains=None):
    """A database with the views over these reports."""
    import pyarrow as pa
    blobs = list(blobs)
    table = pa.table({'content': pa.array(blobs, pa.binary()),
                      'source': [f'{i}.json' for i in range(len(blobs))],
                      'submitter': pa.array(submitters or [None] * len(blobs), pa.string()),
                      'report_domain': pa.array(report_domains or [None] * len(blobs), pa.string())})
    return views_of(tlsrpt.parse(table, ledger=True))


def only(connection, query):
    rows = connection.execute(query).fetchall()
    assert len(rows) == 1, rows
    return rows[0]


class Views(unittest.TestCase):
    def test_unusable_inputs_are_listed_and_in_no_figure(self):
        connection = views(b'', report(ok=3), b'[')
        self.assertEqual(only(connection, 'SELECT count(*) FROM unusable'), (2,))
        self.assertEqual(only(connection, 'SELECT ok, failed FROM domain_type_day'), (3, 0))

    def test_a_report_counts_once_whichever_ways_it_came(self):
        text = report(ok=3)
        spaced = json.dumps(json.loads(text), indent=4).encode()
        connection = views(text, spaced, text, submitters=[None, 'sender.example', None])
        self.assertEqual(only(connection, 'SELECT trust, reporter FROM reports'), ('verified', 'sender.example'))
        self.assertEqual(only(connection, 'SELECT ok, verified_ok FROM domain_type_day'), (3, 3))

    def test_one_id_with_two_contents_counts_the_larger(self):
        connection = views(report(ok=3, failed=7), report(ok=5, failed=2))
        self.assertEqual(only(connection, 'SELECT ok, failed FROM domain_type_day'), (5, 7))

    def test_different_ids_are_added(self):
        connection = views(report(ok=3), report(ok=5, id='other'))
        self.assertEqual(only(connection, 'SELECT ok FROM domain_type_day'), (8,))

    def test_a_forged_report_beside_a_verified_one_is_in_no_figure(self):
        connection = views(report(ok=3), report(ok=0, failed=1000), submitters=['sender.example', None])
        self.assertEqual(only(connection, 'SELECT ok, failed FROM domain_type_day'), (3, 0))

    def test_what_a_verified_report_is_about_nobody_else_says(self):
        text = json.loads(report(ok=3))
        del text['policies'][0]['policy']['policy-domain']
        text = json.dumps(text).encode()
        def subject(submitters, domains):
            connection = views(text, text, submitters=submitters, report_domains=domains)
            return only(connection, 'SELECT subject FROM reports')[0]
        self.assertEqual(subject(['sender.example', None], [None, 'claimed.example']), '?')
        self.assertEqual(subject(['sender.example', None], ['own.example', 'claimed.example']), 'own.example')
        self.assertEqual(subject([None, None], [None, 'claimed.example']), 'claimed.example')

    def test_kinds_are_not_added(self):
        sample = (SAMPLES / 'microsoft-sts-and-tlsa.json').read_bytes()
        connection = views(sample)
        rows = connection.execute('SELECT kind, ok, failed FROM domain_type_day ORDER BY ALL').fetchall()
        self.assertEqual(len(rows), 2)
        at_least, at_most = only(connection, 'SELECT ok_at_least, ok_at_most FROM domain_day')
        self.assertEqual(at_least, max(row[1] for row in rows))
        self.assertEqual(at_most, sum(row[1] for row in rows))

    def test_sums_stop_at_the_largest_number_of_json(self):
        connection = views(report(ok=2**63 - 1, failed=2**63 - 1), report(ok=2**63 - 1, id='other'))
        self.assertEqual(only(connection, 'SELECT ok, failed FROM domain_type_day'), (LARGEST, LARGEST))

    def test_unknown_is_not_0(self):
        connection = views(report(ok='many', failed=None, noted=[4, 9]))
        self.assertEqual(only(connection, 'SELECT ok, failed, unknown FROM domain_type_day'), (0, 9, 2))

    def test_equal_elements_are_one(self):
        text = json.loads(report(ok=3))
        text['policies'] *= 2
        connection = views(json.dumps(text).encode())
        self.assertEqual(only(connection, 'SELECT ok FROM domain_type_day'), (3,))

    def test_a_report_of_several_days_is_of_no_day(self):
        connection = views(report(ok=3, days=7))
        self.assertEqual(connection.execute('SELECT * FROM domain_type_day').fetchall(), [])
        self.assertEqual(only(connection, 'SELECT day, days, ok FROM totals'), (DAY, 7, 3))

    def test_failures_are_listed_by_host_and_reason(self):
        connection = views(report(ok=3, failed=9, noted=[4, 9]))
        self.assertEqual(
            only(connection, 'SELECT host, result_type, reason, mentions, reporters FROM top_failures'),
            ('mx.example.com', 'certificate-expired', 'x509.expired', 13, 1))
        self.assertEqual(only(connection, 'SELECT ok, failed, noted FROM advice_input'), (3, 9, 13))

    def test_a_regular_reporter_that_stopped_is_silent(self):
        blobs = [report(ok=3, id=str(i), day=DAY + datetime.timedelta(i)) for i in range(10)]
        connection = views(*blobs)
        last = DAY + datetime.timedelta(9)

        def silent(days):
            connection.execute(f"CREATE OR REPLACE VIEW clock AS SELECT DATE '{last}' + {days} AS today")
            return connection.execute('SELECT reporter, days, longest_gap FROM silent').fetchall()
        self.assertEqual(silent(3), [])
        self.assertEqual(silent(4), [('sender.example', 10, 1)])

    def test_a_report_of_unknown_days_is_in_no_figure(self):
        text = json.loads(report(ok=3))
        text['date-range']['end-datetime'] = 'later'
        connection = views(json.dumps(text).encode())
        self.assertEqual(only(connection, 'SELECT error FROM unusable'), ('period-unknown',))
        self.assertEqual(connection.execute('FROM totals').fetchall(), [])

    def test_a_week_beside_its_days_is_in_no_figure(self):
        week = report(ok=0, failed=7, id='week', days=7)
        days = [report(failed=1, id=str(i), day=DAY + datetime.timedelta(i)) for i in range(7)]
        failed = 'SELECT sum(failed) FROM totals'
        self.assertEqual(only(views(week, *days), failed), (7,))
        self.assertEqual(only(views(week, *days[:3], *days[4:]), failed), (13,))

    def test_a_domain_that_is_absent_is_that_of_the_envelope(self):
        text = json.loads(report(ok=3))
        del text['policies'][0]['policy']['policy-domain']
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, 'sender.example!inferred.example!1795392000!1795478399.json')
            path.write_bytes(json.dumps(text).encode())
            connection = views_of(tlsrpt.read(folder, ledger=True))
            self.assertEqual(only(connection, 'SELECT domain, ok FROM totals'), ('inferred.example', 3))
            self.compare([str(path)], connection)

    def test_of_too_many_names_the_rest_is_exact(self):
        text = json.loads(report(noted=[1]))
        detail = text['policies'][0]['failure-details'][0]
        text['policies'][0]['failure-details'] = [
            {**detail, 'receiving-mx-hostname': f'mx{i}.example.com', 'failed-session-count': 1 + i % 50}
            for i in range(400)]
        element = json.loads(report(ok=1))['policies'][0]
        for i in range(1100):
            text['policies'].append(json.loads(json.dumps(element).replace('example.com', f'd{i}.example')))
        blob = json.dumps(text).encode()
        connection = views(blob)
        # 400 failures note 10200 sessions, the largest 256 of them 8832.
        self.assertEqual(only(connection, 'SELECT count(*), sum(noted) FROM failures'), (257, 10200))
        self.assertEqual(only(connection, "SELECT noted FROM failures WHERE host = '*'"), (1368,))
        self.assertEqual(only(connection, 'SELECT count(*) FROM totals'), (1025,))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, 'many.json')
            path.write_bytes(blob)
            self.compare([str(path)], connection)

    def test_figures_of_files_are_those_of_the_program(self):
        folders = [str(SAMPLES)]
        corpus = ROOT.parent / 'shared/corpus'
        if corpus.is_dir():
            folders.append(str(corpus))
        connection = views_of(tlsrpt.read(folders, ledger=True))
        usable = 'SELECT source FROM tls_reports WHERE error IS NULL AND day IS NOT NULL AND days <= 400'
        paths = [row[0] for row in connection.execute(usable).fetchall()]
        self.assertGreater(len(paths), 5)
        self.compare(paths, connection)

    def test_figures_of_mails_are_those_of_the_program(self):
        folder = ROOT.parent / 'shared/corpus'
        mails = [str(path) for path in folder.rglob('*') if path.suffix in ('.eml', '.mbox')]
        if not mails:
            self.skipTest('no corpus with mails')
        connection = views_of(tlsrpt.read_mail(mails, ledger=True))
        self.compare(mails, connection)

    def test_figures_of_generated_reports_are_those_of_the_program(self):
        blobs = [content for content, _ in generated.inputs(4000)]
        blobs += [json.dumps(members).encode() for members in generated.regular()]
        connection = views(*blobs)
        today = generated.FIRST_DAY + datetime.timedelta(20)
        connection.execute(f"CREATE OR REPLACE VIEW clock AS SELECT DATE '{today}' AS today")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'lines.json')
            with open(path, 'wb') as lines:
                for blob in blobs:
                    text = gzip.decompress(blob) if blob[:1] == b'\x1f' else blob
                    lines.write(text.replace(b'\n', b'') + b'\n')
            self.compare([path], connection)
            silent = engine_views.in_order(
                connection.execute('SELECT domain, reporter, last_day FROM silent').fetchall())
            self.assertEqual(silent, engine_views.silent_by_program([path], today))
            self.assertGreaterEqual(len(silent), 2)

    def compare(self, paths, connection):
        """Whether totals and failures, and the input of advice, are what the program says of the files."""
        if PROGRAM is None:
            self.skipTest('no program tlsrpt to compare with')
        totals, failures = engine_views.facts_of_program(paths)
        self.assertTrue(totals)

        def rows(columns, view):
            return engine_views.in_order(connection.execute(f'SELECT {columns} FROM {view}').fetchall())
        self.assertEqual(rows(engine_views.TOTALS, 'totals'), totals)
        self.assertEqual(rows(engine_views.FAILURES, 'failures'), failures)
        # Beside each failure there is what its reporter says of all sessions, of all policies together.
        sessions = {}
        for *key, ok, ok_unknown, failed, failed_unknown in totals:
            sums = sessions.setdefault(tuple(key), [0, 0, 0, 0])
            for i, count in enumerate((ok, ok_unknown, failed, failed_unknown)):
                sums[i] = min(sums[i] + int(count), LARGEST)
        wanted = {key: [] for key in sessions}
        for failure in failures:
            wanted[failure[:7]].append(failure[7:])
        lines = [(*key, *sums, *noted) for key, sums in sessions.items() for noted in wanted[key] or [[''] * 6]]
        self.assertEqual(rows(engine_views.FIGURES['advice_input'], 'advice_input'), engine_views.in_order(lines))


if __name__ == '__main__':
    unittest.main()
