/** Nothing stays open about an entry that has gone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./bridge.mjs";
import { withoutGone } from "../../frontend/app/apps/gone.js";
import { withSnapshot } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import { appEntry, install, snapshot } from "./samples.mjs";

const tax = appEntry("link:tax");
const report = appEntry("program:shen/report");
const broken = { ...report, state: "missing" };
const content = { programs: [], business: [], hall: { links: [], categories: [] } };
const asking = (over) => ({ kind: "uninstall", id: report.id, title: "x", keep: true, busy: false, error: null, ...over });

/** 我的应用 with these entries, and something open. */
function state({ entries = [tax, report], installs = [], apps = {}, online = {}, ...over }) {
  const start = withSnapshot(initialState(), snapshot());
  return { ...start, page: "apps", ...over, apps: { ...start.apps, entries, installs, ...apps }, online: { ...start.online, content, ...online } };
}

const dragged = { drag: { id: tax.id, index: 1 } };
for (const [name, open, stays] of [
  ["a menu", { flyout: "entry", apps: { menu: tax.id } }, true],
  ["a menu of an entry that has gone", { flyout: "entry", apps: { menu: tax.id, here: report.id }, entries: [report] }, false],
  ["another flyout", { flyout: "menu", apps: { menu: tax.id }, entries: [] }, true],
  ["打不开", { dialog: { kind: "broken", id: report.id }, entries: [broken] }, true],
  ["打不开 of one that has gone", { dialog: { kind: "broken", id: report.id }, entries: [tax] }, false],
  ["打不开 of one that has been put right", { dialog: { kind: "broken", id: report.id } }, false],
  ["卸载", { dialog: asking() }, true],
  ["卸载 of one that has gone", { dialog: asking(), entries: [tax] }, false],
  ["卸载 that is under way", { dialog: asking({ busy: true }), entries: [tax] }, true],
  ["关于", { dialog: { kind: "about", about: null, licences: false }, entries: [] }, true],
  ["应用信息", { online: { sheet: "program:shen/report" } }, true],
  ["应用信息 of one that has gone", { online: { sheet: "program:shen/report" }, entries: [tax] }, false],
  ["应用信息 of one that is on its way", { online: { sheet: "program:shen/report" }, entries: [], installs: [install("downloading")] }, true],
  ["应用信息 of one in the catalog", { online: { sheet: "program:shen/report", content: { ...content, programs: [{ name: "shen/report" }] } }, entries: [] }, true],
  ["应用信息 before the catalog has come", { online: { sheet: "program:shen/report", content: null }, entries: [] }, true],
  ["应用信息 of a link", { online: { sheet: "link:tax" } }, true],
  ["应用信息 of a link that has gone", { online: { sheet: "link:tax" }, entries: [] }, false],
  ["a tile under the pointer", { apps: dragged }, true],
  ["a tile under the pointer whose entry has gone", { apps: dragged, entries: [report] }, false],
  ["a tile under the pointer on another page", { apps: dragged, page: "service" }, false],
  ["a tile under the pointer behind a dialog", { apps: dragged, dialog: { kind: "news" } }, false],
  ["a tile under the pointer behind a menu", { apps: dragged, flyout: "menu" }, false],
]) {
  test(`${name}: ${stays ? "stays" : "is closed"}`, () => {
    const before = state(open);
    const after = withoutGone(before);
    if (stays) {
      assert.equal(after, before);
      return;
    }
    // That, and nothing else.
    const { drag } = before.apps;
    const closed = drag ? { apps: { ...before.apps, drag: null } } : before.online.sheet ? { online: { ...before.online, sheet: null } } : { flyout: null, dialog: null };
    assert.deepEqual(after, { ...before, ...closed });
  });
}

test("nothing is known yet: nothing is closed", () => {
  const before = state({ entries: null, online: { sheet: "program:shen/report" } });
  assert.equal(withoutGone(before), before);
});
