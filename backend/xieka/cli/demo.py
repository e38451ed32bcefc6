"""`xieka demo …`: the practice environment."""

from __future__ import annotations

import argparse

from xieka.cli.output import Output
from xieka.core import messages, paths


def _environment(*, build: bool = False):  # type: ignore[no-untyped-def]
    # The practice environment is only ever imported when asked for.
    import xieka_demo

    folders = paths.folders().create()
    return xieka_demo.ensure(folders) if build else xieka_demo.existing(folders)


def up(options: argparse.Namespace, output: Output) -> None:
    """Build the practice environment if it is not there yet; show its state."""
    _show(_environment(build=True), output)


def status(options: argparse.Namespace, output: Output) -> None:
    """Show the practice Ukeys."""
    _show(_environment(), output)


def _show(demo, output: Output) -> None:  # type: ignore[no-untyped-def]
    rows = demo.status()
    value = {"tokens": [row.as_json() for row in rows]}
    output.data(
        value,
        lambda: "\n".join(
            messages.text(
                "demo_row_in" if row.plugged else "demo_row_out",
                n=row.number,
                holder=row.holder,
                serial=row.serial,
            )
            for row in rows
        ),
    )
