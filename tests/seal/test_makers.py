"""Who may make seals, by the profile's rules."""

from __future__ import annotations

import hashlib

import pytest
from asn1crypto.x509 import CertificatePolicies, Name
from pydantic import ValidationError

from tests.certificate import pki
from xieka.seal.makers import MakerRule, listed
from xieka.settings.models import MakerRule as Setting

POLICY, MARK = "1.2.156.1.1", "1.2.156.1.2"
ISSUER = pki.issuing(pki.root("sm2"))
EXTRA = [
    pki.extension("2.5.29.32", CertificatePolicies([{"policy_identifier": POLICY}])),
    pki.private(MARK, "x"),
]


def certificate(subject: Name) -> bytes:
    return pki.issue(pki.Shape(subject, pki.Key("sm2", 3), extra=EXTRA), ISSUER)


def two_organisations() -> Name:
    both = pki.name("制章", "制章机构").chosen
    both.append(pki.name("制章", "别家").chosen[1])
    return Name("", both)


MAKER = certificate(pki.name("制章", "制章机构"))
OTHER = certificate(two_organisations())
PINNED = hashlib.sha256(MAKER).hexdigest()


def rule(**given: str) -> MakerRule:
    return MakerRule(**{name: frozenset({value}) for name, value in given.items()})


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([], None, id="nobody-named"),
        pytest.param([rule(sha256=PINNED)], True, id="pinned"),
        pytest.param([rule(sha256="0" * 64)], False, id="another-pinned"),
        pytest.param([rule(issuers="测试 CA")], True, id="issuer"),
        pytest.param([rule(issuers="别家")], False, id="another-issuer"),
        pytest.param([rule(policies=POLICY)], True, id="policy"),
        pytest.param([rule(policies="1.2.3")], False, id="another-policy"),
        pytest.param([rule(extensions=MARK)], True, id="extension"),
        pytest.param([rule(extensions="1.2.3")], False, id="another-extension"),
        pytest.param([rule(organisations="制章机构")], True, id="organisation"),
        pytest.param([rule(organisations="制章")], False, id="its-name-is-no-organisation"),
        pytest.param([rule(organisations="制章机构", issuers="测试 CA", policies=POLICY)], True, id="all-of-them"),
        pytest.param([rule(organisations="制章机构", policies="1.2.3")], False, id="one-of-two"),
        pytest.param([rule(sha256="0" * 64), rule(policies=POLICY)], True, id="the-second-rule"),
    ],
)
def test_rules(rules: list[MakerRule], expected: bool | None) -> None:
    assert listed(MAKER, rules) is expected


def test_who_names_another_organisation_as_well_is_nobodys_own() -> None:
    assert listed(OTHER, [rule(policies=POLICY)]) is True
    assert listed(OTHER, [rule(organisations="制章机构")]) is False
    assert listed(b"\x30\x00", [rule(organisations="制章机构")]) is False


def test_a_rule_says_something() -> None:
    for wrong in ({}, {"organisations": []}, {"sha256": ["AB"]}, {"names": ["x"]}):
        with pytest.raises(ValidationError):
            Setting(**wrong)
