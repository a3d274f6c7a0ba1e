"""Packs Maildirs and folders of reports into Parquet files of blobs, which engines read quickly.

    python -m tlsrpt.pack MAILDIR FOLDER... BLOBS

There is a row for each report, as it came: `content` is the JSON or gzip, `source` the path, `received` the time of
the file, `report_domain` what the mail or the name of the file says it is about. `submitter` is null, for whoever
verifies signatures to fill in. A mail without a report has no content; `refused` says why, and tlsrpt.parse() takes
it along. Needs pyarrow.
"""

import datetime
import os
import sys
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from . import _files, _native, _options, _Path

_SCHEMA = pa.schema([('source', pa.string()), ('received', pa.timestamp('us', 'UTC')), ('submitter', pa.string()),
                     ('report_domain', pa.string()), ('refused', pa.string()), ('content', pa.binary())])
_ROWS, _OCTETS = 10_000, 32 << 20


def pack(paths: _Path | Iterable[_Path], folder: _Path, *, octets: int = 256 << 20) -> list[tuple[str, str]]:
    """Writes `folder`/blobs-0000.parquet and so on, each of about so many octets.

    `paths` are Maildirs, mbox files, mails, reports, and folders of these. Returns the sources that have no content,
    and the code of the error. Raises FileExistsError for a folder with such files, so that nothing is there twice.
    """
    name = os.fsdecode(folder)
    os.makedirs(name, exist_ok=True)
    refused: list[tuple[str, str]] = []
    files = size = 0
    writer = None
    try:
        for rows in _groups(_rows(paths)):
            if writer is None:
                file = open(os.path.join(name, f'blobs-{files:04}.parquet'), 'xb')
                # Reports are compressed already.
                writer, files, size = pq.ParquetWriter(file, _SCHEMA, compression='none'), files + 1, 0
            writer.write_table(pa.Table.from_pylist(rows, _SCHEMA))
            refused += [(row['source'], row['refused']) for row in rows if row['refused']]
            size += sum(len(row['content']) for row in rows)
            if size >= octets:
                writer.close()
                file.close()
                writer = None
    finally:
        if writer is not None:
            writer.close()
            file.close()
    return refused


def _rows(paths: _Path | Iterable[_Path]) -> Iterator[dict[str, object]]:
    options = _options('lenient', (), (), None, False, 1, 1)
    for path in _files(paths):
        try:
            received = datetime.datetime.fromtimestamp(os.stat(path).st_mtime, datetime.UTC)
        except OSError:
            received = None
        source = os.fsdecode(path).encode(errors='replace').decode()
        for content, refused, domain in _native.contents(path, options):
            yield {'source': source, 'received': received, 'submitter': None, 'report_domain': domain,
                   'refused': refused, 'content': content}


def _groups(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    """Rows as they are written together: so many, or so many octets."""
    group: list[dict[str, object]] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row['content'])
        if len(group) == _ROWS or size >= _OCTETS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print('usage: python -m tlsrpt.pack PATH... FOLDER', file=sys.stderr)
        return 2
    try:
        refused = pack(arguments[:-1], arguments[-1])
    except OSError as error:
        print(f'tlsrpt.pack: {error}', file=sys.stderr)
        return 3
    for source, code in refused:
        print(f'{source!r}: {code}', file=sys.stderr)
    return 1 if refused else 0


if __name__ == '__main__':
    sys.exit(_main(sys.argv[1:]))
