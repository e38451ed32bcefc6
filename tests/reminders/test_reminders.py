"""When a reminder comes, and when none does: a clock that the test turns, Ukeys that it plugs."""

from __future__ import annotations

import json
import stat
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xieka.certificate.models import CertificateSummary, Role
from xieka.certificate.reading import _state
from xieka.certificate.service import EXPIRING_DAYS
from xieka.core.events import EventBus, JsonValue
from xieka.reminders import service
from xieka.reminders.models import EXPIRED
from xieka.reminders.records import LIMIT, Record, RecordsFile
from xieka.reminders.service import Reminders
from xieka.reminders.told import Told
from xieka.ukey.models import CertificateEntry, Health, PinView, Ukey, UkeyList

# Certificates of SHECA end at the last second of a day in Shanghai.
END = datetime(2027, 3, 1, 15, 59, 59, tzinfo=UTC)
BEGIN = END - timedelta(days=365)
LONG_BEFORE = END - timedelta(days=200)


def before(**how: float) -> datetime:
    return END - timedelta(**how)


@dataclass
class World:
    """One user's computer."""

    folder: Path
    time: datetime = LONG_BEFORE
    steps: Sequence[int] | None = (90, 30, 7)
    ends: dict[str, list[tuple[Role, str, datetime]]] = field(default_factory=dict)
    kind: str = "yizhengtong"
    told: list[tuple[str, int, int]] = field(default_factory=list)
    published: int = 0

    def __post_init__(self) -> None:
        self.plug("甲")
        self.start()

    def start(self) -> None:
        """The program starts (again)."""
        self.bus = EventBus()
        self.bus.on("reminder.due", self._note)
        self.reminders = Reminders(
            self.state, self._publish, lambda: self.steps, Told(self.folder / "reminders.json"), self.bus, self
        )

    def _note(self, data: JsonValue) -> None:
        assert isinstance(data, dict)
        self.told.append((str(data["token"]), int(str(data["step"])), int(str(data["days_left"]))))

    def _publish(self) -> None:
        self.published += 1

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0

    def plug(self, token: str, end: datetime = END, serial: str = "") -> None:
        number = serial or token
        self.ends[token] = [(Role.SIGNING, number, end), (Role.ENCRYPTION, f"{number}-2", end)]

    def state(self) -> UkeyList:
        ukeys = [self._ukey(token, certificates) for token, certificates in self.ends.items()]
        return UkeyList(reading=False, current=next(iter(self.ends), None), remembered=None, tokens=ukeys, problems=[])

    def _ukey(self, token: str, certificates: list[tuple[Role, str, datetime]]) -> Ukey:
        entries = [
            CertificateEntry(
                error=None,
                summary=CertificateSummary(
                    role=role, subject=token, issuer="CA", serial=serial, not_before=BEGIN, not_after=end,
                    days_left=(end - self.time).days, state=_state(BEGIN, end, self.time, EXPIRING_DAYS),
                    life_used=0.5, uscc=None, org_code=None, kind=self.kind, algorithm="RSA 2048", usages=[],
                ),
            )
            for role, serial, end in certificates
        ]  # fmt: skip
        return Ukey(
            id=token, holder=f"{token}公司", label="", serial="", manufacturer="", model="", driver="",
            driver_name="", practice=False, pin=PinView(state="normal", remaining=None, maximum=None),
            health=Health(level="ok", key="valid", days=None), reminders=0, certificates=entries, seals=[],
        )  # fmt: skip

    def at(self, moment: datetime) -> list[tuple[str, int, int]]:
        """What is told when it looks at this moment."""
        self.time = moment
        before_it = len(self.told)
        self.reminders.look()
        return self.told[before_it:]

    def shown(self) -> list[tuple[str, int]]:
        return [(one.token, one.step) for one in self.reminders.shown()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_whole_life_gives_four_reminders(world: World) -> None:
    told = []
    for hours in range(24 * 120, -24 * 40, -6):
        told += world.at(before(hours=hours))
        if hours % 96 == 0:
            # Restarted every few days.
            world.start()
    assert told == [("甲", 90, 90), ("甲", 30, 30), ("甲", 7, 7), ("甲", EXPIRED, -1)]


def test_the_day_changes_at_the_certificates_midnight(world: World) -> None:
    assert world.at(before(days=91)) == []
    assert world.at(before(days=91) + timedelta(microseconds=1)) == [("甲", 90, 90)]
    published = world.published
    assert world.at(before(days=90)) == []
    assert world.published == published
    # The tray's and the page's number of days follows without any event of a Ukey.
    assert world.at(before(days=90) + timedelta(seconds=1)) == []
    assert world.published == published + 1


def test_the_last_second_is_no_expiry(world: World) -> None:
    world.at(before(days=5))
    assert world.at(END) == []
    assert world.at(END + timedelta(seconds=1)) == [("甲", EXPIRED, -1)]


@pytest.mark.parametrize(
    ("woken", "told"),
    [
        pytest.param(before(days=20), [("甲", 30, 20)], id="one-step"),
        pytest.param(before(days=3), [("甲", 7, 3)], id="three-steps-at-once-are-one-reminder"),
        pytest.param(before(days=-2), [("甲", EXPIRED, -2)], id="all"),
    ],
)
def test_steps_passed_while_asleep(world: World, woken: datetime, told: list[tuple[str, int, int]]) -> None:
    world.at(before(days=150))
    assert world.at(woken) == told
    assert world.at(woken + timedelta(hours=1)) == []


def test_a_clock_set_back_repeats_nothing(world: World) -> None:
    world.at(before(days=30))
    # Back over the step.
    assert world.at(before(days=31)) == []
    assert world.at(before(days=29)) == []
    # An empty clock battery: before the certificate's begin nothing is judged, and nothing forgotten.
    assert world.at(BEGIN - timedelta(days=3000)) == []
    world.start()
    assert world.shown() == []
    assert world.at(before(days=28)) == []


def test_what_was_told_by_a_clock_far_ahead_does_not_count(world: World) -> None:
    assert world.at(END + timedelta(days=900)) == [("甲", EXPIRED, -900)]
    world.reminders.dismiss("甲")
    assert world.at(before(days=20)) == [("甲", 30, 20)]
    assert world.shown() == [("甲", 30)]
    assert world.at(before(days=19)) == []


def test_two_ukeys_are_told_each_and_dismissed_each(world: World) -> None:
    world.plug("乙", END + timedelta(days=60))
    assert world.at(before(days=25)) == [("甲", 30, 25), ("乙", 90, 85)]
    assert world.shown() == [("甲", 30), ("乙", 90)]
    world.reminders.dismiss("乙")
    assert world.shown() == [("甲", 30)]
    world.start()
    assert world.shown() == [("甲", 30)]
    assert world.at(before(days=25)) == []


def test_signing_and_encryption_of_one_ukey_are_one_reminder(world: World) -> None:
    world.ends["甲"] = [(Role.SIGNING, "1", before(days=-30)), (Role.ENCRYPTION, "2", END)]
    assert world.at(before(days=6)) == [("甲", 7, 6)]
    # The other one comes to a step of its own later.
    assert world.at(before(days=-1)) == [("甲", EXPIRED, -1)]


def test_a_ukey_that_is_away_is_not_spoken_of(world: World) -> None:
    world.at(before(days=29))
    unplugged = world.ends.pop("甲")
    assert world.at(before(days=5)) == []
    assert world.shown() == []
    world.ends["甲"] = unplugged
    assert world.at(before(days=4)) == [("甲", 7, 4)]
    # Plugged in and out all day.
    for _ in range(5):
        world.ends.pop("甲")
        assert world.at(world.time + timedelta(minutes=1)) == []
        world.ends["甲"] = unplugged
        assert world.at(world.time + timedelta(minutes=1)) == []


@pytest.mark.parametrize("kind", ["legacy", "unknown", "yizhengtong"])
def test_every_kind_of_certificate_ends(world: World, kind: str) -> None:
    world.kind = kind
    assert world.at(before(days=30)) == [("甲", 30, 30)]


def test_expired_long_ago_is_told_once(world: World) -> None:
    world.plug("甲", before(days=800))
    assert world.at(before(days=0)) == [("甲", EXPIRED, -800)]
    world.start()
    assert world.at(before(days=-1)) == []
    assert world.shown() == [("甲", EXPIRED)]


def test_a_renewed_certificate_begins_anew_and_the_old_one_beside_it_is_quiet(world: World) -> None:
    world.at(before(days=5))
    old = world.ends["甲"]
    new = END + timedelta(days=365)
    world.ends["甲"] = [
        (Role.SIGNING, "new", new), (Role.ENCRYPTION, "new-2", new), *old
    ]  # fmt: skip
    assert world.at(before(days=4)) == []
    assert world.shown() == []
    assert world.at(new - timedelta(days=89)) == [("甲", 90, 89)]


def test_dismissed_stays_away_until_the_next_step(world: World) -> None:
    world.at(before(days=30))
    world.reminders.dismiss("甲")
    assert world.shown() == []
    world.start()
    world.at(before(days=8))
    assert world.shown() == []
    assert world.at(before(days=7)) == [("甲", 7, 7)]
    assert world.shown() == [("甲", 7)]


def test_dismissing_a_ukey_that_is_gone_does_nothing(world: World) -> None:
    world.at(before(days=30))
    world.reminders.dismiss("乙")
    assert world.shown() == [("甲", 30)]


@pytest.mark.parametrize(
    ("steps", "moment", "told"),
    [
        pytest.param(None, before(days=5), [], id="off"),
        pytest.param(None, before(days=-5), [], id="off-and-expired"),
        pytest.param([], before(days=5), [], id="no-steps"),
        pytest.param([], before(days=-5), [("甲", EXPIRED, -5)], id="no-steps-and-expired"),
        pytest.param([0], before(days=0.5), [("甲", 0, 0)], id="on-the-day"),
        pytest.param([1, 60, 60], before(days=59), [("甲", 60, 59)], id="any-order-twice"),
    ],
)
def test_the_users_steps(
    world: World, steps: list[int] | None, moment: datetime, told: list[tuple[str, int, int]]
) -> None:
    world.steps = steps
    assert world.at(moment) == told
    assert world.at(moment) == []


def test_switched_off_the_banner_goes(world: World) -> None:
    world.at(before(days=5))
    world.steps = None
    assert world.at(before(days=5)) == []
    assert world.shown() == []


def test_the_page_is_told_only_of_changes(world: World) -> None:
    said: list[JsonValue] = []
    world.bus.on("reminders", said.append)
    world.at(before(days=30))
    world.at(before(days=30))
    assert said == [[{"token": "甲", "holder": "甲公司", "step": 30, "days_left": 30}]]
    world.reminders.dismiss("甲")
    assert said[1:] == [[]]


def test_the_file_is_private_small_and_names_nobody(world: World) -> None:
    world.at(before(days=30))
    file = world.folder / "reminders.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "甲" not in file.read_text("utf-8")
    old = {f"{n:064x}": Record(told=30, at=before(days=100 + n)) for n in range(LIMIT)}
    file.write_text(RecordsFile(records=old).model_dump_json(), "utf-8")
    world.start()
    world.at(before(days=30))
    kept = json.loads(file.read_text("utf-8"))["records"]
    assert len(kept) == LIMIT
    assert f"{LIMIT - 1:064x}" not in kept
    assert f"{0:064x}" in kept


@pytest.mark.parametrize("content", ["", "{", "[]", '{"records": {"x": 1}}', '{"records": {}, "more": 1}'])
def test_a_broken_file_costs_one_repetition(world: World, content: str) -> None:
    world.at(before(days=30))
    (world.folder / "reminders.json").write_text(content, "utf-8")
    world.start()
    assert world.at(before(days=30)) == [("甲", 30, 30)]
    world.start()
    assert world.at(before(days=30)) == []


def test_what_cannot_be_written_holds_for_the_run(world: World) -> None:
    (world.folder / "reminders.json").mkdir()
    assert world.at(before(days=30)) == [("甲", 30, 30)]
    assert world.at(before(days=30)) == []


def test_the_thread_looks_at_every_change_and_after_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LOOK_SECONDS", 0.05)
    told = threading.Event()
    world.bus.on("reminder.due", lambda _: told.set())
    world.time = before(days=100)
    world.reminders.start()
    try:
        time.sleep(0.2)
        assert not told.is_set()
        # Nothing happens but that time goes by.
        world.time = before(days=90)
        assert told.wait(5)
        monkeypatch.setattr(service, "LOOK_SECONDS", 600)
        time.sleep(0.2)
        told.clear()
        world.plug("乙")
        world.bus.publish("ukeys")
        assert told.wait(5)
    finally:
        world.reminders.close()
