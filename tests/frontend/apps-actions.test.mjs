/** What clicks on 我的应用 and 应用信息 send: the real actions on a bridge that answers as the test says. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, asked, failure, forget, held, methods, refuse, reset, settled } from "./bridge.mjs";
import * as actions from "../../frontend/app/apps/actions.js";
import { loadApps } from "../../frontend/app/apps/entries.js";
import { watchGone } from "../../frontend/app/apps/gone.js";
import * as installing from "../../frontend/app/apps/install-actions.js";
import { withDialog, withEvent, withSnapshot } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { openSheet } from "../../frontend/app/ui/sheet.js";
import { dismiss } from "../../frontend/app/ui/toast.js";
import { appEntry, install, network, snapshot } from "./samples.mjs";

installing.watchInstalls();
watchGone();

const apps = () => store.get().apps;
const form = (program = "shen/report") => apps().folders[program];
const toast = () => store.get().toast;
const tax = appEntry("link:tax", { title: "电子税务局", domain: "etax.cn" });
const report = appEntry("program:shen/report", { title: "证书巡检报告" });
const upgrade = appEntry("builtin:upgrade", { title: "一证通升级应用", program: "sheca/upgrade", pinned: true });

/** The next event as the program would send it. */
function event(topic, data) {
  store.update((state) => withEvent(state, { id: state.eventId + 1, topic, data }));
}

beforeEach(async () => {
  reset({ "apps.get": () => ({ entries: [upgrade, tax, report], problem: null, installs: [] }) });
  dismiss();
  store.update(() => withSnapshot(initialState(), snapshot()));
  await loadApps();
  forget();
});

test("a click opens: a link in the browser, a program on the computer, a part of this program on its page", async () => {
  answers["apps.open"] = ({ id }) => ({ kind: id.split(":")[0], domain: id === "link:tax" ? "etax.cn" : null, page: id.startsWith("builtin") ? "upgrade" : null });
  actions.useEntry(tax);
  await settled();
  assert.match(toast().text, /已在浏览器中打开 etax\.cn/);
  actions.useEntry(report);
  await settled();
  assert.match(toast().text, /正在启动“证书巡检报告”/);
  actions.useEntry(upgrade);
  await settled();
  assert.equal(store.get().page, "upgrade");
  assert.deepEqual(asked("apps.open").map(({ id }) => id), ["link:tax", "program:shen/report", "builtin:upgrade"]);
});

test("a builtin names only a page that is there", async () => {
  answers["apps.open"] = () => ({ kind: "builtin", domain: null, page: "elsewhere" });
  await actions.openEntry("builtin:upgrade", "x");
  assert.equal(store.get().page, "ukey");
});

for (const [connected, words] of [[false, /现在未联网/], [true, /在线服务没有响应/]]) {
  test(`without the network (${connected ? "no service" : "none at all"}) a link explains, and opens all the same when told to (D-16)`, async () => {
    answers["apps.open"] = () => ({ kind: "link", domain: "etax.cn", page: null });
    event("network", { ...network(false), connected });
    actions.useEntry(tax);
    assert.match(toast().text, words);
    assert.deepEqual(methods(), []);
    toast().action.run();
    await settled();
    assert.deepEqual(asked("apps.open"), [{ id: "link:tax" }]);
    // Programs need none.
    actions.useEntry(report);
    await settled();
    assert.equal(asked("apps.open").length, 2);
  });
}

test("a broken program is not started: it is said what can be done", async () => {
  const changed = { ...report, state: "changed" };
  answers["apps.get"] = () => ({ entries: [changed], problem: null, installs: [] });
  await loadApps();
  forget();
  actions.useEntry(changed);
  assert.deepEqual(store.get().dialog, { kind: "broken", id: report.id });
  assert.deepEqual(methods(), []);
  answers["apps.uninstall"] = () => ({ left: null, stays: false });
  await actions.discard(report);
  assert.deepEqual(asked("apps.uninstall"), [{ id: report.id, keep_data: true }]);
  assert.equal(store.get().dialog, null);
});

test("a program that does not start says why, and the list is asked for anew", async () => {
  answers["apps.open"] = refuse("E-RUN-01");
  await actions.openEntry(report.id, report.title);
  await settled();
  assert.equal(toast().kind, "error");
  assert.equal(asked("apps.get").length, 1);
});

