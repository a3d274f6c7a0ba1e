"""Tests tlsrpt-tallyd: tallyd.py PROGRAM"""

import collections
import errno
import json
import multiprocessing
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
NOW = '2026-11-23T12:00:00Z'


def datagram(domain='example.org', failed=False):
    failures = [{'c': 204, 'n': 'mx.example.org'}] if failed else []
    policy = {'policy-type': 2, 'policy-string': ['version: STSv1'], 'failure-details': failures,
              't': len(failures), 'f': int(failed)}
    return json.dumps({'dpv': '1', 'd': domain, 'pr': 'v=TLSRPTv1; rua=mailto:tls@example.org',
                       'policies': [policy]}).encode()


class Daemon:
    def __init__(self, folder, now=NOW):
        self.path = folder / 'socket'
        self.process = subprocess.Popen(
            [PROGRAM, '--socket', self.path, '--dir', folder, '--now', now], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.socket.connect(str(self.path))
                return
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None
                time.sleep(0.01)

    def send(self, octets):
        self.socket.send(octets)

    def stop(self):
        self.socket.close()
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, self.process.returncode
        return json.loads(output)

    def kill(self):
        self.socket.close()
        self.process.kill()
        self.process.communicate()


def read(folder, day='2026-11-23'):
    """Successes and failures in a journal; tallies that were cut are skipped."""
    sums = collections.Counter()
    path = folder / f'{day}.journal'
    if not path.exists():
        return sums
    text = path.read_text()
    for tally in ('\n' + text).split('\n{"_tally"')[1:]:
        lines = ('{"_tally"' + tally).strip('\n').split('\n')
        try:
            header, *rest = map(json.loads, lines)
        except json.JSONDecodeError:
            continue
        if len(rest) != header['lines']:
            continue
        for line in rest:
            if 'policy' in line:
                sums['ok'] += line['ok']
                sums['failed'] += line['failed']
    return sums


def counts_and_refuses(folder):
    daemon = Daemon(folder)
    bad = {'datagram-syntax': [b'', b'5', b'null', b'[]', b'{', b'\xff\xfe', b'\0' * 100, b'[' * 5000, datagram() + b'x'],
           'datagram-member': [b'{}', b'{"dpv":"1","d":"example.org","policies":5}'],
           'datagram-version': [b'{"dpv":"2"}'],
           'session-domain': [datagram('a b'), datagram('')]}
    for octets in [octets for all_of_them in bad.values() for octets in all_of_them]:
        daemon.send(octets)
        daemon.send(datagram())
    daemon.send(datagram(failed=True))
    daemon.send(datagram().replace(b'STSv1', b'STSv\xff'))
    printed = daemon.stop()
    sound = sum(map(len, bad.values())) + 2
    assert printed == {'received': 2 * sound - 2, 'counted': sound, 'not-counted': 0,
                       'refused': {code: len(octets) for code, octets in bad.items()}}, printed
    assert read(folder) == {'ok': sound - 1, 'failed': 1}, read(folder)
    assert not daemon.path.exists()


def keeps_what_was_written_before_a_crash(folder):
    daemon = Daemon(folder)
    for _ in range(10):
        daemon.send(datagram())
    deadline = time.monotonic() + 60
    while read(folder)['ok'] < 10:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    daemon.send(datagram())
    daemon.kill()
    assert read(folder)['ok'] in (10, 11), read(folder)
    # A tally that the crash cut, and the socket that it left over.
    path = folder / '2026-11-23.journal'
    path.write_text(path.read_text() + '{"_tally":1,"day":"2026-11-23","par')
    before = read(folder)['ok']
    daemon = Daemon(folder)
    daemon.send(datagram())
    daemon.stop()
    assert read(folder)['ok'] == before + 1, read(folder)


def keeps_in_memory_what_cannot_be_written(folder):
    path = folder / '2026-11-23.journal'
    path.mkdir()
    daemon = Daemon(folder)
    for _ in range(10_001):
        daemon.socket.send(datagram())
    while 'journal' not in daemon.process.stderr.readline():
        pass
    path.rmdir()
    daemon.send(datagram())
    assert daemon.stop()['counted'] == 10_002
    assert read(folder)['ok'] == 10_002, read(folder)


def each_day_has_a_journal(folder):
    for now in ('2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z'):
        daemon = Daemon(folder, now)
        daemon.send(datagram())
        daemon.stop()
    assert read(folder)['ok'] == 1 and read(folder, '2026-11-24')['ok'] == 1


def send_many(path, count, accepted):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.setblocking(False)
    one.connect(path)
    sent = 0
    octets = datagram()
    for _ in range(count):
        try:
            one.send(octets)
            sent += 1
        except OSError as error:
            assert error.errno in (errno.EAGAIN, errno.ENOBUFS), error
            time.sleep(0)
    accepted.put(sent)


def loses_nothing_of_a_burst(folder):
    daemon = Daemon(folder)
    accepted = multiprocessing.Queue()
    senders = [multiprocessing.Process(target=send_many, args=(str(daemon.path), 12_500, accepted)) for _ in range(8)]
    for sender in senders:
        sender.start()
    sent = sum(accepted.get(timeout=120) for _ in senders)
    for sender in senders:
        sender.join()
    printed = daemon.stop()
    print(f'{sent} of 100000 datagrams were accepted by the kernel')
    assert printed['received'] == printed['counted'] == sent > 0, (sent, printed)
    assert read(folder)['ok'] == sent, (sent, read(folder))


def refuses_bad_arguments(folder):
    for arguments in ([], ['--socket', folder / 's'], ['--socket', folder / 's', '--dir', folder, '--now', 'today'],
                      ['--socket', folder / 's', '--dir', folder, '--now']):
        assert subprocess.run([PROGRAM, *arguments], capture_output=True).returncode == 2, arguments
    for arguments in (['--socket', folder / ('s' * 200), '--dir', folder],
                      ['--socket', folder / 's', '--dir', folder / 'none']):
        assert subprocess.run([PROGRAM, *arguments], capture_output=True).returncode == 3, arguments


for test in (counts_and_refuses, keeps_what_was_written_before_a_crash, keeps_in_memory_what_cannot_be_written,
             each_day_has_a_journal, loses_nothing_of_a_burst, refuses_bad_arguments):
    with tempfile.TemporaryDirectory() as name:
        test(pathlib.Path(name))
