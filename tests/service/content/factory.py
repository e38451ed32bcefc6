"""Small real repositories, and the editor's folders they are made of."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Signed

from xieka_service.content.policy import Policy
from xieka_service.content.publish import Published, publish, resign, rotate

NOW = datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC)

FILES = {
    "hall.toml": """
[[categories]]
id = "general"
name = "综合"

[[links]]
id = "zwdt"
name = "上海一网通办"
url = "https://zwdt.sh.gov.cn/"
category = "general"
icon = "building_government"
tone = "blue"
description = "政务服务总入口。"
source = "公开资料"
""",
    "catalog.toml": """
recommended = ["zwdt"]
""",
    "outlets.toml": """
districts = ["虹口区", "浦东新区"]

[[outlets]]
id = "example"
name = "示例网点"
district = "虹口区"
address = "示例路 1 号"
phone = "(021) 0000 0000"
hours = "工作日 9:00–16:30"
open = ["1-5 09:00-16:30"]
position = [121.48, 31.25]
example = true
""",
    "contact.toml": """
[[hotlines]]
name = "客服热线"
number = "(021) 0000 0000"
icon = "people_team"
example = true

[[agents]]
id = "one"
name = "客服 01"
url = "https://example.com/chat"
state = "online"
example = true
""",
    "pictures.toml": """
[[pictures]]
image = "one.png"
alt = "第一张图片"
url = "https://example.com/1"

[[pictures]]
image = "two.png"
alt = "第二张图片"
url = "https://example.com/2"
""",
    "client.toml": """
customer_types = ["企业法人", "其他"]
validity_years = [1, 2, 3]
""",
    "announcements/2026-11-20-first.md": """+++
title = "第一条公告"
url = "https://example.com/first"
+++
正文第一段。

- 一
- 二
""",
    "faq/01-first.md": """+++
question = "第一个问题？"
keywords = ["E-PIN-02"]
+++
先看**这里**。

1. 一
2. 二
""",
}
"""The text files of the smallest useful folder."""


def png(width: int = 430, height: int = 156, color: str = "navy") -> bytes:
    """A picture in one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


def write_source(folder: Path, **changes: str | bytes | None) -> Path:
    """The folder with `FILES`; `changes` (keys are paths) replace a file or, being None, leave it out."""
    files: dict[str, str | bytes | None] = {**FILES, "pictures/one.png": png(), "pictures/two.png": png(color="teal")}
    for name, content in (files | changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass
class Repository:
    """A published repository whose keys the test holds, so that it can play the attacker.

    `data`/content is what a server serves under /content; `root` is what a client starts with.
    """

    data: Path
    source: Path
    policy: Policy = field(default_factory=Policy)
    root: bytes = b""

    @property
    def content(self) -> Path:
        """The served folder: metadata/ and targets/."""
        return self.data / "content"

    @property
    def metadata(self) -> Path:
        return self.content / "metadata"

    def publish(self, now: datetime = NOW, **changes: str | bytes | None) -> Published:
        """The next edition, with `changes` as in `write_source`."""
        for name, content in changes.items():
            path = self.source / name
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        return publish(self.source, self.data, now=now, policy=self.policy)

    def announce(self, title: str, now: datetime = NOW) -> Published:
        """The next edition: one announcement with this title."""
        text = FILES["announcements/2026-11-20-first.md"].replace("第一条公告", title)
        return self.publish(now, **{"announcements/2026-11-20-first.md": text})

    def resign(self, now: datetime) -> bool:
        return resign(self.data, now, policy=self.policy)

    def rotate(self, role: str, now: datetime = NOW) -> None:
        rotate(self.data, role, now, policy=self.policy)

    def signer(self, role: str) -> CryptoSigner:
        """The role's private key."""
        from xieka_service.content.keys import KeyFolder

        return KeyFolder(self.data / "keys" / "content").all(role)[0]

    def edit(self, name: str, change: Callable[[Signed], None], signer: CryptoSigner | None) -> bytes:
        """Change a metadata file in place and sign it with `signer` (None: its signatures stay, and fit no more)."""
        path = self.metadata / name
        metadata: Metadata[Any] = Metadata.from_bytes(path.read_bytes())
        change(metadata.signed)
        if signer:
            metadata.sign(signer)
        path.write_bytes(metadata.to_bytes())
        return path.read_bytes()

    def target(self, name: str) -> Path:
        """The served file of a target, by its name without the hash: "hall.json", "pictures/one.png"."""
        folder, _, base = name.rpartition("/")
        found = sorted((self.content / "targets" / folder).glob(f"*.{base}"), key=lambda path: path.stat().st_mtime_ns)
        return found[-1]


def make_repository(
    folder: Path, *, now: datetime = NOW, policy: Policy | None = None, **changes: str | bytes | None
) -> Repository:
    """A repository in `folder`/data, published `now` from `folder`/source; `changes` as in `write_source`."""
    repository = Repository(folder / "data", write_source(folder / "source", **changes), policy or Policy())
    repository.publish(now)
    repository.root = (repository.metadata / "1.root.json").read_bytes()
    assert isinstance(Metadata[Root].from_bytes(repository.root).signed, Root)
    return repository


LONG = Policy(
    timestamp_life=timedelta(days=3650), snapshot_life=timedelta(days=3650), targets_life=timedelta(days=3650)
)
"""Signatures that stay good whatever day the test plays on."""
