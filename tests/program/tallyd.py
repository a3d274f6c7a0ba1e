"""Tests tlsrpt-tallyd: tallyd.py PROGRAM SENDER, the latter being examples/send_session.cpp"""

import calendar
import collections
import errno
import fcntl
import json
import multiprocessing
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM, SENDER = sys.argv[1:3]
NOW = '2026-11-23T12:00:00Z'
# Where this runs with nohup, the program does not.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def has_sanitizer():
    program = pathlib.Path(PROGRAM).read_bytes()
    return b'__asan_init' in program or b'__tsan_init' in program


def datagram(domain='example.org', failed=False):
    failures = [{'c': 204, 'n': 'mx.example.org'}] if failed else []
    policy = {'policy-type': 2, 'policy-string': ['version: STSv1'], 'failure-details': failures,
              't': len(failures), 'f': int(failed)}
    return json.dumps({'dpv': '1', 'd': domain, 'pr': 'v=TLSRPTv1; rua=mailto:tls@example.org',
                       'policies': [policy]}).encode()


class Daemon:
    def __init__(self, folder, *arguments, now=NOW, is_inherited=False, environment=None):
        self.path = folder / 'socket'
        command = [PROGRAM, '--dir', folder, *(['--now', now] if now else []), *arguments]
        if is_inherited:
            # As systemd does it.
            inherited = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            inherited.bind(str(self.path))
            command = ['sh', '-c', f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&{inherited.fileno()}', 'sh', *command]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                            pass_fds=[inherited.fileno()])
            inherited.close()
        else:
            self.process = subprocess.Popen([*command, '--socket', self.path], stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.socket.connect(str(self.path))
                if self.is_ready():
                    return
            except OSError:
                pass
            assert time.monotonic() < deadline and self.process.poll() is None
            time.sleep(0.01)

    def is_ready(self):
        """Whether SIGTERM does what it has to."""
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(status.split('SigCgt:')[1].split()[0], 16) >> signal.SIGTERM - 1 & 1

    def send(self, octets):
        self.socket.send(octets)

    def stop(self, status=0):
        self.socket.close()
        self.process.send_signal(signal.SIGTERM)
        output, self.said = self.process.communicate(timeout=60)
        assert self.process.returncode == status, self.process.returncode
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
    assert printed == {'received': 2 * sound - 2, 'counted': sound, 'not-counted': 0, 'lost': 0,
                       'refused': {code: len(octets) for code, octets in bad.items()}}, printed
    assert read(folder) == {'ok': sound - 1, 'failed': 1}, read(folder)
    assert not daemon.path.exists()


def leaves_the_socket_of_another(folder):
    first = Daemon(folder)
    second = subprocess.run([PROGRAM, '--socket', first.path, '--dir', folder], capture_output=True, text=True)
    assert second.returncode == 3 and 'in use' in second.stderr, second
    first.send(datagram())
    # Another program takes the name over.
    first.path.unlink()
    other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    other.bind(str(first.path))
    assert first.stop()['counted'] == 1
    assert first.path.is_socket()
    other.close()
    # One of another kind is nobody's that a crash left over.
    first.path.unlink()
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.bind(str(first.path))
    assert subprocess.run([PROGRAM, '--socket', first.path, '--dir', folder], capture_output=True).returncode == 3
    assert first.path.is_socket()
    stream.close()


def follows_no_link(folder):
    path, other = folder / '2026-11-23.journal', folder / 'other'
    other.write_text('precious')
    path.symlink_to(other)
    daemon = Daemon(folder)
    daemon.send(datagram())
    assert daemon.stop(status=1)['lost'] == 1
    assert '2026-11-23.journal: Too many levels of symbolic links; sessions are kept in memory' in daemon.said, daemon.said
    assert other.read_text() == 'precious'


def waits_for_a_full_disk(folder):
    daemon = Daemon(folder)
    daemon.send(datagram())
    path = folder / '2026-11-23.journal'
    while not read(folder)['ok']:
        time.sleep(0.1)
    size = path.stat().st_size
    # There is room for half a tally.
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size + 150, resource.RLIM_INFINITY))
    for i in range(10_000):
        daemon.send(datagram(f'd{i % 100}.example'))
    line = ''
    while 'kept in memory' not in line:
        line = daemon.process.stderr.readline()
        assert line
    assert 'File too large' in line, line
    assert path.stat().st_size == size
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert daemon.stop()['lost'] == 0
    assert read(folder)['ok'] == 10_001, read(folder)


