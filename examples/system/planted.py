"""What is planted, and whether it arrived.

planted.py zone TOKENS FOLDER  prints the zone; TOKENS has lines `domain url`, FOLDER the digests of keys
           policies            prints the MTA-STS policies as Postfix' table of TLS policies has them
           domains             prints the domains
           mails               prints lines `domain count`: what to send
           reports KIND        prints how many reports go by `mail` or `https`
           check WORK          compares with what was planted: the counts of sessions, the sums and the advice
"""

import collections
import json
import pathlib
import sqlite3
import sys

# A domain has one mail host, mx.DOMAIN: `mails` sessions go there under a policy of this type. `failure` is the result
# type of all of them, `reason` what advice takes for its cause; `delivery` says where the reports go. Postfix counts
# no session without STARTTLS where no policy demands it, so clear.example gets no report.
Domain = collections.namedtuple('Domain', 'name address mails policy failure reason delivery')
DOMAINS = (
    Domain('works.example', '10.25.0.11', 3, 'no-policy-found', None, None, ('mail', 'https')),
    Domain('clear.example', '10.25.0.12', 2, 'no-policy-found', None, None, ()),
    Domain('plain.example', '10.25.0.13', 2, 'sts', 'starttls-not-supported', 'starttls.absent', ('mail',)),
    Domain('expired.example', '10.25.0.14', 4, 'sts', 'certificate-expired', 'x509.expired', ('https',)),
    Domain('selfsigned.example', '10.25.0.15', 5, 'sts', 'validation-failure', 'x509.self_signed', ('mail',)),
    Domain('wrongname.example', '10.25.0.16', 6, 'sts', 'certificate-host-mismatch', 'x509.host_mismatch', ('https',)),
    Domain('dane.example', '10.25.0.17', 7, 'tlsa', 'certificate-not-trusted', 'x509.dane_no_match', ('mail', 'https')),
    Domain('dane-works.example', '10.25.0.18', 1, 'tlsa', None, None, ('https',)),
)
REPORTS_HOST, REPORTS_ADDRESS = 'mx.reports.example', '10.25.0.20'


def zone(tokens, folder):
    urls = dict(line.split() for line in pathlib.Path(tokens).read_text().splitlines())

    def digest(host):
        return pathlib.Path(folder, host + '.digest').read_text().strip()

    key = pathlib.Path(folder, 'dkim.public').read_text().strip()
    print('$ORIGIN example.\n$TTL 300\n@ SOA ns admin 1 3600 600 86400 300\n@ NS ns\nns A 127.0.0.1\n'
          'sender MX 10 mx.sender\nmx.sender A 10.25.0.1\n'
          f'reports MX 10 mx.reports\nmx.reports A {REPORTS_ADDRESS}\ntlsrpt.reports A 10.25.0.30\n'
          '_smtp._tls.reports TXT "v=TLSRPTv1; rua=mailto:tls@reports.example"\n'
          f'circle._domainkey.sender TXT "v=DKIM1; k=rsa; p=" "{key[:200]}" "{key[200:]}"')
    for domain in DOMAINS:
        rua = {'mail': 'mailto:tls@reports.example', 'https': urls[domain.name]}
        print(f'{domain.name}. MX 10 mx.{domain.name}.\nmx.{domain.name}. A {domain.address}\n'
              f'_smtp._tls.{domain.name}. TXT "v=TLSRPTv1; rua={",".join(rua[kind] for kind in domain.delivery or rua)}"')
        if domain.policy == 'tlsa':
            key = 'mx.works.example' if domain.failure else 'mx.' + domain.name
            print(f'_25._tcp.mx.{domain.name}. TLSA 3 1 1 {digest(key)}')


def policies():
    for domain in DOMAINS:
        if domain.policy == 'sts':
            host = 'mx.' + domain.name
            text = ''.join(f' {{ policy_string = {line} }}'
                           for line in ('version: STSv1', 'mode: enforce', 'mx: ' + host, 'max_age: 604800'))
            print(f'{domain.name} secure match={host} servername=hostname policy_type=sts policy_ttl=604800 '
                  f'policy_domain={domain.name} mx_host_pattern={host}{text}')


def check(work):
    """Says what differs; the exit status is 1 then."""
    work = pathlib.Path(work)
    sums, advice, counted = (json.loads((work / f'{name}.json').read_text()) for name in ('sum', 'advice', 'tallyd'))
    ways = sqlite3.connect(work / 'reports.db').execute('SELECT about, via FROM receipt JOIN report ON id = report')
    reported = [domain for domain in DOMAINS if domain.delivery]
    failing = [domain for domain in reported if domain.failure]
    sessions = sum(domain.mails for domain in reported)
    ledger = map(json.loads, (work / 'reports.ledger').read_text().splitlines())
    # A POST has no signature.
    verified = sorted(line['about'] for line in ledger if line.get('trust') == 'verified')
    comparisons = (
        ('datagrams, of which those of mails with reports are none', counted,
         {'received': sessions, 'counted': sessions, 'not-counted': 0, 'lost': 0, 'refused': {}}),
        ('reports', sums['reports'], len(reported)),
        ('ways that reports came', sorted((about, {1: 'mail', 2: 'https'}[via]) for about, via in ways),
         sorted((policy_domain(domain), way) for domain in reported for way in domain.delivery)),
        ('reports whose mail is signed', verified,
         sorted(policy_domain(domain) for domain in reported if 'mail' in domain.delivery)),
        ('sessions that succeeded and failed',
         {row['domain']: (row['kind'], row['ok'], row['failed']) for row in sums['domains']},
         {policy_domain(domain): (domain.policy, *((0, domain.mails) if domain.failure else (domain.mails, 0)))
          for domain in reported}),
        ('failures', {(row['mx-host'], row['result-type'], row['noted']) for row in sums['failures']},
         {('mx.' + domain.name, domain.failure, domain.mails) for domain in failing}),
        ('advice', {(row['host'], row['reason'], row['failed-at-least']) for row in advice['advice']},
         {('mx.' + domain.name, domain.reason, domain.mails) for domain in failing}),
    )
    differ = False
    for what, seen, planted in comparisons:
        same = seen == planted
        differ = differ or not same
        print(f'{"ok" if same else "WRONG":6}{what}' + ('' if same else f': {seen} is not {planted}'))
    return differ


def policy_domain(domain):
    """A TLSA policy is that of the mail host."""
    return 'mx.' + domain.name if domain.policy == 'tlsa' else domain.name


def main(command, *arguments):
    if command == 'zone':
        zone(*arguments)
    elif command == 'policies':
        policies()
    elif command == 'domains':
        print(*(domain.name for domain in DOMAINS), sep='\n')
    elif command == 'mails':
        print(*(f'{domain.name} {domain.mails}' for domain in DOMAINS), sep='\n')
    elif command == 'reports':
        print(sum(arguments[0] in domain.delivery for domain in DOMAINS))
    elif command == 'check':
        return check(*arguments)
    else:
        sys.exit(__doc__)
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
