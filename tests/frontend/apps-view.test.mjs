import assert from "node:assert/strict";
import { test } from "node:test";
import { pace, size, sizeOf } from "../../frontend/app/apps/amounts.js";
import { emptyApps, withAppsView, withInstalls } from "../../frontend/app/apps/state.js";
import {
  entryOf, foremost, moved, offer, placed, remedy, repairing, share, shownEntries, stepped,
} from "../../frontend/app/apps/view.js";
import { appEntry, install } from "./samples.mjs";

const pinned = { pinned: true };
const entries = [appEntry("a", pinned), appEntry("b", pinned), appEntry("c"), appEntry("d"), appEntry("e")];
const ids = (list) => list.map(({ id }) => id).join("");

for (const [name, id, index, order, before, place] of [
  ["a step on", "c", 3, "abdce", "e", 2],
  ["to the end", "c", 4, "abdec", null, 3],
  ["far beyond the end", "c", 99, "abdec", null, 3],
  ["to the front, but not before the pinned", "e", 0, "abecd", "c", 1],
  ["a pinned one among the pinned", "a", 1, "bacde", null, 2],
  ["a pinned one stays with the pinned", "a", 4, "bacde", null, 2],
  ["a pinned one to the front", "b", 0, "bacde", "a", 1],
]) {
  test(`order: ${name}`, () => {
    const target = placed(entries, id, index);
    assert.equal(ids(target.entries), order);
    assert.equal(target.before, before);
    assert.deepEqual([target.place, target.count], [place, "ab".includes(id) ? 2 : 3]);
  });
}

test("order: where it stands is no change, and neither is an entry that is not there", () => {
  assert.equal(placed(entries, "c", 2), null);
  assert.equal(moved(entries, "e", 1), null);
  assert.equal(moved(entries, "c", -1), null);
  assert.equal(placed(entries, "z", 0), null);
  assert.equal(placed([], "a", 0), null);
});

test("order: `before` says the same to the program that the page shows", () => {
  // What Library.move does with its own order.
  for (const { id } of entries) {
    for (let index = 0; index < 5; index++) {
      const target = placed(entries, id, index);
      if (!target) continue;
      const rest = entries.filter((entry) => entry.id !== id);
      const at = target.before === null ? rest.length : rest.findIndex((entry) => entry.id === target.before);
      rest.splice(at, 0, entries.find((entry) => entry.id === id));
      const told = [...rest.filter((entry) => entry.pinned), ...rest.filter((entry) => !entry.pinned)];
      assert.equal(ids(told), ids(target.entries), `${id} to ${index}`);
    }
  }
});

test("the grid shows what the search leaves; while something is dragged, the order to be", () => {
  const apps = { ...emptyApps(), entries: [appEntry("link:tax", { title: "电子税务局", domain: "etax.cn" }), appEntry("program:p/x", { title: "巡检" })] };
  assert.deepEqual(shownEntries({ ...apps, query: "税务" }).map(({ id }) => id), ["link:tax"]);
  assert.deepEqual(shownEntries({ ...apps, query: "ETAX" }).map(({ id }) => id), ["link:tax"]);
  assert.deepEqual(shownEntries({ ...apps, drag: { id: "link:tax", index: 1 } }).map(({ id }) => id), ["program:p/x", "link:tax"]);
  assert.deepEqual(shownEntries({ ...apps, drag: { id: "link:tax", index: 0 } }), apps.entries);
  assert.deepEqual(shownEntries(emptyApps()), []);
});

test("an entry is found by its program and by its own id", () => {
  const apps = { ...emptyApps(), entries: [appEntry("program:shen/report"), appEntry("builtin:upgrade")] };
  assert.equal(entryOf(apps, "shen/report").id, "program:shen/report");
  assert.equal(entryOf(apps, "builtin:upgrade").id, "builtin:upgrade");
  assert.equal(entryOf(apps, "shen/other"), null);
  assert.equal(entryOf(emptyApps(), "shen/report"), null);
});

test("an answer of apps.get does not undo an event that came meanwhile", () => {
  const apps = { ...emptyApps(), slow: true };
  const view = { entries, problem: null, installs: [install("downloading")] };
  assert.equal(withAppsView(apps, view, apps.installs).installs[0].step, "downloading");
  assert.equal(withAppsView(apps, view, apps.installs).slow, false);
  const later = withInstalls(apps, [install("verifying")]);
  const taken = withAppsView(later, view, apps.installs);
  assert.equal(taken.installs[0].step, "verifying");
  assert.equal(taken.entries, entries);
});

