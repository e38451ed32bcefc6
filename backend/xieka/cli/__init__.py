"""The command `xieka`: the desktop without arguments, and every feature for people and scripts."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns the exit code: 0 done, 1 an error that was told, 2 wrong usage."""
    from xieka.cli.parser import parse

    options = parse(arguments)
    from xieka.cli.output import Output

    return Output(as_json=getattr(options, "json", False)).guard(lambda output: options.run(options, output))
