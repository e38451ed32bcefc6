"""证书文件盘点: looks for files of certificates and private keys and writes one page of HTML about them.

A program of its own: Python's standard library and the libraries in `lib/` beside it. No file is changed.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "lib")]

if TYPE_CHECKING:
    from xieka_demo.programs.inventory import files
    from xieka_demo.programs.inventory.files import Certificate, Found, Key
else:
    import files

PLACES = ("DOCUMENTS", "DESKTOP", "DOWNLOAD")
"""By xdg-user-dir's names; the report goes to the first that is there."""
DEPTH = 6
MOST = 20_000
"""Files that are looked at."""
STYLE = """
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 40px auto; max-width: 960px;
  color: #1b1f27 }
h1 { font-size: 24px; margin: 0 }
h2 { font-size: 17px; margin: 32px 0 8px }
p { margin: 4px 0; color: #545d6b }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-bottom: 1px solid #dfe4ec }
th { font-weight: 600; background: #f3f6fa; white-space: nowrap }
td.day { white-space: nowrap }
td div { overflow-wrap: anywhere }
.ok { color: #0f7b3c }
.warn { color: #8a5300 }
.bad { color: #b3261e }
@media print { body { margin: 0 } }
"""
CHECKED = {
    "right": ("ok", "签发者的签名正确"),
    "wrong": ("bad", "签发者的签名不对，文件可能被改过"),
    "own": ("ok", "根证书，自己的签名正确"),
    "issuer": ("", "这些文件中没有签发者的证书，没有核对"),
    "kind": ("", "国密或少见的算法，没有核对"),
}
PROTECTED = {
    True: ("ok", "有口令保护"),
    False: ("bad", "没有口令保护，谁拿到都能用"),
    None: ("warn", "读不懂，不能确定"),
}


def candidates(places: Iterable[Path]) -> Iterator[Path]:
    """Files by their names, each once; hidden folders and links are left alone."""
    left, seen = MOST, set()
    for place in places:
        for folder, inner, names in os.walk(place):
            here = Path(folder)
            deep = len(here.relative_to(place).parts) >= DEPTH
            inner[:] = [] if deep else sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                path = here / name
                if path.suffix.lower() not in files.SUFFIXES or path in seen or path.is_symlink():
                    continue
                if (left := left - 1) < 0:
                    return
                seen.add(path)
                yield path


def page(found: list[Found], places: list[Path], now: datetime) -> str:
    """The report as HTML."""
    certificates = files.checked([one for each in found for one in each.certificates])
    keys = [key for each in found for key in each.keys]
    unread = [each.path for each in found if not each.certificates and not each.keys]
    open_keys = sum(key.protected is False for key in keys)
    lead = f"找到 {len(certificates)} 张证书、{len(keys)} 个私钥" + (
        f"，其中 {open_keys} 个私钥没有口令保护。" if open_keys else "。"
    )
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>证书文件盘点</title><style>{STYLE}</style></head><body>
<h1>证书文件盘点</h1><p>{now:%Y-%m-%d %H:%M} · {lead}</p>
<p>找过的文件夹：{"、".join(text(place) for place in places) or "没有"}</p>
{_keys(keys)}{_certificates(certificates, now)}{_unread(unread)}
<p>没有检查证书是否被吊销；文件都没有改动。</p></body></html>
"""


def _keys(keys: list[Key]) -> str:
    if not keys:
        return ""
    urgent = sorted(keys, key=lambda key: (key.protected is True, key.protected is None, str(key.path)))
    lines = "".join(
        f'<tr><td><div>{text(key.path)}</div></td><td class="{PROTECTED[key.protected][0]}">'
        f"{PROTECTED[key.protected][1]}</td></tr>"
        for key in urgent
    )
    hint = "<p>没有口令保护的私钥，请移到安全的地方或删除；不确定它的用途时，先问给您文件的人。</p>"
    return f"<h2>私钥文件</h2>{hint}<table><tr><th>文件</th><th>保护</th></tr>{lines}</table>"


def _certificates(found: list[Certificate], now: datetime) -> str:
    if not found:
        return "<h2>证书</h2><p>没有找到证书文件。</p>"
    lines = []
    for one in sorted(found, key=lambda one: one.not_after):
        days = (one.not_after - now).days
        tone = "bad" if days < 0 else "warn" if days <= 90 else "ok"
        left = f"已过期 {-days} 天" if days < 0 else f"还有 {days} 天"
        verdict, words = CHECKED[one.signature]
        copies = "".join(f"<div>{text(path)}</div>" for path in one.paths)
        lines.append(
            f"<tr><td>{text(one.holder)}<br>签发者：{text(one.issuer)}</td>"
            f'<td class="day">{one.not_after.astimezone():%Y-%m-%d}<br><span class="{tone}">{left}</span></td>'
            f'<td class="{verdict}">{words}</td><td>{copies}</td></tr>'
        )
    head = "<tr><th>证书</th><th>到期日</th><th>签名</th><th>文件</th></tr>"
    return f"<h2>证书</h2><table>{head}{''.join(lines)}</table>"


def _unread(paths: list[Path]) -> str:
    if not paths:
        return ""
    items = "".join(f"<p>{text(path)}</p>" for path in paths)
    return f"<h2>名字像证书、内容读不懂的文件</h2>{items}"


def text(value: object) -> str:
    """A name or a value of a certificate as text and never as HTML."""
    return html.escape(str(value).encode("utf-8", "replace").decode())


def places() -> list[Path]:
    """Where people keep files, as far as there are such folders; none of them is the whole home."""
    found: list[Path] = []
    for name in PLACES:
        asked = subprocess.run(["xdg-user-dir", name], capture_output=True, text=True, check=False)
        folder = Path(asked.stdout.strip() or Path.home())
        if folder.is_dir() and folder != Path.home() and folder not in found:
            found.append(folder)
    return found


def main() -> int:
    """Write the report and show it."""
    try:
        searched = places()
    except FileNotFoundError:
        searched = []
    found = [one for one in map(files.read, candidates(searched)) if one is not None]
    now = datetime.now(UTC).astimezone()
    path = (searched[0] if searched else Path.home()) / f"证书文件盘点 {now:%Y-%m-%d %H%M%S}.html"
    path.write_text(page(found, searched, now), encoding="utf-8")
    sys.stdout.write(f"{path}\n")
    subprocess.run(["xdg-open", str(path)], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
