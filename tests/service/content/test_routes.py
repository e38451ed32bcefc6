"""The repository over HTTP, through the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.client import TestClient
from tests.service.content.factory import NOW, Repository, make_repository
from xieka.core.clock import SystemClock
from xieka_service.app import build
from xieka_service.config import Config
from xieka_service.content.jobs import jobs
from xieka_service.context import Context

HASH = "0" * 64


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path)


@pytest.fixture
def parts(repository: Repository) -> Iterator[Context]:
    opened = Context.open(Config(repository.data), SystemClock())
    yield opened
    opened.database.close()


@pytest.fixture
def client(parts: Context) -> Iterator[TestClient]:
    with TestClient(build(parts.config, parts), base_url="https://service.example") as opened:
        yield opened


@pytest.mark.parametrize("name", ["timestamp.json", "1.root.json", "1.snapshot.json", "1.targets.json"])
def test_metadata_is_asked_for_anew_each_time(name: str, client: TestClient, repository: Repository) -> None:
    reply = client.get(f"/content/metadata/{name}")
    assert reply.status_code == 200
    assert reply.content == (repository.metadata / name).read_bytes()
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("hall.json", "application/json", id="json"),
        pytest.param("outlets.geojson", "application/geo+json", id="geojson"),
        pytest.param("pictures/one.png", "image/png", id="png"),
    ],
)
def test_a_target_may_be_kept_for_ever(name: str, kind: str, client: TestClient, repository: Repository) -> None:
    path = repository.target(name)
    reply = client.get(f"/content/{path.relative_to(repository.content)}")
    assert reply.status_code == 200
    assert reply.content == path.read_bytes()
    assert reply.headers["Content-Type"] == kind
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.headers["ETag"] == f'"{path.name[:64]}"'


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
@pytest.mark.parametrize("which", ["metadata", "target"])
def test_who_has_it_gets_no_body(form: str, which: str, client: TestClient, repository: Repository) -> None:
    path = (
        "metadata/timestamp.json"
        if which == "metadata"
        else repository.target("hall.json").relative_to(repository.content)
    )
    first = client.get(f"/content/{path}")
    again = client.get(f"/content/{path}", headers={"If-None-Match": form.format(first.headers["ETag"])})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_who_has_an_older_one_gets_the_new_one(client: TestClient, repository: Repository) -> None:
    tag = client.get("/content/metadata/timestamp.json").headers["ETag"]
    repository.announce("二")
    reply = client.get("/content/metadata/timestamp.json", headers={"If-None-Match": tag})
    assert reply.status_code == 200
    assert reply.headers["ETag"] != tag
    assert reply.content == (repository.metadata / "timestamp.json").read_bytes()


def test_head_is_get_without_the_body(client: TestClient, repository: Repository) -> None:
    for path in ("metadata/timestamp.json", repository.target("pictures/one.png").relative_to(repository.content)):
        head, get = client.head(f"/content/{path}"), client.get(f"/content/{path}")
        assert head.content == b""
        for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
            assert head.headers[name] == get.headers[name]


NOT_THERE = [
    "/content",
    "/content/",
    "/content/metadata",
    "/content/metadata/",
    "/content/targets/",
    "/content/targets/pictures",
    "/content/metadata/2.root.json",
    "/content/metadata/0.root.json",
    "/content/metadata/01.root.json",
    "/content/metadata/root.json",
    "/content/metadata/timestamp.json/",
    "/content/metadata/TIMESTAMP.JSON",
    "/content/metadata/timestamp.json%00",
    "/content/metadata/timestamp.json%0a",
    "/content/metadata/..%2f..%2fkeys%2fcontent%2froot.pem",
    "/content/metadata/..%5c..%5ckeys%5ccontent%5croot.pem",
    "/content/metadata/%2e%2e/%2e%2e/keys/content/root.pem",
    "/content/targets/../../keys/content/root.pem",
    "/content/targets/pictures/..%2f..%2f..%2fkeys%2fcontent%2froot.pem",
    f"/content/targets/{HASH}.hall.json",
    f"/content/targets/{HASH}...json",
    f"/content/targets/pictures/{HASH}.one.png",
    "/content/targets/hall.json",
    "/content/targets/.lock",
    "/content.lock",
    "/keys/content/root.pem",
    "/content/metadata/" + "1" * 5000 + ".root.json",
]


@pytest.mark.parametrize("path", NOT_THERE, ids=range(len(NOT_THERE)))
def test_nothing_else_is_there(path: str, client: TestClient) -> None:
    reply = client.get(path, follow_redirects=False)
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "PRIVATE KEY" not in reply.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(method: str, client: TestClient, repository: Repository) -> None:
    before = (repository.metadata / "timestamp.json").read_bytes()
    assert client.request(method, "/content/metadata/timestamp.json", content=b"{}").status_code == 405
    assert (repository.metadata / "timestamp.json").read_bytes() == before


def test_before_the_first_publish_nothing_is_there(tmp_path: Path) -> None:
    parts = Context.open(Config(tmp_path / "empty"), SystemClock())
    with TestClient(build(parts.config, parts)) as client:
        assert client.get("/content/metadata/timestamp.json").status_code == 404
    parts.database.close()


def test_the_document_names_the_four_kinds_of_files(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {path for path in paths if path.startswith("/content")} == {
        "/content/metadata/{name}",
        "/content/targets/{name}",
        "/content/targets/pictures/{name}",
        "/content/targets/apps/{publisher}/{name}",
    }
    assert all(list(paths[path]) == ["get"] for path in paths if path.startswith("/content"))


def test_the_workers_job_signs_anew(repository: Repository, parts: Context) -> None:
    (job,) = jobs(parts)
    assert job.every <= timedelta(hours=1)
    before = (repository.metadata / "timestamp.json").read_bytes()
    job.run(NOW)
    assert (repository.metadata / "timestamp.json").read_bytes() == before
    job.run(NOW + timedelta(hours=13))
    assert (repository.metadata / "timestamp.json").read_bytes() != before
