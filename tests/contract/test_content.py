"""What the content's models let through."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from xieka.contract.base import Line, Slug, Text
from xieka.contract.content import Catalog, Link, Origin, Outlet, OutletProperties, Picture
from xieka.contract.links import Phone

LINK = {
    "id": "zwdt",
    "name": "上海一网通办",
    "url": "https://zwdt.sh.gov.cn/",
    "description": "说明",
    "category": "general",
    "icon": "globe",
    "tone": "blue",
    "origin": {"source": "公开资料"},
}
OUTLET = {
    "branchCode": "one",
    "name": "网点",
    "district": "虹口区",
    "address": "示例路 1 号",
    "telephone": "(021) 0000 0000",
    "hours": "工作日",
    "origin": {"example": True},
}


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        pytest.param({}, True, id="as-it-is"),
        pytest.param({"later": "field"}, True, id="a-newer-service-may-say-more"),
        pytest.param({"url": "http://zwdt.sh.gov.cn/"}, False, id="http"),
        pytest.param({"name": ""}, False, id="no-name"),
        pytest.param({"name": "上海\u202e办通"}, False, id="name-reads-backwards"),
        pytest.param({"name": "a\u200bb"}, False, id="invisible-character"),
        pytest.param({"name": "长" * 201}, False, id="name-too-long"),
        pytest.param({"description": "一行\n二行"}, True, id="two-lines"),
        pytest.param({"description": "反\u202e向"}, False, id="description-reads-backwards"),
        pytest.param({"description": "长" * 601}, False, id="description-too-long"),
        pytest.param({"short": "十三个字十三个字十三个字十"}, False, id="short-too-long"),
        pytest.param({"icon": "<svg>"}, False, id="icon-of-its-own"),
        pytest.param({"phone": "tel:110"}, False, id="phone-with-a-scheme"),
        pytest.param({"id": "Zwdt"}, False, id="capital-in-the-id"),
        pytest.param({"id": "../zwdt"}, False, id="path-as-id"),
    ],
)
def test_link(change: dict[str, Any], fits: bool) -> None:
    if fits:
        Link.model_validate(LINK | change)
    else:
        with pytest.raises(ValidationError):
            Link.model_validate(LINK | change)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param(Phone, "12345\n", id="phone-with-a-line-feed"),
        pytest.param(Phone, "１２３４５", id="phone-in-wide-digits"),
        pytest.param(Slug, "a\n", id="id-with-a-line-feed"),
        pytest.param(Slug, "a" * 64, id="id-too-long"),
        pytest.param(Line, "一\n二", id="line-feed-in-a-line"),
        pytest.param(Text, "\x1b[31m", id="escape-sequence"),
        pytest.param(Text, "字" * 20_001, id="text-too-long"),
    ],
)
def test_refused_values(kind: Any, value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_text_keeps_its_lines() -> None:
    assert TypeAdapter(Text).validate_python("一\n\t二") == "一\n\t二"


@pytest.mark.parametrize("image", ["../a.png", "pictures/../../a.png", "pictures/a.svg", "pictures/A.png", "/a.png"])
def test_a_picture_names_an_image_in_its_folder(image: str) -> None:
    with pytest.raises(ValidationError):
        Picture.model_validate({"image": image, "alt": "图片", "url": "https://example.com/"})


def test_an_outlet_crosses_as_geojson_and_comes_back() -> None:
    outlet = Outlet.model_validate({"geometry": {"coordinates": [121.48, 31.25]}, "properties": OUTLET})
    crossed = outlet.model_dump(mode="json")
    assert crossed["type"] == "Feature"
    assert crossed["geometry"] == {"type": "Point", "coordinates": [121.48, 31.25]}
    assert crossed["properties"]["branchCode"] == "one"
    assert Outlet.model_validate(crossed) == outlet
    # RFC 7946 §3.2: an unknown place is null, not left out.
    nowhere = Outlet.model_validate({"geometry": None, "properties": OUTLET}).model_dump(mode="json")
    assert nowhere["geometry"] is None


def test_latitude_first_is_noticed() -> None:
    with pytest.raises(ValidationError):
        Outlet.model_validate({"geometry": {"coordinates": [31.25, 121.48]}, "properties": OUTLET})


def test_nothing_known_about_the_origin_is_said_so() -> None:
    assert Origin() == Origin(source=None, checked=None, example=False)
    with pytest.raises(ValidationError):
        OutletProperties.model_validate({key: value for key, value in OUTLET.items() if key != "origin"})


@pytest.mark.parametrize(
    ("recommended", "fits"),
    [
        pytest.param([], True, id="nothing"),
        pytest.param(["zwdt", "etax"], True, id="links-alone-as-it-was-before-programs"),
        pytest.param(["zwdt", "practice/report"], True, id="a-link-and-a-program"),
        pytest.param(["practice/report/2"], False, id="a-path"),
        pytest.param(["/report"], False, id="no-publisher"),
        pytest.param(["practice/"], False, id="no-program"),
        pytest.param(["../report"], False, id="upwards"),
        pytest.param(["practice/Report"], False, id="capital"),
        pytest.param(["zwdt\n"], False, id="line-feed"),
        pytest.param([{"url": "https://example.com/"}], False, id="an-address"),
        pytest.param([f"a{n}" for n in range(7)], False, id="seven"),
    ],
)
def test_what_may_be_recommended(recommended: list[Any], fits: bool) -> None:
    catalog = {"links": [], "recommended": recommended}
    if fits:
        assert Catalog.model_validate(catalog).recommended == recommended
    else:
        with pytest.raises(ValidationError):
            Catalog.model_validate(catalog)
