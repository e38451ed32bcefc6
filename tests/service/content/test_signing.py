"""Signing deletes nothing that it did not write, and never counts back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Targets

from tests.service.content.factory import NOW
from tests.service.content.releases import write_programs
from xieka.core.errors import XiekaError
from xieka_service.content.publishers import output
from xieka_service.content.publishers.signing import Signed, sign_release


class Publisher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys, self.out = folder / "keys", folder / "out 交出"
        self.programs = write_programs(folder / "programs")

    def sign(self, version: str = "1.0.0", out: Path | None = None, last: int | None = None) -> Signed:
        write_programs(self.programs, version)
        return sign_release(self.programs, "example", self.keys, out or self.out, NOW, last_version=last)

    def written(self) -> int:
        return Metadata[Targets].from_bytes((self.out / "pub-example.json").read_bytes()).signed.version

    def everything(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_relative_to(self.programs)
        }


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def foreign(name: str) -> Callable[[Publisher], object]:
    def put(publisher: Publisher) -> None:
        path = publisher.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"precious")

    return put


def linked(publisher: Publisher) -> None:
    publisher.out.rename(publisher.folder / "elsewhere")
    publisher.out.symlink_to(publisher.folder / "elsewhere")


def of_another(publisher: Publisher) -> None:
    sign_release(
        write_programs(publisher.folder / "programs"), "other", publisher.folder / "k2", publisher.folder / "o2", NOW
    )
    shutil.rmtree(publisher.out)
    (publisher.folder / "o2").rename(publisher.out)


REFUSED: dict[str, tuple[bool, Callable[[Publisher], object], str]] = {
    "somebody's folder": (False, foreign("a.txt"), "E-PUB-11"),
    "a file in a folder": (False, foreign("deep/er/a.txt"), "E-PUB-11"),
    "a file beside the release": (True, foreign("a.txt"), "E-PUB-11"),
    "a file among the packages": (True, foreign("files/a.zip"), "E-PUB-11"),
    "an empty folder among them": (True, lambda p: (p.out / "more").mkdir(), "E-PUB-11"),
    "a file of that name": (False, lambda p: p.out.write_bytes(b"precious"), "E-PUB-11"),
    "a link to a release": (True, linked, "E-PUB-11"),
    "another publisher's release": (True, of_another, "E-PUB-11"),
    "a damaged release": (True, lambda p: (p.out / "pub-example.json").write_bytes(b"{"), "E-PUB-04"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_the_folder_stays(publisher: Publisher, name: str) -> None:
    signed, put, code = REFUSED[name]
    if signed:
        publisher.sign()
    put(publisher)
    before = publisher.everything()
    with pytest.raises(XiekaError) as error:
        publisher.sign("1.1.0")
    error.value.body()
    assert error.value.code == code
    assert publisher.everything() == before


@pytest.mark.parametrize("out", ["keys", "keys/out", "."])
def test_keys_and_release_do_not_mix(publisher: Publisher, out: str) -> None:
    publisher.sign()
    before = publisher.everything()
    with pytest.raises(XiekaError, match="E-PUB-11"):
        publisher.sign("1.1.0", publisher.folder / out)
    assert publisher.everything() == before
    fresh = Publisher(publisher.folder / "二")
    with pytest.raises(XiekaError, match="E-PUB-11"):
        fresh.sign(out=fresh.keys)
    assert fresh.everything() == {}


def test_a_file_that_comes_while_it_packs_stays(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.sign()
    real = output.copy_whole

    def slow(source: Path, path: Path) -> None:
        real(source, path)
        foreign("late.txt")(publisher)

    monkeypatch.setattr(output, "copy_whole", slow)
    with pytest.raises(XiekaError, match="E-PUB-11"):
        publisher.sign("1.1.0")
    assert (publisher.out / "late.txt").read_bytes() == b"precious"
    assert publisher.written() == 1
    assert not list(publisher.folder.glob(".*")), "nothing half done beside it"


def test_the_version_goes_on_wherever_the_folder_is(publisher: Publisher) -> None:
    assert [publisher.sign(f"1.{n}.0").version for n in range(3)] == [1, 2, 3]
    assert publisher.sign("1.3.0", publisher.folder / "new").version == 4
    shutil.rmtree(publisher.out)
    assert publisher.sign("1.4.0").version == 5
    # An older folder comes back.
    shutil.rmtree(publisher.out)
    (publisher.folder / "new").rename(publisher.out)
    assert publisher.written() == 4
    assert publisher.sign("1.5.0").version == 6
    assert not publisher.sign("1.5.0").changed
    publisher.out.rename(publisher.folder / "away")
    publisher.out.mkdir()
    assert publisher.sign("1.5.0").version == 7, "into an empty folder"


def test_a_version_that_nobody_knows_is_asked_for(publisher: Publisher) -> None:
    publisher.sign()
    note = publisher.keys / "pub-example.version.json"
    assert json.loads(note.read_bytes()) == {"version": 1}
    shutil.rmtree(publisher.out)
    for lost in (note.unlink, lambda: note.write_bytes(b"{"), lambda: note.write_bytes(b'{"version": "7"}')):
        lost()
        with pytest.raises(XiekaError, match="E-PUB-10"):
            publisher.sign("1.1.0")
        assert not publisher.out.exists()
    assert publisher.sign("1.1.0", last=7).version == 8
    assert publisher.sign("1.2.0", last=2).version == 9, "never below what is in the folder"
    assert publisher.sign("1.3.0").version == 10


def test_a_release_of_the_tool_before_is_gone_on_with(publisher: Publisher) -> None:
    publisher.sign()
    publisher.sign("1.1.0")
    (publisher.keys / "pub-example.version.json").unlink()
    assert publisher.sign("1.2.0").version == 3


def test_a_lost_key_begins_no_new_count(publisher: Publisher) -> None:
    publisher.sign()
    (publisher.keys / "pub-example.pem").unlink()
    assert publisher.sign("1.1.0").version == 2


def test_killed_before_the_release_is_there_costs_a_number_only(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.sign()
    with monkeypatch.context() as patch:
        patch.setattr(output, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publisher.sign("1.1.0")
    assert publisher.written() == 1
    assert publisher.sign("1.1.0").version == 3


def test_a_folder_that_cannot_be_written_leaves_the_release(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.sign()
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name.endswith(".new"):
            raise OSError(28, os.strerror(28), str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(XiekaError, match="E-PUB-06"):
        publisher.sign("1.1.0")
    assert publisher.written() == 1
    assert not list(publisher.folder.glob(".*"))


def test_signed_anew_when_half_its_life_is_over(publisher: Publisher) -> None:
    publisher.sign()
    later = NOW + timedelta(days=200)
    assert sign_release(publisher.programs, "example", publisher.keys, publisher.out, later).version == 2
