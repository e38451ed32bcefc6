"""The answer to a challenge as signed data of GB/T 35275 (GM/T 0010), made with an SM2 key.

One form only: what xieka.certificate.signed_data.build writes, byte for byte. So there is one signer, whose certificate
is there, the content is bound by signed attributes, and nothing stands in it that nobody has signed.
"""

from __future__ import annotations

import base64
from typing import Any

from xieka.certificate import signed_data
from xieka.certificate.signed_data import Message, Signer
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.contract.auth import MESSAGE_TYPE, Purpose
from xieka_service.auth import claims, path, strict
from xieka_service.auth.claims import Signed
from xieka_service.auth.strict import demand


def verify(encoded: str, purpose: Purpose, audience: str) -> Signed:
    """Check everything about a message but its nonce and its certificate. Raises ValueError.

    `encoded` is no longer than xieka.contract.auth.MESSAGE_LIMIT.
    """
    message = signed_data.verify(strict.one_encoding(encoded, base64.b64decode, base64.b64encode, pad=False))
    _check_form(message)
    signer = message.signers[0]
    _check_signature(signer)
    try:
        content = strict.json_object(message.content)
    except RecursionError as deep:
        raise ValueError("content") from deep
    _check_type(content, purpose)
    content.pop("typ", None)
    return Signed(claims.read(content, purpose, audience), _chain(signer, message.certificates))


def _check_form(message: Message) -> None:
    demand(message.plain)


def _check_signature(signer: Signer) -> None:
    demand(signer.good)


def _check_type(content: dict[str, Any], purpose: Purpose) -> None:
    demand(content.get("typ") == MESSAGE_TYPE[purpose])


def _chain(signer: Signer, certificates: tuple[bytes, ...]) -> tuple[Certificate, ...]:
    # As in an assertion: the anchor need not be sent.
    demand(signer.certificate is not None and 1 <= len(certificates) <= path.MAX_LENGTH)
    others = [one for one in certificates if one != signer.certificate]
    return tuple(map(parse, (signer.certificate or b"", *others)))
