"""What README.md promises, for the build and for CI.

readme.py FILE list        numbers of the C++ blocks
readme.py FILE NUMBER      block NUMBER as a whole program
readme.py FILE commands    the lines of the shell blocks that start with ./
"""

import pathlib
import re
import sys


def blocks(text, language):
    return re.findall(rf'^```{language}\n(.*?)^```', text, re.M | re.S)


def program(block):
    """A block without main() becomes the body of a function; what it needs is taken as given."""
    if re.search(r'\bint main\(', block):
        return block
    includes = re.findall(r'^#include.*\n', block, re.M)
    body = re.sub(r'^#include.*\n', '', block, flags=re.M)
    return ('#include <tlsrpt/report.hpp>\n#include <iostream>\n' + ''.join(includes) +
            'void readme(std::string_view bytes, tlsrpt::report_parser<>& parser) {\n'
            'static_cast<void>(bytes), static_cast<void>(parser);\n' + body +
            '}\nint main() {}\n')


file, what = sys.argv[1:]
text = pathlib.Path(file).read_text()
if what == 'list':
    print(*range(len(blocks(text, 'cpp'))))
elif what == 'commands':
    print(*re.findall(r'^\./.*', '\n'.join(blocks(text, 'sh')), re.M), sep='\n')
else:
    print(program(blocks(text, 'cpp')[int(what)]), end='')