for (const [name, installs, again, kept] of [
  ["while it is asked", [install("folder")], false, true],
  ["no longer when it is being installed", [install("installing")], false, false],
  ["not after a failure", [install("failed")], false, false],
  ["after a failure that sends to another place", [install("failed")], true, true],
  ["not for a program that is gone", [], true, false],
]) {
  test(`the folder that was typed stays: ${name}`, () => {
    const folders = { "shen/report": { text: "/x", check: null, again } };
    assert.deepEqual(withInstalls({ ...emptyApps(), folders }, installs).folders, kept ? folders : {});
  });
}

for (const [name, here, left, wanted] of [
  ["the next one", "c", ["a", "b", "d", "e"], "d"],
  ["the last one's place: the one before", "e", ["a", "b", "c", "d"], "d"],
  ["nothing has gone", "c", ["c", "a", "b"], "c"],
  ["添加应用 stays", "+", ["a"], "+"],
  ["nothing is left", "c", [], "c"],
]) {
  test(`the stop of the Tab key of an entry that has gone: ${name}`, () => {
    const apps = { ...emptyApps(), entries, here };
    const view = { entries: left.map((id) => appEntry(id)), problem: null, installs: [] };
    assert.equal(withAppsView(apps, view, apps.installs).here, wanted);
  });
}

const program = (state) => ({ name: "shen/report", state });
const mine = (state) => [appEntry("program:shen/report", { state })];
for (const [name, of, there, wanted] of [
  ["to be had", program("available"), [], "install"],
  ["there", program("installed"), mine("ok"), null],
  ["newer", program("update"), mine("ok"), "update"],
  ["its files are missing", program("installed"), mine("missing"), "repair"],
  ["its files were changed, and it is newer", program("update"), mine("changed"), "repair"],
  ["there, but taken out of 我的应用", program("installed"), [], "install"],
  ["it is not known yet what is there", program("installed"), null, null],
  ["not for this computer", program("unsupported"), mine("missing"), null],
  ["not in the catalog", null, mine("missing"), null],
]) {
  test(`what the catalog offers: ${name}`, () => assert.equal(offer(of, { ...emptyApps(), entries: there }), wanted));
}

for (const [of, online, wanted] of [
  [program("installed"), true, "can"], [program("update"), true, "can"], [program("installed"), false, "offline"],
  [null, true, "gone"], [null, false, "offline"], [program("unsupported"), true, "unsupported"],
]) {
  test(`重新安装 of one that is ${of?.state ?? "not there"}, ${online ? "online" : "offline"}: ${wanted}`, () =>
    assert.equal(repairing(of, online), wanted));
}

for (const [names, shown] of [
  [["downloading", "waiting"], "downloading"],
  [["waiting", "downloading", "confirm"], "confirm"],
  [["downloading", "failed"], "failed"],
  [["paused", "installing"], "installing"],
  [["done"], undefined],
  [[], undefined],
]) {
  test(`where there is room for one, of ${names.join(", ") || "none"} it is ${shown ?? "none"}`, () => {
    assert.equal(foremost(names.map((step) => install(step)))?.step, shown);
  });
}

for (const [name, over, wanted] of [
  ["a folder was chosen: there again, or another one", { folder: "/x" }, "place"],
  ["part of the download is there: the rest", { bytes: 40 }, "resume"],
  ["nothing is there", { bytes: 0 }, "start"],
  ["all of it is there and no good", { bytes: 100 }, "start"],
]) {
  test(`after a failure, ${name}`, () => assert.equal(remedy(install("failed", over)), wanted));
}

test("news are other steps, and what has just begun", () => {
  const before = [install("downloading"), install("confirm", { program: "b" })];
  const after = [install("verifying"), install("confirm", { program: "b" }), install("waiting", { program: "c" }), install("done", { program: "d" })];
  assert.deepEqual(stepped(before, after).map(({ program }) => program), ["shen/report", "c"]);
});

test("how far it is", () => {
  assert.equal(share(install("downloading")), 0.5);
  assert.equal(share(install("waiting", { length: 0 })), 0);
});

for (const [bytes, text] of [
  [0, "0 KB"], [1, "1 KB"], [812 * 1024, "812 KB"], [1023 * 1024, "1.0 MB"], [19_503_514, "18.6 MB"], [2 * 1024 ** 3, "2.0 GB"],
]) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(size(bytes), text));
}

test("an amount of a whole is in the whole's unit; a pace says what is known", () => {
  assert.equal(sizeOf(13_002_342, 19_503_514), "12.4 / 18.6 MB");
  assert.equal(sizeOf(1024, 2 * 1024 ** 3), "0.0 / 2.0 GB");
  for (const [speed, remaining, text] of [
    [2_202_010, 3, "2.1 MB/s · 约 3 秒"], [2_202_010, null, "2.1 MB/s"], [null, 90, "约 2 分钟"], [null, 7200, "约 2 小时"],
    [null, 0.2, "约 1 秒"], [null, null, ""],
  ]) assert.equal(pace(speed, remaining), text);
});