test("删除 of a link and 卸载 of a builtin go at once and come back (D-01, D-29)", async () => {
  answers["apps.remove"] = () => ({ undo: "word" });
  for (const [entry, words] of [[tax, /已删除“电子税务局”/], [upgrade, /已卸载“一证通升级应用”/]]) {
    await actions.removeEntry(entry);
    assert.match(toast().text, words);
    toast().action.run();
    await settled();
  }
  assert.deepEqual(asked("apps.restore"), [{ undo: "word" }, { undo: "word" }]);
  assert.equal(store.get().dialog, null);
});

test("卸载 of a program asks first; the data stay unless told otherwise", async () => {
  answers["apps.uninstall"] = () => ({ left: null, stays: false });
  await actions.removeEntry(report);
  assert.deepEqual(methods(), []);
  assert.equal(store.get().dialog.keep, true);
  await actions.uninstall();
  assert.deepEqual(asked("apps.uninstall"), [{ id: report.id, keep_data: true }]);
  assert.equal(store.get().dialog, null);
  assert.match(toast().text, /已卸载“证书巡检报告”/);
});

for (const [name, gone, words] of [
  ["files of the user's are still in its folder", { left: "/家/巡检", stays: false }, /已卸载“证书巡检报告”，您的文件保留在 \/家\/巡检/],
  ["it was here before us", { left: null, stays: true }, /没有卸载，只从“我的应用”中移除/],
]) {
  test(`卸载 says what did not go along: ${name}`, async () => {
    answers["apps.uninstall"] = () => gone;
    await actions.removeEntry(report);
    await actions.uninstall();
    assert.match(toast().text, words);
  });
}

test("移除 of a broken program says where the user's files stayed", async () => {
  answers["apps.uninstall"] = () => ({ left: "/家/巡检", stays: false });
  await actions.discard(report);
  assert.equal(toast().text, "已移除“证书巡检报告”，您的文件保留在 /家/巡检");
});

test("卸载 that is refused keeps the question open and says why; one at a time", async () => {
  await actions.removeEntry(report);
  let release = () => {};
  answers["apps.uninstall"] = () => new Promise((_, reject) => { release = () => reject(failure("E-RUN-04")); });
  const first = actions.uninstall();
  await settled();
  assert.equal(store.get().dialog.busy, true);
  await actions.uninstall();
  // 关于 from the tray does not cover it.
  assert.equal(withDialog(store.get(), { kind: "about", about: null, licences: false }).dialog.kind, "uninstall");
  release();
  await first;
  assert.equal(asked("apps.uninstall").length, 1);
  assert.equal(store.get().dialog.error.code, "E-RUN-04");
  assert.equal(store.get().dialog.busy, false);
});

test("another place shows at once; what the program refuses is taken back", async () => {
  await actions.placeEntry(report.id, 1);
  assert.deepEqual(apps().entries.map(({ id }) => id), [upgrade.id, report.id, tax.id]);
  assert.deepEqual(asked("apps.move"), [{ id: report.id, before: tax.id }]);
  answers["apps.move"] = refuse("E-SAV-01");
  await actions.placeEntry(report.id, 2);
  await settled();
  assert.deepEqual(apps().entries.map(({ id }) => id), [upgrade.id, tax.id, report.id]);
  forget();
  await actions.placeEntry(upgrade.id, 2);
  assert.deepEqual(methods(), []);
});

const order = () => apps().entries.map(({ id }) => id);

test("a second move while the first is under way starts from the state after it, and is sent after it", async () => {
  let kept = [tax, report, upgrade].map((entry) => ({ ...entry, pinned: false }));
  const { answer, release } = held();
  answers["apps.get"] = () => ({ entries: kept, problem: null, installs: [] });
  await loadApps();
  answers["apps.move"] = answer;
  void actions.placeEntry(tax.id, 1);
  void actions.placeEntry(tax.id, 2);
  assert.deepEqual(order(), [report.id, upgrade.id, tax.id]);
  await settled();
  assert.deepEqual(asked("apps.move"), [{ id: tax.id, before: upgrade.id }]);
  // What the program has between the two of them is not shown.
  kept = [kept[1], kept[0], kept[2]];
  await loadApps();
  assert.deepEqual(order(), [report.id, upgrade.id, tax.id]);
  release(null);
  await settled();
  assert.deepEqual(asked("apps.move")[1], { id: tax.id, before: null });
  kept = [kept[0], kept[2], kept[1]];
  release(null);
  await settled();
  assert.deepEqual(order(), [report.id, upgrade.id, tax.id]);
});

