"""Paths: the real authorities of Shanghai, one key under two of them, and whatever else may lie around."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.certificate import pki
from tests.certificate.make import certificate as unrelated
from tests.conftest import SAMPLES
from xieka.certificate.revocation.models import Answer, Standing, Status
from xieka.certificate.trust import path, rules, signatures, verdict
from xieka.certificate.trust.names import comparable
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.certificate.trust.path import Store, find
from xieka.certificate.trust.signatures import Judgement
from xieka.certificate.trust.verdict import Verdict, decide, evidence


def real(name: str) -> Certificate:
    return parse((SAMPLES / "certs" / f"{name}.der").read_bytes())


ROOTS = ("UCA_Root_G2", "UCA_Root_SM2", "NRCAC_ROOTCA_SM2")
ISSUERS = ("SHECA_G2", "SHECA_SM2_by_UCA_Root_SM2", "SHECA_SM2_by_NRCAC_ROOTCA")


@pytest.mark.parametrize(
    ("name", "root"),
    [
        pytest.param("SHECA_G2", "UCA_Root_G2", id="rsa"),
        pytest.param("SHECA_SM2_by_UCA_Root_SM2", "UCA_Root_SM2", id="sm2"),
        pytest.param("SHECA_SM2_by_NRCAC_ROOTCA", "NRCAC_ROOTCA_SM2", id="sm2-national"),
    ],
)
def test_real_authorities(name: str, root: str) -> None:
    own, above = real(name), real(root)
    seen = evidence(find(own, Store((above,))), pki.NOW)
    assert seen.path == (own, above)
    assert all(one.good for one in seen.findings)
    # Its own signature, and no other root's.
    judged = {one: signatures.judge(real(one).key_info, own.algorithm, own.signed, own.signature) for one in ROOTS}
    assert judged.pop(root) is Judgement.GOOD
    assert Judgement.GOOD not in judged.values()


@pytest.mark.parametrize("kept", [("UCA_Root_SM2",), ("NRCAC_ROOTCA_SM2",)])
def test_one_key_under_two_roots(kept: tuple[str, ...]) -> None:
    """A holder's path goes over whichever certificate of the one key leads to a root that is trusted."""
    store = Store(tuple(map(real, kept)), tuple(map(real, ISSUERS)))
    for name in ("SHECA_SM2_by_UCA_Root_SM2", "SHECA_SM2_by_NRCAC_ROOTCA"):
        seen = evidence(find(real(name), store), pki.NOW)
        # Only one of the two was issued by the root that is kept; the other cannot be followed to it.
        assert (decide(seen) is Verdict.UNTRUSTED) is (kept[0].split("_")[0] not in name.split("_by_")[1])


@pytest.mark.parametrize("kind", pki.KINDS)
@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_holder_of_a_key_with_two_certificates(kind: str, kept: int) -> None:
    first, second = pki.root(kind, 1, "根 甲"), pki.root(kind, 2, "根 乙")
    one = pki.issuing(first, 3)
    other = pki.authority(pki.Authority(one.key, one.subject), second, serial=77)
    anchors = (first.certificate, second.certificate)[kept : kept + 1] if kept < 2 else ()
    holder = parse(pki.holder(one, 4))
    found = find(holder, Store(anchors, (one.certificate, other.certificate)))
    assert [len(path_) for path_ in found.paths] == ([3] if kept < 2 else [])
    if kept < 2:
        assert found.paths[0][1] == (one, other)[kept].certificate
        assert decide(evidence(found, pki.NOW)) is Verdict.CHECKING


@dataclass
class Chain:
    """A root, an authority and a holder's certificate; a case changes one of them."""

    root: pki.Authority
    issuer: pki.Authority
    holder: bytes

    def verdict(self) -> Verdict:
        store = Store((self.root.certificate,), (self.issuer.certificate,))
        return decide(evidence(find(parse(self.holder), store), pki.NOW))


def chain(kind: str, *, issuer: dict[str, object] | None = None, **changes: object) -> Chain:
    root = pki.root(kind)
    middle = pki.issuing(root, **(issuer or {}))
    return Chain(root, middle, pki.holder(middle, **changes))


def swapped(kind: str) -> Chain:
    made = chain(kind)
    return Chain(made.root, made.issuer, made.holder[:-20] + bytes(20))


def changed(kind: str) -> Chain:
    made = chain(kind)
    return Chain(made.root, made.issuer, made.holder.replace("沪申".encode(), "浦江".encode()))


