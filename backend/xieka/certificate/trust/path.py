"""Certification paths: who may have issued a certificate, by name and key, up to an anchor; bounded in every way.

One authority may have several certificates for one key (SHECA SM2 has two, under two roots): every one is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from xieka.certificate.trust import signatures
from xieka.certificate.trust.names import comparable
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.signatures import Judgement

MAX_LENGTH = 6
"""Certificates of a path, holder and anchor included."""
MAX_PATHS = 8
MAX_VERIFICATIONS = 48
"""Signatures looked at for one certificate, however many certificates lie around."""

Path = tuple[Certificate, ...]
"""The holder's certificate first."""


@dataclass(frozen=True, slots=True)
class Store:
    """Whom an installation believes, and the authorities it knows beneath them."""

    anchors: tuple[Certificate, ...] = ()
    issuers: tuple[Certificate, ...] = ()


@dataclass(slots=True)
class Found:
    """Everything that was found about who issued a certificate."""

    paths: list[Path] = field(default_factory=list)
    """Every signature of them is good and the last certificate is an anchor."""
    longest: Path = ()
    """The longest chain of good signatures when none reaches an anchor."""
    refused: list[tuple[Certificate, Certificate, Judgement]] = field(default_factory=list)
    """(certificate, one named as its issuer, why that one's key does not fit)."""
    listed: frozenset[bytes] = frozenset()
    """DER of the authorities the installation itself names beneath its anchors."""


def find(holder: Certificate, store: Store, others: Sequence[Certificate] = ()) -> Found:
    """Look for paths from `holder` over the known authorities and `others`, which are trusted for nothing."""
    return _Search(holder, store, others).found


class _Search:
    def __init__(self, holder: Certificate, store: Store, others: Sequence[Certificate]) -> None:
        self.found = Found(longest=(holder,), listed=frozenset(one.der for one in store.issuers))
        self._left = MAX_VERIFICATIONS
        # By their whole bytes: an anchor's own signature is not looked at, so nothing else may pass for one.
        self._anchors = {one.der for one in store.anchors}
        twins = {(one.subject, one.key_info) for one in store.anchors}
        self._by_name: dict[bytes, list[Certificate]] = {}
        for one in _once((*store.anchors, *store.issuers, *others)):
            # A stranger in an anchor's name must not stand for it either: with other dates, say.
            if one.der not in self._anchors and (one.subject, one.key_info) in twins:
                continue
            self._by_name.setdefault(comparable(one.subject), []).append(one)
        self._follow((holder,))

    def _follow(self, begun: Path) -> None:
        if len(self.found.paths) >= MAX_PATHS:
            return
        last = begun[-1]
        if last.der in self._anchors:
            self.found.paths.append(begun)
            return
        if len(begun) > len(self.found.longest):
            self.found.longest = begun
        if len(begun) == MAX_LENGTH:
            return
        for issuer in self._issuers(begun):
            self._follow((*begun, issuer))

    def _issuers(self, begun: Path) -> Iterator[Certificate]:
        last = begun[-1]
        for issuer in self._by_name.get(comparable(last.issuer), ()):
            # RFC 4158, 2.4.2: the same name with the same key again is a loop.
            if any((issuer.subject, issuer.key_info) == (one.subject, one.key_info) for one in begun):
                continue
            if self._left == 0:
                return
            self._left -= 1
            judgement = signatures.remembered(issuer.key_info, last.algorithm, last.signed, last.signature)
            if judgement is Judgement.GOOD:
                yield issuer
            else:
                self.found.refused.append((last, issuer, judgement))


def _once(certificates: Iterable[Certificate]) -> Iterator[Certificate]:
    seen = set()
    for one in certificates:
        if one.der not in seen:
            seen.add(one.der)
            yield one
