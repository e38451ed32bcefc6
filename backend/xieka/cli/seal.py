"""`xieka seal …`"""

from __future__ import annotations

import argparse

from xieka.cli.output import Output
from xieka.cli.session import services
from xieka.cli.token import seal_json
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole


def show_list(options: argparse.Namespace, output: Output) -> None:
    """List the seals of a Ukey."""
    with services(options) as ukeys:
        ukey = ukeys.get(options.token)
    rows = [seal_json(ukey, number) for number in range(len(ukey.seals))]
    output.data(
        {"seals": rows},
        lambda: "\n".join(f"{row['number']}  {row.get('name', '—')}" for row in rows) or messages.text("cli_no_seal"),
    )


def picture(options: argparse.Namespace, output: Output) -> None:
    """Save a seal's picture as PNG."""
    with services(options) as ukeys:
        image = ukeys.seal_picture(options.token, options.seal)
    try:
        write_whole(image.png, options.out)
    except OSError:
        raise XiekaError("E-EXP-02", path=str(options.out)) from None
    path = str(options.out.absolute())
    value = {"path": path, "width": image.width, "height": image.height}
    output.data(value, lambda: messages.text("cli_exported", path=path))