def same_name(kind: str) -> Chain:
    """An authority of the same name with another key: not ours, and not our holder's either."""
    made = chain(kind)
    stranger = pki.issuing(pki.root(kind, 7), 8)
    return Chain(made.root, made.issuer, pki.holder(stranger))


def stranger(kind: str) -> Chain:
    return Chain(chain(kind).root, chain(kind).issuer, pki.holder(pki.issuing(pki.root(kind, 7, "别家根"), 8, "别家")))


def two_below(kind: str) -> Chain:
    """Path length 0 and yet an authority below."""
    root = pki.root(kind)
    middle = pki.issuing(root, path_length=0)
    below = pki.issuing(middle, 5, "测试下级")
    found = find(parse(pki.holder(below)), Store((root.certificate,), (middle.certificate, below.certificate)))
    made = Chain(root, middle, b"")
    made.verdict = lambda: decide(evidence(found, pki.NOW))  # type: ignore[method-assign]
    return made


UNKNOWN = pki.extension("1.2.3.4", b"\x05\x00", critical=True)
CONSTRAINTS = pki.extension("2.5.29.30", b"\x30\x00")
CASES: dict[str, tuple[Callable[[str], Chain], Verdict]] = {
    "all-is-well": (chain, Verdict.NO_SOURCE),
    "expired": (lambda k: chain(k, ends=pki.NOW - pki.DAY), Verdict.EXPIRED),
    "not-yet": (lambda k: chain(k, begins=pki.NOW + pki.DAY), Verdict.NOT_YET),
    "issuer-expired": (lambda k: chain(k, issuer={"ends": pki.NOW - pki.DAY}), Verdict.ISSUER_EXPIRED),
    "issuer-no-authority": (lambda k: chain(k, issuer={"authority": False}), Verdict.MISISSUED),
    "issuer-may-not-sign": (lambda k: chain(k, issuer={"usages": ("digital_signature",)}), Verdict.MISISSUED),
    "too-long": (two_below, Verdict.MISISSUED),
    "critical-unknown": (lambda k: chain(k, extra=[UNKNOWN]), Verdict.UNSUPPORTED),
    "issuer-critical-unknown": (lambda k: chain(k, issuer={"extra": [UNKNOWN]}), Verdict.UNSUPPORTED),
    "issuer-name-constraints": (lambda k: chain(k, issuer={"extra": [CONSTRAINTS]}), Verdict.UNSUPPORTED),
    "signature-swapped": (swapped, Verdict.FORGED),
    "content-changed": (changed, Verdict.FORGED),
    "another-key-of-the-name": (same_name, Verdict.UNTRUSTED),
    "a-stranger": (stranger, Verdict.UNTRUSTED),
}


@pytest.mark.parametrize("kind", pki.KINDS)
@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str, kind: str) -> None:
    make, expected = CASES[name]
    made = make(kind)
    found = made.verdict()
    # Nothing is known about revocation here: what holds is CHECKING, or without an address NO_SOURCE.
    assert found is (Verdict.CHECKING if expected is Verdict.NO_SOURCE else expected)


def test_weak_signatures_prove_nothing() -> None:
    data, key = b"x", pki.Key("rsa", 1)
    for oid in ("1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4"):
        assert signatures.judge(key.info, oid, data, key.sign(data)) is Judgement.WEAK
    assert signatures.judge(key.info, "1.2.3", data, b"") is Judgement.UNKNOWN
    assert signatures.judge(key.info, "1.2.156.10197.1.501", data, key.sign(data)) is Judgement.BAD
    assert signatures.judge(b"\x30\x00", "1.2.840.113549.1.1.11", data, b"") is Judgement.UNKNOWN


def test_names_are_compared_by_their_characters() -> None:
    key = pki.Key("sm2", 1)
    root = pki.authority(pki.Authority(key, pki.name("Test  ROOT", printable=True)), None)
    spelled = pki.x509.Name.build({"country_name": "CN", "common_name": "test root"})
    other = pki.x509.Name.build({"country_name": "CN", "common_name": "testroot"})
    assert spelled.dump() != root.subject.dump()
    for subject, paths in ((spelled, 1), (other, 0)):
        holder = parse(pki.holder(pki.Authority(key, subject)))
        assert len(find(holder, Store((root.certificate,))).paths) == paths


