"""TLS reports in Spark 4: blobs become rows by mapInArrow(), files by a data source, rows become views.

Workers need the Python module tlsrpt, and this file: spark.sparkContext.addPyFile(tlsrpt_spark.__file__).
"""

import dataclasses
import itertools
import pathlib
import re

import pyarrow as pa
import pyarrow.parquet as pq
import tlsrpt
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

_FILES_OF_A_TASK = 1000


def parsed(blobs, **how):
    """Rows of the reports in a DataFrame with a column `content`, as by tlsrpt.parse(..., **how). Its other columns are
    read or taken along. `position` counts the rows of a task."""
    empty = to_arrow_schema(blobs.schema).empty_table()
    schema = from_arrow_schema(pa.schema(tlsrpt.parse(empty, **how)))
    return blobs.mapInArrow(lambda batches: _parsed_batches(batches, how), schema)


def _parsed_batches(batches, how):
    batches = iter(batches)
    for first in batches:
        reader = pa.RecordBatchReader.from_batches(first.schema, itertools.chain([first], batches))
        yield from pa.RecordBatchReader.from_stream(tlsrpt.parse(reader, **how))


class ReportSource(DataSource):
    """format('tlsrpt'): a folder that all workers see, with Parquet files of blobs, tar archives, and files with a
    report each. Option `ledger`: 'true' for the columns that the views need."""

    @classmethod
    def name(cls):
        return 'tlsrpt'

    def schema(self):
        return from_arrow_schema(pa.schema(tlsrpt.parse([], **self._how())))

    def reader(self, schema):
        return _Reader(pathlib.Path(self.options['path']), self._how())

    def _how(self):
        return {'ledger': self.options.get('ledger', 'false').lower() == 'true'}


@dataclasses.dataclass
class _Group(InputPartition):
    """A row group of a Parquet file, a tar archive, or the paths of reports."""

    kind: str
    paths: list[str]
    row_group: int = 0


class _Reader(DataSourceReader):
    def __init__(self, path, how):
        self._path, self._how = path, how

    def partitions(self):
        files = sorted(file for file in self._path.rglob('*') if file.is_file()) if self._path.is_dir() else [self._path]
        groups, single = [], []
        for file in map(str, files):
            if file.endswith('.parquet'):
                count = pq.ParquetFile(file).num_row_groups
                groups += [_Group('parquet', [file], row_group) for row_group in range(count)]
            elif file.endswith('.tar'):
                groups.append(_Group('tar', [file]))
            else:
                single.append(file)
        for begin in range(0, len(single), _FILES_OF_A_TASK):
            groups.append(_Group('files', single[begin:begin + _FILES_OF_A_TASK]))
        return groups

    def read(self, partition):
        if partition.kind == 'files':
            rows = tlsrpt.read(partition.paths, **self._how)
        elif partition.kind == 'tar':
            rows = tlsrpt.read_tar(partition.paths[0], **self._how)
        else:
            file = pq.ParquetFile(partition.paths[0])
            columns = [name for name in _COLUMNS if name in file.schema_arrow.names]
            batches = file.iter_batches(10_000, row_groups=[partition.row_group], columns=columns)
            schema = pa.schema([file.schema_arrow.field(name) for name in columns])
            rows = tlsrpt.parse(pa.RecordBatchReader.from_batches(schema, batches), **self._how)
        yield from pa.RecordBatchReader.from_stream(rows)


# The columns of blobs that are read; those that would be taken along are not in the schema.
_COLUMNS = ('source', 'submitter', 'received', 'report_domain', 'content')


def make_views(spark, examples):
    """Makes the views over tls_reports, for this session. `examples` is the folder of that name in the sources."""
    for part in ('views/reports.sql', 'spark/engine.sql', 'views/figures.sql'):
        text = re.sub('--.*', '', pathlib.Path(examples, part).read_text())
        for statement in filter(str.strip, text.split(';')):
            spark.sql(statement.replace('create or replace view', 'create or replace temporary view'))
