"""New keys, and the root's number and threshold of keys: clients follow from the root they were shipped with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.exceptions import BadVersionNumberError, RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata, Root

from tests.service.content.factory import NOW, Repository, make_repository
from tests.service.content.reader import Reader
from xieka.core.errors import XiekaError
from xieka_service.content.keys import ROLES
from xieka_service.content.policy import Policy
from xieka_service.content.publish import renew_root

DAY = timedelta(days=1)


def root_of(repository: Repository, version: int) -> Root:
    return Metadata[Root].from_file(str(repository.metadata / f"{version}.root.json")).signed


@pytest.mark.parametrize("role", ROLES)
def test_clients_follow_a_rotation(role: str, tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    known = Reader(made.content, tmp_path / "known", made.root)
    known.read()
    old = made.signer(role)
    made.rotate(role)
    files = [path.name for path in (made.data / "keys/content").glob(f"{role}*")]
    assert files == [f"{role}-2.pem"]
    assert old.public_key.keyid not in root_of(made, 2).roles[role].keyids
    for client in (known, Reader(made.content, tmp_path / "fresh", made.root)):
        assert client.versions()["root"] == 2
    made.announce("用新密钥签的")
    assert "用新密钥签的" in known.read()["announcements.json"].decode()


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_the_old_key_is_worth_nothing_afterwards(role: str, tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    client = Reader(made.content, tmp_path / "client", made.root)
    client.read()
    old = made.signer(role)
    made.rotate(role)
    client.read()
    name = "timestamp.json" if role == "timestamp" else f"{client.versions()[role]}.{role}.json"

    def forge(signed: object) -> None:
        signed.version += 1  # type: ignore[attr-defined]

    made.edit(name, forge, old)
    with pytest.raises(RepositoryError):
        Reader(made.content, tmp_path / "fresh", made.root).read()


def test_all_roles_one_after_the_other_many_times(tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    away = Reader(made.content, tmp_path / "away", made.root)
    away.read()
    for _ in range(3):
        for role in ROLES:
            made.rotate(role)
    assert away.versions()["root"] == 13
    assert len(list((made.data / "keys/content").iterdir())) == 4


def test_a_rotation_needs_the_root_key(tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    (made.data / "keys/content/root.pem").rename(tmp_path / "offline.pem")
    before = sorted(path.name for path in made.data.rglob("*"))
    with pytest.raises(XiekaError) as caught:
        made.rotate("timestamp")
    assert (caught.value.code, caught.value.params["role"]) == ("E-PUB-02", "root")
    assert sorted(path.name for path in made.data.rglob("*")) == before
    (tmp_path / "offline.pem").rename(made.data / "keys/content/root.pem")
    made.rotate("timestamp")


def test_a_rotation_before_the_first_publish_is_told(tmp_path: Path) -> None:
    with pytest.raises(XiekaError) as caught:
        Repository(tmp_path, tmp_path).rotate("timestamp")
    assert caught.value.code == "E-PUB-08"


def test_a_root_of_several_keys_needs_its_threshold(tmp_path: Path) -> None:
    made = make_repository(tmp_path, policy=Policy(root_keys=3, root_threshold=2))
    folder = made.data / "keys/content"
    assert sorted(path.name for path in folder.glob("root*")) == ["root-2.pem", "root-3.pem", "root.pem"]
    assert root_of(made, 1).roles["root"].threshold == 2
    client = Reader(made.content, tmp_path / "client", made.root)
    client.read()
    (folder / "root.pem").unlink()
    made.rotate("timestamp")
    assert client.versions()["root"] == 2
    (folder / "root-2.pem").unlink()
    with pytest.raises(XiekaError) as caught:
        made.rotate("timestamp")
    assert caught.value.code == "E-PUB-02"


def test_one_of_two_root_signatures_is_not_enough_for_clients(tmp_path: Path) -> None:
    made = make_repository(tmp_path, policy=Policy(root_keys=3, root_threshold=2))
    client = Reader(made.content, tmp_path / "client", made.root)
    root = Metadata[Root].from_bytes(made.root)
    root.signed.version = 2
    root.sign(made.signer("root"))
    (made.metadata / "2.root.json").write_bytes(root.to_bytes())
    with pytest.raises(UnsignedMetadataError):
        client.read()
    with pytest.raises(XiekaError) as caught:
        made.announce("二")
    assert (caught.value.code, caught.value.params["name"]) == ("E-PUB-04", "2.root.json")


def test_the_number_of_root_keys_can_change(tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    client = Reader(made.content, tmp_path / "client", made.root)
    made.policy = Policy(root_keys=3, root_threshold=2)
    made.rotate("root")
    assert client.versions()["root"] == 2
    assert (len(root_of(made, 2).roles["root"].keyids), root_of(made, 2).roles["root"].threshold) == (3, 2)


def test_the_root_gets_another_year(tmp_path: Path) -> None:
    made = make_repository(tmp_path)
    client = Reader(made.content, tmp_path / "client", made.root)
    client.read()
    later = NOW + 400 * DAY
    assert renew_root(made.data, later) == later.replace(microsecond=0) + 365 * DAY
    made.publish(later)
    assert client.versions(later)["root"] == 2


def test_after_a_restored_backup_new_keys_bring_clients_back(tmp_path: Path) -> None:
    """Versions have gone back; clients refuse that, until timestamp and snapshot have other keys (TUF 1.0 §6.1)."""
    made = make_repository(tmp_path)
    client = Reader(made.content, tmp_path / "client", made.root)
    backup = {path: path.read_bytes() for path in made.content.rglob("*") if path.is_file()}
    for number in range(3):
        made.announce(f"第 {number} 版")
    client.read()
    for path in made.content.rglob("*"):
        if path.is_file():
            path.unlink()
    for path, data in backup.items():
        path.write_bytes(data)
    with pytest.raises(BadVersionNumberError):
        client.read()
    made.rotate("timestamp")
    made.rotate("snapshot")
    assert client.read()


@pytest.mark.parametrize(("number", "threshold"), [(1, 2), (3, 0), (0, 0)])
def test_a_policy_that_cannot_be_is_refused(number: int, threshold: int) -> None:
    with pytest.raises(ValueError):
        Policy(root_keys=number, root_threshold=threshold)