def test_long_names_cost_no_time() -> None:
    """Normalising combining marks takes a time that grows with the square of their number."""
    long = pki.x509.Name.build({"common_name": "a" + "\u0315\u0316" * 8000}).dump()
    begin = time.perf_counter()
    assert comparable(long) == long
    assert time.perf_counter() - begin < 0.05
    assert comparable(pki.name("名" * 200).dump()) == comparable(pki.name("名" * 200).dump())


def test_monsters_end_soon() -> None:
    """A crowd of authorities with one name that all sign each other."""
    keys = [pki.Key("sm2", number) for number in range(20, 28)]
    crowd = [pki.Authority(key, pki.name("众")) for key in keys]
    made = [
        pki.authority(one, other, serial=i * 100 + j) for i, one in enumerate(crowd) for j, other in enumerate(crowd)
    ]
    holder = parse(pki.holder(made[0], 40))
    begin = time.perf_counter()
    found = find(holder, Store(), [one.certificate for one in made])
    assert time.perf_counter() - begin < 1.0
    assert not found.paths
    assert len(found.longest) <= path.MAX_LENGTH
    assert find(holder, Store((), tuple(parse(unrelated()) for _ in range(3)))).longest == (holder,)


def test_of_two_ways_the_one_that_holds() -> None:
    root = pki.root("sm2")
    old = pki.issuing(root, ends=pki.NOW - pki.DAY)
    new = pki.authority(pki.Authority(old.key, old.subject), root, serial=2)
    for issuers in ((old.certificate, new.certificate), (new.certificate, old.certificate)):
        seen = evidence(find(parse(pki.holder(old)), Store((root.certificate,), issuers)), pki.NOW)
        assert seen.path[1] == new.certificate


@pytest.mark.parametrize("check", ["may_issue", "not_understood"])
def test_each_rule_is_what_refuses(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a rule switched off its attack succeeds: so it is this rule that refuses it."""
    monkeypatch.setattr(rules, check, lambda _: [] if check == "not_understood" else True)
    name = "issuer-no-authority" if check == "may_issue" else "critical-unknown"
    assert CASES[name][0]("sm2").verdict() is Verdict.CHECKING


def test_every_verdict_has_its_words() -> None:
    from xieka.core import messages

    assert set(messages._table("verdict")) == {str(one) for one in Verdict}
    assert set(verdict.LEVELS.values()) == {"ok", "wait", "warn"}


@pytest.mark.parametrize("kind", pki.KINDS)
def test_an_anchor_is_known_by_its_whole_bytes(kind: str) -> None:
    """Its name and key are public; its own signature is not looked at. A twin of them is nobody."""
    made = chain(kind)
    store = Store((made.root.certificate,), (made.issuer.certificate,))
    # In the anchor's name and key, signed by a stranger: as the holder,
    mallory = pki.root(kind, 7)
    twin = pki.authority(pki.Authority(made.root.key, made.root.subject), mallory, serial=99, authority=False)
    found = find(twin.certificate, store)
    assert found.paths == []
    assert decide(evidence(found, pki.NOW)) in (Verdict.UNTRUSTED, Verdict.FORGED)
    # and in the place of an anchor that is over.
    old = pki.root(kind, ends=pki.NOW - pki.DAY)
    fresh = pki.authority(pki.Authority(old.key, old.subject), mallory, serial=98)
    below = pki.issuing(old)
    found = find(parse(pki.holder(below)), Store((old.certificate,), (below.certificate,)), [fresh.certificate])
    assert all(one[-1] == old.certificate for one in found.paths)
    assert decide(evidence(found, pki.NOW)) is Verdict.ISSUER_EXPIRED


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (Status.GOOD, Verdict.GOOD),
        (Status.NO_SOURCE, Verdict.GOOD),
        (Status.FUTURE, Verdict.FUTURE),
        (Status.UNREACHABLE, Verdict.UNREACHABLE),
        (Status.OFFLINE, Verdict.OFFLINE),
        (Status.STALE, Verdict.STALE),
        (Status.WRONG_SIGNER, Verdict.WRONG_SIGNER),
        (Status.UNASKED, Verdict.CHECKING),
        (Status.REVOKED, Verdict.ISSUER_REVOKED),
    ],
)
def test_nobody_is_good_whose_issuer_may_be_revoked(status: Status, verdict: Verdict) -> None:
    made = chain("rsa")
    found = find(parse(made.holder), Store((made.root.certificate,), (made.issuer.certificate,)))
    standings = {0: Standing(Answer(Status.GOOD)), 1: Standing(Answer(status))}
    assert decide(replace(evidence(found, pki.NOW), standings=standings)) is verdict