def waits_for_others_that_write(folder):
    opened = os.open(folder / 'journal.lock', os.O_RDWR | os.O_CREAT)
    fcntl.flock(opened, fcntl.LOCK_EX)
    daemon = Daemon(folder)
    daemon.send(datagram())
    daemon.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert not (folder / '2026-11-23.journal').exists()
    os.close(opened)
    daemon.stop()
    assert read(folder)['ok'] == 1


def waits_for_nobody_without_end(folder):
    # A stranger can lock the folder, but not the file that is locked.
    stranger = os.open(folder, os.O_RDONLY)
    fcntl.flock(stranger, fcntl.LOCK_EX)
    daemon = Daemon(folder)
    daemon.send(datagram())
    while not read(folder)['ok']:
        time.sleep(0.1)
    lock = folder / 'journal.lock'
    assert lock.stat().st_mode & 0o777 == 0o600
    opened = os.open(lock, os.O_RDWR)
    fcntl.flock(opened, fcntl.LOCK_EX)
    daemon.send(datagram())
    line = ''
    while 'kept in memory' not in line:
        line = daemon.process.stderr.readline()
        assert line
    os.close(opened)
    assert daemon.stop()['lost'] == 0
    assert read(folder)['ok'] == 2
    os.close(stranger)


def keeps_what_was_written_before_a_crash(folder):
    """TA-70."""
    daemon = Daemon(folder)
    for _ in range(10):
        daemon.send(datagram())
    # 5 seconds are promised; the rest is for a busy machine.
    deadline = time.monotonic() + 5 + 10
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
        daemon = Daemon(folder, now=now)
        daemon.send(datagram())
        daemon.stop()
    assert read(folder)['ok'] == 1 and read(folder, '2026-11-24')['ok'] == 1


def follows_a_clock_that_jumps(folder):
    """Over the end of a year, back by days and forth by more than a year, while eight senders do not pause."""
    if not shutil.which('cc') or pathlib.Path(PROGRAM).read_bytes()[4] != 2 or has_sanitizer():
        return print('a clock that jumps: skipped, since it cannot be replaced here')
    library, clock = folder / 'clock.so', folder / 'clock'
    (folder / 'clock.c').write_text('#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n'
                                    'time_t time(time_t *to) {\n  long long now = 0;\n'
                                    '  FILE *file = fopen(getenv("CLOCK"), "r");\n'
                                    '  if (file == NULL || fscanf(file, "%lld", &now) != 1) abort();\n'
                                    '  fclose(file);\n  if (to) *to = now;\n  return now;\n}\n')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', library, folder / 'clock.c'], check=True)

    def set_clock(text):
        seconds = calendar.timegm(time.strptime(text, '%Y-%m-%dT%H:%M:%SZ'))
        (folder / 'clock.new').write_text(str(seconds))
        (folder / 'clock.new').rename(clock)

    times = ['2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z', '2026-12-29T00:00:05Z', '2028-02-29T12:00:00Z', '2027-01-01T00:01:00Z']
    set_clock(times[0])
    daemon = Daemon(folder, now=None, environment={'LD_PRELOAD': str(library), 'CLOCK': str(clock)})
    accepted = multiprocessing.Queue()
    senders = [multiprocessing.Process(target=send_many, args=(str(daemon.path), 12_500, accepted)) for _ in range(8)]
    for sender in senders:
        sender.start()
    # More than the queue of the socket has room for, so that some of them are counted at each time.
    for text in times:
        set_clock(text)
        for _ in range(2000):
            daemon.send(datagram())
    sent = sum(accepted.get(timeout=120) for _ in senders) + 2000 * len(times)
    assert daemon.stop()['counted'] == sent
    days = {day: read(folder, day)['ok'] for day in sorted({text[:10] for text in times})}
    assert all(days.values()) and sum(days.values()) == sent, (days, sent)


