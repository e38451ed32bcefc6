"""`xieka seal …`"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from xieka.app import profile_in_use, seal_makers
from xieka.certificate import service as certificates
from xieka.certificate.trust.service import TrustService
from xieka.cli.certificate import CHECK_SECONDS
from xieka.cli.output import Output
from xieka.cli.seal_text import of_seal, of_signature, of_verification
from xieka.cli.session import app, services, trust_alone
from xieka.cli.token import seal_json
from xieka.core import messages, paths
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.seal import service as seals
from xieka.seal.models import SealDetail
from xieka.seal.service import Chain, Picture
from xieka.seal.trusted import TrustedChain
from xieka.settings.models import Profile

_EXIT = {"ok": 0, "failed": 1, "partial": 3, "doubtful": 3}
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
    data, now = seals.read_file(options.file), SystemClock().now()
    if seals.is_seal(data):
        if options.data is not None:
            raise XiekaError("E-CLI-09")
        certificate = _certificate(options)
        with _chain() as chain:
            found = seals.check(data, now, certificate, chain)
        output.data(found.model_dump(mode="json"), lambda: of_verification(found))
        return _EXIT[found.verdict]
    if options.certificate is not None:
        raise XiekaError("E-CLI-09")
    with _chain() as chain:
        signed = seals.verify_signature(data, now, options.data, chain)
    output.data(signed.model_dump(mode="json"), lambda: of_signature(signed))
    return _EXIT[signed.verdict]


def _detail(options: argparse.Namespace) -> SealDetail:
    if _from_file(options):
        data, certificate = seals.read_file(options.file), _certificate(options)
        with _chain() as chain:
            return seals.detail(data, SystemClock().now(), certificate, chain)
    if options.certificate is not None:
        # The Ukey's own signing certificate is what its seal is for.
        raise XiekaError("E-CLI-09")
    with app(options) as started:
        return started.ukeys.seal(options.token, options.seal, _waiting(started.trust(), started.profile))


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
    return not on_ukey


def _certificate(options: argparse.Namespace) -> bytes | None:
    return None if options.certificate is None else certificates.read_file(options.certificate)


@contextmanager
def _chain() -> Iterator[Chain | None]:
    """Path and revocation for files; None where the program's folders cannot be written, as its cache is there."""
    with ExitStack() as stack:
        try:
            trust = stack.enter_context(trust_alone())
        except XiekaError as error:
            if error.code != "E-CLI-06":
                raise
            trust = None
        yield None if trust is None else _waiting(trust, profile_in_use(paths.folders()))


def _waiting(trust: TrustService, profile: Profile) -> Chain:
    return TrustedChain(lambda der: trust.settle(der, seconds=CHECK_SECONDS), seal_makers(profile))
