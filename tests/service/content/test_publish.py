"""Publishing: versions, expiry, what is kept, and what stops it."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.exceptions import ExpiredMetadataError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, Timestamp

from tests.service.content.factory import FILES, NOW, Repository, make_repository
from tests.service.content.reader import Reader
from xieka.core.errors import XiekaError
from xieka_service.content.checking import check
from xieka_service.content.lock import exclusive
from xieka_service.content.policy import Policy
from xieka_service.content.publish import publish, resign
from xieka_service.content.source.mistakes import SourceErrors

DAY = timedelta(days=1)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path)


def reader(repository: Repository, name: str = "reader") -> Reader:
    return Reader(repository.content, repository.data.parent / name, repository.root)


def snapshot_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_client_reads_what_the_editor_wrote(repository: Repository) -> None:
    assert reader(repository).read() == check(repository.source, NOW).targets()


def test_the_first_publish_makes_keys_for_the_owner_alone(repository: Repository) -> None:
    keys = sorted((repository.data / "keys" / "content").iterdir())
    assert [path.name for path in keys] == ["root.pem", "snapshot.pem", "targets.pem", "timestamp.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert {stat.S_IMODE((repository.data / name).stat().st_mode) for name in ("keys", "keys/content")} == {0o700}
    root = Metadata[Root].from_bytes(repository.root).signed
    assert root.consistent_snapshot
    # Each role has a key of its own.
    assert len({keyid for role in root.roles.values() for keyid in role.keyids}) == 4


def test_no_private_key_is_published_or_printed(repository: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    repository.announce("二")
    secrets = [
        line
        for path in (repository.data / "keys" / "content").iterdir()
        for line in path.read_text().splitlines()
        if not line.startswith("-----")
    ]
    assert len(secrets) == 4
    served = b"".join(snapshot_of(repository.content).values())
    printed = "".join(capfd.readouterr())
    for secret in secrets:
        assert secret.encode() not in served
        assert secret not in printed


def test_lives_are_as_agreed(repository: Repository) -> None:
    trusted = reader(repository).updater()._trusted_set
    lives = {
        role: trusted[role].expires - NOW.replace(microsecond=0)
        for role in ("root", "targets", "snapshot", "timestamp")
    }
    assert lives == {"root": 365 * DAY, "targets": 90 * DAY, "snapshot": 7 * DAY, "timestamp": DAY}


def test_metadata_carries_length_and_hash_of_what_it_names(repository: Repository) -> None:
    timestamp = Metadata[Timestamp].from_file(str(repository.metadata / "timestamp.json")).signed
    snapshot = Metadata[Snapshot].from_file(str(repository.metadata / "1.snapshot.json")).signed
    for meta, name in ((timestamp.snapshot_meta, "1.snapshot.json"), (snapshot.meta["targets.json"], "1.targets.json")):
        assert meta.length == (repository.metadata / name).stat().st_size
        assert meta.hashes


def test_the_same_content_again_changes_no_byte(repository: Repository) -> None:
    before = snapshot_of(repository.content)
    assert not repository.publish(NOW + timedelta(hours=1)).changed
    assert snapshot_of(repository.content) == before


def test_every_edition_has_a_higher_version(repository: Repository) -> None:
    client = reader(repository)
    assert client.versions() == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}
    for number in range(2, 5):
        published = repository.announce(f"第 {number} 版")
        assert (published.changed, published.version) == (True, number)
        assert client.versions() == {"root": 1, "timestamp": number, "snapshot": number, "targets": number}


def test_the_same_content_is_signed_anew_before_its_signature_ends(repository: Repository) -> None:
    late = NOW + 46 * DAY
    assert repository.publish(late).version == 2
    assert reader(repository).read(NOW + 130 * DAY - DAY * 84) == check(repository.source, NOW).targets()


def test_files_of_the_last_versions_stay_and_older_ones_go(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, policy=Policy(keep=3))
    first = repository.target("announcements.json")
    same = repository.target("hall.json")
    seen = [first]
    for number in range(2, 7):
        repository.announce(f"第 {number} 版")
        seen.append(repository.target("announcements.json"))
    assert [path.exists() for path in seen] == [False, False, False, True, True, True]
    assert same.exists()
    names = {path.name for path in repository.metadata.iterdir()}
    assert names == {"timestamp.json", "1.root.json"} | {
        f"{number}.{role}.json" for number in (4, 5, 6) for role in ("targets", "snapshot")
    }
    reader(repository).read()


def test_a_client_in_the_middle_of_a_refresh_finishes_with_what_it_began(repository: Repository) -> None:
    client = reader(repository)
    updater = client.updater()
    before = check(repository.source, NOW).targets()["announcements.json"]
    for number in range(2, 6):
        repository.announce(f"第 {number} 版")
    assert client._target(updater, "announcements.json") == before


def test_mistakes_publish_nothing(repository: Repository) -> None:
    before = snapshot_of(repository.data)
    with pytest.raises(SourceErrors):
        repository.publish(NOW, **{"hall.toml": FILES["hall.toml"].replace("https:", "http:")})
    assert snapshot_of(repository.data) == before


def test_damaged_target_files_are_put_back(repository: Repository) -> None:
    path = repository.target("hall.json")
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    repository.target("faq.json").unlink()
    assert repository.publish().changed
    assert path.read_bytes() == whole
    assert reader(repository).read()


def test_the_worker_signs_timestamp_and_snapshot_anew_and_nothing_else(repository: Repository) -> None:
    client = reader(repository)
    assert client.versions() == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}
    assert not repository.resign(NOW + timedelta(hours=11))
    now = NOW
    for _ in range(20):
        now += timedelta(hours=13)
        assert repository.resign(now)
        client.read(now)
    # 260 hours: the snapshot's half life of 84 hours has passed three times.
    assert client.versions(now) == {"root": 1, "timestamp": 21, "snapshot": 3, "targets": 1}


def test_without_the_worker_clients_notice_the_freeze(repository: Repository) -> None:
    client = reader(repository)
    client.read(NOW + timedelta(hours=23))
    with pytest.raises(ExpiredMetadataError):
        client.read(NOW + timedelta(hours=25))
    repository.resign(NOW + timedelta(hours=25))
    client.read(NOW + timedelta(hours=25))


def test_the_worker_before_the_first_publish_does_nothing(tmp_path: Path) -> None:
    assert not resign(tmp_path / "data", NOW)
    assert not (tmp_path / "data").exists()


def test_the_root_key_is_needed_only_once(repository: Repository) -> None:
    (repository.data / "keys/content/root.pem").unlink()
    repository.announce("二")
    repository.resign(NOW + DAY)
    assert reader(repository).read(NOW + DAY)


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(None, "E-PUB-02", id="missing"),
        pytest.param(b"", "E-PUB-03", id="empty"),
        pytest.param(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "E-PUB-03", id="damaged"),
        pytest.param("another", "E-PUB-03", id="of-another-repository"),
    ],
)
def test_a_key_that_does_not_serve_stops_everything(
    role: str, content: bytes | str | None, code: str, repository: Repository, tmp_path: Path
) -> None:
    key = repository.data / "keys/content" / f"{role}.pem"
    if content is None:
        key.unlink()
    else:
        other = make_repository(tmp_path / "other")
        key.write_bytes(content if isinstance(content, bytes) else other.signer(role).private_bytes)
    before = snapshot_of(repository.content)
    with pytest.raises(XiekaError) as caught:
        repository.announce("二")
    assert caught.value.code == code
    assert caught.value.body()["what"]
    assert snapshot_of(repository.content) == before
    reader(repository).read()


@pytest.mark.parametrize("name", ["1.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "altered", "other-type"])
def test_damaged_metadata_is_named_and_nothing_is_written_over_it(
    name: str, damage: str, repository: Repository
) -> None:
    path = repository.metadata / name
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "other-type":
        path.write_bytes(
            (repository.metadata / ("1.root.json" if "root" not in name else "timestamp.json")).read_bytes()
        )
    else:
        path.write_bytes(whole[:50] if damage == "cut" else whole.replace(b'"expires":"20', b'"expires":"21'))
    before = snapshot_of(repository.content)
    for call in (lambda: repository.announce("二"), lambda: repository.resign(NOW + DAY)):
        with pytest.raises(XiekaError) as caught:
            call()
        assert (caught.value.code, caught.value.params["name"]) == ("E-PUB-04", name)
    assert snapshot_of(repository.content) == before


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_metadata_with_a_good_signature_but_another_hash_is_damaged_too(role: str, repository: Repository) -> None:
    def later(signed: Signed) -> None:
        signed.expires += DAY

    repository.edit(f"1.{role}.json", later, repository.signer(role))
    with pytest.raises(XiekaError) as caught:
        repository.announce("二")
    assert (caught.value.code, caught.value.params["name"]) == ("E-PUB-04", f"1.{role}.json")


def test_keys_without_root_and_content_make_no_new_repository(repository: Repository, tmp_path: Path) -> None:
    """The root key is offline and the folder was lost: a new root would be a stranger to every client."""
    (repository.data / "keys/content/root.pem").unlink()
    repository.content.rename(tmp_path / "lost")
    with pytest.raises(XiekaError) as caught:
        repository.publish()
    assert caught.value.code == "E-PUB-02"
    assert not repository.content.exists()


def test_an_expired_root_is_told(repository: Repository) -> None:
    later = NOW + 366 * DAY
    for call in (lambda: repository.announce("二", later), lambda: repository.resign(later)):
        with pytest.raises(XiekaError) as caught:
            call()
        assert caught.value.code == "E-PUB-07"


def test_two_publishers_do_not_mix(repository: Repository) -> None:
    with exclusive(repository.data / "content.lock"):
        with pytest.raises(XiekaError) as caught, exclusive(repository.data / "content.lock", 0.1):
            raise AssertionError("both are in")
        assert caught.value.code == "E-PUB-05"


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys,time,pathlib\n"
         "from xieka_service.content.lock import exclusive\n"
         "with exclusive(pathlib.Path(sys.argv[1])):\n"
         "    print('held', flush=True)\n"
         "    time.sleep(60)\n", str(tmp_path / "lock")],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(XiekaError), exclusive(tmp_path / "lock", 0.1):
        pass
    holder.kill()
    holder.communicate()
    with exclusive(tmp_path / "lock", 0.1):
        pass


def test_many_publishers_at_once_wait_for_each_other(repository: Repository) -> None:
    def again(number: int) -> None:
        publish(repository.source, repository.data, now=NOW)
        resign(repository.data, NOW + DAY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(again, range(8)))
    assert reader(repository).versions(NOW + DAY) == {"root": 1, "timestamp": 2, "snapshot": 1, "targets": 1}
