"""The command `xieka`: the desktop without arguments, and every feature for people and scripts."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns the exit code: 0 done, 1 an error that was told, 2 wrong usage."""
    from xieka.cli.output import Output
    from xieka.cli.parser import parse

    # Looked for before anything is parsed: a wrong command is answered in JSON, too.
    output = Output(as_json="--json" in arguments)

    def command() -> int | None:
        options = parse(arguments)
        done: int | None = options.run(options, output)
        return done

    return output.guard(command)
