"""Receives mail at each address that is planted, with the certificate of the host; keeps mails with reports.

receivers.py MAILDIR
"""

import itertools
import pathlib
import signal
import ssl
import sys

from aiosmtpd.controller import Controller

from planted import DOMAINS, REPORTS_ADDRESS, REPORTS_HOST

MAILDIR = pathlib.Path(sys.argv[1])
numbers = itertools.count()


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        name = '1.%d.reports' % next(numbers)
        (MAILDIR / 'tmp' / name).write_bytes(envelope.original_content)
        (MAILDIR / 'tmp' / name).rename(MAILDIR / 'new' / name)
        return '250 kept'


class Taker:
    async def handle_DATA(self, server, session, envelope):
        return '250 taken'


def start(host, address, handler):
    context = None
    if pathlib.Path(f'/srv/circle/{host}.pem').exists():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f'/srv/circle/{host}.pem', f'/srv/circle/{host}.key')
    controller = Controller(handler, hostname=address, port=25, server_hostname=host, tls_context=context)
    controller.start()
    return controller


running = [start('mx.' + domain.name, domain.address, Taker()) for domain in DOMAINS]
running.append(start(REPORTS_HOST, REPORTS_ADDRESS, Keeper()))
print('ready', flush=True)
signal.pause()