test("an answer that was asked for before a move does not undo it; a first move that fails keeps no second from being made", async () => {
  const early = held();
  const moves = held();
  answers["apps.get"] = early.answer;
  answers["apps.move"] = moves.answer;
  const loading = loadApps();
  void actions.placeEntry(report.id, 1);
  void actions.placeEntry(upgrade.id, 1);
  void actions.placeEntry(tax.id, 1);
  assert.deepEqual(order(), [upgrade.id, tax.id, report.id]);
  early.release({ entries: [upgrade, report], problem: null, installs: [] });
  await loading;
  assert.deepEqual(order(), [upgrade.id, tax.id, report.id]);
  answers["apps.get"] = () => ({ entries: [upgrade, tax], problem: null, installs: [] });
  moves.reject(failure("E-SAV-01"));
  await settled();
  moves.release(null);
  await settled();
  assert.deepEqual(asked("apps.move").map(({ id }) => id), [report.id, tax.id]);
  assert.deepEqual(order(), [upgrade.id, tax.id]);
});

test("添加应用 leads to 办事大厅, or says why not", () => {
  actions.addEntry();
  assert.equal(store.get().page, "hall");
  event("network", network(false));
  actions.addEntry();
  assert.equal(store.get().page, "apps");
  assert.match(toast().text, /联网后才能/);
});

test("of two answers the later question's counts; a first one that fails is told on the page", async () => {
  let release = () => {};
  answers["apps.get"] = () => new Promise((resolve) => { release = () => resolve({ entries: [tax], problem: null, installs: [] }); });
  const slow = loadApps();
  answers["apps.get"] = () => ({ entries: [report], problem: null, installs: [] });
  await loadApps();
  release();
  await slow;
  assert.deepEqual(apps().entries, [report]);
  store.update(() => withSnapshot(initialState(), snapshot()));
  answers["apps.get"] = refuse("E-SAV-05");
  await loadApps();
  assert.equal(apps().failure.code, "E-SAV-05");
});

test("一键安装 shows the pane and begins", async () => {
  installing.startInstall("shen/report");
  await settled();
  assert.equal(store.get().online.sheet, "program:shen/report");
  assert.deepEqual(asked("install.start"), [{ program: "shen/report" }]);
});

test("an open pane asks about the default folder at once, about a typed one after a pause, about the last one only", async () => {
  answers["install.check_folder"] = ({ folder }) => ({ folder, free: 9, needed: 1, error: folder === "/bad" ? failure("E-APP-31") : null });
  openSheet("program:shen/report");
  event("installs", { items: [install("folder", { folder: "/默认 文件夹" })] });
  await settled();
  assert.deepEqual(asked("install.check_folder"), [{ program: "shen/report", folder: "/默认 文件夹" }]);
  assert.equal(form().check.free, 9);
  installing.typeFolder("shen/report", "/b");
  installing.typeFolder("shen/report", "/bad");
  assert.equal(form().check, null);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(asked("install.check_folder").slice(1), [{ program: "shen/report", folder: "/bad" }]);
  assert.equal(form().check.error.code, "E-APP-31");
  // The same event again: what was typed stays.
  event("installs", { items: [install("folder", { folder: "/默认 文件夹" })] });
  assert.equal(form().text, "/bad");
});

test("what the program said of a folder that no longer stands there is not shown", async () => {
  let release = () => {};
  answers["install.check_folder"] = ({ folder }) =>
    new Promise((resolve) => { release = () => resolve({ folder, free: 9, needed: 1, error: null }); });
  installing.openFolder("shen/report", "/a");
  await settled();
  installing.typeFolder("shen/report", "/ab");
  release();
  await settled();
  assert.equal(form().check, null);
});

