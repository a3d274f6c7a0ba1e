"""SMTP TLS Reporting (RFC 8460): reports as Arrow columns.

    import duckdb, tlsrpt
    reports = tlsrpt.read('/var/mail/reports')
    duckdb.sql('SELECT error, count(*) FROM reports GROUP BY 1').show()

What the functions give is read by whatever takes Arrow data by `__arrow_c_stream__`: DuckDB, Polars,
DataFusion, pyarrow and, by pyarrow, Spark. There is one row for each input, usable or not: `error` is null or
says why not. docs/columns.md in the sources lists the columns.

Reading happens in C++ as rows are asked for, and needs no GIL. What senders wrote is untrusted text.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import _native

__all__ = ['Reports', 'parse', 'parse_record', 'read', 'read_mail', 'read_tar']

_Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class Reports:
    """Rows of reports, as a stream of Arrow record batches.

    It can be read as often as its input can: files, lists and arrays again and again, a stream once.
    """

    __slots__ = ('_make', '_made')

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = make()  # so that what is wrong with the arguments is raised at once

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """A stream by the Arrow PyCapsule interface. It has its own schema, whichever is requested."""
        stream, self._made = self._made or self._make(), None
        return stream

    def __arrow_c_schema__(self) -> Any:
        """The schema of the stream, for those who ask for it first."""
        self._made = self._made or self._make()
        return _native.schema_of(self._made)


def parse(content: Any, *, rules: str = 'lenient', accept: Iterable[str] = (), refuse: Iterable[str] = (),
          limits: dict[str, int] | None = None, ledger: bool = False, rows: int = 10_000,
          octets: int = 32 << 20) -> Reports:
    """Reads reports in memory: JSON or gzip, one in each value.

    `content` is anything with `__arrow_c_stream__` or `__arrow_c_array__`: a column of octets or texts, or
    record batches with such a column named `content`; or a list of bytes. Of record batches the columns
    `source`, `submitter` (the domain of an accepted DKIM signature), `received` (a time) and `report_domain`
    (which the mail says) are read, and all others are taken along. `position` is the row.

    `rules` is 'lenient' or 'strict'; `accept` and `refuse` change it by names of codes. `limits` has names of
    limits.hpp, such as max_text_bytes. With `ledger` there are the columns `digest`, `day`, `days`, `about`,
    `contact`, `reporter`, `trust`, `policy_id`, `node` and `reason`, and the ledger's rows `totals` and `failures`.
    A batch ends with so many rows or octets.

    Raises TypeError for content of another kind, ValueError for an unknown name or a column that does not fit.
    """
    options = _options(rules, accept, refuse, limits, ledger, rows, octets)
    if hasattr(content, '__arrow_c_stream__'):
        return _checked(Reports(lambda: _native.parse_stream(content.__arrow_c_stream__(), options)))
    if hasattr(content, '__arrow_c_array__'):
        return _checked(Reports(lambda: _native.parse_array(*content.__arrow_c_array__(), options)))
    if isinstance(content, (str, bytes, bytearray, memoryview)):
        raise TypeError('a list of reports is needed, or a column of an Arrow array')
    texts = [b'' if text is None else _octets(text) for text in content]
    return Reports(lambda: _native.parse_bytes(texts, options))


def read(paths: _Path | Iterable[_Path], *, rules: str = 'lenient', accept: Iterable[str] = (),
         refuse: Iterable[str] = (), limits: dict[str, int] | None = None, ledger: bool = False,
         rows: int = 10_000, octets: int = 32 << 20) -> Reports:
    """Reads files, one report in each, JSON or gzip; of folders all files in them, in the order of names.

    `source` is the path. A file that cannot be read is a row with the error `cannot-read`. For the other
    arguments see parse().
    """
    options = _options(rules, accept, refuse, limits, ledger, rows, octets)
    files = list(_files(paths))
    return Reports(lambda: _native.read_files(files, options))


def read_mail(paths: _Path | Iterable[_Path], *, rules: str = 'lenient', accept: Iterable[str] = (),
              refuse: Iterable[str] = (), limits: dict[str, int] | None = None, ledger: bool = False,
              rows: int = 10_000, octets: int = 32 << 20) -> Reports:
    """Reads the reports in mails: files with one mail, mbox files, Maildirs, and folders of these.

    There is a row for each report, also of those in ZIP archives and in forwarded mails, and for each mail
    without one: `error` says why. `source` is the path, `position` counts the rows of a file. A mail says
    nothing about who sent it that could be trusted, so `submitter` is null. A file is read into memory as a
    whole. For the other arguments see parse().
    """
    options = _options(rules, accept, refuse, limits, ledger, rows, octets)
    files = list(_files(paths))
    return Reports(lambda: _native.read_mails(files, options))


def read_tar(path: _Path, *, rules: str = 'lenient', accept: Iterable[str] = (), refuse: Iterable[str] = (),
             limits: dict[str, int] | None = None, ledger: bool = False, rows: int = 10_000,
             octets: int = 32 << 20) -> Reports:
    """Reads the files in a tar archive that is not compressed, one report in each.

    `source` is the name in the archive, `position` the octet at which the content begins. For the other
    arguments see parse().
    """
    options = _options(rules, accept, refuse, limits, ledger, rows, octets)
    name = os.fsencode(path)
    return Reports(lambda: _native.read_tar(name, options))


def parse_record(text: str | bytes, *, rules: str = 'lenient', accept: Iterable[str] = (),
                 refuse: Iterable[str] = ()) -> dict[str, Any]:
    """Reads the TXT record at _smtp._tls.DOMAIN, its strings joined.

    The result has `error` (null or a code), `hint`, `endpoints` (a list of `uri` and `scheme`), `extensions`
    (a list of `name` and `value`) and `diagnostics` (a list of `code`, `grade` and `offset`).
    """
    return _native.parse_record(_octets(text), _options(rules, accept, refuse, None, False, 1, 1))


def _options(rules: str, accept: Iterable[str], refuse: Iterable[str], limits: dict[str, int] | None,
             ledger: bool, rows: int, octets: int) -> tuple[Any, ...]:
    if rules not in ('lenient', 'strict'):
        raise ValueError(f'rules are lenient or strict, not {rules!r}')
    if isinstance(accept, str) or isinstance(refuse, str):
        raise TypeError('accept and refuse are lists of codes')
    if rows < 1 or not 1 <= octets <= 1 << 30:
        raise ValueError('a batch has at least one row, and at most 1 GiB')
    return rules == 'strict', list(accept), list(refuse), dict(limits or {}), bool(ledger), rows, octets


def _checked(reports: Reports) -> Reports:
    """The same, after its schema was asked for: a column that does not fit is an error now."""
    reports.__arrow_c_schema__()
    return reports


def _octets(text: Any) -> bytes:
    if isinstance(text, str):
        return text.encode('utf-8', 'surrogateescape')
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    raise TypeError(f'bytes are needed, not {type(text).__name__}')


def _files(paths: _Path | Iterable[_Path]) -> Iterator[bytes]:
    """The files of all paths; a folder that cannot be listed stays, to become a row."""
    if isinstance(paths, (str, bytes, os.PathLike)):
        paths = [paths]
    for path in paths:
        name = os.fsencode(path)
        if not os.path.isdir(name):
            yield name
            continue
        unlisted: list[OSError] = []
        for folder, folders, files in os.walk(name, onerror=unlisted.append):
            folders.sort()
            # Mails that are still being delivered.
            if {b'cur', b'new', b'tmp'} <= set(folders):
                folders.remove(b'tmp')
            for file in sorted(files):
                yield os.path.join(folder, file)
        for error in unlisted:
            yield os.fsencode(error.filename)
