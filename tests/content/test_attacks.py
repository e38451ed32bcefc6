"""Attacks: the client has a good version and is given something else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tuf.api.metadata import Metadata, Timestamp

from tests.content.client import Client, target_path
from tests.content.service_double import Online, changed_json, real_now, sign_targets
from tests.core.net import reply
from tests.service.content.factory import make_repository, png
from xieka.content.trust import Trust

Attack = Callable[[Online], object]
"""What is done to the service; it may return a second step, to be done when the client has refreshed in between."""


def old_timestamp(online: Online) -> Attack:
    old = (online.repository.metadata / "timestamp.json").read_bytes()
    online.repository.announce("neu", real_now())
    return lambda online: online.answers.update({"/content/metadata/timestamp.json": reply(old)})


def older_snapshot_in_newer_timestamp(online: Online) -> Attack:
    old = Metadata[Timestamp].from_bytes((online.repository.metadata / "timestamp.json").read_bytes())
    online.repository.announce("neu", real_now())

    def back(signed: Timestamp) -> None:
        signed.version += 1
        signed.snapshot_meta = old.signed.snapshot_meta

    return lambda online: online.repository.edit("timestamp.json", back, online.repository.signer("timestamp"))  # type: ignore[arg-type]


def expire(online: Online) -> None:
    def end(signed: Timestamp) -> None:
        signed.version += 1
        signed.expires = real_now().replace(microsecond=0) - timedelta(hours=1)

    online.repository.edit("timestamp.json", end, online.repository.signer("timestamp"))  # type: ignore[arg-type]


def version_up(signed: Timestamp) -> None:
    signed.version += 1


def altered_timestamp(online: Online) -> None:
    online.repository.edit("timestamp.json", version_up, None)  # type: ignore[arg-type]


def timestamp_by_another_roles_key(online: Online) -> None:
    online.repository.edit("timestamp.json", version_up, online.repository.signer("snapshot"))  # type: ignore[arg-type]


def foreign_repository(online: Online) -> None:
    stranger = make_repository(online.repository.data.parent / "stranger", now=real_now())
    stranger.announce("von einem Fremden", real_now())
    online.answers.root = stranger.content


def foreign_root(online: Online) -> None:
    stranger = make_repository(online.repository.data.parent / "stranger", now=real_now())
    online.answers["/content/metadata/2.root.json"] = reply((stranger.metadata / "1.root.json").read_bytes())


def altered_target(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    path = target_path(online, "announcements.json")
    data = online.repository.target("announcements.json").read_bytes()
    online.answers[path] = reply(data.replace(b"2026", b"2027", 1))


def endless_target(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    data = online.repository.target("announcements.json").read_bytes()
    online.answers[target_path(online, "announcements.json")] = reply(data + b" ")


def short_target(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    data = online.repository.target("announcements.json").read_bytes()
    online.answers[target_path(online, "announcements.json")] = reply(data[:-1])


def cut_target(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    data = reply(online.repository.target("announcements.json").read_bytes())
    online.answers[target_path(online, "announcements.json")] = lambda connection: connection.sendall(data[:-5])


def missing_target(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    online.repository.target("announcements.json").unlink()


def altered_targets_metadata(online: Online) -> None:
    online.repository.announce("新的公告", real_now())
    data = (online.repository.metadata / "2.targets.json").read_bytes()
    online.answers["/content/metadata/2.targets.json"] = reply(data.replace(b'"version"', b'"Version"'))


def login_page(online: Online) -> None:
    online.answers["*"] = reply(b"<!DOCTYPE html><title>login</title>", kind="text/html")


def login_page_called_json(online: Online) -> None:
    online.answers["*"] = reply(b"<!DOCTYPE html><title>login</title>")


def garbage(online: Online) -> None:
    online.answers["/content/metadata/timestamp.json"] = reply(b"{}")


def endless_timestamp(online: Online) -> None:
    online.answers["/content/metadata/timestamp.json"] = reply(b" " * 20_000)


def refusing(status: str) -> Callable[[Online], None]:
    def attack(online: Online) -> None:
        online.answers["*"] = reply(b"", status)

    return attack


def signed(name: str, **fields: object) -> Callable[[Online], None]:
    return lambda online: sign_targets(online.repository, {name: changed_json(online.repository, name, **fields)})


def signed_bytes(name: str, data: bytes, length: int | None = None) -> Callable[[Online], None]:
    return lambda online: sign_targets(online.repository, {name: data}, length=length)


BAD_LINK = {
    "id": "x", "name": "x", "url": "https://evil.test@127.0.0.1/", "description": "", "category": "general",
    "icon": "globe", "tone": "blue", "origin": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        pytest.param(old_timestamp, "E-CNT-01", id="rollback: old timestamp"),
        pytest.param(older_snapshot_in_newer_timestamp, "E-CNT-01", id="rollback: newer timestamp, older snapshot"),
        pytest.param(expire, "E-CNT-02", id="freeze: expired timestamp"),
        pytest.param(altered_timestamp, "E-CNT-04", id="tamper: timestamp"),
        pytest.param(altered_target, "E-CNT-03", id="tamper: target, same length"),
        pytest.param(short_target, "E-CNT-03", id="tamper: target, shorter"),
        pytest.param(altered_targets_metadata, "E-CNT-03", id="tamper: targets metadata"),
        pytest.param(garbage, "E-CNT-03", id="tamper: no metadata at all"),
        pytest.param(timestamp_by_another_roles_key, "E-CNT-04", id="wrong key: another role's"),
        pytest.param(foreign_repository, "E-CNT-04", id="wrong key: another repository"),
        pytest.param(foreign_root, "E-CNT-04", id="wrong key: another root"),
        pytest.param(endless_target, "E-CNT-05", id="oversize: target"),
        pytest.param(endless_timestamp, "E-CNT-05", id="oversize: timestamp"),
        pytest.param(
            signed_bytes("hall.json", b"x", 2_000_001), "E-CNT-05", id="oversize: signed, but beyond our limit"
        ),
        pytest.param(signed_bytes("pictures/one.png", png(), 500_001), "E-CNT-05", id="oversize: picture"),
        pytest.param(login_page, "E-NET-02", id="captive portal"),
        pytest.param(login_page_called_json, "E-NET-02", id="captive portal, called JSON"),
        pytest.param(cut_target, "E-NET-05", id="cut in the body"),
        pytest.param(missing_target, "E-CNT-10", id="target not there"),
        pytest.param(refusing("404 Not Found"), "E-CNT-10", id="nothing there"),
        pytest.param(refusing("503 Service Unavailable"), "E-NET-03", id="service down"),
        pytest.param(signed("hall.json", categories=[]), "E-CNT-08", id="invalid: empty hall"),
        pytest.param(signed("hall.json", links=[BAD_LINK]), "E-CNT-08", id="invalid: address with a user name"),
        pytest.param(signed("client.json", validity_years=[9]), "E-CNT-08", id="invalid: number"),
        pytest.param(signed_bytes("faq.json", b"[" * 100_000), "E-CNT-08", id="invalid: deep nesting"),
        pytest.param(signed_bytes("pictures/one.png", b"GIF89a"), "E-CNT-08", id="invalid: no picture"),
        pytest.param(signed_bytes("pictures/one.png", png(2001, 10)), "E-CNT-08", id="invalid: picture too wide"),
        pytest.param(
            signed("pictures.json", pictures=[{"image": "pictures/none.png", "alt": "x", "url": "https://a.cn/"}]),
            "E-CNT-08",
            id="invalid: picture not signed",
        ),
    ],
)
def test_attacks(client: Client, attack: Attack, code: str) -> None:
    good = client.refresh()
    second_step = attack(client.online)
    if callable(second_step):
        good = client.refresh()
        second_step(client.online)
    assert client.fails() == code
    for kept in (client.trust.kept(), Trust(client.online.repository.root, client.folder).kept()):
        assert kept is not None
        assert (kept.content, kept.pictures, kept.confirmed_at) == (good.content, good.pictures, good.confirmed_at)
    assert [path.name for path in (client.folder / "sets").iterdir()] == [good.stored.folder.name], "no litter"
