"""One command's view of the Ukeys: the same services as the window, for the length of the command."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from xieka.ukey.service import UkeyService

READING_SECONDS = 20.0
"""How long a command waits for the drivers' first answers."""


@contextmanager
def services(options: argparse.Namespace) -> Iterator[UkeyService]:
    """Start the drivers (or the one of `--module`), wait for their first reading, end them afterwards."""
    from xieka.app import App, start_tokens
    from xieka.core import log, paths
    from xieka.core.events import EventBus

    folders = paths.folders().create()
    log.configure(folders.log, "xieka-cli")
    bus = EventBus()
    app = App(folders, bus, start_tokens(folders, bus, module=options.module, env=_module_environment()))
    try:
        if not app.tokens.wait_first(READING_SECONDS):
            raise XiekaError("E-TOK-03")
        _raise_module_problem(options, app.ukeys)
        yield app.ukeys
    finally:
        app.close()


def _module_environment() -> dict[str, str]:
    # A module given by hand is configured the way its user configured the shell.
    return {name: value for name, value in os.environ.items() if name in ("SOFTHSM2_CONF", "SHIM_TARGET", "SHIM_CTL")}


def _raise_module_problem(options: argparse.Namespace, ukeys: UkeyService) -> None:
    # With one module asked for, its failure is the command's failure, not a note beside an empty list.
    problems = ukeys.state().problems
    if options.module is not None and problems:
        raise XiekaError(problems[0].error.code, path=str(options.module))
