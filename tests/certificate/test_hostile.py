"""Bytes from a token or a file may be anything: the only error is E-CRT-05, and it comes soon."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import UTC, datetime

import pytest
from asn1crypto.core import PrintableString, TeletexString, UTF8String
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.certificate.make import certificate, private, raw, usage
from tests.conftest import SAMPLES
from xieka.certificate import describe, service, structure
from xieka.core.errors import XiekaError
from xieka.core.text import plain

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MUTATIONS = 3000


def outcome(der: bytes) -> str:
    """`ok` or the error's code; anything else escapes. JSON must work too: it is what crosses to the page."""
    try:
        service.summarize(der, NOW).model_dump_json()
        service.detail(der, NOW).model_dump_json()
    except XiekaError as error:
        return error.code
    return "ok"


def mutate(der: bytes, dice: random.Random) -> bytes:
    changed = bytearray(der)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(changed))
        kind = dice.randrange(4)
        if kind == 0:
            changed[place] ^= 1 << dice.randrange(8)
        elif kind == 1:
            changed[place] = dice.randrange(256)
        elif kind == 2:
            del changed[place : place + dice.randint(1, 8)]
        else:
            changed[place:place] = dice.randbytes(dice.randint(1, 8))
    return bytes(changed)


def test_mutations_give_a_value_or_the_code() -> None:
    sources = [path.read_bytes() for path in sorted((SAMPLES / "certs").iterdir())]
    sources.append(
        certificate(
            usage(0, 1),
            private("1.2.156.112570.11.205", "1@XY91310115MA1K00007Q"),
            raw("1.2.156.1.8888", b"\x30\x00"),
        )
    )
    dice = random.Random(20261125)  # noqa: S311
    outcomes = {"ok": 0, "E-CRT-05": 0}
    slowest = 0.0
    for _ in range(MUTATIONS):
        der = mutate(dice.choice(sources), dice)
        begin = time.perf_counter()
        outcomes[outcome(der)] += 1
        slowest = max(slowest, time.perf_counter() - begin)
    assert min(outcomes.values()) > MUTATIONS / 20
    assert slowest < 1.0


HUGE_INTEGER = b"\x02\x82\x40\x00" + b"\x7f" * 0x4000


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x30", id="half-header"),
        pytest.param(b"\x30\x80" * 16_000, id="nested-indefinite"),
        pytest.param(b"\x30\x82\x00\x04\x30\x82" * 5_000, id="nested-definite"),
        pytest.param(b"\x1f" + b"\xff" * 32_000, id="endless-tag"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff", id="lying-length"),
        pytest.param(HUGE_INTEGER, id="huge-integer"),
        pytest.param(certificate() + b"\x00", id="trailing-byte"),
        pytest.param(certificate(raw("1.2.3", bytes(33 * 1024))), id="above-the-cap"),
    ],
)
def test_refused(der: bytes) -> None:
    begin = time.perf_counter()
    assert outcome(der) == "E-CRT-05"
    with pytest.raises(XiekaError) as caught:
        service.role_of(der)
    assert caught.value.code == "E-CRT-05"
    assert time.perf_counter() - begin < 1.0


def test_version_of_thousands_of_digits() -> None:
    # Python refuses to print such a number: it must be stopped before it becomes part of a value.
    crafted = structure.load(certificate())
    crafted["tbs_certificate"]["version"] = 1 << 20_000
    assert outcome(crafted.dump(force=True)) == "E-CRT-05"


EVIL = "甲\u202e\x1b[2J\n\u200b乙"


def text_everywhere() -> bytes:
    """A certificate with a text to be distrusted wherever one may stand."""
    directory = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, EVIL)]))
    address = x509.UniformResourceIdentifier("http://x/\x1b\x07")
    notice = x509.UserNotice(x509.NoticeReference(EVIL, [1]), EVIL)
    place = x509.DistributionPoint([address, directory], None, None, None)
    legacy = {"oid": describe.LEGACY_UNIQUE_ID, "value": EVIL.encode()}
    return certificate(
        usage(0),
        x509.SubjectAlternativeName([directory, address, x509.RFC822Name("a\x07@b"), x509.DNSName("d\x07\x1b")]),
        x509.IssuerAlternativeName([directory, address]),
        x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), ["http://\x1b", notice])]),
        x509.CRLDistributionPoints([place]),
        x509.AuthorityInformationAccess([x509.AccessDescription(x509.ObjectIdentifier("1.2.3"), address)]),
        x509.AuthorityKeyIdentifier(b"k", [directory], 1),
        raw("1.2.156.10260.4.1.1", b"\xa0\x07" + PrintableString("1\x1b[2J").dump()),
        raw(describe.LEGACY_CONTAINER, describe.LegacyItems([legacy]).dump()),
        raw(describe.USCC, UTF8String(EVIL).dump()),
        raw(describe.ORG_CODE, EVIL.encode()),
        raw(describe.UNIQUE_ID, TeletexString("1@XY\x1b[2J").dump()),
        raw("2.5.29.54", UTF8String(EVIL).dump()),
        common_name=EVIL,
        organisation=EVIL,
    )


def test_no_text_that_deceives_gets_out() -> None:
    der = text_everywhere()
    for value in (service.summarize(der, NOW), service.detail(der, NOW)):
        text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False)
        # JSON writes control characters as escapes; the other kinds stand as they are.
        assert plain(text) == text
        assert not re.search(r"\\[^\"\\/]", text)
        assert "甲\ufffd\ufffd[2J\ufffd\ufffd乙" in text
