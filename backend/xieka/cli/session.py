"""One command's view of the Ukeys: the same services as the window, for the length of the command."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xieka.core import log, paths
from xieka.core.errors import XiekaError
from xieka.core.paths import Folders

if TYPE_CHECKING:
    from xieka.ukey.service import UkeyService

READING_SECONDS = 20.0
"""How long a command waits for the drivers' first answers."""


def open_folders() -> Folders:
    """The user's folders, and the command's log in them. Raises XiekaError E-CLI-06 when they cannot be made."""
    folders = paths.folders()
    try:
        folders.create()
    except OSError as error:
        raise XiekaError("E-CLI-06", path=str(error.filename)) from error
    log.configure(folders.log, "xieka-cli")
    return folders


@contextmanager
def services(options: argparse.Namespace) -> Iterator[UkeyService]:
    """Start the drivers (or the one of `--module`), wait for their first reading, end them afterwards."""
    from xieka.app import App, start_tokens
    from xieka.core.events import EventBus

    folders = open_folders()
    bus = EventBus()
    app = App(folders, bus, start_tokens(folders, bus, module=options.module), os.environ)
    try:
        if not app.tokens.wait_first(READING_SECONDS):
            raise XiekaError("E-TOK-03")
        _raise_module_problem(options, app.ukeys)
        yield app.ukeys
    finally:
        app.close()


def _raise_module_problem(options: argparse.Namespace, ukeys: UkeyService) -> None:
    # With one module asked for, its failure is the command's failure, not a note beside an empty list.
    problems = ukeys.state().problems
    if options.module is not None and problems:
        raise XiekaError(problems[0].error.code, path=str(options.module))
