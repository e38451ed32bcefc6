"""The seed: what the demo profile shows, and the copy of it that comes with the client."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

import xieka.content
from xieka.contract.content import Link, Origin
from xieka.contract.links import domain
from xieka_service.content.checking import check
from xieka_service.content.edition import Content
from xieka_service.content.publish import SEED

BUNDLED = Path(xieka.content.__file__).parent / "bundled"
MANUAL = ("antivirus-client", "antivirus-apps", "online-buttons", "not-recognised", "several", "restart")


@pytest.fixture(scope="module")
def content() -> Content:
    return check(SEED)


def test_the_bundled_copy_is_current(content: Content) -> None:
    """Else: .venv/bin/python build/content/bundle.py"""
    found = {path.relative_to(BUNDLED).as_posix(): path.read_bytes() for path in BUNDLED.rglob("*") if path.is_file()}
    made = date.fromisoformat(found.pop("date.txt").decode().strip())
    assert made >= date(2026, 11, 25)
    assert found == content.targets()


def test_sixteen_districts_and_the_head_office_is_the_only_real_outlet(content: Content) -> None:
    assert len(set(content.outlets.districts)) == 16
    real = [one.properties for one in content.outlets.features if not one.properties.origin.example]
    assert [one.branch_code for one in real] == ["head-office"]
    for one in content.outlets.features:
        if one.properties.origin.example:
            assert "示例" in one.properties.name
            assert "示例" in one.properties.address
            assert one.properties.telephone == "(021) 0000 0000"


def origins(content: Content) -> list[Origin]:
    links: list[Link] = [*content.hall.links, *content.catalog.links]
    return [
        *(link.origin for link in links),
        *(one.properties.origin for one in content.outlets.features),
        *(one.origin for one in content.contact.hotlines),
        *(one.origin for one in content.contact.agents),
    ]


def test_nothing_claims_to_have_been_checked_before_somebody_did(content: Content) -> None:
    for origin in origins(content):
        assert origin.checked is None
        assert origin.example or origin.source


def test_what_is_invented_leads_to_a_domain_for_examples_and_says_so(content: Content) -> None:
    for link in content.catalog.links:
        assert link.origin.example == (domain(link.url) == "www.example.com"), link.id
        # The page marks the name; the words say it too, for whoever reads them elsewhere.
        assert not link.origin.example or "示例" in link.description, link.id
    for agent in content.contact.agents:
        assert (agent.origin.example, domain(agent.url)) == (True, "www.example.com")
    for item in content.announcements.items:
        if domain(item.url) == "www.example.com":
            assert re.match("示例|练习", item.title), item.title


def test_the_hall_has_every_bureau_and_district(content: Content) -> None:
    assert len(content.hall.links) == 21 + 16
    assert len([link for link in content.hall.links if link.category == "district"]) == 16
    used = {link.category for link in content.hall.links}
    assert used == {category.id for category in content.hall.categories}
    assert len({domain(link.url) for link in content.hall.links}) == len(content.hall.links)
    assert len(content.catalog.recommended) == 6
    assert len(content.announcements.items) == 5


def test_the_faq_answers_the_manuals_six_questions_first_and_ten_more(content: Content) -> None:
    ids = [question.id for question in content.faq.questions]
    assert tuple(ids[:6]) == MANUAL
    assert len(ids) == 16
    answers = {question.id: question.answer for question in content.faq.questions}
    # What the manual's answers would be wrong about today.
    assert "xieka" in answers["restart"]
    assert "uniclient" not in "".join(answers.values())
    assert "不需要事先停用" in answers["antivirus-client"]
    assert "没有附带" in answers["not-recognised"]


def test_texts_use_the_products_words(content: Content) -> None:
    for name, data in content.targets().items():
        if not name.startswith("pictures/"):
            text = re.sub(r"[EW]-[A-Z]{2,3}-[0-9]{2}", "", data.decode())
            assert not re.search(r"UKey|\bPIN\b|密码|操作失败|未知错误", text), name


def test_the_two_pictures_are_sharp_small_and_described(content: Content) -> None:
    assert [one.image for one in content.pictures.pictures] == ["pictures/renewal.png", "pictures/guide.png"]
    for path in (SEED / "pictures").glob("*.png"):
        with Image.open(path) as image:
            assert image.size == (430, 156)
        assert path.stat().st_size < 60_000
