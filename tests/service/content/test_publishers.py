"""Publishers sign programs; the operator takes only what is whole, signed, newer and in the publisher's own folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Snapshot, TargetFile, Targets

from tests.service.content.factory import NOW, Repository, make_repository
from tests.service.content.releases import PACKAGE, PROGRAM, release, tar_xz, write_programs, zipped
from xieka.contract.apps import Program
from xieka.core.errors import XiekaError
from xieka_service.content.keys import KeyFolder
from xieka_service.content.source.mistakes import SourceErrors, text

CATALOG = 'recommended = ["zwdt"]\nprograms = ["example/report"]\n'
RELEASE = "publishers/example"


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A folder whose source/ holds one release."""
    release(tmp_path, write_programs(tmp_path / "programs"), NOW)
    return tmp_path


def published(folder: Path) -> Repository:
    return make_repository(folder, **{"catalog.toml": CATALOG})


def current(repository: Repository) -> tuple[Snapshot, Targets]:
    version = max(int(p.name.split(".")[0]) for p in repository.metadata.glob("*.snapshot.json"))
    snapshot = Metadata[Snapshot].from_bytes((repository.metadata / f"{version}.snapshot.json").read_bytes()).signed
    number = snapshot.meta["targets.json"].version
    return snapshot, Metadata[Targets].from_bytes((repository.metadata / f"{number}.targets.json").read_bytes()).signed


def test_signed_as_described_and_served_under_its_hash(signed: Path) -> None:
    repository = published(signed)
    snapshot, targets = current(repository)
    assert targets.delegations is not None
    assert targets.delegations.roles is not None
    role = targets.delegations.roles["pub-example"]
    assert (role.paths, role.terminating, role.threshold) == (["apps/example/*"], True, 1)
    assert "apps/example/report.json" not in targets.targets, "the operator does not sign for the publisher"
    assert snapshot.meta["pub-example.json"].version == 1
    program = Program.model_validate_json(repository.target("apps/example/report.json").read_bytes())
    assert (program.id, program.publisher, program.version) == ("report", "example", "1.0.0")
    (package,) = program.packages
    assert package.target == "apps/example/report-1.0.0-any.tar.xz"
    assert package.install.kind == "archive"
    assert package.install.unpacked == len(b"#!/bin/sh\n"), "counted, not typed"
    served = repository.target(package.target)
    assert served.read_bytes() == (signed / "programs/report/paket.tar.xz").read_bytes()


def test_the_same_again_changes_nothing_and_a_new_version_is_taken(signed: Path) -> None:
    repository = published(signed)
    assert not repository.publish().changed
    again = release(signed, signed / "programs", NOW)
    assert (again.version, again.changed) == (1, False)
    old = {path.name for path in (repository.content / "targets/apps/example").iterdir()}
    write_programs(signed / "programs", "1.1.0", b"new")
    assert release(signed, signed / "programs", NOW).version == 2
    assert repository.publish().changed
    snapshot, _ = current(repository)
    assert snapshot.meta["pub-example.json"].version == 2
    names = {path.name for path in (repository.content / "targets/apps/example").iterdir()}
    assert old < names, "clients in the middle of a refresh still find the version before"
    for number in range(3, 9):
        write_programs(signed / "programs", f"1.{number}.0", b"new")
        release(signed, signed / "programs", NOW)
        repository.publish()
    assert len({path.name for path in (repository.content / "targets/apps/example").iterdir()}) == 2 * 5


def test_an_older_or_another_release_of_the_same_number_is_refused(signed: Path) -> None:
    repository = published(signed)
    first = signed / "first"
    shutil.copytree(signed / "source" / RELEASE, first)
    write_programs(signed / "programs", "1.1.0")
    release(signed, signed / "programs", NOW)
    repository.publish()
    before = sorted(repository.content.rglob("*"))
    shutil.rmtree(signed / "source" / RELEASE)
    first.rename(signed / "source" / RELEASE)
    with pytest.raises(XiekaError, match="E-PUB-09"):
        repository.publish()
    # The publisher signs on another computer, with the key and the old folder alone.
    (signed / "publisher/keys/pub-example.version.json").unlink()
    write_programs(signed / "programs", "1.2.0")
    assert release(signed, signed / "programs", NOW).version == 2
    with pytest.raises(XiekaError, match="E-PUB-09"):
        repository.publish()
    assert sorted(repository.content.rglob("*")) == before