test("two installations that both ask have a folder each, and an answer for each", async () => {
  const { answer, release } = held();
  answers["install.check_folder"] = answer;
  const both = [install("folder", { folder: "/一" }), install("folder", { program: "shen/print", folder: "/二" })];
  openSheet("program:shen/report");
  event("installs", { items: both });
  openSheet("program:shen/print");
  await settled();
  installing.typeFolder("shen/print", "/我的");
  openSheet("program:shen/report");
  assert.deepEqual([form().text, form("shen/print").text], ["/一", "/我的"]);
  // The second one's question is answered first, about what no longer stands there.
  release({ folder: "/二", free: 2, needed: 1, error: null }, 1);
  release({ folder: "/一", free: 1, needed: 1, error: null });
  await settled();
  assert.equal(form().check.free, 1);
  assert.equal(form("shen/print").check, null);
  // One of them is being installed: the other one's folder stays.
  event("installs", { items: [install("installing"), both[1]] });
  assert.deepEqual(Object.keys(apps().folders), ["shen/print"]);
  assert.equal(form("shen/print").text, "/我的");
});

test("a refusal is not covered by what was said of the folder before", async () => {
  const { answer, release } = held();
  answers["install.check_folder"] = answer;
  answers["install.run"] = refuse("E-APP-32");
  installing.openFolder("shen/report", "/a");
  installing.runForm("shen/report");
  await settled();
  release({ folder: "/a", free: 9, needed: 1, error: null });
  await settled();
  assert.equal(form().check.error.code, "E-APP-32");
});

test("浏览 takes the folder over; cancelled, nothing changes", async () => {
  installing.openFolder("shen/report", "/a");
  answers["install.choose_folder"] = () => ({ folder: null });
  await installing.browse("shen/report");
  assert.equal(form().text, "/a");
  answers["install.choose_folder"] = () => ({ folder: "/盘/程序" });
  await installing.browse("shen/report");
  assert.equal(form().text, "/盘/程序");
  assert.equal(asked("install.check_folder").at(-1).folder, "/盘/程序");
});

test("安装 that is refused says so at the folder", async () => {
  answers["install.check_folder"] = ({ folder }) => ({ folder, free: 9, needed: 1, error: null });
  installing.openFolder("shen/report", "/a");
  await settled();
  answers["install.run"] = refuse("E-APP-32");
  installing.runForm("shen/report");
  await settled();
  assert.deepEqual(asked("install.run"), [{ program: "shen/report", folder: "/a" }]);
  assert.equal(form().check.error.code, "E-APP-32");
  // What is known to be no good is not tried again.
  installing.runForm("shen/report");
  await settled();
  assert.equal(asked("install.run").length, 1);
});

for (const [step, words, action] of [
  ["confirm", /“证书巡检报告”已下载并校验，等待您确认/, "查看"],
  ["failed", /“证书巡检报告”没有装好：网络中断/, "查看"],
  ["done", /“证书巡检报告”安装完成/, "打开"],
]) {
  test(`nobody looks at the pane: ${step} is told, with what to do`, async () => {
    answers["apps.open"] = () => ({ kind: "program", domain: null, page: null });
    event("installs", { items: [install("downloading")] });
    assert.equal(toast(), null);
    event("installs", { items: [install(step, { error: step === "failed" ? { ...failure("E-NET-03"), what: "网络中断" } : null })] });
    assert.match(toast().text, words);
    assert.equal(toast().action.label, action);
    toast().action.run();
    await settled();
    if (action === "查看") assert.equal(store.get().online.sheet, "program:shen/report");
    else assert.deepEqual(methods(), ["install.dismiss", "apps.open"]);
  });
}

test("somebody looks at the pane: no notice covers it", () => {
  openSheet("program:shen/report");
  event("installs", { items: [install("downloading")] });
  event("installs", { items: [install("failed", { error: failure("E-NET-03") })] });
  assert.equal(toast(), null);
});

test("what a fresh page finds is no news", async () => {
  store.update(() => withSnapshot(initialState(), snapshot()));
  answers["apps.get"] = () => ({ entries: [], problem: null, installs: [install("confirm")] });
  await loadApps();
  assert.equal(apps().installs.length, 1);
  assert.equal(toast(), null);
});
