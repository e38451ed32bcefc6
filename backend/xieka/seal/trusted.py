"""Chain on the certificate room's trust: what is asked of a certificate as of the day it signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.seal.chain import ChainFinding
from xieka.seal.makers import MakerRule, listed

if TYPE_CHECKING:
    from xieka.certificate.trust.models import TrustCheck, TrustView

# Trust judges today; on the day of signing the holder's dates are the seal room's own step, and its issuers' are below.
_TODAY = frozenset({"dates", "clock", "revocation"})
_REVOKED = {"good": False, "revoked": True}


class TrustedChain:
    """`look`: TrustService.check where nobody may wait, TrustService.settle where somebody does.

    `makers`: who may make seals; none, where the profile names nobody.
    """

    def __init__(self, look: Callable[[bytes], TrustView], makers: Sequence[MakerRule] = ()) -> None:
        self._look = look
        self._makers = makers

    def examine(self, certificate: bytes, at: datetime) -> ChainFinding:
        """See Chain."""
        try:
            found = finding(self._look(certificate), at)
            # Names and marks count only where somebody who is trusted has put them into the certificate.
            return replace(found, listed=listed(certificate, self._makers)) if found.trusted else found
        except XiekaError as unreadable:
            return ChainFinding(why=unreadable.body()["what"])


def finding(view: TrustView, at: datetime) -> ChainFinding:
    """Trust in a certificate as of an instant."""
    against = _against(view, at)
    if against is not None:
        return ChainFinding(trusted=False, why=against)
    own, others = _revocations(view, own=True), _revocations(view, own=False)
    # Of issuers nothing is known before they have answered either; nobody says good before they did.
    rows = (one for one in (*own, *others) if not _nobody_above(view, one))
    still_open = next((one for one in rows if one.result != "passed"), None)
    revoked = _REVOKED.get(view.revocation.status)
    if revoked is False and any(one.result == "open" for one in others):
        revoked = None
    return ChainFinding(
        trusted=True,
        why=messages.text("seal_why_chain", name=view.path[-1].subject),
        revoked=revoked,
        revoked_at=view.revocation.revoked_at,
        revocation="" if still_open is None else _plain(still_open.text),
    )


def _against(view: TrustView, at: datetime) -> str | None:
    wrong = [one for one in view.checks if one.result == "failed" and one.name not in _TODAY]
    if wrong:
        return _plain(wrong[0].text)
    if not view.path[-1].anchor:
        return _plain(view.what)
    for issuer in view.path[1:]:
        if not issuer.not_before <= at <= issuer.not_after:
            return messages.text("seal_why_issuer_dates", name=issuer.subject)
    # When an issuer was revoked nobody here can say: what it issued counts no more.
    revoked = [one for one in _revocations(view, own=False) if one.result == "failed"]
    return _plain(revoked[0].text) if revoked else None


def _revocations(view: TrustView, *, own: bool) -> list[TrustCheck]:
    return [one for one in view.checks if one.name == "revocation" and (one.certificate == 0) is own]


def _nobody_above(view: TrustView, check: TrustCheck) -> bool:
    """That an anchor is not asked about is no news in one sentence about a seal."""
    return check.result == "skipped" and check.certificate is not None and view.path[check.certificate].anchor


def _plain(text: str) -> str:
    """To stand inside of a sentence."""
    return text.rstrip("。")