def test_damaged_files_are_put_back(signed: Path) -> None:
    repository = published(signed)
    for path in (repository.target("apps/example/report.json"), repository.metadata / "1.pub-example.json"):
        whole = path.read_bytes()
        path.write_bytes(b"damaged")
        repository.publish()
        assert path.read_bytes() == whole


def test_a_publisher_who_leaves_stays_named_by_the_snapshot_and_its_files_go(signed: Path) -> None:
    repository = published(signed)
    kept = signed / "kept"
    shutil.copytree(signed / "source/publishers", kept)
    shutil.rmtree(signed / "source/publishers")
    repository.publish(**{"catalog.toml": 'recommended = ["zwdt"]\n'})
    files = [repository.metadata / "1.pub-example.json", *(repository.content / "targets/apps/example").iterdir()]
    assert len(files) == 3
    assert all(path.is_file() for path in files), "clients in the middle of a refresh still find it"
    assert current(repository)[1].delegations is None
    for day in range(1, 9):
        repository.announce(f"Nr. {day}", NOW + timedelta(hours=day))
    assert "pub-example.json" in current(repository)[0].meta, "else clients would take it for an attack"
    assert not any(path.exists() for path in files)
    # He comes back with the same release.
    shutil.copytree(kept, signed / "source/publishers")
    repository.publish(**{"catalog.toml": CATALOG})
    assert all(path.is_file() for path in files)


def test_rotation_keeps_the_publishers(signed: Path) -> None:
    repository = published(signed)
    repository.rotate("targets")
    assert current(repository)[1].delegations is not None


def resigned(change: Callable[[Targets], object]) -> Callable[[Path], None]:
    """The release with its metadata changed and signed by its own key: what a wicked publisher can do."""

    def apply(folder: Path) -> None:
        path = folder / RELEASE / "pub-example.json"
        metadata = Metadata[Targets].from_bytes(path.read_bytes())
        change(metadata.signed)
        metadata.sign(KeyFolder(folder.parent / "publisher/keys").all("pub-example")[0])
        path.write_bytes(metadata.to_bytes())

    return apply


def described(**fields: object) -> Callable[[Path], None]:
    """The release with a program described otherwise, properly signed."""

    def apply(folder: Path) -> None:
        path = folder / RELEASE / "files/report.json"
        data = json.dumps(json.loads(path.read_bytes()) | fields).encode()
        path.write_bytes(data)
        target = TargetFile.from_data("apps/example/report.json", data, ["sha256"])
        resigned(lambda signed: signed.targets.update({target.path: target}))(folder)

    return apply


def elsewhere(path: str) -> Callable[[Path], None]:
    target = TargetFile.from_data(path, b"x", ["sha256"])
    return resigned(lambda signed: signed.targets.update({path: target}))


def delegates(signed: Targets) -> None:
    role = DelegatedRole("friend", [], 1, False, paths=["*"])
    signed.delegations = Delegations({}, {"friend": role})


