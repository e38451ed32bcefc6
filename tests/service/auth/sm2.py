"""Holders of SM2 certificates at a stage, and the messages they sign in with: honest ones, and others made of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.certificate import pki
from tests.service.auth.stage import Stage
from xieka.certificate import signed_data, structure
from xieka.certificate.trust.parsed import parse
from xieka.gm import encoding

TYPE = "xieka-session+cms"
ROOT = pki.root("sm2", common_name="示例 SM2 根 CA")
ISSUING = pki.issuing(ROOT, common_name="示例 SM2 CA", path_length=0)
USCC = pki.private("1.2.156.112570.11.210", "91310115MA1K00007Q")


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    der: bytes
    key: pki.Key


def holder(issuer: pki.Authority = ISSUING, number: int = 50, kind: str = "sm2", **changes: Any) -> Holder:
    """An ordinary holder of a signing certificate; `changes`: of pki.Shape."""
    key = pki.Key(kind, number)
    subject = pki.name("上海沪申示例贸易有限公司")
    shape = pki.Shape(subject, key, **{"serial": 1000 + number, "extra": [USCC], **changes})
    return Holder(pki.issue(shape, issuer), key)


def certified(key_info: bytes) -> bytes:
    """A signing certificate for a key that somebody else has."""
    shape = pki.Shape(pki.name("上海沪申示例贸易有限公司"), Given("sm2", 0, key_info), serial=77, extra=[USCC])
    return pki.issue(shape, ISSUING)


@dataclass(frozen=True)
class Given(pki.Key):
    """A public key."""

    given: bytes

    @property
    def info(self) -> bytes:
        return self.given


HOLDER = holder()


def trust(stage: Stage) -> None:
    """Let the service believe the SM2 root."""
    (stage.parts.config.trust / "sm2.cer").write_bytes(ROOT.der)
    (stage.parts.config.intermediates / "sm2.cer").write_bytes(ISSUING.der)


def content(stage: Stage, **changes: Any) -> bytes:
    return json.dumps({"typ": TYPE, **stage.claims(), **changes}).encode()


def message(text: bytes, who: Holder = HOLDER, others: tuple[bytes, ...] = (), *, named: bytes | None = None) -> bytes:
    """A message as the contract wants it; `named`: the certificate it says is the signer's."""
    return signed_data.build(text, named or who.der, who.key.sign(signed_data.to_sign(text)), others)


def answer(der: bytes) -> dict[str, str]:
    return {"signed_data": base64.b64encode(der).decode()}


def proof(stage: Stage, who: Holder = HOLDER, *others: bytes, **changes: Any) -> dict[str, str]:
    """A good answer to a challenge, with other claims."""
    return answer(message(content(stage, **changes), who, others))


def edited(der: bytes, edit: Callable[[Any], None]) -> bytes:
    """The message with its SignedData changed, written anew."""
    info = signed_data.ContentInfo.load(der)
    edit(info["content"])
    return bytes(info.dump(force=True))


def signed_anew(der: bytes, attributes: list[dict[str, Any]] | None, who: Holder = HOLDER) -> bytes:
    """The message with other signed attributes, or with none: then its content is signed itself."""
    text = signed_data.verify(der).content

    def edit(signed: Any) -> None:
        signer = signed["signers"][0]
        if attributes is None:
            fields = {name: signer[name] for name in ("version", "signer", "digest", "algorithm")}
            signed["signers"] = [{**fields, "signature": who.key.sign(text)}]
            return
        signer["signed"] = attributes
        signer["signature"] = who.key.sign(signed_data._Attributes(attributes).dump())

    return edited(der, edit)


def raw_signature(der: bytes) -> bytes:
    """The signature as 64 bytes r‖s."""

    def edit(signed: Any) -> None:
        signer = signed["signers"][0]
        numbers = encoding.signature(signer["signature"].native)
        signer["signature"] = b"".join(number.to_bytes(32, "big") for number in numbers)

    return edited(der, edit)


def by_rsa(stage: Stage) -> bytes:
    """A message whose signer has an RSA key and says so: GB/T 35275 knows no such thing."""
    rsa = pki.issuing(pki.root("rsa", common_name="示例 RSA 根"), common_name="示例 RSA CA")
    (stage.parts.config.trust / "rsa.cer").write_bytes(rsa.der)
    who = holder(rsa, 51, "rsa")
    text = content(stage)
    good = message(text, HOLDER)

    def edit(signed: Any) -> None:
        signer = signed["signers"][0]
        own = parse(who.der)
        signer["signer"] = {"issuer": structure.Name.load(own.issuer), "serial": own.serial}
        signer["algorithm"] = who.key.algorithm
        signer["signature"] = who.key.sign(signed_data.to_sign(text))
        signed["certificates"] = [structure.Certificate.load(who.der)]

    return edited(good, edit)
