"""What `tlsrpt check` makes of the texts that people have. Argument: the program."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
RECORD = 'v=TLSRPTv1; rua=mailto:tls@example.com'
NAME = '_smtp._tls.example.com'


def run(*arguments, stdin=''):
    done = subprocess.run([PROGRAM, 'check', *arguments], input=stdin.encode(), capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def verdicts(*arguments, stdin=''):
    """The objects for all names."""
    status, out, err = run('--format', 'json', *arguments, stdin=stdin)
    shown = [json.loads(line) for line in out.splitlines()]
    assert err == '' and status == (0 if all(each['ok'] for each in shown) else 1), (status, out, err)
    return shown


def verdict(*arguments, stdin=''):
    one, = verdicts(*arguments, stdin=stdin)
    return one


class Forms(unittest.TestCase):
    def test_one_record_in_every_form(self):
        strings = '"v=TLSRPTv1; rua=mailto:tls@" "example.com"'
        named = (
            f'{NAME}. 3600 IN TXT {strings}',
            f'{NAME}.\tTXT\t( {strings[:30]}\n\t{strings[30:]} ) ; comment',
            f'$ORIGIN _tls.example.com.\n_smtp IN TXT {strings}',
            f'{NAME} TXT {RECORD}',
            f'; <<>> DiG 9 <<>> TXT {NAME}\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n'
            f';; flags: qr; QUERY: 1, ANSWER: 1\n\n;{NAME}.\tIN\tTXT\n\n{NAME}. 3600 IN TXT {strings}\n\n;; Query time: 1',
            f';; communications error to 192.0.2.1#53: timed out\n{NAME}. 3600 IN TXT {strings}',
            f'{NAME} descriptive text {strings}',
            f'Server:\t192.0.2.1\nAddress:\t192.0.2.1#53\n\nNon-authoritative answer:\n{NAME}\ttext = {strings}\n',
            f'Server:  a\r\n\r\n{NAME}\ttext =\r\n\r\n\t{strings[:30]}\r\n\t{strings[30:]}\r\n',
            f'{NAME} IN TXT {strings}   -- link: eth0\n\n-- Information acquired via protocol DNS in 2ms.\n',
            f'\nName  Type TTL Section Strings\n----  ---- --- ------- -------\n{NAME} TXT 3600 Answer {{{RECORD}}}\n',
            f'Name    : {NAME}\nType    : TXT\nStrings : {{{RECORD}}}\n',
            json.dumps({'Status': 0, 'Answer': [{'name': NAME + '.', 'type': 16, 'TTL': 60, 'data': strings}]}),
            json.dumps({'Status': 0, 'Answer': [{'name': NAME, 'type': 16, 'data': RECORD}]}, indent=1),
        )
        bare = (RECORD, f'"{RECORD}"', f"'{RECORD}'", f'\u201c{RECORD}\u201d', f"'\"{RECORD}\"'", strings)
        for text in named + bare:
            for shown in verdict(text), verdict(stdin=text), verdict('-', stdin=text + '\n'):
                self.assertEqual((shown['ok'], shown['records'], shown['diagnostics']), (True, [RECORD], []), text)
                self.assertEqual(shown.get('name'), NAME if text in named else None, text)

    def test_aliases_are_followed(self):
        target = 'example-com.reports.example'
        for text in (f'{NAME} is an alias for {target}.\n{target} descriptive text "{RECORD}"',
                     f'{NAME}. 60 IN CNAME a.example.\na.example. 60 IN CNAME {target}.\n{target}. 60 IN TXT "{RECORD}"',
                     f'{NAME}\tcanonical name = {target}.\n{target}\ttext = "{RECORD}"',
                     json.dumps({'Status': 0, 'Answer': [{'name': NAME, 'type': 5, 'data': target + '.'},
                                                         {'name': target + '.', 'type': 16, 'data': RECORD}]})):
            shown = verdict(stdin=text)
            self.assertEqual((shown['ok'], shown['name'], shown['alias']), (True, NAME, target), text)
        shown = verdict(stdin=f'{target}.\n"{RECORD}"\n')
        self.assertEqual((shown['ok'], shown['alias']), (True, target))
        self.assertIn(f'alias for {target}.', run(stdin=f'{target}.\n"{RECORD}"\n')[1])
        # Aliases in a circle lead nowhere, but not for ever.
        shown = verdict(stdin=f'a. IN CNAME b.\nb. IN CNAME a.\na. IN TXT "{RECORD}"')
        self.assertEqual(shown['error']['code'], 'wrong-owner-name')

    def test_names_are_judged_apart(self):
        other = RECORD.replace('tls@', 'other@')
        zone = (f'example.com. IN TXT "v=spf1 -all"\n{NAME}. IN TXT "{RECORD}"\n'
                f'_smtp._tls.example.net. IN TXT "{other}"\n')
        self.assertEqual([(each['name'], each['records']) for each in verdicts(stdin=zone)],
                         [(NAME, [RECORD]), ('_smtp._tls.example.net', [other])])
        # A record without a name belongs to the one there is.
        shown = verdict(stdin=f'"v=spf1 -all"\n{NAME}. IN TXT "{RECORD}"')
        self.assertEqual((shown['name'], len(shown['records'])), (NAME, 2))
        shown = verdict(f'{NAME}. IN TXT "{RECORD}"', other)
        self.assertEqual((shown['name'], shown['error']['code']), (NAME, 'several-records'))

    def test_several_records_are_listed(self):
        other = RECORD.replace('tls@', 'other@')
        status, out, _ = run(stdin=f'"{RECORD}"\n"{other}"\n')
        self.assertEqual(status, 1)
        self.assertIn(f'"{RECORD}"\n', out)
        self.assertIn(f'"{other}"\n', out)
        self.assertEqual(verdict(stdin=f'"{RECORD}"\n"{other}"\n')['records'], [RECORD, other])

    def test_a_wrong_name_is_reported_with_the_right_one(self):
        for wrong, right in (('_smpt._tls.example.com.', NAME), ('_smtp-tlsrpt.example.com.', NAME),
                             ('_smtp.example.com', NAME), ('example.com', NAME), (NAME + '.example.com.', NAME),
                             ('_smtp-tlsrpt', '_smtp._tls'), ('@', '_smtp._tls')):
            shown = verdict(f'{wrong} IN TXT "{RECORD}"')
            self.assertEqual((shown['error']['code'], shown['right-name']), ('wrong-owner-name', right), wrong)
            self.assertIn(f'The right name is {right}.', run(f'{wrong} IN TXT "{RECORD}"')[1])
        # What is wrong with the record shows as well.
        shown = verdict('_smtp.example.com TXT v=TLSRPTv1; rua=tls@example.com')
        self.assertEqual([each['code'] for each in shown['diagnostics']], ['missing-scheme', 'no-usable-endpoint'])
        # Another record at another name is nobody's concern, nor is one that was left over.
        self.assertEqual(verdict('example.com TXT "v=spf1 -all"')['error']['code'], 'no-txt-record')
        self.assertTrue(verdict(stdin=f'_smtp.example.com. TXT "{RECORD}"\n{NAME}. TXT "{RECORD}"')['ok'])

    def test_the_form_is_judged_as_well(self):
        for text, code in ((f'"{RECORD}', 'zone-unclosed-string'), (f'{NAME}. IN TXT ( "{RECORD}"', 'zone-unclosed-parenthesis'),
                           (f'{NAME}. IN TXT {RECORD}', 'zone-unquoted-semicolon')):
            shown = verdict(text)
            self.assertEqual((shown['ok'], [each['code'] for each in shown['diagnostics']]), (True, [code]))
            self.assertEqual(shown['diagnostics'][0]['in'], 'zone-text')
        self.assertEqual(verdict('--strict', f'"{RECORD}')['error']['code'], 'zone-unclosed-string')
        self.assertTrue(verdict('--strict', f'{NAME}. IN TXT {RECORD}')['ok'])


class ToDo(unittest.TestCase):
    """What to do about a record, in the words that pages have, too (record_advice.hpp)."""

    def to_do(self, *texts):
        _, out, err = run('--format', 'json', *texts)
        self.assertEqual(err, '')
        shown = json.loads(out)
        _, text, _ = run(*texts)
        said = ' '.join(text.split())
        self.assertEqual(said.count(' To do '), 'to-do' in shown)
        for sentence in shown.get('to-do', []):
            self.assertEqual(said.count(sentence), 1)
        for found in shown['diagnostics']:
            self.assertLessEqual(said.count(found['message']), 1)
        return shown.get('to-do', [])

    def test_nothing_about_a_record_as_it_should_be(self):
        self.assertEqual(self.to_do('v=TLSRPTv1; rua=mailto:t@example.com'), [])

    def test_each_sentence_once(self):
        self.assertEqual(self.to_do('v=TLSRPTv1; RUA=mailto:t@example.com'), ['Write rua in lower case.'])

    def test_what_keeps_reports_away_is_first(self):
        self.assertEqual(self.to_do('v=TLSRPTv1; RUA=mailto:t@example.com; rua=ftp://example.com/'),
                         ['Write rua in lower case.',
                          'Give an address that senders elsewhere reach, with mailto: or https:.'])

    def test_a_wrong_name(self):
        sentence, = self.to_do('_smpt._tls.example.com. IN TXT "v=TLSRPTv1; rua=mailto:t@example.com"')
        self.assertEqual(sentence, 'Publish the record at _smtp._tls. and the domain.')

    def test_a_zone_that_is_not_as_it_should_be(self):
        for text, first in ((f'"{RECORD}', 'Close the quotation mark on its line.'),
                            (f'{NAME}. IN TXT ( "{RECORD}"', 'Close the parenthesis.'),
                            (f'{NAME}. IN TXT "{RECORD}; x=\\999"', 'Leave out the backslash, or write two.'),
                            (f'{NAME}. IN TXT {RECORD}', 'Put the value between quotation marks.')):
            # Also where nothing but the strict mode refuses it.
            for arguments in ((), ('--strict',)):
                self.assertIn(first, self.to_do(*arguments, text), text)

    def test_no_record(self):
        sentence, = self.to_do('v=spf1 -all')
        self.assertTrue(sentence.startswith('Publish one TXT record at _smtp._tls. and the domain'))


class Answers(unittest.TestCase):
    def test_a_resolver_that_fails_says_nothing_about_the_record(self):
        for text in (';; communications error to 192.0.2.53#53: timed out\n;; no servers could be reached',
                     ';; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n;; flags: qr; QUERY: 1, ANSWER: 0',
                     ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;; flags: qr; QUERY: 1, ANSWER: 0',
                     f'Host {NAME} not found: 3(NXDOMAIN)', f"** server can't find {NAME}: NXDOMAIN",
                     f'{NAME}: resolve call failed: Lookup failed due to system error',
                     f'{NAME} TXT 3600 Answer {{v=TLSRPTv1; rua=mai...}}', '; nothing but a comment',
                     f'{NAME} is an alias for a.example.\nHost a.example not found: 2(SERVFAIL)',
                     json.dumps({'Status': 2})):
            for arguments, stdin in ((('-',), text), ((text,), '')):
                status, out, err = run(*arguments, stdin=stdin)
                self.assertEqual((status, out), (1, ''), text)
                self.assertIn('no answer was read: ', err)
                self.assertNotIn('ecord', err.split(': ', 1)[1].replace(text, ''))
                self.assertEqual(verdict(*arguments, stdin=stdin)['error']['code'], 'cannot-read')
        self.assertIn('the status is 3 (NXDOMAIN)', run(stdin='{"Status":3}')[2])

    def test_an_answer_without_a_record(self):
        for text in ('', ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr; QUERY: 1, ANSWER: 0',
                     f'{NAME} has no TXT record', f"*** Can't find {NAME}: No answer", 'target.example.\n',
                     f'{NAME} is an alias for a.example.', '{"Status": 0}', '{"Status": 0, "Answer": 7}'):
            self.assertEqual(verdict(stdin=text)['error']['code'], 'no-txt-record', text)

    def test_json_of_other_kinds_is_a_text(self):
        for text in ('{}', '{"Status"', '[1]', '{"Answer": []}', '{' * 1000):
            self.assertEqual(verdict(stdin=text)['error']['code'], 'not-tlsrpt', text)
        for answers in ([1, None, {}, {'type': 16}, {'type': 'x', 'data': RECORD}, {'type': 16, 'data': 7}], {'a': 1}):
            self.assertFalse(verdict(stdin=json.dumps({'Status': 0, 'Answer': answers}))['ok'])


class Carets(unittest.TestCase):
    def below(self, *arguments, stdin=''):
        """What the first caret is under."""
        lines = run(*arguments, stdin=stdin)[1].splitlines()
        at = next(i for i, line in enumerate(lines) if line.strip() == '^')
        self.assertLessEqual(max(map(len, lines)), 80)
        return lines[at - 1][lines[at].index('^'):]

    def test_a_caret_is_under_the_fault(self):
        start = 'v=TLSRPTv1; rua='
        self.assertEqual(self.below(start + 'a@example.com;mailto:b@example.com'), ';mailto:b@example.com')
        self.assertEqual(self.below(start + 'mailto=a@example.com'), '=a@example.com')
        self.assertEqual(self.below('v=TLSRPTv1\\; rua=mailto:a@example.com'), '\\; rua=mailto:a@example.com')
        # Escapes and letters of several octets take the columns that they take.
        self.assertEqual(self.below(RECORD + '; x=\x1b\u00fc; bad'), 'bad')
        self.assertEqual(self.below(RECORD + '; \u00fc\u00fc; https'), '\u00fc\u00fc; https')
        self.assertEqual(self.below(f'"{RECORD}'), f'"{RECORD}')
        self.assertEqual(self.below(stdin=f'\n{NAME}. IN TXT "{RECORD}\r\n; comment'), f'"{RECORD}')

    def test_of_a_long_record_the_part_in_question_is_shown(self):
        for filler in ('x', '\u20ac', '\x01'):
            long = RECORD + '; a=' + filler * 500 + '; b c; d=' + filler * 500
            lines = run(long)[1].splitlines()
            self.assertLessEqual(max(map(len, lines)), 80)
            shown = [lines[i - 1][line.index('^'):] for i, line in enumerate(lines) if line.strip() == '^']
            self.assertTrue(any(each.startswith('b c; d=') for each in shown), shown)


class Policies(unittest.TestCase):
    GOOD = 'version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmx: mail.example.net\r\nmax_age: 604800\r\n'

    def test_a_policy_that_can_be_used(self):
        for arguments in ((), ('--strict',)):
            self.assertEqual(verdict('--sts', '-', *arguments, stdin=self.GOOD),
                             {'ok': True, 'mode': 'enforce', 'max-age': 604800,
                              'mx': ['*.example.com', 'mail.example.net'], 'diagnostics': []})
        with tempfile.NamedTemporaryFile('w', newline='', prefix='[') as file:
            file.write(self.GOOD)
            file.flush()
            status, out, err = run('--sts', file.name)
            self.assertEqual((status, err), (0, ''))
            for part in ('This policy can be used.', 'enforce: mail goes to hosts that match',
                         '604800 seconds, 7 days', '*.example.com, mail.example.net'):
                self.assertIn(part, out)

    def test_a_policy_that_no_sender_uses(self):
        for old, new, code in (('version: STSv1\r\n', '', 'sts-missing-version'), ('STSv1', 'STSv2', 'sts-unknown-version'),
                               ('mode: enforce\r\n', '', 'sts-missing-mode'), ('enforce', 'enforced', 'sts-unknown-mode'),
                               ('604800', 'a week', 'sts-max-age-syntax'), ('max_age: 604800\r\n', '', 'sts-missing-max-age'),
                               ('mx: *.example.com\r\nmx: mail.example.net\r\n', '', 'sts-missing-mx')):
            shown = verdict('--sts', '-', stdin=self.GOOD.replace(old, new))
            self.assertEqual((shown['ok'], shown['error']['code']), (False, code))
        status, out, _ = run('--sts', '-', stdin=self.GOOD.replace('enforce', 'Enforced'))
        self.assertEqual(status, 1)
        self.assertIn('    mode: Enforced\n          ^\n', out)
        # Nothing is pointed at when something is not there.
        self.assertNotIn('^', run('--sts', '-', stdin='version: STSv1\nmax_age: 86400\nmode: testing')[1])

    def test_deviations_refuse_it_in_strict_mode_only(self):
        text = self.GOOD.replace('mode: enforce', 'mode: Enforce')
        shown = verdict('--sts', '-', stdin=text)
        self.assertEqual((shown['ok'], [each['code'] for each in shown['diagnostics']]), (True, ['sts-value-case']))
        self.assertEqual(verdict('--strict', '--sts', '-', stdin=text)['error']['code'], 'sts-value-case')

    def test_usage(self):
        self.assertEqual(run('--sts', 'x', RECORD)[:2], (2, ''))
        self.assertEqual(run('--sts')[:2], (2, ''))
        self.assertEqual(run('--sts', '/no/such/file'), (1, '', 'tlsrpt: /no/such/file: No such file or directory\n'))
        self.assertEqual(verdict('--sts', '/no/such/file')['error']['code'], 'cannot-read')
        self.assertEqual(run('--sts', '-', stdin='x' * 65537)[2], 'tlsrpt: standard input: File too large\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