def counts_what_it_has_no_room_for(folder):
    path = folder / '2026-11-23.journal'
    path.mkdir()
    daemon = Daemon(folder, '--memory', '1')
    for i in range(13_000):
        daemon.send(datagram(f'd{i if i < 3000 else 0}.example'))
    while 'kept in memory' not in daemon.process.stderr.readline():
        pass
    path.rmdir()
    daemon.send(datagram())
    printed = daemon.stop(status=1)
    assert printed['received'] == 13_001 and printed['lost'] > 100, printed
    assert read(folder)['ok'] + printed['lost'] == 13_001, (read(folder), printed)
    path.unlink()
    path.mkdir()
    daemon = Daemon(folder)
    daemon.send(datagram())
    assert daemon.stop(status=1)['lost'] == 1


def adds_up_a_large_journal(folder):
    """A domain whose policies do not come to an end is lost from the 4096th on; others lose nothing."""
    path = folder / '2026-11-23.journal'
    domains = sorted(f'd{i}.example' for i in range(400))
    body = ''.join(f'{{"domain":"{domain}","sessions":1,"records":[]}}\n'
                   f'{{"policy":["no-policy-found","{domain}",[],[]],"ok":1,"failed":0,"failures":[]}}\n' for domain in domains)
    many = 25

    def tally(number):
        policies = ''.join(f'{{"policy":["tlsa","many.example",["3 1 1 {number:04x}{i:02x}"],[]],"ok":1,"failed":0,"failures":[]}}\n'
                           for i in range(many))
        return (f'{{"_tally":1,"day":"2026-11-23","parts":[["mta1",{number},{number}]],"lost":0,"reports":0,"lines":{801 + many}}}\n'
                f'{body}{{"domain":"many.example","sessions":{many},"records":[]}}\n{policies}')

    tallies = (1 << 24) // len(tally(0)) + 1
    kept = 4096 // many * many
    assert many * tallies > kept
    path.write_text(''.join(map(tally, range(tallies))) + '{"_tally":1,"day":"2026-11-23","par')
    for again in 1, 2:
        daemon = Daemon(folder)
        daemon.send(datagram())
        daemon.stop()
        assert path.stat().st_size < 2_000_000, path.stat().st_size
        assert read(folder)['ok'] == 400 * tallies + kept + again, (read(folder), tallies)
        assert f'"lost":{many * tallies - kept},' in path.read_text()
    assert sorted(found.name for found in folder.iterdir()) == [path.name, 'journal.lock']


def ends_well_with_its_terminal(folder):
    daemon = Daemon(folder)
    daemon.send(datagram())
    daemon.process.stderr.close()
    # Nobody reads what it prints at the end.
    daemon.process.stdout.close()
    daemon.socket.close()
    daemon.process.send_signal(signal.SIGHUP)
    assert daemon.process.wait(60) == 0
    assert read(folder)['ok'] == 1


def outlives_its_terminal_with_nohup(folder):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    daemon = Daemon(folder)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    daemon.process.send_signal(signal.SIGHUP)
    daemon.send(datagram())
    while not read(folder)['ok']:
        assert daemon.process.poll() is None
        time.sleep(0.1)
    daemon.send(datagram())
    assert daemon.stop()['counted'] == 2


def counts_when_there_is_no_memory_to_add_up(folder):
    if has_sanitizer():
        return print('no memory to add up: skipped, since a sanitizer needs it all')
    path = folder / '2026-11-23.journal'
    with path.open('w') as file:
        file.truncate(100 << 20)
    daemon = Daemon(folder)
    pages = int(pathlib.Path(f'/proc/{daemon.process.pid}/statm').read_text().split()[0])
    most = pages * resource.getpagesize() + (48 << 20)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    daemon.send(datagram())
    line = ''
    while 'is not added up' not in line:
        line = daemon.process.stderr.readline()
        assert line
    daemon.send(datagram())
    assert daemon.stop()['counted'] == 2
    assert read(folder)['ok'] == 2


