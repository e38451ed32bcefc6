"""Verifies a document's signature made with a seal: the signer, the document, the seal inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.gm import sm2
from xieka.seal import fields, hashing, signature_reader, time_stamp, verify
from xieka.seal.models import SignatureVerification, Step
from xieka.seal.party import Party, certificate_steps, examined, signature_step
from xieka.seal.signature_reader import SealSignature
from xieka.seal.verdict import day, failed, ok, sentence, unchecked, verdict


def verify_signature(
    data: bytes, circumstances: verify.Circumstances, document: Mapping[str, bytes] | None
) -> SignatureVerification:
    """Every step with its result, the seal's own steps after the signature's.

    `document`: hashing.document of what was signed, None when it is not at hand. `circumstances.certificate` is not
    asked: the seal must be bound to the signer's. Raises XiekaError as signature_reader.read.
    """
    found = signature_reader.read(data)
    signer = Party("signer", found.signer, found.algorithm, found.signed, found.signature, found.signed_at)
    steps = [
        _format(data),
        *verify.critical_extensions(found.extensions),
        signature_step(signer),
        _data(found, document),
        _signed_at(found, circumstances),
        *certificate_steps(signer, circumstances.now, examined(signer, circumstances.chain)),
        *time_stamp.step(found.time_stamp, found.signature),
    ]
    inside = replace(circumstances, certificate=found.signer, used_at=found.signed_at)
    seal = [_of_signer(step) for step in verify.seal_steps(found.seal_der, found.seal, inside)]
    everything = [*steps, *seal]
    return SignatureVerification(
        verdict=verdict(everything),
        sentence=sentence("signature", everything),
        steps=steps,
        seal_steps=seal,
        signed_at=found.signed_at,
        data_name=found.data_name,
        data_hash=found.data_hash.hex(),
        seal_name=found.seal.content.name,
    )


def _format(data: bytes) -> Step:
    try:
        with fields.understanding("E-SEA-07"):
            again: bytes = signature_reader.parse(data).dump(force=True)
    except XiekaError as error:
        return failed("format", error)
    return ok("format") if again == data else failed("format", XiekaError("E-SEA-07"))


def _data(found: SealSignature, document: Mapping[str, bytes] | None) -> Step:
    if document is None:
        return unchecked("data", messages.text("seal_why_no_data"))
    # GM/T 0031-2014, 6.2.1: SM3 goes with SM2, SHA-256 (once SHA-1) with RSA.
    expected = hashing.SM3 if found.algorithm == sm2.SIGNATURE_OID else hashing.SHA256
    used = next((name for name, value in document.items() if value == found.data_hash), None)
    if used is None:
        return failed("data", XiekaError("E-SEA-42"))
    if used != expected:
        return failed("data", XiekaError("E-SEA-43", used=used, expected=expected))
    return ok("data")


def _signed_at(found: SealSignature, circumstances: verify.Circumstances) -> Step:
    if found.signed_at is None:
        return unchecked("signed_at", messages.text("seal_why_no_time"))
    if not found.seal.content.created <= found.signed_at <= circumstances.now + verify.SKEW:
        return failed("signed_at", XiekaError("E-SEA-49"))
    # Nobody but the signer's own computer says so.
    return ok("signed_at", messages.text("seal_why_own_clock", signed=day(found.signed_at)))


def _of_signer(step: Step) -> Step:
    """The binding of the seal inside concerns the signer, and so do the words."""
    if step.name == "binding" and step.state == "failed":
        return failed("binding", XiekaError("E-SEA-48"))
    return step
