"""One mistake each: in the TOML files. What is changed, and how the first line about it begins."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.content.factory import FILES

HALL = FILES["hall.toml"]


def swap(file: str, old: str, new: str, beginning: str, name: str) -> Any:
    """A case: `old` in the file is replaced by `new`, which is appended when `old` is empty."""
    text = FILES[file].replace(old, new) if old else FILES[file] + new
    return pytest.param({file: text}, beginning, id=name)


IN_TABLES = [
    # TOML
    swap("hall.toml", 'name = "综合"', 'name = "综合', "hall.toml:4: 这一行的引号没有成对", "quote"),
    swap("hall.toml", 'id = "zwdt"', 'id ＝ "zwdt"', "hall.toml:7: 这里用了全角符号 ＝", "wide"),
    swap("hall.toml", 'id = "zwdt"', "id = ", "hall.toml:7: 这一行的写法不对", "no-value"),
    swap("hall.toml", "", 'source = "又一次"\n', "hall.toml:15: 同一个名称写了两次", "key-twice"),
    swap("hall.toml", "[[links]]", "[links]", "hall.toml:6: “links”要写成一个或多个 [[links]]", "one"),
    swap("hall.toml", "", 'webside = "x"\n', "hall.toml:15: 不认识“webside”", "unknown"),
    swap("hall.toml", "url =", "ulr =", "hall.toml:9: 不认识“ulr”，是不是“url”？", "misspelt"),
    swap("hall.toml", "[[links]]", "[[link]]", "hall.toml:6: 不认识“link”，是不是“links”？", "group"),
    # Values
    swap("hall.toml", "https:", "http:", "hall.toml:9: “url”必须以 https:// 开头", "http"),
    swap("hall.toml", "zwdt.sh.gov.cn", "10.0.0.1", "hall.toml:9: “url”里的域名不对", "address"),
    swap("hall.toml", "gov.cn/", "gov.cn/办事", "hall.toml:9: “url”里有网址中不允许的字符", "unicode"),
    swap("hall.toml", "gov.cn/", "gov.cn:81/", "hall.toml:9: “url”里不能写端口", "port"),
    swap("hall.toml", "//zwdt", "//a@zwdt", "hall.toml:9: “url”里不能有用户名或口令", "user"),
    swap("hall.toml", '"building_government"', '"logo"', "hall.toml:11: “icon”只能是：building", "icon"),
    pytest.param(
        {"hall.toml": HALL.replace('id = "zwdt"', 'id = "ZWDT"'), "catalog.toml": ""},
        "hall.toml:7: “id”只能用小写",
        id="id",
    ),
    swap("hall.toml", 'name = "上海一网通办"', 'name = ""', "hall.toml:8: “name”不能是空的", "empty"),
    swap("hall.toml", 'name = "上海一网通办"', "name = 12", "hall.toml:8: “name”要写成带引号", "number"),
    swap("hall.toml", 'name = "上海一网通办"\n', "", "hall.toml:6: 缺少“name”", "missing"),
    pytest.param(
        {"hall.toml": HALL + 'short = "' + "长" * 13 + '"\n'}, "hall.toml:15: “short”太长，最多 12 个字", id="long"
    ),
    swap("hall.toml", "", 'phone = "转 3 分机"\n', "hall.toml:15: “phone”要写成电话号码", "phone"),
    swap("hall.toml", 'category = "general"', 'category = "tax"', "hall.toml:10: 没有“tax”这个分类", "category"),
    pytest.param(
        {"hall.toml": HALL + HALL.partition("[[links]]")[1] + HALL.partition("[[links]]")[2]},
        "hall.toml:16: “zwdt”已经在 hall.toml 第 7 行用过了",
        id="id-twice",
    ),
    # Where an entry is from
    swap("hall.toml", 'source = "公开资料"\n', "", "hall.toml:6: 要写明出处", "no-source"),
    swap("hall.toml", "", "checked = 2026-11-26\n", "hall.toml:15: “checked”的日期还没有到：2026-11-26", "tomorrow"),
    swap("hall.toml", "", "checked = 2026-11-31\n", "hall.toml:15: 这一行的写法不对", "no-such-day"),
    swap("hall.toml", "", 'checked = "昨天"\n', "hall.toml:15: “checked”要写成日期", "not-a-date"),
    swap("hall.toml", "", 'example = "yes"\n', "hall.toml:15: “example”只能写 true 或 false", "not-a-switch"),
    swap(
        "hall.toml",
        "",
        "example = true\nchecked = 2026-11-20\n",
        "hall.toml:16: 示例（example = true）没有核对日期",
        "both",
    ),
    # Between files
    pytest.param(
        {"catalog.toml": 'recommended = [\n  "zwdt",\n  "etax",\n]\n'}, "catalog.toml:3: 推荐的“etax”在", id="dangling"
    ),
    pytest.param(
        {"catalog.toml": 'recommended = ["zwdt", "zwdt"]\n'}, "catalog.toml:1: “zwdt”已经在", id="recommended-twice"
    ),
    pytest.param(
        {"catalog.toml": 'recommended = "zwdt"\n'}, "catalog.toml:1: “recommended”要写在方括号里", id="no-list"
    ),
    pytest.param(
        {"catalog.toml": "[[links]]" + HALL.partition("[[links]]")[2].replace('category = "general"\n', "")},
        "catalog.toml:2: “zwdt”已经在 hall.toml 第 7 行用过了",
        id="id-in-both-files",
    ),
    # Outlets, contact, client
    swap(
        "outlets.toml", 'district = "虹口区"', 'district = "洪口区"', "outlets.toml:7: 没有“洪口区”这个区", "district"
    ),
    swap("outlets.toml", "1-5 09:00-16:30", "周一至周五", "outlets.toml:11: “open”要写成“周几 开门-关门”", "hours"),
    swap(
        "outlets.toml",
        "1-5 09:00-16:30",
        "1-5 16:30-09:00",
        "outlets.toml:11: “open”要写成“周几 开门-关门”",
        "hours-backwards",
    ),
    swap("outlets.toml", "1-5 09:00-16:30", "1-5 09:00-29:30", "outlets.toml:11: “open”", "hour-29"),
    swap(
        "outlets.toml",
        "[121.48, 31.25]",
        "[31.25, 121.48]",
        "outlets.toml:12: “position”要写成 [经度, 纬度]",
        "latitude-first",
    ),
    swap("outlets.toml", "[121.48, 31.25]", '"人民广场"', "outlets.toml:12: “position”要写成 [经度, 纬度]", "position"),
    swap("outlets.toml", '"(021) 0000 0000"', '"无"', "outlets.toml:9: “phone”要写成电话号码", "outlet-phone"),
    swap("contact.toml", '"online"', '"away"', "contact.toml:12: “state”只能是：online、busy", "agent-state"),
    pytest.param({"contact.toml": ""}, "contact.toml:1: “hotlines”太少，至少 1 个", id="no-hotline"),
    pytest.param(
        {"client.toml": 'customer_types = ["其他"]\nvalidity_years = [1, 6]\n'},
        "client.toml:2: “validity_years”太大，最多是 5",
        id="years",
    ),
]
