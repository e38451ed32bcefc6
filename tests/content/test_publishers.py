"""Programs reach the client signed by their publisher; a publisher's fault costs only that publisher's programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, TargetFile, Targets

from tests.content.client import Client
from tests.content.service_double import Online, real_now, serving
from tests.core.net import reply
from tests.service.content.factory import make_repository
from tests.service.content.releases import release, write_programs
from xieka.content.trust import Trust, Version
from xieka.content.view import recommended
from xieka_service.content.keys import KeyFolder

CATALOG = 'recommended = ["example/report", "zwdt", "other/report"]\nprograms = ["example/report", "other/report"]\n'
FIRST = "apps/example/report"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service with two publishers, `example` and `other`, each with one program."""
    for publisher in ("example", "other"):
        source = write_programs(tmp_path / publisher, content=publisher.encode())
        release(tmp_path, source, real_now(), publisher=publisher, keys=publisher)
    repository = make_repository(tmp_path, now=real_now(), **{"catalog.toml": CATALOG})
    folder = tmp_path / "client" / "内容"
    with serving(repository) as online:
        yield Client(online, Trust(repository.root, folder), folder)


def offered(version: Version | None) -> list[str]:
    assert version is not None
    return [f"{offer.program.publisher}/{offer.program.id}" for offer in version.content.programs]


def shown(version: Version | None) -> list[str]:
    """What of the programs 推荐应用 shows; the link is there in any case."""
    assert version is not None
    keys = recommended(version.content)
    keys.remove("link:zwdt")
    return [key.removeprefix("program:") for key in keys]


def test_what_the_publisher_signed_is_offered_in_the_catalogs_order(client: Client) -> None:
    version = client.refresh()
    assert offered(version) == ["example/report", "other/report"]
    assert recommended(version.content) == ["program:example/report", "link:zwdt", "program:other/report"]
    offer = version.content.programs[0]
    path = f"{FIRST}-1.0.0-any.tar.xz"
    served = client.online.repository.target(path)
    assert offer.files[path].length == served.stat().st_size
    assert served.name.startswith(offer.files[path].sha256)
    assert offer.expires > real_now() + timedelta(days=300)
    asked = client.online.paths()
    assert not any(name.endswith(".tar.xz") for name in asked), "packages are fetched when they are wanted"


def test_offline_they_are_verified_from_what_was_kept(client: Client) -> None:
    version = client.refresh()
    kept = Trust(client.online.repository.root, client.folder).kept()
    assert kept is not None
    assert kept.content == version.content
    description = version.stored.folder / "targets/apps/example/report.json"
    description.write_bytes(description.read_bytes().replace(b"1.0.0", b"1.0.1"))
    assert offered(client.trust.kept()) == ["other/report"]
    (version.stored.folder / "pub-other.json").unlink()
    assert offered(client.trust.kept()) == []


def test_a_new_version_of_a_program_arrives(client: Client, tmp_path: Path) -> None:
    client.refresh()
    release(tmp_path, write_programs(tmp_path / "example", "2.0.0"), real_now(), keys="example")
    client.online.repository.publish(real_now())
    version = client.refresh()
    assert [offer.program.version for offer in version.content.programs] == ["2.0.0", "1.0.0"]
    assert offered(client.trust.kept()) == ["example/report", "other/report"]


def test_what_the_operator_withdraws_is_recommended_no_more(client: Client) -> None:
    client.refresh()
    catalog = 'recommended = ["zwdt", "other/report"]\nprograms = ["other/report"]\n'
    client.online.repository.publish(real_now(), **{"catalog.toml": catalog})
    assert shown(client.refresh()) == ["other/report"]
    assert shown(client.trust.kept()) == ["other/report"]


def metadata_of(online: Online, publisher: str) -> Path:
    return online.repository.metadata / f"1.pub-{publisher}.json"


def by(online: Online, publisher: str, change: Callable[[Targets], object], *, signer: str) -> None:
    """Serve the publisher's metadata with a change, signed by somebody, and have the operator's snapshot name it."""
    folder = online.repository.data.parent
    keys = folder / "publisher" / signer
    key = KeyFolder(keys).all(f"pub-{signer}")[0]
    metadata = Metadata[Targets].from_bytes(metadata_of(online, publisher).read_bytes())
    change(metadata.signed)
    metadata.signed.version = 2
    metadata.sign(key)
    data = metadata.to_bytes()
    (online.repository.metadata / f"2.pub-{publisher}.json").write_bytes(data)
    name_in_snapshot(online, f"pub-{publisher}.json", data)


