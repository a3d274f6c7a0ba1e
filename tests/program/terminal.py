"""Pseudo-terminals, for tests of what the program does on a terminal."""

import pty
import unittest


def open_terminal():
    """The two ends of one. A test that cannot have it is skipped: a chroot may lack /dev/pts."""
    try:
        return pty.openpty()
    except OSError as error:
        raise unittest.SkipTest(f'no pseudo-terminal here: {error}') from None