MISTAKES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "no key": (lambda s: (s / RELEASE / "key.json").unlink(), "key.json", text("file_missing")),
    "a key that is none": (lambda s: (s / RELEASE / "key.json").write_text("[]"), "key.json", text("release_key")),
    "another publisher's key": (
        lambda s: (s / RELEASE / "key.json").write_bytes(other_key(s)),
        "pub-example.json",
        text("release_signature"),
    ),
    "no metadata": (lambda s: (s / RELEASE / "pub-example.json").unlink(), "pub-example.json", text("file_missing")),
    "metadata altered": (
        lambda s: replaced(s / RELEASE / "pub-example.json", b'"version":1', b'"version":2'),
        "pub-example.json",
        text("release_signature"),
    ),
    "expired": (
        resigned(lambda signed: setattr(signed, "expires", NOW.replace(microsecond=0) - timedelta(days=1))),
        "pub-example.json",
        text("release_expired", date="2026-11-24"),
    ),
    "hands its right on": (resigned(delegates), "pub-example.json", text("release_delegates")),
    "another publisher's folder": (
        elsewhere("apps/other/report.json"),
        "pub-example.json",
        text("release_outside", path="apps/other/report.json"),
    ),
    "the operator's catalog": (
        elsewhere("catalog.json"),
        "pub-example.json",
        text("release_outside", path="catalog.json"),
    ),
    "up and out": (
        elsewhere("apps/example/../../hall.json"),
        "pub-example.json",
        text("release_outside", path="apps/example/../../hall.json"),
    ),
    "a package altered": (
        lambda s: replaced(s / RELEASE / "files/report-1.0.0-any.tar.xz", b"\xfd", b"\xfe"),
        "files/report-1.0.0-any.tar.xz",
        text("release_file"),
    ),
    "a package gone": (
        lambda s: (s / RELEASE / "files/report-1.0.0-any.tar.xz").unlink(),
        "files/report-1.0.0-any.tar.xz",
        text("file_missing"),
    ),
    "a package that is a link": (
        lambda s: linked(s / RELEASE / "files/report-1.0.0-any.tar.xz"),
        "files/report-1.0.0-any.tar.xz",
        text("file_missing"),
    ),
    "a file nobody signed": (
        lambda s: (s / RELEASE / "files/more.exe").write_bytes(b"MZ"),
        "files/more.exe",
        text("file_stray"),
    ),
    "a program that is none": (
        described(version="1.0.0.0.0"),
        "files/report.json",
        text("release_program", field="version"),
    ),
    "in another publisher's name": (
        described(publisher="sheca"),
        "files/report.json",
        text("release_publisher", publisher="sheca", id="report"),
    ),
    "under another program's name": (
        described(id="other"),
        "files/report.json",
        text("release_publisher", publisher="example", id="other"),
    ),
    "a package nobody signed": (
        described(
            packages=[
                {
                    "platform": "any",
                    "target": "apps/other/x.zip",
                    "install": {"kind": "archive", "format": "zip", "entry": "x", "unpacked": 1},
                }
            ]
        ),
        "files/report.json",
        text("release_package", path="apps/other/x.zip"),
    ),
}


def other_key(source: Path) -> bytes:
    folder = source.parent / "other"
    folder.mkdir()
    release(folder, write_programs(folder / "programs"), NOW)
    return (folder / "source" / RELEASE / "key.json").read_bytes()


