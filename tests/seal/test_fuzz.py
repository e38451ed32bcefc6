"""Mutated seals and signatures: a value or a named reason, within a second, whatever the bytes are."""

from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SAMPLES
from tests.seal.make import NOW, bound_seal, picture, signature
from tests.seal.signers import signer
from xieka.core.errors import XiekaError
from xieka.seal import service
from xieka.seal.content import Digest, Extension
from xieka.seal.der import SEQUENCE, wrap
from xieka.seal.signature_verify import verify_signature
from xieka.seal.verify import Circumstances, verify

SECONDS = 1.0
REASONS = {f"E-SEA-{number:02}" for number in (1, 3, 4, 5, 6, 9, 10, 11, 40)}

SMALL = {"certificates": (), "digests": (Digest("SM3", bytes(32)),), "extensions": (Extension("1.2.3", True, b"x"),)}


@cache
def sources() -> tuple[bytes, ...]:
    real = tuple(path.read_bytes() for path in sorted((SAMPLES / "seals").iterdir()))
    # Small ones, so that most changes hit the structure and not the picture.
    pictures = {kind: picture(kind, (8, 8)) for kind in ("PNG", "GIF", "JPEG", "BMP")}
    own = tuple(bound_seal("sm2", 4, picture=data, picture_type=kind) for kind, data in pictures.items())
    forms = (bound_seal("sm2", 1), bound_seal("rsa", 5), bound_seal("sm2", 4, **SMALL))
    signatures = tuple(signature(der, signer("sm2", "signer")) for der in (own[0], forms[0]))
    return real + own + forms + signatures


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(sources())))
    for _ in range(draw(st.integers(1, 4))):
        # Mostly before and after the picture.
        place = draw(st.one_of(st.integers(0, min(700, len(data))), st.integers(0, len(data))))
        place = len(data) - place if draw(st.booleans()) else place
        how = draw(st.sampled_from(("set", "set", "set", "insert", "delete", "repeat", "end")))
        if how == "set":
            data[place : place + 1] = bytes([draw(st.integers(0, 255))])
        elif how == "insert":
            data[place:place] = draw(st.binary(min_size=1, max_size=8))
        elif how == "delete":
            del data[place : place + draw(st.integers(1, 16))]
        elif how == "repeat":
            piece = bytes(data[place : place + draw(st.integers(1, 64))])
            data[place:place] = piece * draw(st.integers(1, 40))
        else:
            del data[place:]
    # A changed length is told at the door: half of them are let in.
    return wrap(SEQUENCE, bytes(data[4:])) if draw(st.booleans()) else bytes(data)


def outcome(der: bytes) -> str:
    """What came of it: a verdict or a named reason. Anything else raises through here."""
    try:
        service.is_seal(der)
        service.summarize(der).model_dump_json()
        found = verify(der, Circumstances(NOW, signer("sm2", "signer").certificate))
        found.model_dump_json()
        service.picture(der)
    except XiekaError as error:
        if error.code != "E-SEA-01":
            return told(error)
    else:
        return found.verdict
    try:
        verify_signature(der, Circumstances(NOW), {}).model_dump_json()
    except XiekaError as error:
        return told(error)
    return "signature"


def told(error: XiekaError) -> str:
    # Raises KeyError where words or their parts are missing.
    return error.body()["code"]


def hold(der: bytes) -> None:
    begin = time.process_time()
    came = outcome(der)
    assert time.process_time() - begin < SECONDS
    assert came in REASONS | {"partial", "failed", "signature"}


EASY = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@settings(max_examples=300, derandomize=True, **EASY)  # type: ignore[arg-type]
@given(mutated())
def test_mutations(der: bytes) -> None:
    hold(der)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@settings(max_examples=100_000, **EASY)  # type: ignore[arg-type]
@given(mutated())
def test_a_hundred_thousand_mutations(der: bytes) -> None:
    hold(der)


@settings(max_examples=200, derandomize=True, **EASY)  # type: ignore[arg-type]
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    hold(b"\x30" + data)


def test_the_fuzzer_reaches_every_layer() -> None:
    """Unchanged sources verify or read: a fuzzer that starts from broken ones would only test the first check."""
    assert {outcome(der) for der in sources()} == {"failed", "partial", "signature"}
