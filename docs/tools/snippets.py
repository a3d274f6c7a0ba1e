"""The code in README.md and in the pages of docs/, for the build and for CI.

snippets.py program [--without HEADER]... PAGE...  a C++ program of all C++ blocks of the pages
snippets.py check PROGRAM PAGE  runs the blocks of one page; fails if they do not print what it shows
snippets.py excerpts PAGE...    fails if a C block is not literally in a file of examples/
snippets.py commands PAGE       the lines of the shell blocks that start with ./

How blocks are read:

    ```cpp            the body of a function that has `parser` and `bytes` where it uses them; with
                      main() in it a program, which gets one argument, the file that `bytes` holds
    ```cpp continued  continues the function of the block before
    ```cpp global     declarations, for this and all later blocks of the page
    <!-- cpp ... -->  the same three, compiled and not shown
    ```text           what the C++ block before it prints; a line "..." matches any lines. With a
                      shell block right before it, that block's ./ line has the program's arguments
    <!-- bytes: FILE -->  what `bytes` holds from here on

All of it becomes one program, because a compiler needs seconds for the headers alone. Blocks that
include a HEADER that is not there are left out, with those that continue them.
"""

import argparse
import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
MARK = '\x1e'  # printed before the number of the block that follows
BLOCK = re.compile(r'^```(?P<language>\w+)(?: (?P<kind>\w+))?\n(?P<code>.*?)^```$'
                   r'|^<!-- cpp(?: (?P<hidden_kind>\w+))?\n(?P<hidden_code>.*?)^-->$'
                   r'|^<!-- bytes: (?P<bytes>\S+) -->$', re.M | re.S)
INCLUDE = re.compile(r'^#include [<"](\S+)[>"].*\n', re.M)
MAIN = re.compile(r'\bint main\(')


@dataclasses.dataclass
class Block:
    """A C++ block, and what the page says that it prints."""
    kind: str
    code: str
    line: int
    bytes: str
    arguments: list = None
    output: str = None


def name_of(page):
    return str(page.resolve().relative_to(ROOT.resolve()))


def fenced(page, language):
    """The code of all blocks in `language`, and where each begins."""
    text = page.read_text()
    for block in BLOCK.finditer(text):
        if block['language'] == language:
            yield block['code'], text.count('\n', 0, block.start()) + 2


def read_blocks(page):
    text = page.read_text()
    blocks, arguments = [], None
    data = 'examples/reports/google-success.json.gz'
    for found in BLOCK.finditer(text):
        line = text.count('\n', 0, found.start()) + 2
        where = f'{name_of(page)}:{line}'
        if found['bytes']:
            data = found['bytes']
        elif found['language'] == 'cpp' or found['hidden_code'] is not None:
            code = found['code'] or found['hidden_code'] or ''
            kind = found['kind'] or found['hidden_kind'] or ('main' if MAIN.search(code) else 'body')
            if kind not in ('main', 'body', 'continued', 'global'):
                sys.exit(f'{where}: C++ of an unknown kind, {kind}')
            if kind == 'continued' and (not blocks or blocks[-1].kind not in ('body', 'continued')):
                sys.exit(f'{where}: there is no function to continue')
            blocks.append(Block(kind, code, line, data))
        elif found['language'] == 'text':
            if not blocks or blocks[-1].output is not None or blocks[-1].kind == 'global':
                sys.exit(f'{where}: no C++ block prints this')
            blocks[-1].output, blocks[-1].arguments = found['code'], arguments
        shell = re.search(r'^\./\S+(.*)', found['code'], re.M) if found['language'] == 'sh' else None
        arguments = shell[1].split() if shell else None
    return blocks


def functions(blocks, without):
    """The blocks with their numbers, those in one list that belong together. Left out are those
    that need a header of `without`."""
    groups = []
    for number, block in enumerate(blocks):
        if block.kind == 'continued':
            groups[-1].append((number, block))
        else:
            groups.append([(number, block)])
    return [group for group in groups
            if not without & {name for _, block in group for name in INCLUDE.findall(block.code)}]


def source_line(page, block):
    return f'#line {block.line} "{name_of(page)}"\n'


