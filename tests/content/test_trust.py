from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Signed

from tests.content.client import Client, target_path, title
from tests.content.service_double import changed_json, real_now, serving, sign_targets
from tests.namespace import namespace
from tests.service.content.factory import make_repository
from xieka.content import trust as trust_module
from xieka.content.trust import Trust
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.core.lock import FileLock


def test_cold_warm_and_new(client: Client) -> None:
    version = client.refresh()
    assert title(version) == "第一条公告"
    assert set(version.pictures) == {"pictures/one.png", "pictures/two.png"}
    cold = client.online.paths()
    assert len(cold) == 5 - 1 + 10, cold  # no newer root; timestamp, snapshot, targets; eight files, two pictures
    before = client.refresh().stored.folder
    assert client.online.paths() == ["metadata/2.root.json", "metadata/timestamp.json"]
    client.online.repository.announce("第二条公告", real_now())
    version = client.refresh()
    assert title(version) == "第二条公告"
    fetched = [path for path in client.online.paths() if path.startswith("targets/")]
    assert len(fetched) == 1, "what is there already is not fetched again"
    assert [path.name for path in (client.folder / "sets").iterdir()] == [version.stored.folder.name]
    assert not before.exists()


def test_offline_start_reads_what_was_kept_and_asks_nobody(client: Client) -> None:
    version = client.refresh()
    client.online.paths()
    kept = Trust(client.online.repository.root, client.folder).kept()
    assert kept is not None
    assert (kept.content, kept.pictures) == (version.content, version.pictures)
    assert (kept.confirmed_at, kept.stored.expires) == (version.confirmed_at, version.stored.expires)
    assert client.online.paths() == []


def test_nothing_kept(client: Client, tmp_path: Path) -> None:
    assert client.trust.kept() is None


def test_a_freeze_is_seen_when_what_is_known_runs_out(client: Client) -> None:
    """Nothing new is ever served: the same timestamp, until it has expired."""
    repository = client.online.repository
    shutil.rmtree(repository.data)
    repository.publish(real_now() - timedelta(days=2))  # timestamps live a day
    trust = Trust((repository.metadata / "1.root.json").read_bytes(), client.folder)
    with pytest.raises(XiekaError, match="E-CNT-02"):
        trust.refresh(client.online.url, client.online.http, real_now())
    assert trust.kept() is None


def test_keys_are_replaced_without_help(client: Client) -> None:
    client.refresh()
    for role in ("timestamp", "root", "targets"):
        client.online.repository.rotate(role, real_now())
    client.online.repository.announce("mit neuen Schlüsseln", real_now())
    version = client.refresh()
    assert title(version) == "mit neuen Schlüsseln"
    assert title(client.trust.kept()) == "mit neuen Schlüsseln"
    (version.stored.folder / "3.root.json").unlink()
    assert client.trust.kept() is None, "the chain of roots has a hole"


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "targets.json", "targets/hall.json"])
@pytest.mark.parametrize("how", ["gone", "altered", "empty"])
def test_what_was_kept_is_verified_at_every_start(client: Client, name: str, how: str) -> None:
    path = client.refresh().stored.folder / name
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if how == "empty" else data.replace(b":", b"; ", 1))
    assert client.trust.kept() is None
    assert title(client.refresh()) == "第一条公告", "and mended by the next refresh"
    assert client.trust.kept() is not None


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_what_was_kept_must_be_the_very_file_that_was_named(client: Client, role: str) -> None:
    """Another file of the same version, signed by the right key: only the hash tells."""
    path = client.refresh().stored.folder / f"{role}.json"
    metadata = Metadata[Signed].from_bytes(path.read_bytes())
    metadata.signed.expires += timedelta(days=1)
    metadata.sign(client.online.repository.signer(role))
    path.write_bytes(metadata.to_bytes())
    assert client.trust.kept() is None


def test_a_new_root_must_be_signed_by_its_own_key_too(client: Client) -> None:
    folder = client.refresh().stored.folder
    old = client.online.repository.signer("root")
    root = Metadata[Root].from_bytes(client.online.repository.root)
    root.signed.version = 2
    root.signed.revoke_key(old.public_key.keyid, "root")
    root.signed.add_key(CryptoSigner.generate_ed25519().public_key, "root")
    root.sign(old)
    (folder / "2.root.json").write_bytes(root.to_bytes())
    assert client.trust.kept() is None


