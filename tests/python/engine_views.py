"""The views of the examples in DuckDB, Spark and ClickHouse, and the program's own figures."""

import csv
import io
import json
import subprocess

from samples import PROGRAM, ROOT


def statements(engine):
    """Those that make the views, one after the other, without comments."""
    examples = ROOT / 'examples'
    for path in (examples / 'views/reports.sql', examples / engine / 'engine.sql', examples / 'views/figures.sql'):
        lines = [line.split('--')[0] for line in path.read_text().splitlines()]
        yield from filter(None, (statement.strip() for statement in '\n'.join(lines).split(';')))


TOTALS = 'day, days, domain, kind, mode, reporter, trust, ok, ok_unknown, failed, failed_unknown'
FAILURES = 'day, days, domain, kind, mode, reporter, trust, result_type, host, node, reason, noted, noted_unknown'
# Figures that have to be the same in all engines, each with its columns.
FIGURES = {
    'totals': TOTALS + ', policy_id, elements', 'failures': FAILURES,
    'domain_type_day': 'day, domain, kind, ok, failed, verified_ok, verified_failed, unknown',
    'domain_day': 'day, domain, ok_at_least, ok_at_most, failed_at_least, failed_at_most',
    'top_failures': 'domain, host, result_type, reason, mentions, reporters, first_day, last_day',
    'silent': 'domain, reporter, trust, last_day, days, longest_gap',
    'advice_input': 'day, days, domain, kind, mode, reporter, trust, ok, ok_unknown, failed, failed_unknown, '
                    'result_type, host, node, reason, noted, noted_unknown',
    'policies': 'source, position, digest, day, days, reporter, trust, policy_type, policy_type_text, policy_string, '
                'policy_string_text, policy_domain, policy_domain_text, mx_host, total_successful_session_count, '
                'total_failure_session_count, failure_details, policy_id',
    'unusable': 'source, error, error_in, error_offset, error_path'}


def _text(value):
    if isinstance(value, dict):  # a struct, which Spark gives as a tuple
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return '' if value is None else str(value)
    return str([_text(part) for part in value])


def in_order(rows):
    """Rows as texts, so that neither the types of an engine nor its order matter."""
    return sorted(tuple(map(_text, row)) for row in rows)


def facts_of_program(paths, *options):
    """What `tlsrpt sum` says: rows of totals and of failures, with the columns of TOTALS and FAILURES."""
    text = subprocess.run([PROGRAM, 'sum', '--format', 'csv', *options, *paths], capture_output=True, text=True).stdout
    totals, failures = [], []
    for row in csv.DictReader(io.StringIO(text)):
        # What a spreadsheet would take for a formula is quoted.
        row = {name: value.removeprefix("'") for name, value in row.items()}
        kind = {'no-policy-found': 'none', 'sts': 'sts', 'tlsa': 'tlsa'}.get(row['kind'], 'other')
        mode = (row['mode'] or '?') if kind == 'sts' else '-'
        key = [row['day'], row['days'], row['domain'], kind, mode, row['reporter'], row['trust']]
        if row['table'] == 'total':
            totals.append([*key, row['ok'], row['ok_unknown'], row['failed'], row['failed_unknown']])
        else:
            failures.append([*key, row['result'], row['host'], row['node'], row['reason'], row['noted'],
                             row['noted_unknown']])
    return in_order(totals), in_order(failures)


def silent_by_program(paths, today):
    """Domain, reporter and last day of those that `tlsrpt advise` calls silent."""
    text = subprocess.run([PROGRAM, 'advise', '--format', 'json', '--now', f'{today}T00:00:00Z', *paths],
                          capture_output=True, text=True).stdout
    return in_order((one['domain'], one['reporter'], one['last-day']) for one in json.loads(text)['silent'])
