"""One mistake each: in articles, pictures, and files as such."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.service.content.factory import FILES, png
from tests.service.content.mistakes_in_tables import swap

NEWS_FILE = "announcements/2026-11-20-first.md"
NEWS = FILES[NEWS_FILE]
QUESTION = FILES["faq/01-first.md"]


def picture(width: int = 430, height: int = 156, kind: str = "PNG", mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, kind)
    return buffer.getvalue()


def huge_png() -> bytes:
    """A small file that says it is enormous."""
    data = bytearray(png())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    return bytes(data)


IN_FILES = [
    # Articles
    swap(NEWS_FILE, "+++", "---", f"{NEWS_FILE}:1: 第一行必须是 +++", "no-head"),
    pytest.param({NEWS_FILE: '+++\ntitle = "x"\n正文\n'}, f"{NEWS_FILE}:4: 开头的 +++ 没有结束", id="head-open"),
    swap(NEWS_FILE, "url =", "link =", f"{NEWS_FILE}:3: 不认识“link”", "head-key"),
    swap(NEWS_FILE, "https:", "http:", f"{NEWS_FILE}:3: “url”必须以 https://", "news-http"),
    swap(NEWS_FILE, 'first"\n', 'first"\ntime = 25:00:00\n', f"{NEWS_FILE}:4: 这一行", "no-such-time"),
    swap(NEWS_FILE, 'first"\n', 'first"\ntime = "早上"\n', f"{NEWS_FILE}:4: “time”要写成时间", "time"),
    pytest.param({NEWS_FILE: NEWS.partition("正文")[0]}, f"{NEWS_FILE}:5: 正文是空的", id="no-body"),
    pytest.param({NEWS_FILE: NEWS + "长" * 20000}, f"{NEWS_FILE}:5: 正文太长，最多 20000 个字", id="body-long"),
    pytest.param(
        {"announcements/2026-13-40-x.md": NEWS},
        "announcements/2026-13-40-x.md: 文件名开头的日期不存在：2026-13-40",
        id="no-such-date",
    ),
    pytest.param(
        {"announcements/2062-11-20-x.md": NEWS}, "announcements/2062-11-20-x.md: 日期不合理：2062-11-20", id="date-far"
    ),
    pytest.param(
        {"announcements/年底.md": NEWS}, "announcements/年底.md: 文件名要写成 2026-11-20-year-end.md", id="news-name"
    ),
    pytest.param({"announcements/note.txt": "x"}, "announcements/note.txt: 不认识这个文件", id="stray-news"),
    pytest.param(
        {"faq/02-first.md": QUESTION},
        "faq/02-first.md:2: “first”已经在 faq/01-first.md 第 2 行用过了",
        id="question-twice",
    ),
    pytest.param({"faq/01-first.md": None}, "faq: 一条内容也没有", id="no-question"),
    # Files
    pytest.param({"hall (1).toml": FILES["hall.toml"]}, "hall (1).toml: 不认识这个文件", id="stray"),
    pytest.param({"client.toml": None}, "client.toml: 缺少这个文件", id="missing-file"),
    pytest.param(
        {"client.toml": FILES["client.toml"].encode("gbk")},
        "client.toml:2: 文件不是 UTF-8 编码（看起来是 GBK",
        id="gbk",
    ),
    pytest.param({"client.toml": FILES["client.toml"].encode("utf-16")}, "client.toml:1: 文件是 UTF-16", id="utf-16"),
    pytest.param({"client.toml": b"# \xff\xff\xff\n"}, "client.toml:1: 文件不是 UTF-8 编码，", id="binary"),
    swap("client.toml", "其他", "其\u200b他", "client.toml:2: 有一个看不见的字符（U+200B）", "invisible"),
    swap(NEWS_FILE, "一段", "一\u202e段", f"{NEWS_FILE}:5: 有一个看不见的字符（U+202E）", "direction"),
    pytest.param({"client.toml": "#" * 2000001}, "client.toml: 文件太大，最多 2000 kB", id="long-file"),
    # Pictures
    pytest.param({"pictures/one.png": None}, "pictures.toml:3: pictures 文件夹中没有“one.png”", id="no-picture"),
    pytest.param({"pictures/one.png": b"GIF89a" + bytes(99)}, "pictures.toml:3: “one.png”不是 PNG 或 JPEG", id="gif"),
    pytest.param(
        {"pictures/one.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, "pictures.toml:3: “one.png”不是", id="svg"
    ),
    pytest.param(
        {"pictures/one.png": png()[:-40]}, "pictures.toml:3: “one.png”不是 PNG 或 JPEG 图片，或者已损坏", id="cut"
    ),
    pytest.param({"pictures/one.png": huge_png()}, "pictures.toml:3: “one.png”不是", id="bomb"),
    pytest.param(
        {"pictures/one.png": picture(kind="JPEG")}, "pictures.toml:3: “one.png”其实是 JPEG 图片", id="jpeg-as-png"
    ),
    pytest.param({"pictures/one.png": png() + bytes(500000)}, "pictures.toml:3: 图片太大：", id="large"),
    pytest.param({"pictures/one.png": picture(430, 430)}, "pictures.toml:3: 图片是 430×430 像素，长宽比", id="square"),
    pytest.param(
        {"pictures/one.png": picture(215, 78)}, "pictures.toml:3: 图片是 215×78 像素，至少 430×156", id="small"
    ),
    pytest.param(
        {"pictures/one.png": picture(4300, 1560)}, "pictures.toml:3: 图片是 4300×1560 像素，最多 1720×624", id="big"
    ),
    swap("pictures.toml", "one.png", "../one.png", "pictures.toml:3: “image”要写成", "path"),
    swap("pictures.toml", "one.png", "one.gif", "pictures.toml:3: “image”要写成", "ending"),
]