def goes_on_when_there_is_no_memory_to_write(folder):
    if not shutil.which('cc') or has_sanitizer():
        return print('no memory to write: skipped, since memory cannot be replaced here')
    library, full = folder / 'memory.so', folder / 'full'
    # While there is a file, nothing large has room.
    (folder / 'memory.c').write_text('#include <errno.h>\n#include <stdlib.h>\n#include <unistd.h>\n'
                                     'extern void *__libc_malloc(size_t size);\nvoid *malloc(size_t size) {\n'
                                     '  if (size < 4 << 20 || access(getenv("FULL"), F_OK) != 0) return __libc_malloc(size);\n'
                                     '  errno = ENOMEM;\n  return NULL;\n}\n')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', library, folder / 'memory.c'], check=True)
    full.touch()
    daemon = Daemon(folder, environment={'LD_PRELOAD': str(library), 'FULL': str(full)})
    many = 50
    for i in range(many):
        failures = [{'c': 204, 'a': f'https://example.org/{j}/' + 900 * 'x'} for j in range(100)]
        daemon.send(json.dumps({'dpv': '1', 'd': f'd{i}.example', 'policies': [
            {'policy-type': 2, 'failure-details': failures, 't': 100, 'f': 1}]}).encode())
    line = ''
    while 'out of memory' not in line:
        line = daemon.process.stderr.readline()
        assert line
    full.unlink()
    daemon.send(datagram())
    assert daemon.stop()['lost'] == 0
    assert read(folder) == {'ok': 1, 'failed': many}, read(folder)


def takes_the_socket_of_systemd(folder):
    daemon = Daemon(folder, is_inherited=True)
    for _ in range(3):
        daemon.send(datagram())
    assert daemon.stop()['counted'] == 3
    assert daemon.path.is_socket()
    assert read(folder)['ok'] == 3


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


def counts_what_the_example_sends(folder):
    """TA-68."""
    def send(*arguments):
        done = subprocess.run([SENDER, *arguments], capture_output=True, text=True, timeout=20)
        return done.returncode, done.stderr
    path = folder / 'socket'
    session = ['example.org', 'mx.example.org']
    assert send(path, *session, '0') == (1, 'lost: No such file or directory\n')
    daemon = Daemon(folder)
    for result in ('0', '10', '10', '17'):
        # Without memory to look at a certificate nothing is counted.
        assert send(path, *session, result)[0] == (1 if result == '17' else 0)
    for arguments in ([path, *session], [path, *session, 'x'], [path, *session, '']):
        assert send(*arguments)[0] == 2
    assert send('x' * 200, *session, '0') == (1, 'lost: File name too long\n')
    # It waits for nobody, as when there is no room any more.
    daemon.process.send_signal(signal.SIGSTOP)
    waiting = 0
    while send(path, *session, '0')[0] == 0:
        waiting += 1
    daemon.process.send_signal(signal.SIGCONT)
    counted = daemon.stop()
    assert counted['counted'] == 3 + waiting, (counted, waiting)
    assert read(folder) == {'ok': 1 + waiting, 'failed': 2}
    text = (folder / '2026-11-23.journal').read_text()
    assert '["certificate-expired","","mx.example.org","","","","X509_V_ERR_CERT_HAS_EXPIRED"],2,0]' in text, text


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
    for arguments in ([], ['--dir', folder], ['--socket', folder / 's'],
                      ['--socket', folder / 's', '--dir', folder, '--memory', '0'], ['--socket', folder / 's', '--dir', folder, '--now', 'today'],
                      ['--socket', folder / 's', '--dir', folder, '--now']):
        assert subprocess.run([PROGRAM, *arguments], capture_output=True).returncode == 2, arguments
    (folder / 'file').write_text('')
    (folder / 'file').chmod(0o755)
    for arguments in (['--socket', folder / ('s' * 200), '--dir', folder],
                      ['--socket', folder / 'file', '--dir', folder], ['--socket', folder / 's', '--dir', folder / 'file'],
                      ['--socket', folder / 's', '--dir', folder / 'none']):
        assert subprocess.run([PROGRAM, *arguments], capture_output=True).returncode == 3, arguments
    assert subprocess.run([PROGRAM, '--help'], capture_output=True, text=True, check=True).stdout.startswith('usage')


for test in (counts_and_refuses, keeps_what_was_written_before_a_crash, keeps_in_memory_what_cannot_be_written,
             waits_for_a_full_disk, leaves_the_socket_of_another, follows_no_link, waits_for_others_that_write,
             waits_for_nobody_without_end, counts_what_it_has_no_room_for, adds_up_a_large_journal, counts_when_there_is_no_memory_to_add_up,
             goes_on_when_there_is_no_memory_to_write,              ends_well_with_its_terminal, outlives_its_terminal_with_nohup, takes_the_socket_of_systemd, each_day_has_a_journal,
             follows_a_clock_that_jumps, counts_what_the_example_sends, loses_nothing_of_a_burst, refuses_bad_arguments):
    with tempfile.TemporaryDirectory() as name:
        test(pathlib.Path(name))
