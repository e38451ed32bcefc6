"""Who the practice Ukeys belong to. The organisations are made up; their numbers have right check digits."""

from __future__ import annotations

from dataclasses import dataclass

from xieka.seal.drawing import Kind
from xieka_service.ca.port import Profile, Subject

PIN = "123456"
"""The 口令 every practice Ukey is issued with, no secret: README.md tells it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One practice Ukey as issued."""

    number: int
    profile: Profile
    subject: Subject
    issued_days_ago: int
    valid_days: int
    seals: tuple[Kind, ...]
    representative: str = ""
    """The 法定代表人's name, for their seal."""


PEOPLE = (
    Person(
        number=1,
        profile=Profile.LEGACY,
        subject=Subject("上海沪申示例贸易有限公司", uscc="91310115MA1K00007Q", org_code="MA1K00007"),
        issued_days_ago=160,
        valid_days=3 * 365 + 1,
        seals=(Kind.CONTRACT, Kind.FINANCE, Kind.PERSON),
        representative="示例",
    ),
    Person(
        number=2,
        profile=Profile.YIZHENGTONG,
        subject=Subject(
            "上海浦江示例科技有限公司",
            uscc="91310104MA1FR0042N",
            org_code="MA1FR0042",
            registration="310104000000006",
        ),
        issued_days_ago=40,
        valid_days=365,
        seals=(),
    ),
)
