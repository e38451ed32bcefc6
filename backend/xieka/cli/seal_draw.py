"""`xieka seal draw`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from xieka.cli.output import Output
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.seal import drawing


def draw(options: argparse.Namespace, output: Output) -> None:
    """Draw a seal's picture as PNG. An existing file is replaced only when the user says so."""
    design = drawing.Design(
        drawing.Kind(options.kind), options.name.strip(), options.size_mm, options.center, options.code
    )
    width, height = drawing.extent(design)
    png = drawing.draw(design)
    if options.out.exists() and not (options.yes or _agreed(options.out)):
        raise XiekaError("E-DRW-05", path=str(options.out))
    try:
        write_whole(png, options.out)
    except OSError:
        raise XiekaError("E-EXP-02", path=str(options.out)) from None
    path = str(options.out.absolute())
    output.data(
        {"path": path, "width_mm": width, "height_mm": height}, lambda: messages.text("cli_exported", path=path)
    )


def _agreed(path: Path) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print(messages.text("cli_seal_ask", path=str(path)), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in messages.text("cli_yes").split()
