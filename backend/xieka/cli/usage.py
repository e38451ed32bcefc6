"""An argument parser that speaks through the catalogue: every help, title and description is a key of it.

The words are looked up when they are shown, so that a start without `--help` does without the catalogue.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import xieka
from xieka.core import messages
from xieka.core.errors import XiekaError


class Formatter(argparse.HelpFormatter):
    """Help in the user's language."""

    def add_text(self, text: str | None) -> None:
        """A description, or what `--version` says."""
        super().add_text(text and messages.text(text, version=xieka.__version__))

    def start_section(self, heading: str | None) -> None:
        """A titled list of arguments."""
        super().start_section(heading and messages.text(heading))

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """The usage line; argparse gives a prefix of its own where it wants none."""
        super().add_usage(usage, actions, groups, messages.text("cli_usage") if prefix is None else prefix)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and messages.text(action.help)


class Parser(argparse.ArgumentParser):
    """Raises XiekaError E-CLI-04 on wrong usage; takes options by their full names alone.

    A shortened `--last-try` would be a confirmation nobody wrote.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=Formatter, allow_abbrev=False, add_help=False)
        self._positionals.title = "cli_arguments"
        self._optionals.title = "cli_options"
        self.add_argument("-h", "--help", action="help", help="cli_help")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As its base; what it does not know is refused here, by the command that was given it."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            # Names only: a value may be a 口令 that went the wrong way.
            names = [word.partition("=")[0] for word in unknown if word.startswith("-")]
            self._refuse("、".join(names) or messages.text("cli_extra"))
        return options, unknown

    def error(self, message: str) -> NoReturn:
        """Wrong usage, by the name of the argument; argparse's English sentence goes no further."""
        fault = sys.exception()
        name = fault.argument_name if isinstance(fault, argparse.ArgumentError) else None
        # Without one argument at fault it is a list of names, after a colon.
        self._refuse(name or message.rpartition(": ")[2])

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            self._refuse(str(value))

    def _refuse(self, where: str) -> NoReturn:
        usage = " ".join(self.format_usage().split())
        raise XiekaError("E-CLI-04", where=where, usage=usage, command=self.prog) from None
