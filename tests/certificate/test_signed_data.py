"""Signed messages of GM/T 0010, honest and other ones."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.core import OctetString
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.certificate import pki
from xieka.certificate import bundle, signed_data, structure
from xieka.certificate.trust.parsed import parse
from xieka.gm import encoding, sm2, sm3

ISSUER = pki.issuing(pki.root("sm2"))
HOLDER = pki.holder(ISSUER)
KEY = pki.Key("sm2", 3)
CONTENT = "办理证书升级".encode()
PLAIN = "1.2.156.10197.1.301.1"


def attribute(oid: str, *values: Any) -> dict[str, Any]:
    return {"type": oid, "values": list(values)}


def usual(content: bytes = CONTENT) -> list[dict[str, Any]]:
    return [
        attribute("1.2.840.113549.1.9.3", structure.ObjectIdentifier(signed_data.DATA)),
        attribute("1.2.840.113549.1.9.4", OctetString(sm3.digest(content))),
    ]


def make(
    content: bytes = CONTENT,
    *,
    key: pki.Key = KEY,
    attributes: list[dict[str, Any]] | None = None,
    detached: bool = False,
    raw: bool = False,
    algorithm: str = PLAIN,
    digest: str = sm3.OID,
    certificates: tuple[bytes, ...] = (HOLDER,),
    kind: str = signed_data.SIGNED_DATA,
    inner: str = signed_data.DATA,
    of: bytes = HOLDER,
) -> bytes:
    body = content
    info: dict[str, Any] = {
        "version": 1,
        "signer": {"issuer": structure.Name.load(parse(of).issuer), "serial": parse(of).serial},
        "digest": {"algorithm": digest},
        "algorithm": {"algorithm": algorithm},
    }
    if attributes is not None:
        info["signed"] = attributes
        body = signed_data._Attributes(attributes).dump()
    signature = key.sign(body)
    if raw:
        signature = b"".join(number.to_bytes(32, "big") for number in encoding.signature(signature))
    held: dict[str, Any] = {"type": inner}
    if not detached:
        held["content"] = content
    fields: dict[str, Any] = {
        "version": 1,
        "digests": [structure.AlgorithmIdentifier({"algorithm": digest})],
        "content": held,
        "signers": [{**info, "signature": signature}],
    }
    if certificates:
        fields["certificates"] = [structure.Certificate.load(one) for one in certificates]
    return bytes(signed_data.ContentInfo({"type": kind, "content": signed_data.SignedData(fields)}).dump())


GOOD: dict[str, Callable[[], bytes]] = {
    "plain": make,
    "with-attributes": lambda: make(attributes=usual()),
    "raw-signature": lambda: make(raw=True),
    "certificates-algorithm": lambda: make(algorithm=sm2.SIGNATURE_OID),
    "with-the-chain": lambda: make(certificates=(ISSUER.der, HOLDER)),
}
BAD: dict[str, Callable[[], bytes]] = {
    "another-key": lambda: make(key=pki.Key("sm2", 9)),
    "no-certificate": lambda: make(certificates=()),
    "another-certificate": lambda: make(certificates=(ISSUER.der,)),
    "another-digest": lambda: make(attributes=usual(b"x")),
    "no-digest": lambda: make(attributes=usual()[:1]),
    "no-type": lambda: make(attributes=usual()[1:]),
    "digest-twice": lambda: make(attributes=[*usual(), usual()[1]]),
    "sha256": lambda: make(digest="2.16.840.1.101.3.4.2.1"),
    "rsa-named": lambda: make(algorithm="1.2.840.113549.1.1.11"),
    "rsa-certificate": lambda: make(certificates=(RSA_HOLDER,), of=RSA_HOLDER),
}
RSA_HOLDER = pki.holder(pki.issuing(pki.root("rsa")))


@pytest.mark.parametrize("name", GOOD)
def test_good(name: str) -> None:
    message = signed_data.verify(GOOD[name](), CONTENT)
    assert message.content == CONTENT
    assert message.signers == (signed_data.Signer(HOLDER, True),)
    assert HOLDER in bundle.certificates(GOOD[name]())


@pytest.mark.parametrize("name", BAD)
def test_bad(name: str) -> None:
    assert [one.good for one in signed_data.verify(BAD[name]()).signers] == [False]


def built(content: bytes = CONTENT, signature: bytes | None = None, others: tuple[bytes, ...] = ()) -> bytes:
    signature = KEY.sign(signed_data.to_sign(content)) if signature is None else signature
    return signed_data.build(content, HOLDER, signature, others)


@pytest.mark.parametrize("others", [(), (ISSUER.der,), (ISSUER.der, pki.root("sm2").der)], ids=len)
@pytest.mark.parametrize("content", [CONTENT, b"", b"x" * 70_000], ids=["short", "empty", "long"])
def test_what_is_built_is_good_plain_and_der(content: bytes, others: tuple[bytes, ...]) -> None:
    der = built(content, others=others)
    message = signed_data.verify(der)
    assert (message.content, message.plain) == (content, True)
    assert message.signers == (signed_data.Signer(HOLDER, True),)
    assert set(message.certificates) == {HOLDER, *others}
    # asn1crypto, which built nothing of it, writes it the same way.
    again = signed_data.ContentInfo.load(der, strict=True)
    _ = [one.native for one in again["content"]["signers"]]
    assert again.dump(force=True) == der


def test_a_signature_is_written_as_der_whichever_way_it_comes() -> None:
    signature = KEY.sign(signed_data.to_sign(CONTENT))
    raw = b"".join(number.to_bytes(32, "big") for number in encoding.signature(signature))
    assert built(signature=raw) == built(signature=signature)
    for none in (b"", b"none", signature + b"\0"):
        with pytest.raises(ValueError):
            built(signature=none)


@pytest.mark.parametrize("name", [*GOOD, *BAD])
def test_plain_is_only_what_is_built(name: str) -> None:
    assert signed_data.verify({**GOOD, **BAD}[name]()).plain is (name == "with-attributes")


def test_openssl_takes_the_signature(tmp_path: Path) -> None:
    """`openssl cms` does not know the names of GB/T 35275; the signature over the attributes it can look at."""
    signature = signed_data.ContentInfo.load(built())["content"]["signers"][0]["signature"].native
    (tmp_path / "body").write_bytes(signed_data.to_sign(CONTENT))
    (tmp_path / "signature").write_bytes(signature)
    (tmp_path / "public.der").write_bytes(KEY.info)
    how = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-keyform", "DER"]
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public.der", "-in", "body", *how]
    done = subprocess.run(
        [*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_content_apart() -> None:
    der = make(detached=True)
    assert signed_data.verify(der, CONTENT).signers[0].good
    assert not signed_data.verify(der, CONTENT + b"!").signers[0].good
    with pytest.raises(ValueError, match="content"):
        signed_data.verify(der)
    with pytest.raises(ValueError, match="content"):
        signed_data.verify(make(), CONTENT + b"!")


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(b"", id="empty"),
        pytest.param(HOLDER, id="a-certificate"),
        pytest.param(make()[:-1], id="cut-short"),
        pytest.param(make() + b"\0", id="a-byte-too-many"),
        pytest.param(make(kind="1.2.840.113549.1.7.2"), id="pkcs7"),
        pytest.param(make(inner="1.2.840.113549.1.7.1"), id="other-content"),
        pytest.param(b"\x1f" + b"\xff" * 100_000, id="endless-tag"),
    ],
)
def test_none(der: bytes) -> None:
    with pytest.raises(ValueError):
        signed_data.verify(der)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(make()) - 1), st.integers(1, 255))
def test_no_flipped_bit_is_good_for_other_content(place: int, flip: int) -> None:
    der = bytearray(make())
    place %= len(der)
    der[place] ^= flip
    try:
        message = signed_data.verify(bytes(der))
    except ValueError:
        return
    # What is good was signed: a bit outside of what is signed may change, the content may not.
    assert all(not one.good for one in message.signers) or message.content == CONTENT
