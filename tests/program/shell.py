"""What surrounds the command-line program in a shell: its man page, its completions, and what is
installed. Arguments: the program, the source root, the build root, and whether it is to be installed,
"true" or "false"."""

import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from terminal import open_terminal

PROGRAM, IS_INSTALLED = os.path.abspath(sys.argv[1]), sys.argv[4] == 'true'
ROOT, BUILD = map(pathlib.Path, sys.argv[2:4])
CLI = ROOT / 'examples/cli'
PAGE = CLI / 'tlsrpt.1'
COMPLETIONS = {'bash': CLI / 'completions/tlsrpt.bash', 'zsh': CLI / 'completions/_tlsrpt',
               'fish': CLI / 'completions/tlsrpt.fish'}
COMMANDS = ('show', 'check', 'explain', 'write', 'sum', 'list', 'advise', 'merge')


def run(*arguments, **options):
    return subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          encoding='utf-8', check=False, **options)


def help_of(*command):
    return run(PROGRAM, *command, '--help').stdout


def options_of(*command):
    """The options that the program says it has, with what represents their values."""
    found = dict(re.findall(r'^ +(?:-\w, *)?(--[a-z-]+)(?: (\S+))?', help_of(*command), re.M))
    assert '--help' in found, help_of(*command)
    return found


def choices_of(command):
    """The options that take one of several words, with these."""
    return {name: value.split('|') for name, value in options_of(command).items() if '|' in value}


def needs(shell):
    return unittest.skipUnless(shutil.which(shell), f'no {shell} here')


class Page(unittest.TestCase):
    SECTIONS = {'show': 'Reports', 'check': 'Records', 'explain': 'Reasons', 'write': 'Writing', 'advise': 'Advice', 'list': 'Lists', 'merge': 'Ledgers', '': 'Without a command'}

    def section(self, title):
        return re.search(rf'^\.S[sh] {title}\n(.*?)(?=^\.S[sh] |\Z)', PAGE.read_text(), re.M | re.S)[1]

    def options_in(self, text, macro):
        found = {}
        for line in re.findall(rf'^\.{macro} Fl (.*)', text, re.M):
            name, _, value = re.sub(r'^[a-z] , ', '', line).partition(' ')
            value = value.removeprefix('Cm ').replace(' ', '')
            if value.startswith('Ar'):
                value = value.removeprefix('Ar').upper()
            found['-' + name] = value
        return found

    def test_options_are_those_of_the_program(self):
        for command, title in self.SECTIONS.items():
            self.assertEqual(self.options_in(self.section(title), 'It'), options_of(*command.split()), command)

    def test_synopsis(self):
        forms = re.split(r'^\.Nm\n', self.section('SYNOPSIS'), flags=re.M)
        for command in COMMANDS:
            form, = (form for form in forms if form.startswith(f'.Cm {command}\n'))
            options = options_of(command)
            del options['--help']
            self.assertEqual(self.options_in(form, 'Op'), options)

    def test_exit_statuses_are_those_of_the_program(self):
        listed = set(re.findall(r'^\.It (\d)$', self.section('EXIT STATUS'), re.M))
        enumerated = re.search(r'enum exit_status \{(.*?)\}', (CLI / 'main.cpp').read_text(), re.S)[1]
        self.assertEqual(listed, set(re.findall(r'= (\d)', enumerated)))
        said = help_of().split('Exit status:')[1]
        self.assertEqual(listed, set(re.findall(r'\b(\d) (?:when|for)', said)))

    def test_members_are_those_of_the_readme(self):
        described = set(re.findall(r'[a-z-]+', re.sub(r'^\.Sx.*', '', self.section('JSON'), flags=re.M)))
        readme = (CLI / 'README.md').read_text()
        members = re.findall(r'^\| `([a-z-]+)` \|', readme, re.M)
        self.assertGreater(len(members), 10)
        tail = readme.split('## JSON of check')[1]
        self.assertLessEqual({*members, *re.findall(r'`([a-z-]+)`', tail)}, described)

    @needs('groff')
    def test_groff_has_nothing_to_say(self):
        for device in ('ascii', 'utf8', 'html'):
            if device == 'html' and not shutil.which('post-grohtml'):
                continue
            done = run('groff', '-mandoc', '-ww', '-z', '-T' + device, PAGE)
            self.assertEqual((done.returncode, done.stdout), (0, ''), device)

    @needs('mandoc')
    def test_mandoc_has_nothing_to_say(self):
        done = run('mandoc', '-T', 'lint', '-W', 'warning', PAGE)
        self.assertEqual((done.returncode, done.stdout), (0, ''))


