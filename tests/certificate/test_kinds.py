"""Which kind of certificate it is, by the profile's rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509

from tests.certificate.make import certificate, private
from xieka.certificate import service
from xieka.certificate.kinds import DEFAULT, Rule
from xieka.settings.service import load_profile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
POLICY = "1.2.156.1.112570.149"
USCC = private("1.2.156.112570.11.210", "91310115MA1K00007Q")
POLICIES = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(POLICY), None)])


@pytest.mark.parametrize("profile", ["demo", "sheca"])
def test_profiles_say_what_the_program_knows(profile: str) -> None:
    told = [Rule(one.kind, frozenset(one.extensions)) for one in load_profile(profile).kinds]
    assert tuple(told) == DEFAULT


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        pytest.param(Rule("business", policies=frozenset({POLICY})), "business", id="policy"),
        pytest.param(Rule("business", policies=frozenset({"1.2.3"})), "yizhengtong", id="other policy"),
        pytest.param(Rule("business", issuers=frozenset({"测试 CA"})), "business", id="issuer"),
        pytest.param(Rule("business", issuers=frozenset({"别家"})), "yizhengtong", id="other issuer"),
        pytest.param(
            Rule("business", frozenset({"1.2.156.112570.11.210"}), frozenset({"测试 CA"}), frozenset({POLICY})),
            "business",
            id="all three",
        ),
        pytest.param(
            Rule("business", frozenset({"1.2.156.112570.11.201"}), frozenset({"测试 CA"})),
            "yizhengtong",
            id="one of two",
        ),
    ],
)
def test_the_first_rule_that_fits(rule: Rule, kind: str) -> None:
    assert service.summarize(certificate(USCC, POLICIES), NOW, (rule, *DEFAULT)).kind == kind


def test_no_rule_fits() -> None:
    assert service.summarize(certificate(), NOW).kind == "unknown"
    assert service.summarize(certificate(USCC), NOW, ()).kind == "unknown"
