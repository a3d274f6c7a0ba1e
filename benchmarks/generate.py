#!/usr/bin/env python3
"""Writes the inputs of the benchmarks: reports and records as they are in the world, from a fixed seed.

    generate.py OUTDIR                     small/, one_part/, multipart/, medium/, large/, conforming.txt, records.txt
    generate.py --huge FILE                one report of 100 MiB with 300 000 failure details, and FILE.gz
    generate.py --many DIR [--count N]     N small gzipped reports (200 000), 1000 to a folder
    generate.py --mbox FILE [--count N]    N mails with small reports (200 000), no two the same

Each report is there as .json and as .json.gz, and each small one also as .eml: in a mail of 1 to 3 kB,
in the shapes of ten senders. The texts are the same everywhere and always; the
gzip data depend on the version of zlib that Python has.

small/    most have 400 to 1300 octets, one or two policies and no failures, in the shapes of the
          senders that reports really come from: member order, blanks, what is left out, what is null
one_part/, multipart/  of such reports those whose gzip data have 560 to 640 octets in base64, in mails that bring
          no Received field and no signature: of one part, 1.3 kB, and of two, 1.6 kB
medium/   50 to 100 kB
large/    some MB, with up to 20 000 failure details
conforming.txt lists the files of small/ in which nothing deviates from RFC 8460.
"""

import argparse
import base64
import datetime
import gzip
import json
import pathlib
import struct
import zlib

SMALL, MEDIUM, LARGE, RECORDS = 320, 12, 3, 128
HUGE_SIZE, HUGE_DETAILS = 100 << 20, 300_000


