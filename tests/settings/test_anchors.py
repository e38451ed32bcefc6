"""Whom a profile trusts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Practice
from xieka.certificate.trust.parsed import parse
from xieka.settings.anchors import anchors
from xieka.settings.service import load_profile


def test_shanghais_real_authorities(tmp_path: Path) -> None:
    known = anchors(load_profile("sheca"), tmp_path)
    samples = {(SAMPLES / "certs" / file).read_bytes() for file in (SAMPLES / "certs").iterdir()}
    assert {*known.anchors, *known.issuers} == samples
    for root in map(parse, known.anchors):
        assert root.subject == root.issuer
    for issuer in map(parse, known.issuers):
        assert issuer.issuer in {parse(root).subject for root in known.anchors}


def test_practice_trusts_the_practice_authority_alone(built_practice: Practice, tmp_path: Path) -> None:
    known = anchors(load_profile("demo"), built_practice.folders.practice)
    assert [parse(one).subject == parse(one).issuer for one in known.anchors] == [True]
    assert parse(known.issuers[0]).issuer == parse(known.anchors[0]).subject
    assert not set(known.anchors) & set(anchors(load_profile("sheca"), tmp_path).anchors)
    nothing = anchors(load_profile("demo"), tmp_path)
    assert (nothing.anchors, nothing.issuers) == ((), ())


def test_a_certificate_that_is_not_the_shipped_one_is_left_out(tmp_path: Path) -> None:
    profile = load_profile("sheca")
    changed = profile.model_copy(
        update={"anchors": [profile.anchors[0].model_copy(update={"sha256": "0" * 64}), *profile.anchors[1:]]}
    )
    assert len(anchors(changed, tmp_path).anchors) == len(profile.anchors) - 1
    with pytest.raises(ValueError, match="file"):
        type(profile.anchors[0])(file="../x.cer", sha256="0" * 64)
