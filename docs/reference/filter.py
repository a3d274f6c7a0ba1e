"""Prints a header as Doxygen should see it: filter.py FILE

The headers keep to plain comments. What only Doxygen needs is added here: the topic of each header,
its example out of tests/report/reference.cpp, and the grades and paragraphs of the codes. Names of
tlsrpt::detail are taken out.
"""

import pathlib
import re
import sys

TOPICS = {
    'report': 'reports', 'kept_report': 'reports', 'canonical': 'reports', 'model': 'reports', 'schema': 'reports',
    'bytes': 'reports', 'padded': 'reports',
    'record': 'records', 'uri_scheme': 'records', 'zone_text': 'records',
    'policy_text': 'policies', 'sts_policy': 'policies', 'tlsa_record': 'policies',
    'vocabulary': 'values', 'digest': 'values', 'timestamp': 'values', 'ip_address': 'values', 'hostname': 'values',
    'gzip': 'gzip', 'inflater': 'gzip', 'libdeflate': 'gzip', 'zip': 'gzip', 'limits': 'limits',
    'errc': 'diagnostics', 'error': 'diagnostics', 'location': 'diagnostics', 'path': 'diagnostics',
    'diagnostic': 'diagnostics',
    'conformance': 'diagnostics', 'result': 'diagnostics',
    'reason': 'answers', 'reasons': 'answers', 'sender_profile': 'answers', 'finding': 'answers', 'advice': 'answers', 'write_advice': 'answers', 'record_advice': 'answers', 'policy_advice': 'answers', 'ledger': 'answers', 'ledger_entry': 'answers', 'ledger_row': 'answers', 'summary': 'answers', 'trend': 'answers', 'day': 'values',
    'write_report': 'writing', 'write_gzip': 'writing', 'write_mail': 'writing', 'write_record': 'records',
    'tls_errors': 'writing', 'endpoint': 'writing', 'session': 'writing', 'tally': 'writing', 'tally_report': 'writing', 'datagram': 'writing', 'write_datagram': 'writing',
    'output': 'output', 'escape': 'output', 'ostream': 'output', 'consistency': 'consistency',
    'file_name': 'mails', 'subject': 'mails', 'domain_field': 'mails', 'mail_part': 'mails', 'mail_header': 'mails',
    'mail': 'mails', 'payload': 'mails', 'envelope': 'mails',
    'submitter': 'mails', 'submission': 'mails',
    'duplicate': 'mails', 'version': 'version',
    'arrow': 'columns',
    'tlsrpt': None,
}

# Headers that are shown in the example of another one.
SHOWN_WITH = {'bytes': 'report', 'path': 'location', 'domain_field': 'envelope', 'errc': 'error', 'subject': 'envelope',
              'mail_header': 'mail', 'write_advice': 'advice', 'finding': 'advice', 'reason': 'reasons', 'sender_profile': 'reasons', 'session': 'tally', 'tally_report': 'tally', 'write_datagram': 'datagram', 'ledger_entry': 'ledger', 'ledger_row': 'ledger', 'day': 'ledger', 'trend': 'summary',
              'sts_policy': 'policy_text', 'tlsa_record': 'policy_text',
              'uri_scheme': 'record', 'write_gzip': 'write_mail'}


def with_sentences(text, folder):
    """Each value of errc with its grade, its sentence and where it comes from; of field with its name."""
    table = ''.join(path.read_text() for path in sorted((folder / 'detail/codes').glob('*.hpp')))
    string = r'"((?:[^"\\]|\\.)*)"'
    rows = re.findall(rf'\{{errc::(\w+), grade::(\w+), {string}, {string},\s*{string}\}}', table)
    for code, grade, name, requirement, sentence in rows:
        sentence = re.sub(r'([\\<>@&#%~*_`])', r'\\\1', sentence.replace('\\"', "'"))
        comment = f'  ///< {grade.capitalize()}: {sentence}' + (f' ({requirement})' if requirement else '')
        text = re.sub(rf'^(?:  ///.*\n)*(  {code}(?: = \w+)?,).*$', lambda m, c=comment: m[1] + c, text, count=1,
                      flags=re.M)
    # Each value of field with its name in the JSON.
    return re.sub(r'(?<=^enum class field : std::uint8_t \{\n)(?:.*\n)*?(?=\};)',
                  lambda m: re.sub(r'^  (\w+)(,?)$', lambda v: f'{v[0]}  ///< `{v[1].replace("_", "-")}`', m[0],
                                   flags=re.M), text, flags=re.M)


def filtered(path):
    text, name, folder = path.read_text(), path.stem, path.parent
    if name in ('errc', 'schema'):
        text = with_sentences(text, folder)
    text = re.sub(r'^namespace detail \{\n(?:.*\n)*?\}  // namespace detail\n', '', text, flags=re.M)
    text = re.sub(r'noexcept\(\s*detail::is_nothrow_sink<(\w+)>\)',
                  r'noexcept(std::is_nothrow_invocable_v<\1&, const diagnostic&>)', text)
    text = re.sub(r'noexcept\(\s*detail::is_nothrow_output<(\w+)>\)', 'noexcept(writing to `out` is)', text)
    # For the library, not for its users.
    text = re.sub(r'^ private:\n(?:.*\n)*?(?=\};\n)', '', text, flags=re.M)
    text = re.sub(r'(?:^ *///.*\n)+^ *explicit constexpr record_view\((?:.*\n)*?.*\{\}\n', '', text, flags=re.M)
    # Deduction guides and hashes, which need no words of their own.
    text = re.sub(r'^template <[^\n]*>\n\w+\([^;]*?\)\s*-> [^;]*;\n', '', text, flags=re.M)
    text = re.sub(r'(?:^///.*\n)+template <.*>\nstruct std::hash<(?:.*\n)*?\};\n', '', text, flags=re.M)
    # Doxygen links to friends, but has no place for them.
    text = re.sub(r'^  friend constexpr bool operator==\(const (\w+)&, const \1&\) = default;',
                  r'  /// Whether all members are equal.\n  constexpr bool operator==(const \1& other) const = default;',
                  text, flags=re.M)
    text = re.sub(r'^  friend constexpr ([\w:]+) operator(==|<=>)\(const (\w+)& a,\s+const \3& b\)',
                  r'  constexpr \1 operator\2(const \3& other) const', text, flags=re.M)
    # What a reader of the pages need not know: of what library types a name is made.
    text = re.sub(r'\bdetail::', '', text)
    # The example of the header, after its own comment.
    text = re.sub(r'\A(?:///.*\n)+', lambda m: f'{m[0]}///\n/// @par Example\n/// @snippet reference.cpp {SHOWN_WITH.get(name, name)}\n', text)
    topic = TOPICS[name]
    if topic:
        begin = r'^namespace tlsrpt \{\n' if name != 'version' else r'^#define TLSRPT_HPP_VERSION\n'
        end = r'^\}  // namespace tlsrpt\n' if name != 'version' else r'^#endif\n'
        text = re.sub(begin, lambda m: f'{m[0]}/** @addtogroup {topic}\n@{{ */\n', text, flags=re.M)
        text = re.sub(end, lambda m: f'/** @}} */\n{m[0]}', text, flags=re.M)
    return text


if len(sys.argv) != 2:
    sys.exit(__doc__)
path = pathlib.Path(sys.argv[1])
print(filtered(path) if path.suffix == '.hpp' else path.read_text(), end='')
