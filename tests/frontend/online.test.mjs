import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeOf } from "../../frontend/app/notices.js";
import { findLink, recommendedFaces, shownPages } from "../../frontend/app/online-state.js";
import { withEvent, withPage, withSnapshot, withTab } from "../../frontend/app/reducers.js";
import { folded, matches } from "../../frontend/app/search.js";
import { initialState } from "../../frontend/app/state.js";
import { list, network, snapshot, ukey } from "./samples.mjs";

const link = (id, over = {}) => ({ id, kind: "hall", name: id, short: id, saved: false, ...over });
const content = () => ({
  recommended: ["link:tax"],
  hall: { categories: [], links: [link("tax"), link("labour")] },
  business: [link("renew", { kind: "catalog" })],
  programs: [{ name: "shen/report", title: "证书巡检报告", short: "巡检报告", icon: "receipt", tone: "teal" }],
});
const at = (online) => withSnapshot(initialState(), snapshot({ ukeys: list([ukey()]), network: network(online) }));
const event = (id, online) => ({ id, topic: "network", data: network(online) });

test("offline there are the pages of this computer, online all of them, in the manual's order (REQ-061, REQ-063)", () => {
  assert.deepEqual(shownPages(at(false)), ["apps", "ukey", "service"]);
  assert.deepEqual(shownPages(at(true)), ["apps", "ukey", "service", "hall", "business"]);
});

test("an online page cannot be reached offline, by whatever way (REQ-062)", () => {
  assert.equal(withPage(at(false), "hall").page, "ukey");
  assert.equal(withPage(at(true), "hall").page, "hall");
});

test("the network drops on an online page: on to 我的应用, told once; other pages stay (D-15)", () => {
  for (const page of ["hall", "business"]) {
    const before = { ...withPage(at(true), page), online: { ...at(true).online, sheet: "link:tax" } };
    const after = withEvent(before, event(6, false));
    assert.equal(after.page, "apps");
    assert.equal(after.online.sheet, null);
    assert.match(noticeOf(event(6, false), before, after).text, /已转到“我的应用”/);
    assert.equal(noticeOf(event(7, false), after, withEvent(after, event(7, false))), null);
  }
  const service = withPage(at(true), "service");
  const after = withEvent(service, event(6, false));
  assert.equal(after.page, "service");
  assert.match(noticeOf(event(6, false), service, after).text, /已隐藏，本机功能照常/);
  assert.match(noticeOf(event(7, true), after, withEvent(after, event(7, true))).text, /已联网/);
});

test("going to another page empties the 口令 fields", () => {
  const typing = withTab(at(true), "pin");
  const left = withPage(typing, "service");
  assert.equal(left.pin.epoch, typing.pin.epoch + 1);
  assert.equal(withPage(left, "hall").pin.epoch, left.pin.epoch);
});

test("an entry is found in the hall and in 证书业务", () => {
  assert.equal(findLink(content(), "renew").kind, "catalog");
  assert.equal(findLink(content(), "nowhere"), null);
  assert.equal(findLink(null, "tax"), null);
});

test("推荐应用 has links and programs in the service's order, and nothing that is not there", () => {
  const keys = ["program:shen/report", "link:renew", "program:shen/gone", "link:gone", "link:tax", "program:tax", "else:tax"];
  const faces = recommendedFaces({ ...content(), recommended: keys });
  assert.deepEqual(faces.map(({ key, short }) => [key, short]), [
    ["program:shen/report", "巡检报告"], ["link:renew", "renew"], ["link:tax", "tax"],
  ]);
});

test("search: width, case and blanks do not matter, every word must be found", () => {
  for (const [query, found] of [
    ["ＵＫＥＹ", true], ["ukey 识别", true], ["  ", true], ["uk ey", true], ["税务", false], ["识别 税务", false],
  ]) assert.equal(matches(query, ["为什么识别不到 Ukey？", null]), found, query);
  assert.equal(folded("Ａ・ b"), "ab");
});