def name_in_snapshot(online: Online, name: str, data: bytes) -> None:
    from tuf.api.metadata import MetaFile, Snapshot, Timestamp

    repository = online.repository
    path = max(repository.metadata.glob("*.snapshot.json"), key=lambda p: int(p.name.split(".")[0]))
    snapshot = Metadata[Snapshot].from_bytes(path.read_bytes())
    snapshot.signed.meta[name] = MetaFile.from_data(2, data, ["sha256"])
    snapshot.signed.version += 1
    snapshot.sign(repository.signer("snapshot"))
    signed = snapshot.to_bytes()
    (repository.metadata / f"{snapshot.signed.version}.snapshot.json").write_bytes(signed)
    timestamp = Metadata[Timestamp].from_bytes((repository.metadata / "timestamp.json").read_bytes())
    timestamp.signed.snapshot_meta = MetaFile.from_data(snapshot.signed.version, signed, ["sha256"])
    timestamp.signed.version += 1
    timestamp.sign(repository.signer("timestamp"))
    (repository.metadata / "timestamp.json").write_bytes(timestamp.to_bytes())


def nothing(_: Targets) -> None:
    pass


def described(online: Online, **fields: object) -> Callable[[Targets], None]:
    """A change: another description of the first program, its file served as it should be."""
    path = online.repository.target(f"{FIRST}.json")
    data = json.dumps(json.loads(path.read_bytes()) | fields).encode()
    target = TargetFile.from_data(f"{FIRST}.json", data, ["sha256"])
    place = online.repository.content / "targets" / target.get_prefixed_paths()[0]
    place.write_bytes(data)
    return lambda signed: signed.targets.update({f"{FIRST}.json": target})


def huge(signed: Targets) -> None:
    signed.targets[f"{FIRST}.json"].length = 3_000_000


def steals(signed: Targets) -> None:
    """The other publisher signs a description for the first one's folder as well."""
    data = b"{}"
    signed.targets[f"{FIRST}.json"] = TargetFile.from_data(f"{FIRST}.json", data, ["sha256"])


def expired(signed: Targets) -> None:
    signed.expires = real_now().replace(microsecond=0) - timedelta(hours=1)


ATTACKS: dict[str, tuple[Callable[[Online], object], list[str]]] = {
    # what is done: what is still offered
    "signed by another publisher": (lambda o: by(o, "example", nothing, signer="other"), ["other/report"]),
    "another's folder": (lambda o: by(o, "other", steals, signer="other"), ["example/report", "other/report"]),
    "expired": (lambda o: by(o, "example", expired, signer="example"), ["other/report"]),
    "no such program any more": (
        lambda o: by(o, "example", lambda signed: signed.targets.clear(), signer="example"),
        ["other/report"],
    ),
    "described as another's": (
        lambda o: by(o, "example", described(o, publisher="other"), signer="example"),
        ["other/report"],
    ),
    "not what a program is": (
        lambda o: by(o, "example", described(o, version="neu"), signer="example"),
        ["other/report"],
    ),
    "a package nobody signed": (
        lambda o: by(o, "example", lambda s: s.targets.pop(f"{FIRST}-1.0.0-any.tar.xz"), signer="example"),
        ["other/report"],
    ),
    "huge description": (lambda o: by(o, "example", huge, signer="example"), ["other/report"]),
    "metadata altered on the way": (
        lambda o: metadata_of(o, "example").write_bytes(metadata_of(o, "example").read_bytes() + b" "),
        ["other/report"],
    ),
    "metadata of the other publisher": (
        lambda o: metadata_of(o, "example").write_bytes(metadata_of(o, "other").read_bytes()),
        ["other/report"],
    ),
    "metadata gone": (lambda o: metadata_of(o, "example").unlink(), ["other/report"]),
    "description altered on the way": (
        lambda o: o.answers.update(
            {
                f"/content/{o.repository.target(f'{FIRST}.json').relative_to(o.repository.content).as_posix()}": reply(
                    b"{}"
                )
            }
        ),
        ["other/report"],
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_publishers_fault_costs_only_its_own_programs(client: Client, name: str) -> None:
    attack, left = ATTACKS[name]
    attack(client.online)
    version = client.refresh()
    assert offered(version) == left
    assert offered(client.trust.kept()) == left
    assert shown(version) == left
    assert shown(client.trust.kept()) == left
    for offer in version.content.programs:
        assert len(offer.files) == 1