class Completion:
    """What each of the shells has to offer. words() completes the last of the words."""

    def test_syntax(self):
        done = run(self.shell, '-n', COMPLETIONS[self.shell])
        self.assertEqual((done.returncode, done.stdout), (0, ''))

    def test_commands(self):
        self.assertEqual(self.words('tlsrpt', ''), set(COMMANDS))
        self.assertEqual(self.words('tlsrpt', 'ch'), {'check'})

    def test_options(self):
        self.assertEqual(self.words('tlsrpt', '--'), set(options_of()))
        for command in COMMANDS:
            self.assertEqual(self.words('tlsrpt', command, '--'), set(options_of(command)))
        self.assertEqual(self.words('tlsrpt', 'show', 'x', '--strict', '--for'), {'--format'})

    def test_values(self):
        for command in COMMANDS:
            self.assertEqual(set(choices_of(command)), set() if command in ('write', 'merge') else {'--format', '--color'})
            for option, choices in choices_of(command).items():
                self.assertEqual(self.words('tlsrpt', command, option, ''), set(choices))
                first = choices[0]
                self.assertIn(first, self.words('tlsrpt', command, option, first[:1]))

    def test_values_after_an_equals_sign(self):
        for option, choices in choices_of('show').items():
            shown = {word.removeprefix(option + '=') for word in self.words('tlsrpt', 'show', option + '=')}
            self.assertEqual(shown, set(choices))

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ('report.json', 'report.eml', 'other'):
                (pathlib.Path(folder) / name).touch()
            files = {'report.json', 'report.eml'}
            for before in (('show',), ('write',), ('advise',), ('merge',), ('merge', '--'), ('show', 'x'), ('show', '--'), ('show', '--format', 'json')):
                self.assertEqual(self.words('tlsrpt', *before, 'rep', folder=folder), files, before)
            for before in (('check',), ('check', '--'), ('explain',), ()):
                self.assertEqual(self.words('tlsrpt', *before, 'rep', folder=folder), set(), before)


