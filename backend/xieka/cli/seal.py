"""`xieka seal …`"""

from __future__ import annotations

import argparse
import contextlib

from xieka.certificate import service as certificates
from xieka.cli.output import Output
from xieka.cli.seal_text import of_seal, of_signature, of_verification
from xieka.cli.session import open_folders, services
from xieka.cli.token import seal_json
from xieka.core import messages
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.seal import service as seals
from xieka.seal.models import SealDetail
from xieka.seal.service import Picture

_EXIT = {"ok": 0, "failed": 1, "partial": 3}
"""Of `verify`: scripts must not take "nothing found" for "verified"."""


def show_list(options: argparse.Namespace, output: Output) -> None:
    """List the seals of a Ukey."""
    with services(options) as ukeys:
        ukey = ukeys.get(options.token)
    rows = [seal_json(ukey, number) for number in range(len(ukey.seals))]
    output.data(
        {"seals": rows},
        lambda: "\n".join(f"{row['number']}  {row.get('name', '—')}" for row in rows) or messages.text("cli_no_seal"),
    )


def show(options: argparse.Namespace, output: Output) -> None:
    """Everything a seal says, from a file or from a Ukey, and what came of verifying it."""
    detail = _detail(options)
    output.data(detail.model_dump(mode="json"), lambda: of_seal(detail))


def picture(options: argparse.Namespace, output: Output) -> None:
    """Save a seal's picture as PNG."""
    image = _picture(options)
    try:
        write_whole(image.png, options.out)
    except OSError:
        raise XiekaError("E-EXP-02", path=str(options.out)) from None
    path = str(options.out.absolute())
    value = {"path": path, "width": image.width, "height": image.height}
    output.data(value, lambda: messages.text("cli_exported", path=path))


def verify(options: argparse.Namespace, output: Output) -> int:
    """Verify a document's signature made with a seal, or a seal by itself."""
    _log_if_possible()
    data, now = seals.read_file(options.file), SystemClock().now()
    if seals.is_seal(data):
        if options.data is not None:
            raise XiekaError("E-CLI-09")
        found = seals.check(data, now, _certificate(options))
        output.data(found.model_dump(mode="json"), lambda: of_verification(found))
        return _EXIT[found.verdict]
    if options.certificate is not None:
        raise XiekaError("E-CLI-09")
    signed = seals.verify_signature(data, now, options.data)
    output.data(signed.model_dump(mode="json"), lambda: of_signature(signed))
    return _EXIT[signed.verdict]


def _detail(options: argparse.Namespace) -> SealDetail:
    if _from_file(options):
        data = seals.read_file(options.file)
        return seals.detail(data, SystemClock().now(), _certificate(options))
    if options.certificate is not None:
        # The Ukey's own signing certificate is what its seal is for.
        raise XiekaError("E-CLI-09")
    with services(options) as ukeys:
        return ukeys.seal(options.token, options.seal)


def _picture(options: argparse.Namespace) -> Picture:
    if _from_file(options):
        return seals.picture(seals.read_file(options.file))
    with services(options) as ukeys:
        return ukeys.seal_picture(options.token, options.seal)


def _from_file(options: argparse.Namespace) -> bool:
    """One source of the two. Raises XiekaError E-CLI-07."""
    on_ukey = options.token is not None and options.seal is not None
    if (options.file is not None) == on_ukey or (options.file is not None and options.token is not None):
        raise XiekaError("E-CLI-07")
    if not on_ukey:
        _log_if_possible()
    return not on_ukey


def _certificate(options: argparse.Namespace) -> bytes | None:
    return None if options.certificate is None else certificates.read_file(options.certificate)


def _log_if_possible() -> None:
    # A file can be read where nothing can be written.
    with contextlib.suppress(XiekaError):
        open_folders()