class Random:
    """splitmix64, since Python's own choices differ from version to version."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & (2**64 - 1)
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & (2**64 - 1)
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        at = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            if at < weight:
                return item
            at -= weight
        raise AssertionError

    def hex(self, digits):
        return ''.join('0123456789abcdef'[self.below(16)] for _ in range(digits))


WORDS = ('acorn anchor arrow aspen atlas beacon birch bloom bridge brook cedar cliff cloud coast copper '
         'coral crane delta drift ember falcon fern field flint forge garden glacier grove harbor hazel '
         'heron hill iris island juniper lake lantern larch linden lotus maple marsh meadow mill north '
         'oak ocean olive orchard otter pine prairie quartz quill raven reed ridge river robin rowan sage '
         'saffron shore sierra slate sparrow spring stone summit thistle tide timber valley velvet willow').split()
ENDINGS = ('example.com', 'example.net', 'example.org', 'example')
REASONS = (('certificate-expired', 'certificate has expired'),
           ('certificate-host-mismatch', 'subject alternative names do not contain the host'),
           ('certificate-not-trusted', 'unable to get local issuer certificate'),
           ('starttls-not-supported', 'STARTTLS is not offered'),
           ('validation-failure', 'X509_V_ERR_CERT_SIGNATURE_FAILURE'),
           ('sts-policy-fetch-error', 'policy fetch: unexpected status 503'),
           ('sts-webpki-invalid', 'TLS handshake: remote error, internal error (80)'),
           ('tlsa-invalid', 'certificate matches none of the TLSA records'))


def domain(random):
    name = random.pick(WORDS)
    if random.chance(30):
        name += '-' + random.pick(WORDS)
    return name + '.' + random.pick(ENDINGS)


def ipv4(random):
    return random.pick(('192.0.2', '198.51.100', '203.0.113')) + f'.{random.between(1, 254)}'


def ipv6(random):
    middle = ''.join(f'{random.between(1, 0xffff):x}:' for _ in range(random.between(0, 4)))
    return f'2001:db8:{middle}:{random.between(1, 0xffff):x}'


def address(random):
    return ipv4(random) if random.chance(70) else ipv6(random)


def sessions(random):
    return random.between(1, 10 ** random.weighted(((1, 50), (2, 25), (3, 15), (5, 10))))


class Day:
    def __init__(self, random):
        self.date = f'2026-{random.between(1, 12):02}-{random.between(1, 27):02}'
        self.next = f'{self.date[:8]}{int(self.date[8:]) + 1:02}'
        self.start, self.end, self.midnight = self.date + 'T00:00:00Z', self.date + 'T23:59:59Z', self.next + 'T00:00:00Z'


def mx_hosts(random, name):
    if random.chance(15):
        return ['*.' + name]
    return [f'{random.pick(("mx", "mail", "in", "smtp"))}{number}.{name}'
            for number in range(1, random.weighted(((1, 45), (2, 35), (3, 10), (4, 7), (5, 3))) + 1)]


def sts(random, name, age_last):
    hosts = mx_hosts(random, name)
    mode = 'mode: ' + random.weighted((('enforce', 75), ('testing', 25)))
    age = f'max_age: {random.pick((86400, 604800, 1209600, 2419200, 31557600))}'
    lines = ['mx: ' + host for host in hosts]
    return ['version: STSv1', mode, *lines, age] if age_last else ['version: STSv1', mode, age, *lines], hosts


def tlsa(random):
    return [f'3 1 {random.pick((1, 1, 1, 2))} {random.hex(64)}' for _ in range(random.between(1, 3))]


def detail(random, name, reason_code=True):
    result_type, reason = random.pick(REASONS)
    made = {'result-type': result_type, 'sending-mta-ip': address(random), 'receiving-ip': address(random),
            'receiving-mx-hostname': f'mx{random.between(1, 9)}.{name}',
            'failed-session-count': sessions(random)}
    if reason_code and random.chance(40):
        made['failure-reason-code'] = reason
    return made


def summary(random, details):
    # In "policies" of most reports all went well.
    return {'total-successful-session-count': 0 if details and random.chance(20) else sessions(random),
            'total-failure-session-count': sum(d['failed-session-count'] for d in details)}


# Each sender: its report, and whether it conforms. `details` says how many failures, all policies together.

def google(random, day, details):
    name = domain(random)
    if not details and random.chance(35):
        policy = {'policy-type': 'no-policy-found', 'policy-domain': name}
    else:
        lines, hosts = sts(random, name, random.chance(50))
        policy = {'policy-type': 'sts', 'policy-string': lines, 'policy-domain': name, 'mx-host': hosts}
    failures = [detail(random, name, False) for _ in range(details)]
    entry = {'policy': policy, 'summary': summary(random, failures)}
    if failures:
        entry['failure-details'] = failures
    return {'organization-name': 'Webmail Example Inc.',
            'date-range': {'start-datetime': day.start, 'end-datetime': day.end},
            'contact-info': 'smtp-tls-reporting@webmail.example',
            'report-id': f'{day.start}_{name}', 'policies': [entry]}, True


def microsoft(random, day, details):
    name = domain(random)
    failures = [detail(random, name) for _ in range(details)]
    for failure in failures:
        del failure['sending-mta-ip']
    policies = []
    kinds = random.weighted(((('sts',), 55), (('tlsa',), 10), (('sts', 'tlsa'), 35)))
    for kind in kinds:
        lines = sts(random, name, True)[0] if kind == 'sts' else tlsa(random)
        policies.append({'policy': {'policy-type': kind, 'policy-string': lines, 'policy-domain': name},
                         'summary': summary(random, failures)})
        if failures:
            policies[-1]['failure-details'] = failures
            failures = []
    return {'organization-name': 'Cloud Office Example Corporation',
            'date-range': {'start-datetime': day.start, 'end-datetime': day.end},
            'contact-info': 'tlsrpt-noreply@cloudoffice.example',
            'report-id': f'{134000000000000000 + random.below(10**15)}+{name}', 'policies': policies}, True


def mail_ru(random, day, details):
    name = domain(random)
    failures = []
    for _ in range(details):
        result_type, reason = random.pick(REASONS)
        failures.append({'failed-session-count': sessions(random),
                         'failure-reason-code': f'policy fetch: Get "https://mta-sts.{name}/.well-known/mta-sts.txt": {reason}'
                         if random.chance(30) else reason,
                         'receiving-mx-hostname': f'mx{random.between(1, 9)}.{name}', 'result-type': result_type})
    entry = {'failure-details': failures} if failures else {}
    lines = sts(random, name, True)[0]
    counts = summary(random, failures)
    entry['policy'] = {'policy-domain': name, 'policy-string': lines, 'policy-type': 'sts'}
    entry['summary'] = {key: counts[key] for key in sorted(counts)}
    return {'contact-info': 'tls_support@freemail.example',
            'date-range': {'end-datetime': day.midnight, 'start-datetime': day.start},
            'organization-name': 'Freemail.example', 'policies': [entry],
            'report-id': f'{random.hex(8)}-{random.hex(4)}-4{random.hex(3)}-a{random.hex(3)}-{random.hex(12)}@freemail.example'}, True


def stalwart(random, day, details):
    name, host = domain(random), 'mx.' + domain(random)
    failures = []
    for _ in range(details):
        made = detail(random, name)
        failures.append({'result-type': made['result-type'], 'sending-mta-ip': None,
                         'receiving-mx-hostname': made['receiving-mx-hostname'], 'receiving-mx-helo': None,
                         'receiving-ip': made['receiving-ip'], 'failed-session-count': made['failed-session-count'],
                         'additional-information': None, 'failure-reason-code': made.get('failure-reason-code')})
    lines, hosts = sts(random, name, False)
    if random.chance(30):
        lines, hosts = [line.upper() for line in tlsa(random)], []
    contact = 'postmaster@' + host if random.chance(60) else None
    policy = {'policy-type': 'sts' if hosts else 'tlsa', 'policy-string': lines, 'policy-domain': name, 'mx-host': hosts}
    return {'organization-name': host, 'date-range': {'start-datetime': day.start, 'end-datetime': day.midnight},
            'contact-info': contact, 'report-id': f'{random.between(17 * 10**8, 18 * 10**8)}_{random.below(10**19)}',
            'policies': [{'policy': policy, 'summary': summary(random, failures),
                          'failure-details': failures}]}, contact is not None and not failures


def postfix(random, day, details):
    name, host = domain(random), 'mail.' + domain(random)
    policies = []
    for kind in random.weighted(((('sts',), 40), (('tlsa',), 20), (('no-policy-found',), 30), (('sts', 'tlsa'), 10))):
        policy = {'policy-type': kind}
        if kind == 'sts':
            policy['policy-string'], policy['mx-host'] = sts(random, name, True)
        elif kind == 'tlsa':
            policy['policy-string'] = tlsa(random)
        policy['policy-domain'] = name
        failures = [detail(random, name) for _ in range(details)]
        details = 0
        counts = summary(random, failures)
        policies.append({'summary': {'total-failure-session-count': counts['total-failure-session-count'],
                                     'total-successful-session-count': counts['total-successful-session-count']},
                         'policy': policy, 'failure-details': failures})
    return {'organization-name': host, 'date-range': {'start-datetime': day.start, 'end-datetime': day.end},
            'contact-info': 'postmaster@' + host, 'policies': policies,
            'report-id': f'{day.start}_idx{random.between(1, 99)}_{name}'}, True


def mox(random, day, details):
    name, host = domain(random), domain(random)
    policies = []
    failures = []
    for _ in range(details):
        made = detail(random, name)
        failures.append({'result-type': made['result-type'], 'sending-mta-ip': '',
                         'receiving-mx-hostname': made['receiving-mx-hostname'], 'receiving-ip': made['receiving-ip'],
                         'failed-session-count': made['failed-session-count'], 'additional-information': '',
                         'failure-reason-code': made.get('failure-reason-code', '')})
    kinds = random.weighted(((('sts',), 40), (('tlsa',), 30), (('tlsa', 'sts'), 30)))
    for kind in kinds:
        lines, hosts = (tlsa(random), []) if kind == 'tlsa' else sts(random, name, False)
        policies.append({'policy': {'policy-type': kind, 'policy-string': lines,
                                    'policy-domain': name if kind == 'sts' else 'mx1.' + name, 'mx-host': hosts},
                         'summary': summary(random, failures), 'failure-details': failures})
        failures = []
    return {'organization-name': host, 'date-range': {'start-datetime': day.start, 'end-datetime': day.end},
            'contact-info': 'postmaster@' + host, 'report-id': f'{day.date.replace("-", "")}.mx1.{name}@{host}',
            'policies': policies}, details == 0


# What mails look like, by sender: the end of lines, the fields before those that all have, the header of the
# multipart, the text for people, and the fields of the report's part. A mail without a text has one part.
TRACE = ('''Received: from out-{number}.{host} (out-{number}.{host} [192.0.2.{number}])
 by mx.receiver.example (Postfix) with ESMTPS id {id}
 for <tls-reports@{domain}>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={host}; s=20260101;
 t=1795514400; h=from:to:subject:date:message-id; bh={bh};
 b={b}
''')
MULTIPART = 'Content-Type: multipart/report; report-type="tlsrpt"; boundary="{boundary}"\n'
TEXT = 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 7bit\n\nThis is an aggregate TLS report from {host}.\n'
ATTACHED = 'Content-Disposition: attachment; filename="{file}"\nContent-Transfer-Encoding: base64\n'
PART = 'Content-Type: application/tlsrpt+gzip; name="{file}"\n' + ATTACHED
MAILS = (
    ('\r\n', '', 'Content-Type: multipart/report; boundary="{boundary}"; report-type=tlsrpt\n',
     'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\n\n'
     'This is an aggregate TLS report from {host}\n', PART),
    ('\r\n', '', 'Content-Type: multipart/report; report-type=tlsrpt;\n\tboundary="{boundary}"\n',
     'Content-Type: text/html; charset="us-ascii"\nContent-Transfer-Encoding: 7bit\n\n'
     '<html><body><p>This is a report about TLS.</p></body></html>\n',
     'Content-Type: application/tlsrpt+gzip; name="{file}"\nContent-Description: {file}\n' + ATTACHED),
    ('\n', '', 'Content-Type: multipart/report; report-type="tlsrpt";\n boundary={boundary}\n',
     'Content-Type: text/plain\n\nThis is an automatic message.\n', PART),
    ('\r\n', TRACE, MULTIPART, TEXT, 'Content-Type: application/tlsrpt+gzip;\n name="{file}"\n' + ATTACHED),
    ('\n', 'TLS-Required: No\n', MULTIPART, TEXT, 'Content-Type: application/tlsrpt+gzip\n' + ATTACHED),
    ('\r\n', TRACE, MULTIPART, 'Content-Type: text/plain; charset=us-ascii\n\nAttached is a report.\n',
     'Content-Type: application/tlsrpt+gzip\nContent-Disposition: attachment; filename={file}\n'
     'Content-Transfer-Encoding: base64\n'),
    ('\r\n', '', MULTIPART, TEXT, 'Content-Type: application/tlsrpt+json\n' + ATTACHED),
    ('\n', '', 'Content-Type: multipart/mixed; boundary="{boundary}"\n', TEXT,
     'Content-Type: application/gzip; name="{file}"\n' + ATTACHED),
    ('\r\n', TRACE, PART, '', ''),
    ('\n', TRACE, 'Content-Type: multipart/report; boundary="{boundary}"; report-type=tlsrpt\n',
     'Content-Type: text/plain; charset="UTF-8"\n\nTLS report\n', PART),
)


def mail(random, number, text, has_trace=True):
    """The mail that brings a report, as its sender writes mails."""
    end, before, multipart, human, part = MAILS[number % len(MAILS)]
    if before == TRACE and not has_trace:
        before = ''
    read = json.loads(text)
    name = read['policies'][0]['policy'].get('policy-domain') or domain(random)
    host = (read['contact-info'] or '').rpartition('@')[2] or domain(random)
    times = [int(datetime.datetime.fromisoformat(time[:19] + '+00:00').timestamp())
             for time in read['date-range'].values()]
    is_plain = '+json' in part
    octets = text if is_plain else compressed(text)
    values = {'domain': name, 'host': host, 'number': random.between(1, 254), 'id': read['report-id'].partition('@')[0].replace(':', '.').replace('_', '+'),
              'bh': base64.b64encode(random.hex(32).encode()).decode(),
              'b': '\n '.join(random.hex(72) for _ in range(5)), 'boundary': random.hex(28),
              'file': f'{host}!{name}!{min(times)}!{max(times)}!001.json' + ('' if is_plain else '.gz')}
    head = (before + 'From: TLS Reports <noreply-smtp-tls-reporting@{host}>\nTo: tls-reports@{domain}\n'
            'Date: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <{id}@{host}>\n'
            'Subject: Report Domain: {domain} Submitter: {host}\n Report-ID: <{id}@{host}>\n'
            'TLS-Report-Domain: {domain}\nTLS-Report-Submitter: {host}\nMIME-Version: 1.0\n' + multipart)
    body = base64.encodebytes(octets).decode()
    if human:
        head += '\n--{boundary}\n' + human + '\n--{boundary}\n' + part
        body += '\n--{boundary}--\n'.format(**values)
    return (head.format(**values) + '\n' + body).replace('\n', end).encode()


COMPACT = {'separators': (',', ':')}
# The sender, how it writes JSON, what ends the text, and how much of the mail it is.
SENDERS = (((google, COMPACT, ''), 44), ((microsoft, COMPACT, ''), 28), ((mail_ru, {'indent': 3}, ''), 6),
           ((stalwart, COMPACT, ''), 8), ((postfix, {'separators': (', ', ': ')}, ''), 8),
           ((mox, {'indent': '\t'}, '\n'), 6))


def report(random, details, sender=None):
    make, style, end = sender or random.weighted(SENDERS)
    made, conforms = make(random, Day(random), details)
    return (json.dumps(made, ensure_ascii=False, **style) + end).encode(), conforms


def small(random):
    details = random.weighted(((0, 92), (1, 4), (2, 3), (3, 1)))
    return report(random, details)


def compressed(text, level=6):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (b'\x1f\x8b\x08\x00' + struct.pack('<L', 0) + b'\x00\xff' + deflate.compress(text) + deflate.flush() +
            struct.pack('<LL', zlib.crc32(text), len(text) & 0xffffffff))


def write_pair(path, text):
    path.write_bytes(text)
    path.with_name(path.name + '.gz').write_bytes(compressed(text))


def write_corpus(directory):
    conforming = []
    random = Random(8460)
    (directory / 'small').mkdir(parents=True, exist_ok=True)
    for number in range(SMALL):
        text, conforms = small(random)
        write_pair(directory / 'small' / f'{number:04}.json', text)
        if conforms:
            conforming.append(f'{number:04}.json\n')
    (directory / 'conforming.txt').write_text(''.join(conforming), newline='\n')

    random = Random(8462)
    for number in range(SMALL):
        path = directory / 'small' / f'{number:04}.json'
        path.with_suffix('.eml').write_bytes(mail(random, number, path.read_bytes()))

    for folder, shapes in (('one_part', (8,)), ('multipart', (0, 1, 2, 4, 7))):
        (directory / folder).mkdir(exist_ok=True)
        reports, mails = Random(8460), Random(8462)
        number = 0
        while number < SMALL:
            text, _ = small(reports)
            if not 560 <= len(base64.encodebytes(compressed(text))) <= 640:
                continue
            path = directory / folder / f'{number:04}.json'
            write_pair(path, text)
            path.with_suffix('.eml').write_bytes(mail(mails, shapes[number % len(shapes)], text, has_trace=False))
            number += 1

    (directory / 'medium').mkdir(exist_ok=True)
    for number in range(MEDIUM):
        sender = SENDERS[number % len(SENDERS)][0]
        details, text = 1, b''
        while len(text) < 51_000 + 4_000 * number:  # as many as the sender's verbosity needs
            details = details * 2 if details < 128 else details + 8
            text, _ = report(Random(1000 + number), details, sender)
        write_pair(directory / 'medium' / f'{number:02}.json', text)

    (directory / 'large').mkdir(exist_ok=True)
    for number in range(LARGE):
        text, _ = report(Random(2000 + number), (5_000, 10_000, 20_000)[number], SENDERS[number][0])
        write_pair(directory / 'large' / f'{number}.json', text)

    random = Random(8461)
    records = []
    for _ in range(RECORDS):
        name = domain(random)
        rua = f'mailto:{random.pick(("tlsrpt", "tls-reports", "smtp-tls-reports", "postmaster", "reports"))}@{name}'
        if random.chance(15):
            rua += random.pick((',', ', ')) + random.pick(
                (f'mailto:{random.hex(8)}@tls.{domain(random)}', f'https://reports.{domain(random)}/v1/tlsrpt'))
        records.append('v=TLSRPTv1;' + random.pick((' ', ' ', '')) + 'rua=' + rua + random.pick(('', '', ';')) + '\n')
    (directory / 'records.txt').write_text(''.join(records), newline='\n')


def write_huge(path):
    """One policy, details with everything in them; text and gzip data are written as they are made."""
    random = Random(3000)
    name = domain(random)
    lines, hosts = sts(random, name, True)
    made = {'organization-name': 'Webmail Example Inc.',
            'date-range': {'start-datetime': '2026-11-23T00:00:00Z', 'end-datetime': '2026-11-23T23:59:59Z'},
            'contact-info': 'smtp-tls-reporting@webmail.example', 'report-id': f'2026-11-23T00:00:00Z_{name}',
            'policies': [{'policy': {'policy-type': 'sts', 'policy-string': lines, 'policy-domain': name, 'mx-host': hosts},
                          'summary': {'total-successful-session-count': 123456789,
                                      'total-failure-session-count': 987654321},
                          'failure-details': []}]}
    head, tail = json.dumps(made, **COMPACT).rsplit(']', 2)[0], ']}]}'
    with path.open('wb') as plain, path.with_name(path.name + '.gz').open('wb') as raw, \
            gzip.GzipFile('', 'wb', 6, raw, mtime=0) as packed:
        def write(text):
            plain.write(text)
            packed.write(text)

        write(head.encode())
        for number in range(HUGE_DETAILS):
            made = detail(random, name)
            made['additional-information'] = f'https://webmail.example/tls?failure={number}.'
            text = ',' * (number > 0) + json.dumps(made, **COMPACT)
            # As long as it takes for the whole to have its size.
            wanted = (HUGE_SIZE - len(tail) - plain.tell()) // (HUGE_DETAILS - number)
            made['additional-information'] += random.hex(max(wanted - len(text), 0))
            write((',' * (number > 0) + json.dumps(made, **COMPACT)).encode())
        write(tail.encode())


def write_many(directory, count):
    random = Random(4000)
    for number in range(count):
        folder = directory / f'{number // 1000:04}'
        if number % 1000 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f'{number % 1000:03}.json.gz').write_bytes(compressed(small(random)[0]))


def write_mbox(path, count):
    """All lines end as those of an mbox do, in LF."""
    reports, mails = Random(8460), Random(8462)
    with path.open('wb') as mbox:
        for number in range(count):
            octets = mail(mails, number, small(reports)[0]).replace(b'\r\n', b'\n')
            mbox.write(b'From sender@example.com Tue Nov 24 10:00:00 2026\n' + octets + b'\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('outdir', nargs='?', type=pathlib.Path)
    parser.add_argument('--huge', metavar='FILE', type=pathlib.Path)
    parser.add_argument('--many', metavar='DIR', type=pathlib.Path)
    parser.add_argument('--mbox', metavar='FILE', type=pathlib.Path)
    parser.add_argument('--count', type=int, default=200_000)
    arguments = parser.parse_args()
    if not (arguments.outdir or arguments.huge or arguments.many or arguments.mbox):
        parser.error('nothing to write')
    if arguments.outdir:
        write_corpus(arguments.outdir)
    if arguments.huge:
        arguments.huge.parent.mkdir(parents=True, exist_ok=True)
        write_huge(arguments.huge)
    if arguments.many:
        write_many(arguments.many, arguments.count)
    if arguments.mbox:
        write_mbox(arguments.mbox, arguments.count)


if __name__ == '__main__':
    main()
