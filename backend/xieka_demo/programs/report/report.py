"""证书巡检报告: asks 协卡助手's command for every Ukey and writes one page of HTML with a calendar of expiries.

A program of its own: nothing but Python's standard library and the command named by XIEKA_CLI.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MONTHS = 12
ROLES = {"signing": "签名证书", "encryption": "加密证书"}
STYLE = """
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 40px auto; max-width: 860px;
  color: #1b1f27 }
h1 { font-size: 24px; margin: 0 }
h2 { font-size: 17px; margin: 32px 0 8px }
p { margin: 4px 0; color: #545d6b }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid #dfe4ec }
th { font-weight: 600; background: #f3f6fa }
.num { text-align: right; font-variant-numeric: tabular-nums }
.ok { color: #0f7b3c }
.warn { color: #8a5300 }
.bad { color: #b3261e }
.months { display: grid; gap: 8px; grid-template-columns: repeat(4, 1fr) }
.month { border: 1px solid #dfe4ec; border-radius: 8px; padding: 8px 12px; min-height: 56px }
.month b { display: block }
.month.due { background: #fff6e5; border-color: #e8c27a }
.month span { display: block; font-size: 13px }
@media print { body { margin: 0 } }
"""


@dataclass(frozen=True)
class Row:
    """One certificate."""

    holder: str
    role: str
    serial: str
    not_after: datetime
    days: int

    @property
    def tone(self) -> str:
        """How urgent it is."""
        return "bad" if self.days < 0 else "warn" if self.days <= 90 else "ok"

    @property
    def verdict(self) -> str:
        """The days in words."""
        return f"已过期 {-self.days} 天" if self.days < 0 else f"还有 {self.days} 天"


def rows(tokens: list[dict[str, Any]]) -> list[Row]:
    """Every certificate that can be read, the next to expire first."""
    found = [
        Row(
            token["holder"],
            ROLES.get(one["role"], "其他证书"),
            one["serial"],
            datetime.fromisoformat(one["not_after"].replace("Z", "+00:00")).astimezone(),
            one["days_left"],
        )
        for token in tokens
        for one in token["certificates"]
        if "not_after" in one
    ]
    return sorted(found, key=lambda row: row.not_after)


def page(tokens: list[dict[str, Any]], problems: list[dict[str, Any]], now: datetime) -> str:
    """The report as HTML."""
    found = rows(tokens)
    unreadable = sum("not_after" not in one for token in tokens for one in token["certificates"])
    due = sum(row.tone != "ok" for row in found)
    lead = f"共 {len(tokens)} 个 Ukey、{len(found)} 张证书，" + (f"{due} 张需要留意。" if due else "都在有效期内。")
    notes = [f"{unreadable} 张证书读不懂，没有列出。"] if unreadable else []
    notes += [f"{text(one['driver_name'])}：{text(one['what'])}" for one in problems]
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>证书巡检报告</title><style>{STYLE}</style></head><body>
<h1>证书巡检报告</h1><p>{now:%Y-%m-%d %H:%M} · {lead}</p>{"".join(f"<p>{note}</p>" for note in notes)}
<h2>证书</h2>{table(found)}
<h2>今后十二个月到期</h2>{calendar(found, now)}
<p>报告只包含证书中的公开内容。证书是否被吊销没有检查。</p></body></html>
"""


def table(found: list[Row]) -> str:
    """The list."""
    if not found:
        return "<p>没有读到证书。请插入 Ukey 后再生成一次。</p>"
    lines = "".join(
        f"<tr><td>{text(row.holder)}</td><td>{row.role}</td><td>{row.not_after:%Y-%m-%d}</td>"
        f'<td class="num {row.tone}">{row.verdict}</td><td>{text(row.serial[-8:])}</td></tr>'
        for row in found
    )
    return (
        f"<table><tr><th>单位</th><th>用途</th><th>到期日</th><th>剩余</th><th>序列号末 8 位</th></tr>{lines}</table>"
    )


def calendar(found: list[Row], now: datetime) -> str:
    """Twelve months from this one, each with what expires in it."""
    boxes = []
    for number in range(MONTHS):
        year, month = divmod(now.year * 12 + now.month - 1 + number, 12)
        ends = [row for row in found if (row.not_after.year, row.not_after.month) == (year, month + 1)]
        names = "".join(f"<span>{row.not_after:%d} 日 {text(row.holder)} {row.role}</span>" for row in ends)
        boxes.append(f'<div class="month{" due" if ends else ""}"><b>{year} 年 {month + 1} 月</b>{names}</div>')
    return f'<div class="months">{"".join(boxes)}</div>'


def text(value: object) -> str:
    """A value of a certificate as text and never as HTML."""
    return html.escape(str(value))


def documents() -> Path:
    """Where people look for it."""
    asked = subprocess.run(["xdg-user-dir", "DOCUMENTS"], capture_output=True, text=True, check=False)
    folder = Path(asked.stdout.strip() or Path.home())
    return folder if folder.is_dir() else Path.home()


def main() -> int:
    """Write the report and show it."""
    command = os.environ.get("XIEKA_CLI") or "xieka"
    asked = subprocess.run([command, "token", "list", "--json"], capture_output=True, text=True, check=False)
    answer = json.loads(asked.stdout)
    if "error" in answer:
        sys.stderr.write(f"{answer['error']['what']}\n")
        return 1
    now = datetime.now(UTC).astimezone()
    try:
        folder = documents()
    except FileNotFoundError:
        folder = Path.home()
    path = folder / f"证书巡检报告 {now:%Y-%m-%d %H%M%S}.html"
    path.write_text(page(answer["tokens"], answer["problems"], now), encoding="utf-8")
    sys.stdout.write(f"{path}\n")
    subprocess.run(["xdg-open", str(path)], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