def replaced(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def linked(path: Path) -> None:
    kept = path.parents[4] / "kept"
    path.rename(kept)
    path.symlink_to(kept)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_release_with_a_mistake_is_refused(signed: Path, name: str) -> None:
    repository = published(signed)
    before = {path: path.read_bytes() for path in repository.content.rglob("*") if path.is_file()}
    break_it, file, message = MISTAKES[name]
    break_it(signed / "source")
    with pytest.raises(SourceErrors) as errors:
        repository.publish()
    assert f"{RELEASE}/{file}: {message}" in {str(mistake) for mistake in errors.value}
    assert {path: path.read_bytes() for path in repository.content.rglob("*") if path.is_file()} == before


def test_the_catalog_names_only_what_is_signed(signed: Path) -> None:
    with pytest.raises(SourceErrors) as errors:
        make_repository(signed, **{"catalog.toml": 'recommended = []\nprograms = ["example/more", "x"]\n'})
    assert {str(mistake) for mistake in errors.value} == {
        f"catalog.toml:2: {text('no_program', value='example/more', allowed='example/report')}",
        f"catalog.toml:2: {text('no_program', value='x', allowed='example/report')}",
        f"catalog.toml:2: {text('shape_program', field='programs')}",
    }


def test_a_program_is_recommended_like_a_link(signed: Path) -> None:
    catalog = 'recommended = ["example/report", "zwdt"]\nprograms = ["example/report"]\n'
    repository = make_repository(signed, **{"catalog.toml": catalog})
    assert json.loads(repository.target("catalog.json").read_bytes())["recommended"] == ["example/report", "zwdt"]


RECOMMENDED: dict[str, tuple[str, str]] = {
    # what is recommended: what is said of it
    "signed but not offered": ('"example/report"', text("not_offered", value="example/report")),
    "unknown": ('"example/more"', text("not_offered", value="example/more")),
    "twice": ('"zwdt", "zwdt"', text("twice", value="zwdt", file="catalog.toml", line=1)),
    "no name at all": ('"Example/"', text("shape_recommended", field="recommended")),
    "seven": (", ".join(f'"a{n}"' for n in range(7)), text("too_long", field="recommended", max_length=6)),
}


@pytest.mark.parametrize("name", RECOMMENDED)
def test_what_cannot_be_recommended(signed: Path, name: str) -> None:
    recommended, message = RECOMMENDED[name]
    with pytest.raises(SourceErrors) as errors:
        make_repository(signed, **{"catalog.toml": f"recommended = [{recommended}]\nprograms = []\n"})
    assert f"catalog.toml:1: {message}" in {str(mistake) for mistake in errors.value}


SOURCES: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "no package": (
        {"report/paket.tar.xz": None},
        f"report/program.toml:13: {text('package_missing', value='paket.tar.xz')}",
    ),
    "no archive": (
        {"report/paket.tar.xz": b"PK"},
        f"report/program.toml:13: {text('package_broken', value='paket.tar.xz')}",
    ),
    "nothing to start": (
        {"report/paket.tar.xz": None, "report/p.zip": zipped({"a": b""}),
         "report/program.toml": PROGRAM.format(version="1.0", file="p.zip", format="zip")},
        f"report/program.toml:14: {text('package_entry', value='bin/报告')}",
    ),
    "a version of words": (
        {"report/program.toml": PROGRAM.format(version="neu", file="paket.tar.xz", format="tar.xz")},
        f"report/program.toml:4: {text('shape_version', field='version')}",
    ),
    "a name that clients refuse": (
        {"report/paket.tar.xz": tar_xz({"bin/报告": b"", "./a": b""})},
        f"report/program.toml:13: {text('package_refused', why='安装包里有不能使用的文件名', detail='empty：./a')}",
    ),
    "a link": (
        {"report/paket.tar.xz": tar_xz({"bin/报告": b""}, links={"bin/b": "a"})},
        f"report/program.toml:13: {text('package_refused', why='安装包里有链接或特殊文件', detail='link：bin/b')}",
    ),
    "two names for one file": (
        {"report/paket.tar.xz": tar_xz({"bin/报告": b"", "A": b"", "a": b""})},
        f"report/program.toml:13: {text('package_refused', why='安装包里有重名的文件', detail='a')}",
    ),
    "two packages of one name": (
        {"report/program.toml": PROGRAM.format(version="1.0", file="paket.tar.xz", format="tar.xz")
         + PACKAGE.format(file="b.tar.xz"), "report/b.tar.xz": tar_xz({"bin/报告": b"other"})},
        f"report/program.toml:20: {text('package_twice', value='any')}",
    ),
    "a stray file": ({"report/liesmich.txt": "x"}, f"report/liesmich.txt: {text('file_stray')}"),
    "a stray beside": ({"liesmich.txt": "x"}, f"liesmich.txt: {text('file_stray')}"),
    "no description": ({"report/program.toml": None}, f"report/program.toml: {text('file_missing')}"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_a_publisher_is_told_what_to_mend(tmp_path: Path, name: str) -> None:
    changes, message = SOURCES[name]
    with pytest.raises(SourceErrors) as errors:
        release(tmp_path, write_programs(tmp_path / "programs", **changes), NOW)
    assert message in {str(mistake) for mistake in errors.value}
    assert not (tmp_path / "source" / RELEASE).exists()


def test_a_publisher_cannot_take_a_name_that_leads_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(SourceErrors):
        release(tmp_path, write_programs(tmp_path / "programs"), NOW, publisher="../x")
