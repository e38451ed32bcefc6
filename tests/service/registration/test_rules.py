"""The page's script asks for exactly what the contract takes: the same purposes, limits and patterns."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from xieka.contract import registration as contract
from xieka.contract.registration import NOTICE_VERSION, Details, Purpose
from xieka_service import registration

PAGE = Path(registration.__file__).with_name("page")
SCRIPT = """
import * as rules from "./rules.js";
const read = [];
for await (const part of process.stdin) read.push(part);
const told = {};
for (const [name, value] of Object.entries(rules)) {
  if (typeof value !== "function") told[name] = value instanceof RegExp ? value.source : value;
}
const found = JSON.parse(Buffer.concat(read)).map((one) => rules.mistakes({ ...one, read: true }));
console.log(JSON.stringify([told, found]));
"""
GOOD: dict[str, Any] = {"contact": "王会计", "phone": "13812345678", "email": "", "purposes": ["survey"]}
CASES = {
    "good": {},
    "no contact": {"contact": ""},
    "blank contact": {"contact": " \u3000"},
    "contact at the limit": {"contact": "王" * 40},
    "contact beyond": {"contact": "王" * 41},
    "contact of rare characters": {"contact": "𠮷" * 40},
    "contact with blanks around": {"contact": f"  {'王' * 40} "},
    "contact with a line feed": {"contact": "王\n会计"},
    "contact with a direction": {"contact": "王\u202e会计"},
    "contact of nothing visible": {"contact": "\u200b"},
    "no phone": {"phone": ""},
    "short phone": {"phone": "1381234567"},
    "landline": {"phone": "021-36393100"},
    "landline with extension": {"phone": "0571-88886666-801"},
    "full-width digits": {"phone": "１３８１２３４５６７８"},
    "phone with a line feed": {"phone": "13812345678\n"},
    "email": {"email": "name@example.com"},
    "email without a domain": {"email": "name@example"},
    "email with a name": {"email": "Name <name@example.com>"},
    "email with a quote": {"email": '"name"@example.com'},
    "email with a blank": {"email": "na me@example.com"},
    "email with an ideographic blank": {"email": "na\u3000me@example.com"},
    "email in Chinese": {"email": "名字@example.com"},
    "long email": {"email": f"{'a' * 65}@example.com"},
    "email of many parts": {"email": "a@b.c.d.e.f.g"},
    "no purpose": {"purposes": []},
    "all purposes": {"purposes": ["statistics", "survey", "information"]},
}


@pytest.fixture(scope="module")
def asked() -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What rules.js exports, and what it finds wrong in each case."""
    cases = [{**GOOD, **changes} for changes in CASES.values()]
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", SCRIPT],
        cwd=PAGE, input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    exported, found = json.loads(done.stdout)
    return exported, dict(zip(CASES, found, strict=True))


def test_the_constants_are_the_contracts(asked: tuple[dict[str, Any], Any]) -> None:
    fields = Details.model_json_schema()["properties"]
    email = fields["email"]["anyOf"][0]
    assert asked[0] == {
        "NOTICE": NOTICE_VERSION,
        "PURPOSES": list(get_args(Purpose)),
        "CONTACT_LIMIT": fields["contact"]["maxLength"],
        "EMAIL_LIMIT": email["maxLength"],
        "PHONE": contract._PHONE,
        "EMAIL": contract._EMAIL,
    }
    assert (fields["phone"]["pattern"], email["pattern"]) == (contract._PHONE, contract._EMAIL)


@pytest.mark.parametrize("case", list(CASES))
def test_the_page_and_the_service_agree(asked: tuple[Any, dict[str, list[str]]], case: str) -> None:
    filled = {**GOOD, **CASES[case]}
    try:
        Details.model_validate({**filled, "email": filled["email"] or None})
        refused: set[str] = set()
    except ValidationError as error:
        refused = {str(one["loc"][0]) for one in error.errors()}
    assert set(asked[1][case]) == refused


def test_the_page_asks_for_nothing_more() -> None:
    document = (PAGE / "index.html").read_text("utf-8")
    names = re.findall(r"<(?:input|select|textarea)[^>]*? (?:name|id)=\"([a-z]+)\"", document)
    assert sorted(names) == sorted(["subject", "contact", "phone", "email", "read", *["purpose"] * 3])
    assert re.findall(r'name="purpose" value="([a-z]+)"', document) == list(get_args(Purpose))
    # Nothing is agreed to beforehand, and nothing runs that is not a file of the service.
    assert " checked" not in document
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on[a-z]+=", document)
    assert f"版本 {NOTICE_VERSION}" in document


def test_the_script_writes_no_markup() -> None:
    for file in PAGE.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", file.read_text("utf-8"))
