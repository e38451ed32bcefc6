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
    from xieka.app import App
    from xieka.certificate.trust.service import TrustService
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
def trust_alone() -> Iterator[TrustService]:
    """Trust in certificates, without any Ukey or driver."""
    from xieka.app import make_trust, profile_in_use
    from xieka.core.clock import SystemClock
    from xieka.core.events import EventBus
    from xieka.core.http import Http
    from xieka.settings.endpoint import endpoint
    from xieka.settings.service import SettingsService

    folders = open_folders()
    profile = profile_in_use(folders)
    settings = SettingsService(folders.config)
    http = Http(lambda: settings.value.proxy, allow_loopback_http=profile.practice)
    url = endpoint(profile, folders.practice).url
    trust = make_trust(folders, profile, url, http, EventBus(), SystemClock())
    try:
        yield trust
    finally:
        trust.close()
        http.close()


@contextmanager
def services(options: argparse.Namespace) -> Iterator[UkeyService]:
    """The Ukeys of `app`."""
    with app(options) as started:
        yield started.ukeys


@contextmanager
def without_ukeys() -> Iterator[App]:
    """The services without any driver: nothing of a vendor's can keep the command waiting."""
    from xieka.app import App
    from xieka.core.clock import SystemClock
    from xieka.core.events import EventBus
    from xieka.token.service import TokenService

    folders = open_folders()
    bus = EventBus()
    started = App(folders, bus, TokenService((), bus, SystemClock()), os.environ)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def app(options: argparse.Namespace) -> Iterator[App]:
    """Start the drivers (or the one of `--module`), wait for their first reading, end them afterwards."""
    from xieka.app import App, start_tokens
    from xieka.core.events import EventBus

    folders = open_folders()
    bus = EventBus()
    started = App(folders, bus, start_tokens(folders, bus, module=options.module), os.environ)
    try:
        if not started.tokens.wait_first(READING_SECONDS):
            raise XiekaError("E-TOK-03")
        _raise_module_problem(options, started.ukeys)
        yield started
    finally:
        started.close()


def _raise_module_problem(options: argparse.Namespace, ukeys: UkeyService) -> None:
    # With one module asked for, its failure is the command's failure, not a note beside an empty list.
    problems = ukeys.state().problems
    if options.module is not None and problems:
        raise XiekaError(problems[0].error.code, path=str(options.module))
