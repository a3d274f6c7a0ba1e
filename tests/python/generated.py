"""Reports as strangers may send them, always the same: no two machines or versions of Python make others."""

import datetime
import gzip
import json
import random

FIRST_DAY = datetime.date(2026, 10, 20)
DAYS = 40
REASONS = ('certificate has expired', 'bad https response code: 404', 'X509_V_ERR_CERT_HAS_EXPIRED',
           'something 12345 else at [192.0.2.9]', None)
RESULTS = ('certificate-expired', 'starttls-not-supported', 'sts-policy-fetch-error', 'validation-failure',
           'no-such-type', None)


class Dice:
    """Python promises the same random() for a seed, of its other choices nothing."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def below(self, n):
        return int(self._random.random() * n)

    def pick(self, items):
        return items[self.below(len(items))]


def _count(dice, usual):
    rare = dice.below(400)
    return {0: None, 1: 'many', 2: 2**63 - 1, 3: -1}.get(rare, dice.below(usual))


def _failure(dice, domain):
    failure = {'result-type': dice.pick(RESULTS), 'receiving-mx-hostname': f'MX{dice.below(4)}.{domain}.',
               'receiving-ip': f'192.0.2.{dice.below(3)}', 'sending-mta-ip': '2001:db8::1',
               'failed-session-count': _count(dice, 9), 'failure-reason-code': dice.pick(REASONS)}
    return {name: value for name, value in failure.items() if value is not None}


def _element(dice, domain, kind):
    text = {'sts': ['version: STSv1', f'mode: {dice.pick(("enforce", "testing"))}', f'mx: *.{domain}',
                    'max_age: 86400'],
            'tlsa': ['3 1 1 ' + 64 * '0'], 'no-policy-found': []}[kind]
    policy = {'policy-type': kind, 'policy-string': text, 'policy-domain': domain}
    if dice.below(100) == 0:
        del policy['policy-domain']
    return {'policy': policy,
            'summary': {'total-successful-session-count': _count(dice, 5000),
                        'total-failure-session-count': _count(dice, 40)},
            'failure-details': [_failure(dice, domain) for _ in range(dice.pick((0, 0, 0, 1, 3)))]}


def report(number, domains):
    """The report of this number: who sent it, and its members."""
    dice = Dice(number)
    # A few of them have the id, the sender and the day of another one, and other content.
    like = Dice(number - 7 if dice.below(60) == 0 else number + 10**9)
    sender, domain = f's{like.below(30)}.example', f'd{like.below(domains)}.example'
    day, days = FIRST_DAY + datetime.timedelta(like.below(DAYS)), 7 if like.below(40) == 0 else 1
    id = like.below(10**12)
    kinds = dice.pick((['sts'], ['sts'], ['tlsa'], ['no-policy-found'], ['sts', 'tlsa']))
    policies = [_element(dice, domain, kind) for kind in kinds]
    if dice.below(50) == 0:
        policies.append(policies[0])
    members = {'organization-name': 'Sender ' + sender,
               'date-range': {'start-datetime': f'{day}T00:00:00Z',
                              'end-datetime': f'{day + datetime.timedelta(days)}T00:00:00Z'},
               'contact-info': f'mailto:tls@{sender}', 'report-id': f'{id}', 'policies': policies}
    for name in ('contact-info', 'report-id'):
        if dice.below(80) == 0:
            del members[name]
    return sender, members


def regular(domain='regular.example', days=20):
    """Reports of senders that report each day, and one of them about all these days together."""
    for sender, last in (('a.example', days), ('b.example', days - 9), ('c.example', days - 5)):
        for day in range(last):
            yield _small(sender, domain, FIRST_DAY + datetime.timedelta(day), 1)
    yield _small('a.example', domain, FIRST_DAY, 7)
    yield _small('b.example', domain, FIRST_DAY + datetime.timedelta(8), 7)


def _small(sender, domain, day, days):
    dice = Dice(day.toordinal() + days)
    return {'organization-name': sender, 'contact-info': f'tls@{sender}', 'report-id': f'{day}-{days}',
            'date-range': {'start-datetime': f'{day}T00:00:00Z',
                           'end-datetime': f'{day + datetime.timedelta(days)}T00:00:00Z'},
            'policies': [{'policy': {'policy-type': 'sts', 'policy-string': ['version: STSv1'],
                                     'policy-domain': domain},
                          'summary': {'total-successful-session-count': dice.below(90),
                                      'total-failure-session-count': 0}}]}


def inputs(count, domains=200, broken=False):
    """Pairs of octets and the domain that vouches for them, or None. Of ten inputs one is broken where that is
    asked for; one in 50 is there twice, in two forms."""
    for number in range(count):
        dice = Dice(-1 - number)
        if broken and number % 10 == 3:
            yield _broken(number // 10, dice), None
            continue
        sender, members = report(number - number % 50 if number % 50 == 49 else number, domains)
        spacing = {'indent': 1} if number % 50 == 49 else {'separators': (',', ':')}
        text = json.dumps(members, **spacing).encode()
        submitter = dice.pick((None, None, sender, f'mail.{sender}', 'forwarder.example'))
        yield (gzip.compress(text, 1, mtime=0) if dice.below(2) else text), submitter


def _broken(number, dice):
    text = json.dumps(report(number, 200)[1]).encode()
    packed = gzip.compress(text, 1, mtime=0)
    return (b'', b'null', text[:len(text) // 2], packed[:len(packed) // 2], bytes(dice.below(256) for _ in range(99)),
            gzip.compress(bytes(1 << 20), 1, mtime=0), b'[' * 5000, b'PK\3\4' + text, text[:99] + b'\xff\xfe' + text[99:],
            packed[:-8] + bytes(8))[number % 10]
