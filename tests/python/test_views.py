"""The views of examples/duckdb: by the rules of the ledger."""

import datetime
import json
import pathlib
import unittest

import duckdb
import tlsrpt

from samples import ROOT, SAMPLES, report

LARGEST = 2**53 - 1
DAY = datetime.date(2026, 11, 23)


def views(*blobs, submitters=None, received=None):
    """A database with the views over these reports."""
    import pyarrow as pa
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    blobs = list(blobs)
    table = pa.table({'content': pa.array(blobs, pa.binary()),
                      'source': [f'{i}.json' for i in range(len(blobs))],
                      'submitter': pa.array(submitters or [None] * len(blobs), pa.string())})
    reports = tlsrpt.parse(table, ledger=True)
    connection.execute('CREATE TABLE tls_reports AS SELECT * FROM reports')
    connection.execute((ROOT / 'examples/duckdb/views.sql').read_text())
    return connection


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
            only(connection, 'SELECT host, result_type, reason, noted, reporters FROM top_failures'),
            ('mx.example.com', 'certificate-expired', 'x509.expired', 13, 1))
        self.assertEqual(only(connection, 'SELECT ok, failed, noted FROM advice_input'), (3, 9, 13))

    def test_a_regular_reporter_that_stopped_is_silent(self):
        blobs = [report(ok=3, id=str(i), day=DAY + datetime.timedelta(i)) for i in range(10)]
        connection = views(*blobs)
        silent = "SELECT reporter, days, longest_gap FROM silent(DATE '{}')"
        last = DAY + datetime.timedelta(9)
        self.assertEqual(connection.execute(silent.format(last + datetime.timedelta(2))).fetchall(), [])
        self.assertEqual(only(connection, silent.format(last + datetime.timedelta(3))), ('sender.example', 10, 1))

    def test_figures_are_those_of_the_ledger(self):
        from samples import ledger_of
        folders = [str(SAMPLES)]
        corpus = ROOT.parent / 'shared/corpus'
        if corpus.is_dir():
            folders.append(str(corpus))
        reports = tlsrpt.read(folders, ledger=True)
        connection = duckdb.connect()
        connection.execute('CREATE TABLE tls_reports AS SELECT * FROM reports')
        connection.execute((ROOT / 'examples/duckdb/views.sql').read_text())
        entries = ledger_of(folders)
        if entries is None:
            self.skipTest('no program tlsrpt to compare with')
        usable = connection.execute('SELECT digest, day, days, about, reporter, trust FROM reports').fetchall()
        known = {row[0]: row for row in usable}
        for entry in entries:
            row = known.get(entry['digest'])
            if row is None:  # out of a mail or an archive, which read() does not open
                continue
            self.assertEqual((entry['days'], entry['about'], entry['reporter'], entry['trust']), row[2:], entry)
        totals = connection.execute(
            'SELECT digest, domain, kind, policy_id, sum(coalesce(ok, 0))::BIGINT, '
            'count(*) FILTER (ok IS NULL), sum(failed_at_least)::BIGINT, count(*) FILTER (failed IS NULL), count(*) '
            'FROM policies GROUP BY ALL').fetchall()
        found = {}
        for row in totals:
            found.setdefault(row[0], set()).add(row[1:])
        compared = 0
        for entry in entries:
            if entry['digest'] in found and not entry['flags']:
                wanted = {(t[0], t[1], t[3], *t[4:]) for t in entry['T']}
                self.assertEqual(found[entry['digest']], wanted, entry)
                compared += 1
        self.assertGreater(compared, 5)


if __name__ == '__main__':
    unittest.main()