def write_page(page, number, without, write):
    calls = []
    write(f'namespace page_{number} {{\n')
    for group in functions(read_blocks(page), without):
        first, block = group[0]
        code = {n: INCLUDE.sub('\n', b.code) for n, b in group}
        if block.kind == 'global':
            write(source_line(page, block) + code[first])
            continue
        if block.kind == 'main':
            arguments = [block.bytes] if block.arguments is None else block.arguments
            has_arguments = not re.search(r'\bint main\(\)', code[first])
            body = MAIN.sub(f'int program_{first}(', code[first])
            body = body[:body.rindex('\n}')] + '\nreturn 0;\n}\n'  # as main() does by itself
            write(source_line(page, block) + body)
            words = ', '.join(f'"{word}"' for word in ['program', *arguments])
            calls.append(f'snippets_begin({first}); {{ const char* words[] = {{{words}, nullptr}}; '
                         f'static_cast<void>(words); program_{first}(' +
                         (f'{len(arguments) + 1}, const_cast<char**>(words)' if has_arguments else '') + '); }')
            continue
        whole = ''.join(code.values())
        given = {'parser': 'tlsrpt::report_parser<>& parser', 'bytes': 'std::string_view bytes'}
        values = {'parser': 'own_parser', 'bytes': 'own_bytes'}
        used = [name for name in given if re.search(rf'\b{name}\b', whole) and
                not re.search(rf'^[\w:<>, ]+[ &*]{name}(\(| =|;|{{)', whole, re.M)]
        write(f'void function_{first}({", ".join(given[name] for name in used)}) {{\n')
        for n, b in group:
            write(f'snippets_begin({n});\n' + source_line(page, b) + code[n])
        write('}\n')
        own = {'parser': 'tlsrpt::report_parser<> own_parser; ',
               'bytes': f'const std::string own_bytes = snippets_file("{block.bytes}"); '}
        calls.append('{ ' + ''.join(own[name] for name in used) +
                     f'function_{first}({", ".join(values[name] for name in used)}); }}')
    write('void run() {\n' + '\n'.join(calls) + '\n}\n}\n')


def program(pages, without):
    """All pages as one program, which runs the page that its argument names."""
    parts = []
    includes = {}
    for page in pages:
        for group in functions(read_blocks(page), without):
            for _, block in group:
                for found in INCLUDE.finditer(block.code):
                    includes.setdefault(found[0])
    parts.append('#include <tlsrpt/report.hpp>\n#include <fstream>\n#include <iostream>\n#include <iterator>\n'
                 '#include <string>\n#include <string_view>\n' + ''.join(includes) +
                 'static void snippets_begin(int block) { std::cout << "\\x1e" << block << "\\n"; }\n'
                 'static std::string snippets_file(const char* path) {\n'
                 'std::ifstream in(path, std::ios::binary);\n'
                 'return {std::istreambuf_iterator<char>(in), {}};\n}\n')
    for number, page in enumerate(pages):
        write_page(page, number, without, parts.append)
    parts.append('int main(int argc, char** argv) {\nconst std::string_view page = argc > 1 ? argv[1] : "";\n')
    for number, page in enumerate(pages):
        parts.append(f'if (page == "{name_of(page)}") return page_{number}::run(), 0;\n')
    parts.append('return 1;\n}\n')
    return ''.join(parts)


def pattern(output):
    """The regular expression of what a text block shows."""
    return ''.join(r'(?:.*\n)*?' if line == '...' else re.escape(line) + r'[ ]*\n'
                   for line in output.splitlines())


def check(executable, page):
    """Runs the blocks of a page."""
    done = subprocess.run([executable.resolve(), name_of(page)], stdout=subprocess.PIPE, cwd=ROOT, timeout=120, check=False)
    if done.returncode != 0:
        yield f'{name_of(page)}: exit status {done.returncode}'
    printed = {}
    for part in done.stdout.decode(errors='backslashreplace').split(MARK)[1:]:
        number, _, text = part.partition('\n')
        printed[int(number)] = text
    shown = 0
    for number, block in enumerate(read_blocks(page)):
        if block.output is None:
            continue
        if number not in printed:
            print(f'{name_of(page)}:{block.line}: left out')
            continue
        shown += 1
        if not re.fullmatch(pattern(block.output), printed[number]):
            yield f'{name_of(page)}:{block.line}: the page shows\n{block.output}and it prints\n{printed[number]}'
    print(f'{name_of(page)}: {len(printed)} blocks were run, {shown} outputs compared')


def excerpts(pages):
    texts = [path.read_text() for path in (ROOT / 'examples').glob('*') if path.suffix in ('.h', '.c', '.cpp')]
    for page in pages:
        for code, line in fenced(page, 'c'):
            if not any(code in text for text in texts):
                yield f'{name_of(page)}:{line}: no file in examples/ has these lines'


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(dest='what', required=True)
one = commands.add_parser('program')
one.add_argument('--without', action='append', default=[])
one.add_argument('pages', type=pathlib.Path, nargs='+')
one = commands.add_parser('check')
one.add_argument('program', type=pathlib.Path)
one.add_argument('page', type=pathlib.Path)
commands.add_parser('excerpts').add_argument('pages', type=pathlib.Path, nargs='+')
commands.add_parser('commands').add_argument('page', type=pathlib.Path)
arguments = parser.parse_args()
if arguments.what == 'program':
    print(program(arguments.pages, set(arguments.without)), end='')
elif arguments.what == 'commands':
    print(*re.findall(r'^\./.*', '\n'.join(code for code, _ in fenced(arguments.page, 'sh')), re.M), sep='\n')
else:
    faults = list(check(arguments.program, arguments.page) if arguments.what == 'check'
                  else excerpts(arguments.pages))
    print(*faults, sep='\n')
    sys.exit(bool(faults))
