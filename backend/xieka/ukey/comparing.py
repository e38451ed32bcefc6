"""比较新旧证书: a Ukey's certificate beside another one, on a present Ukey or in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xieka.certificate import service as certificates
from xieka.certificate.kinds import Rule
from xieka.certificate.models import CertificateSummary, Role
from xieka.core import messages
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.token.models import Token
from xieka.token.service import TokenService
from xieka.ukey import views
from xieka.ukey.models import Comparable

if TYPE_CHECKING:
    from xieka.certificate.comparison import Comparison


class _Found(NamedTuple):
    sha256: str
    der: bytes
    name: str
    summary: CertificateSummary


class Comparing:
    """Reads what the Ukeys hold; changes nothing."""

    def __init__(self, tokens: TokenService, clock: Clock, rules: Sequence[Rule]) -> None:
        """`rules` tell what kind of certificate it is."""
        self._tokens = tokens
        self._clock = clock
        self._rules = rules

    def others(self, token_id: str, role: Role) -> list[Comparable]:
        """Every other certificate on a present Ukey that can be read, the holder's of the same use first.

        Raises XiekaError E-TOK-05, E-TOK-06, E-TOK-07, E-TOK-09.
        """
        mine = self._mine(token_id, role)
        found = {one.sha256: one for one in self._all() if one.sha256 != mine.sha256}

        def rank(one: _Found) -> tuple[bool, bool]:
            return one.summary.subject != mine.summary.subject, one.summary.role is not mine.summary.role

        return [
            Comparable(
                sha256=one.sha256,
                name=one.name,
                subject=one.summary.subject,
                not_before=one.summary.not_before,
                not_after=one.summary.not_after,
            )
            for one in sorted(found.values(), key=rank)
        ]

    def compare(self, token_id: str, role: Role, sha256: str) -> Comparison:
        """With the certificate of this fingerprint on a present Ukey. Raises as `others`, and E-CRT-08."""
        mine = self._mine(token_id, role)
        other = next((one for one in self._all() if one.sha256 == sha256), None)
        if other is None:
            raise XiekaError("E-CRT-08")
        return self._compare(mine, other.name, other.der)

    def compare_file(self, token_id: str, role: Role, name: str, found: Sequence[bytes]) -> Comparison:
        """With the holder's certificate of the same use in a file, which people know by `name`. Raises as `others`."""
        mine = self._mine(token_id, role)
        return self._compare(mine, name, certificates.holders_own(found, mine.summary.role))

    def _compare(self, mine: _Found, name: str, der: bytes) -> Comparison:
        return certificates.compare((mine.name, mine.der), (name, der), self._clock.now(), self._rules)

    def _mine(self, token_id: str, role: Role) -> _Found:
        token = self._tokens.get(token_id)
        return self._found(token, views.certificate_der(token, role, self._clock.now()))

    def _all(self) -> Iterator[_Found]:
        for token in self._tokens.tokens().tokens:
            for item in token.certificates:
                try:
                    yield self._found(token, item.der)
                except XiekaError:
                    # One that cannot be read is told on its Ukey's own page.
                    continue

    def _found(self, token: Token, der: bytes) -> _Found:
        summary = certificates.summarize(der, self._clock.now(), self._rules)
        role = messages.text(f"role_{summary.role.value}") if summary.role else ""
        name = messages.text("compare_on_ukey", ukey=token.label or token.serial, role=role)
        return _Found(hashlib.sha256(der).hexdigest().upper(), der, name, summary)
