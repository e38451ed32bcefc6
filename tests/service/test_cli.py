"""The command line as operators use it."""

from __future__ import annotations

import json
import socket
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from tests.service.auth import pki
from tests.service.content.factory import write_source
from tests.service.content.releases import write_programs
from tests.service.server import run, run_alone, running
from xieka_service.content.publish import SEED
from xieka_service.db import migrate
from xieka_service.db.engine import Database


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_migrate_says_whether_there_was_something_to_do(empty_url: str, tmp_path: Path) -> None:
    for migrated in (True, False):
        done = run("admin", "migrate", "--data", tmp_path, "--database", empty_url)
        assert done.returncode == 0, done.stderr
        assert lines(done.stdout) == [{"migrated": migrated, "version": migrate.newest()}]


def test_serve_brings_an_empty_folder_up_and_says_where(tmp_path: Path) -> None:
    began = time.monotonic()
    with running(tmp_path / "新 数据", "") as server:
        ready = time.monotonic() - began
        assert server.url.startswith("http://127.0.0.1:")
        assert server.get("/v1/health/live").json() == {"status": "ok"}
        assert server.challenge().json()["audience"] == server.url
        detail = server.get("/v1/health/ready").json()["detail"]
    assert detail == "trust anchors"
    assert stat.S_IMODE((tmp_path / "新 数据/keys/limits.key").stat().st_mode) == 0o600
    # 1.5 s on a quiet machine (build/bench measures it); tests share theirs.
    assert ready < 8


def test_the_public_address_is_the_audience(tmp_path: Path) -> None:
    with running(tmp_path, "", "--public-url", "https://xieka.example/") as server:
        assert server.challenge().json()["audience"] == "https://xieka.example"


def test_trust_is_added_and_listed(tmp_path: Path) -> None:
    root = pki.self_signed(pki.authority("示例根 CA", 1))
    issuing = root.issue(pki.authority("示例 CA", 2))
    for made, options, encoding in ((root, [], Encoding.PEM), (issuing, ["--intermediate"], Encoding.DER)):
        file = tmp_path / "一张.cer"
        file.write_bytes(made.certificate.public_bytes(encoding))
        added = run_alone("admin", "trust", "add", file, *options, "--data", tmp_path / "data")
        assert added.returncode == 0, added.stderr
        assert Path(lines(added.stdout)[0]["added"]).read_bytes() == made.der
    listed = lines(run("admin", "trust", "list", "--data", tmp_path / "data").stdout)
    assert [(one["kind"], one["subject"], one["sha256"]) for one in listed] == [
        ("anchor", "示例根 CA", root.certificate.fingerprint(pki.hashes.SHA256()).hex()),
        ("intermediate", "示例 CA", issuing.certificate.fingerprint(pki.hashes.SHA256()).hex()),
    ]


def test_what_is_no_certificate_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text("readme")
    refused = run("admin", "trust", "add", tmp_path / "一.txt", "--data", tmp_path / "data")
    assert refused.returncode == 1
    assert "E-CRT-06" in refused.stderr
    assert not (tmp_path / "data/trust").exists()


def test_keys_of_the_content_are_rotated_and_its_root_renewed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    early = run("admin", "content", "rotate", "targets", "--data", data)
    assert early.returncode == 1
    assert "E-PUB-" in early.stderr
    assert run("publish", SEED, "--data", data).returncode == 0
    for role in ("targets", "root"):
        done = run("admin", "content", "rotate", role, "--data", data)
        assert lines(done.stdout) == [{"rotated": role}], done.stderr
    renewed = run("admin", "content", "renew-root", "--data", data)
    ends = datetime.fromisoformat(lines(renewed.stdout)[0]["root_expires"])
    roots = sorted(path.name for path in (data / "content" / "metadata").glob("*.root.json"))
    assert roots == ["1.root.json", "2.root.json", "3.root.json", "4.root.json"]
    assert ends > datetime.now(UTC) + timedelta(days=300)
    away = tmp_path / "offline"
    (data / "keys" / "content").rename(away)
    missing = run("admin", "content", "renew-root", "--data", data)
    assert missing.returncode == 1
    assert "E-PUB-02" in missing.stderr
    assert run("admin", "content", "renew-root", "--data", data, "--keys", away).returncode == 0


def test_a_publisher_signs_and_the_operator_publishes(tmp_path: Path) -> None:
    programs, keys, out = write_programs(tmp_path / "programs"), tmp_path / "keys", tmp_path / "source/publishers/one"
    out.parent.mkdir(parents=True)
    command = ("publisher", "sign", programs, "--name", "one", "--keys", keys, "--out", out)
    for signed in (True, False):
        (line,) = lines(run(*command).stdout)
        assert (line["signed"], line["version"], line["programs"]) == (signed, 1, 1)
    assert stat.S_IMODE((keys / "pub-one.pem").stat().st_mode) == 0o600
    write_source(tmp_path / "source", **{"catalog.toml": 'recommended = []\nprograms = ["one/report"]\n'})
    assert run("publish", tmp_path / "source", "--data", tmp_path / "data").returncode == 0
    (programs / "report/program.toml").unlink()
    refused = run(*command)
    assert refused.returncode == 1
    assert "report/program.toml: 缺少这个文件" in refused.stderr


def test_sessions_can_be_ended(tmp_path: Path) -> None:
    done = run("admin", "sessions", "revoke", "--all", "--data", tmp_path)
    assert (done.returncode, lines(done.stdout)) == (0, [{"ended": 0}])
    assert run("admin", "sessions", "revoke", "--data", tmp_path).returncode == 2


def test_a_worker_says_when_it_is_ready_and_ends_when_told(database_url: str, tmp_path: Path) -> None:
    with running(tmp_path / "data", database_url, command="worker") as worker:
        time.sleep(0.5)
        assert worker.end() == 0
        assert not [line for line in worker.lines() if line["level"] == "error"]


def test_one_process_can_do_both(sqlite_url: str, tmp_path: Path) -> None:
    with running(tmp_path / "data", sqlite_url, "--with-worker") as server:
        database = Database(sqlite_url)
        for _ in range(100):
            with database.read() as connection:
                names = set(connection.execute(text("SELECT name FROM jobs WHERE owner = ''")).scalars())
            if "purge sessions" in names:
                break
            time.sleep(0.05)
        assert "purge challenges" in names
        assert server.end() == 0
        database.close()


@pytest.mark.parametrize(
    ("database", "code"),
    [
        pytest.param("mysql://nowhere/x", "E-SRV-01", id="other-database"),
        pytest.param("not a url", "E-SRV-01", id="no-address"),
        pytest.param("postgresql://nobody@127.0.0.1:1/x?connect_timeout=1", "E-SRV-01", id="not-running"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_in_words(tmp_path: Path, database: str, code: str) -> None:
    refused = run("serve", "--port", "0", "--data", tmp_path, "--database", database)
    assert refused.returncode == 1
    assert code in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_newer_database_is_told_in_words(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    refused = run("serve", "--port", "0", "--data", tmp_path / "data", "--database", sqlite_url)
    assert (refused.returncode, "E-SRV-02" in refused.stderr, "9999" in refused.stderr) == (1, True, True)


def test_a_port_in_use_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run_alone("serve", "--data", tmp_path, "--port", str(taken.getsockname()[1]))
    assert (refused.returncode, "E-SRV-03" in refused.stderr) == (1, True)


def test_a_data_folder_that_is_a_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = run("serve", "--port", "0", "--data", tmp_path / "file/data")
    assert (refused.returncode, "E-SRV-04" in refused.stderr) == (1, True)