def test_only_the_shipped_root_is_believed(client: Client, tmp_path: Path) -> None:
    """Whoever can write into the folder, and serves, still cannot become the publisher."""
    stranger = make_repository(tmp_path / "stranger", now=real_now())
    with serving(stranger) as online:
        Trust(stranger.root, client.folder).refresh(online.url, online.http, real_now())
        client.online.answers.root = stranger.content
        assert client.fails() == "E-CNT-04"
    assert client.trust.kept() is None


def test_an_old_set_is_no_disguise_for_another(client: Client) -> None:
    """Files of two versions, each properly signed, do not make one."""
    first = client.refresh().stored.folder
    shutil.copytree(first, client.folder / "first")
    client.online.repository.announce("neu", real_now())
    second = client.refresh().stored.folder
    shutil.copy(client.folder / "first" / "targets.json", second / "targets.json")
    assert client.trust.kept() is None


@pytest.mark.parametrize(
    "current",
    [
        b"",
        b"[]",
        b'{"set": "../../x", "confirmed_at": "2026-11-25T00:00:00+00:00"}',
        b'{"set": "0123456789abcdef", "confirmed_at": "2026-11-25T00:00:00+00:00"}',
        b'{"set": 7, "confirmed_at": 7}',
        b"\xff",
    ],
)
def test_a_broken_pointer_is_no_version(client: Client, current: bytes) -> None:
    client.refresh()
    (client.folder / "current.json").write_bytes(current)
    assert client.trust.kept() is None


def test_another_root_does_not_accept_what_was_kept(client: Client, tmp_path: Path) -> None:
    client.refresh()
    stranger = make_repository(tmp_path / "stranger", now=real_now())
    assert Trust(stranger.root, client.folder).kept() is None


def test_a_write_that_fails_anywhere_leaves_the_last_version(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    good = client.refresh()
    number = 0
    while True:
        number += 1
        client.online.repository.announce(f"Nummer {number}", real_now())
        left = [number]

        def failing(data: bytes, path: Path, mode: int = 0o666, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "full")
            write_whole(data, path, mode)

        monkeypatch.setattr(trust_module, "write_whole", failing)
        failed = None
        try:
            version = client.refresh()
        except XiekaError as error:
            failed = error.code
        if failed is None:
            break
        assert failed == "E-CNT-06"
        kept = client.trust.kept()
        assert kept is not None
        assert kept.content == good.content
    assert number > 10
    assert title(version) == f"Nummer {number}"


def test_a_folder_that_cannot_be_written(client: Client) -> None:
    client.folder.write_text("a file where the folder should be", encoding="utf-8")
    assert client.fails() == "E-CNT-07"


def test_a_really_full_disk(client: Client, tmp_path: Path) -> None:
    """A file system of 64 kB, in a namespace of its own; the service is outside and reached through a socket."""
    enter = namespace("mount")
    folder = tmp_path / "small"
    folder.mkdir()
    root = client.online.repository.metadata / "1.root.json"
    script = f"""
        import subprocess
        from datetime import UTC, datetime
        from pathlib import Path
        from xieka.content.trust import Trust
        from xieka.core.errors import XiekaError
        from xieka.core.http import Http
        from xieka.core.proxy import ProxySettings
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", {str(folder)!r}], check=True)
        trust = Trust(Path({str(root)!r}).read_bytes(), Path({str(folder)!r}))
        http = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
        try:
            trust.refresh({client.online.url!r}, http, datetime.now(UTC))
        except XiekaError as error:
            print(error.code, trust.kept())
    """
    sign_targets(
        client.online.repository, {"faq.json": changed_json(client.online.repository, "faq.json", filler="x" * 70_000)}
    )
    done = subprocess.run(
        [*enter, sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=30
    )
    assert done.stdout.split() == ["E-CNT-06", "None"], done.stderr


def test_two_programs_do_not_refresh_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_module, "LOCK_SECONDS", 0.3)
    client.refresh()
    other = FileLock(client.folder / "lock")
    assert other.acquire()
    assert client.fails() == "E-CNT-09"
    cancel = threading.Event()
    cancel.set()
    assert client.fails(cancel=cancel) == "E-NET-13"
    other.release()
    client.refresh()


def test_cancel_and_progress(client: Client) -> None:
    seen: list[tuple[int, int | None]] = []
    client.refresh(on_progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[0][1] is None
    assert seen[-1][1] is not None
    client.online.repository.announce("neu", real_now())
    path = target_path(client.online, "announcements.json")
    client.online.answers[path] = lambda _: time.sleep(20)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    begun = time.monotonic()
    assert client.fails(cancel=cancel) == "E-NET-13"
    assert time.monotonic() - begun < 1.5
    del client.online.answers[path]
    assert title(client.refresh()) == "neu"