@needs('bash')
class Bash(Completion, unittest.TestCase):
    shell = 'bash'
    # What readline does: where nothing is offered and -o default is on, names of files.
    DRIVER = '''
        source "$1"; shift
        default=yes
        compopt() { [[ " $* " != *' +o default '* ]] || default=no; }
        [[ $(complete -p tlsrpt) == *' -o default -F _tlsrpt '* ]] || exit 9
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _tlsrpt
        if (( ${#COMPREPLY[@]} == 0 )) && [[ $default = yes ]]; then
          compgen -f -- "${COMP_WORDS[COMP_CWORD]}"
        else
          printf '%s\\n' "${COMPREPLY[@]}"
        fi'''

    def words(self, *words, folder=None):
        # As COMP_WORDBREAKS has it, "=" is a word.
        cut = [part for word in words for part in re.findall(r'=|[^=]+|^$', word)]
        done = run('bash', '--norc', '-c', self.DRIVER, 'bash', COMPLETIONS['bash'], *cut, cwd=folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        return set(done.stdout.split())

    def test_values_in_one_word(self):
        done = run('bash', '--norc', '-c', self.DRIVER, 'bash', COMPLETIONS['bash'], 'tlsrpt', 'show', '--format=j')
        self.assertEqual(done.stdout, '--format=json\n')

    def test_it_is_really_completed(self):
        with Terminal('bash', '--norc', '--noprofile', '-i') as terminal:
            terminal.type(f"PS1='> '; source '{COMPLETIONS['bash']}'; tlsrpt() {{ printf '<%s>' \"$@\" end; }}\n")
            terminal.type('tlsrpt sh\t--fo\tj\t--co\tne\t\n')
            terminal.wait_for('<show><--format><json><--color><never><end>')


@needs('zsh')
class Zsh(Completion, unittest.TestCase):
    shell = 'zsh'
    # compadd is what all that is offered goes through.
    SETUP = '''
        PS1='> '; unsetopt beep
        fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D
        compadd() {{
          local -a offered
          if [[ ${{@[1,(i)(-|--)]}} != *-[OAD][[:space:]]* ]]; then
            builtin compadd -O offered "$@"
            print -rl -- $offered >>{record}
          fi
          builtin compadd "$@"
        }}
        finished() {{ print DONE >>{record} }}
        comppostfuncs=(finished)
        print READY >>{record}
    '''

    def words(self, *words, folder=None):
        with tempfile.TemporaryDirectory() as home:
            record = pathlib.Path(home) / 'record'
            setup = pathlib.Path(home) / 'setup'
            setup.write_text(self.SETUP.format(folder=COMPLETIONS['zsh'].parent, record=record))
            with Terminal('zsh', '-f', '-i', cwd=folder or home) as terminal:
                terminal.type(f'. {setup}\n')
                terminal.wait_until(lambda: record.exists() and 'READY' in record.read_text())
                terminal.type(' '.join(words) + '\t')
                terminal.wait_until(lambda: 'DONE' in record.read_text())
            offered = record.read_text().split('\n')
            return {word for word in offered if word not in ('', 'READY', 'DONE', 'setup', 'record')}


@needs('fish')
class Fish(Completion, unittest.TestCase):
    shell = 'fish'

    def words(self, *words, folder=None):
        with tempfile.TemporaryDirectory() as home:
            done = run('fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', '--', COMPLETIONS['fish'],
                       ' '.join(words), cwd=folder, env={**os.environ, 'HOME': home})
        self.assertEqual(done.returncode, 0, done.stdout)
        offered = {line.split('\t')[0] for line in done.stdout.splitlines()}
        return {word for word in offered if word != '-h'}


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, *command, cwd=None):
        self.master, slave = open_terminal()
        env = {**os.environ, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8', 'COLUMNS': '200'}
        self.shell = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=env,
                                      start_new_session=True)
        os.close(slave)
        self.seen = ''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shell.kill()
        self.shell.wait()
        os.close(self.master)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def wait_until(self, is_so):
        end = time.monotonic() + 30
        while not is_so():
            if time.monotonic() > end:
                raise AssertionError(f'nothing came of it: {self.seen!r}')
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 4096).decode(errors='replace')

    def wait_for(self, text):
        self.wait_until(lambda: text in self.seen)


class Installation(unittest.TestCase):
    def test_what_is_installed(self):
        installed = {pathlib.PurePath(source).name: pathlib.PurePath(target)
                     for source, target in json.loads((BUILD / 'meson-info/intro-installed.json').read_text()).items()
                     if pathlib.PurePath(source) in {PAGE, *COMPLETIONS.values(), pathlib.PurePath(PROGRAM)}}
        if not IS_INSTALLED:
            self.assertEqual(installed, {})
            return
        wanted = {'tlsrpt': 'bin/tlsrpt', 'tlsrpt.1': 'man/man1/tlsrpt.1',
                  'tlsrpt.bash': 'bash-completion/completions/tlsrpt', '_tlsrpt': 'zsh/site-functions/_tlsrpt',
                  'tlsrpt.fish': 'fish/vendor_completions.d/tlsrpt.fish'}
        self.assertEqual(set(installed), set(wanted))
        for name, end in wanted.items():
            self.assertTrue(str(installed[name]).endswith('/' + end), installed[name])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
