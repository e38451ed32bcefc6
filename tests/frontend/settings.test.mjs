/** 系统设置: what the switches show, in the order of the answers. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, elements, failure, held, methods, refuse, reset as resetBridge, settled } from "./bridge.mjs";
import { openSettings, setAppearance, setDialog } from "../../frontend/app/actions.js";
import { onEvent } from "../../frontend/app/feed.js";
import { withDialog, withEvent, withSnapshot, withUkeys } from "../../frontend/app/reducers.js";
import * as actions from "../../frontend/app/settings/actions.js";
import { kindsOf, loadedFrom, reminderChange, reminders, shown, unsaved } from "../../frontend/app/settings/state.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { list, snapshot, ukey } from "./samples.mjs";

const values = (over = {}) => ({
  theme: "system", size: "normal", preferred_token: null, popup_on_insert: true, hide_on_removal: true,
  ask_registration: true, remind_expiry: true, remind_days: [90, 30, 7], import_signing_certificate: true,
  proxy_mode: "system", proxy_url: null, proxy_exceptions: [], ...over,
});
const view = (over = {}) => ({ values: values(over), default: Object.keys(over).length === 0 });
const registered = (over = {}) => ({ enabled: true, supported: true, entries: [], left_out: [], places: [], ...over });

/** The program: it keeps what it is told, as the real one does. */
let program = values();
const get = () => ({ values: program, default: JSON.stringify(program) === JSON.stringify(values()) });
const change = (changed) => {
  program = { ...program, ...changed };
  return get();
};

const open = () => store.get().dialog;
const loaded = () => open().loaded;
const show = () => shown(loaded());

actions.watchSettings();

beforeEach(async () => {
  setDialog(null);
  await settled();
  program = values();
  resetBridge({
    "settings.get": get,
    "settings.change": change,
    "osstore.list": () => registered({ enabled: program.import_signing_certificate }),
  });
  store.update(() => withSnapshot(initialState(), snapshot()));
});

async function opened(group) {
  openSettings(group);
  await settled();
}

test("opening asks for everything, whoever opens it", async () => {
  await opened("network");
  assert.equal(open().group, "network");
  assert.deepEqual(methods(), ["settings.get", "osstore.list"]);
  assert.equal(loaded().store.supported, true);
  setDialog(null);
  onEvent({ id: store.get().eventId + 1, topic: "show", data: { what: "settings" } });
  await settled();
  assert.equal(open().group, "general");
  assert.deepEqual(show(), values());
});

test("asked for by the tray while it is open, it stays as it is", () => {
  const before = withDialog(withSnapshot(initialState(), snapshot()), { kind: "settings", group: "privacy", loaded: null, error: null });
  const after = withEvent(before, { id: before.eventId + 1, topic: "show", data: { what: "settings" } });
  assert.equal(after.dialog, before.dialog);
  const asking = withDialog(withSnapshot(initialState(), snapshot()), { kind: "lastTry", token: "a" });
  assert.equal(withEvent(asking, { id: asking.eventId + 1, topic: "show", data: { what: "settings" } }).dialog.kind, "lastTry");
});

test("it stays when the Ukey goes", () => {
  const before = withDialog(withSnapshot(initialState(), snapshot({ ukeys: list([ukey()]) })), {
    kind: "settings", group: "ukey", loaded: null, error: null,
  });
  assert.equal(withUkeys(before, list([])).dialog.kind, "settings");
});

test("what cannot be read says so and can be tried again", async () => {
  resetBridge({ "settings.get": refuse("E-INT-01"), "osstore.list": () => registered() });
  await opened();
  assert.equal(open().error.code, "E-INT-01");
  resetBridge({ "settings.get": get, "osstore.list": refuse("E-OSS-03") });
  await actions.load();
  assert.equal(open().error, null);
  assert.equal(loaded().faults.store.code, "E-OSS-03");
});

test("a switch shows at once and is what the program answers", async () => {
  await opened();
  const { answer, release } = held();
  resetBridge({ "settings.change": answer });
  void actions.set({ popup_on_insert: false });
  await settled();
  assert.equal(show().popup_on_insert, false);
  release(view({ popup_on_insert: false }));
  await settled();
  assert.deepEqual([show().popup_on_insert, loaded().pending, loaded().default], [false, {}, false]);
});

test("not saved: it goes back, and says why beside the switch; the next change takes the word away", async () => {
  await opened();
  resetBridge({ "settings.change": refuse("E-SET-01") });
  await actions.set({ hide_on_removal: false });
  assert.equal(show().hide_on_removal, true);
  assert.deepEqual(loaded().faults, { hide_on_removal: failure("E-SET-01") });
  resetBridge({ "settings.change": change });
  await actions.set({ hide_on_removal: false });
  assert.deepEqual([show().hide_on_removal, loaded().faults], [false, {}]);
});

test("no answer: the switch shows what was kept all the same", async () => {
  await opened();
  resetBridge({
    "settings.get": get,
    "settings.change": (changed) => {
      change(changed);
      throw failure("E-UI-01");
    },
  });
  await actions.set({ ask_registration: false });
  assert.deepEqual([show().ask_registration, loaded().pending], [false, {}]);
  assert.equal(loaded().faults.ask_registration.code, "E-UI-01");
});

test("two quick clicks: sent one after the other, the last one counts, and an answer in between does not flicker", async () => {
  await opened();
  const { answer, release } = held();
  resetBridge({ "settings.change": answer });
  void actions.set({ popup_on_insert: false });
  void actions.set({ popup_on_insert: true });
  await settled();
  assert.equal(asked("settings.change").length, 1);
  release(view({ popup_on_insert: false }));
  await settled();
  assert.equal(show().popup_on_insert, true);
  release(view());
  await settled();
  assert.deepEqual(asked("settings.change"), [{ popup_on_insert: false }, { popup_on_insert: true }]);
  assert.deepEqual([show().popup_on_insert, loaded().pending], [true, {}]);
});

test("a failure that comes after the dialog has been closed is told on the page", async () => {
  await opened();
  const { answer, reject } = held();
  resetBridge({ "settings.change": answer });
  void actions.set({ popup_on_insert: false });
  await settled();
  setDialog(null);
  reject(failure("E-SET-01"));
  await settled();
  assert.equal(store.get().toast.kind, "error");
});

test("the menu and the dialog set the same appearance", async () => {
  await setAppearance({ size: "large" });
  assert.deepEqual(store.get().snapshot.appearance, { theme: "system", size: "large" });
  await opened("appearance");
  assert.equal(show().size, "large");
});

for (const [name, over, chosen, custom] of [
  ["as shipped", {}, "days:90,30,7", []],
  ["two steps", { remind_days: [7, 30] }, "days:30,7", []],
  ["off keeps the days", { remind_expiry: false, remind_days: [30, 7] }, "off", []],
  ["a list of one's own", { remind_days: [60, 1] }, "days:60,1", ["days:60,1"]],
  ["a list of one's own, off", { remind_expiry: false, remind_days: [60, 1] }, "off", ["days:60,1"]],
  ["nothing before the end", { remind_days: [] }, "days:", ["days:"]],
]) {
  test(`reminders: ${name}`, () => {
    const choices = reminders(loadedFrom(view(over)));
    assert.deepEqual(choices.filter((one) => one.chosen).map((one) => one.value), [chosen]);
    assert.deepEqual(choices.filter((one) => one.custom).map((one) => one.value), custom);
    assert.deepEqual(choices.slice(0, 4).map((one) => one.value), ["off", "days:90,30,7", "days:30,7", "days:7"]);
  });
}

test("reminders: a list of one's own can be chosen again after another one", async () => {
  program = values({ remind_days: [60, 1] });
  await opened();
  actions.chooseReminder("days:7");
  await settled();
  assert.deepEqual(program.remind_days, [7]);
  const own = reminders(loaded()).find((one) => one.custom);
  assert.deepEqual(reminderChange(own.value), { remind_expiry: true, remind_days: [60, 1] });
  assert.deepEqual([reminderChange("off"), reminderChange("days:")], [{ remind_expiry: false }, { remind_expiry: true, remind_days: [] }]);
});

test("导入签名证书: off takes away, and the list says so", async () => {
  await opened();
  const after = registered({ enabled: false });
  resetBridge({
    "settings.get": get,
    "osstore.set": ({ enabled }) => {
      change({ import_signing_certificate: enabled });
      return after;
    },
  });
  await actions.setImport(false);
  assert.deepEqual([show().import_signing_certificate, loaded().store, loaded().faults], [false, after, {}]);
});

for (const [name, code, kept, on] of [
  ["nothing was saved: the switch goes back", "E-SET-01", true, true],
  ["a place was left over: it is off, and says so", "E-OSS-06", false, false],
]) {
  test(`导入签名证书: ${name}`, async () => {
    await opened();
    resetBridge({
      "settings.get": get,
      "osstore.list": () => registered({ enabled: kept }),
      "osstore.set": () => {
        change({ import_signing_certificate: kept });
        throw failure(code);
      },
    });
    await actions.setImport(false);
    assert.equal(show().import_signing_certificate, on);
    assert.equal(loaded().faults.import_signing_certificate.code, code);
    assert.equal(loaded().store.enabled, kept);
  });
}

test("导入签名证书: a slow one holds back no other switch, and an old answer does not turn it back", async () => {
  await opened();
  const { answer, release } = held();
  resetBridge({ "settings.get": get, "settings.change": change, "osstore.set": answer });
  const slow = actions.setImport(false);
  await actions.set({ theme: "dark" });
  assert.deepEqual([program.theme, show().theme, show().import_signing_certificate], ["dark", "dark", false]);
  change({ import_signing_certificate: false });
  release(registered({ enabled: false }));
  await slow;
  assert.deepEqual([show().import_signing_certificate, loaded().pending], [false, {}]);
});

test("what the system knows is followed while the dialog is open", async () => {
  await opened();
  actions.storeTold(registered({ places: [{ kind: "nss", path: "/a", state: "free", modules: [], error: null }] }));
  assert.equal(loaded().store.places.length, 1);
  onEvent({ id: store.get().eventId + 1, topic: "ukeys", data: list([]) });
  await settled();
  assert.deepEqual([methods().at(-1), loaded().store.places], ["osstore.list", []]);
  setDialog(null);
  actions.storeTold(registered());
  assert.equal(open(), null);
});

test("places are told by kind, several of one kind by their number", () => {
  const place = (kind, path) => ({ kind, path, state: "registered", modules: [], error: null });
  const places = [place("nss", "/a"), place("firefox", "/b"), place("firefox", "/c"), place("p11-kit", "/d")];
  assert.deepEqual(kindsOf(registered({ places }), ["/a", "/b", "/c", "/gone"]), [
    { kind: "nss", count: 1 }, { kind: "firefox", count: 2 },
  ]);
});

for (const [name, form, expected] of [
  ["as it is saved", {}, null],
  ["another way", { mode: "none" }, { mode: "none" }],
  ["by hand, no address yet", { mode: "manual" }, null],
  ["by hand, no address yet, and an exception", { mode: "manual", exceptions: "a.cn" }, { exceptions: "a.cn" }],
  ["by hand, with one", { mode: "manual", address: "proxy.cn:1" }, { mode: "manual", address: "proxy.cn:1" }],
  ["an address that does not count", { address: "proxy.cn:1" }, null],
  ["an exception", { exceptions: "a.cn" }, { exceptions: "a.cn" }],
  ["an exception that does not count", { mode: "none", exceptions: "a!b" }, { mode: "none", exceptions: "a!b" }],
  ["an exception that is only begun", { exceptions: " ;" }, null],
]) {
  test(`proxy, to be saved: ${name}`, () => {
    const now = loadedFrom(view());
    assert.deepEqual(unsaved({ ...now, proxy: { ...now.proxy, ...form } }), expected && { ...now.proxy, ...expected });
  });
}

test("proxy: what is typed is saved however the dialog goes, letter by letter until then", async () => {
  resetBridge({
    "settings.get": get, "osstore.list": () => registered(),
    "settings.set_proxy": (form) => change({ proxy_mode: form.mode, proxy_url: form.address || null, proxy_exceptions: form.exceptions }),
  });
  for (const [at, leave] of [actions.closeSettings, () => setDialog({ kind: "lastTry", token: "a" })].entries()) {
    await opened("network");
    actions.editProxy({ exceptions: `a.cn；b${at}.cn;` });
    assert.equal(loaded().proxy.exceptions, `a.cn；b${at}.cn;`);
    leave();
    await settled();
    assert.deepEqual(asked("settings.set_proxy").at(-1), { mode: "system", address: "", exceptions: ["a.cn", `b${at}.cn`] });
    setDialog(null);
    await settled();
  }
  assert.equal(asked("settings.set_proxy").length, 2);
});

test("proxy: saved when a choice is made or a field is left, and when the dialog is closed", async () => {
  await opened("network");
  resetBridge({ "settings.set_proxy": ({ mode, address, exceptions }) => view({ proxy_mode: mode, proxy_url: address || null, proxy_exceptions: exceptions }) });
  actions.leaveProxy({ mode: "manual" });
  await settled();
  assert.deepEqual(methods(), []);
  actions.editProxy({ address: "proxy.cn:1" });
  actions.leaveProxy();
  await settled();
  assert.deepEqual(asked("settings.set_proxy"), [{ mode: "manual", address: "proxy.cn:1", exceptions: [] }]);
  actions.editProxy({ address: "proxy.cn:2" });
  actions.closeSettings();
  await settled();
  assert.deepEqual(asked("settings.set_proxy").at(-1).address, "proxy.cn:2");
  assert.equal(open(), null);
});

test("proxy: what a command has changed meanwhile is not undone by a form nobody has touched; what is typed stays", async () => {
  program = values({ proxy_mode: "manual", proxy_url: "http://proxy.cn:1" });
  await opened("privacy");
  program = values();
  await actions.set({ ask_registration: false });
  assert.deepEqual(loaded().proxy, { mode: "system", address: "", exceptions: "" });
  actions.editProxy({ mode: "manual", address: "proxy.cn:2" });
  await actions.set({ ask_registration: true });
  assert.equal(loaded().proxy.address, "proxy.cn:2");
});

test("proxy: what is not accepted stays in the form and is said; nothing is tried", async () => {
  await opened("network");
  resetBridge({ "settings.set_proxy": refuse("V-PRX-02") });
  actions.editProxy({ mode: "manual", address: "ftp://x" });
  await actions.testConnection();
  assert.deepEqual(methods(), ["settings.set_proxy"]);
  assert.deepEqual([loaded().faults.proxy_mode.code, loaded().proxy.address, loaded().testing], ["V-PRX-02", "ftp://x", false]);
});

test("proxy: what a test has found goes with the form it was made with, and does not come to another one", async () => {
  await opened("network");
  const { answer, release } = held();
  const found = { host: "a.cn", proxy: null, unsupported: null, allow_list: "", steps: [] };
  resetBridge({
    "settings.set_proxy": ({ mode, address }) => change({ proxy_mode: mode, proxy_url: address || null }), "network.test": answer,
  });
  const trying = async (meanwhile = () => {}) => {
    const trial = actions.testConnection();
    await settled();
    meanwhile();
    release(found);
    await trial;
    return loaded().result;
  };
  assert.deepEqual(await trying(), found);
  actions.leaveProxy();
  assert.deepEqual(loaded().result, found);
  actions.editProxy({ mode: "manual" });
  assert.equal(loaded().result, null);
  actions.editProxy({ address: "proxy.cn:1" });
  assert.equal(await trying(() => actions.editProxy({ address: "proxy.cn:12" })), null);
});

test("恢复默认 says what it did, and 撤销 takes it back", async () => {
  program = values({ theme: "dark", remind_days: [60, 1] });
  await opened();
  const before = program;
  resetBridge({
    "settings.reset": () => ({ ...change(values()), changed: true }),
    "settings.restore": () => change(before),
  });
  await actions.reset();
  assert.deepEqual([show(), loaded().default, loaded().store.supported], [values(), true, true]);
  assert.deepEqual(reminders(loaded()).filter((one) => one.custom).map((one) => one.value), ["days:60,1"]);
  store.get().toast.action.run();
  await settled();
  assert.deepEqual(show(), before);
  assert.equal(store.get().toast.action, undefined);
});

test("恢复默认 where the program found nothing to do", async () => {
  await opened();
  resetBridge({ "settings.reset": () => ({ ...get(), changed: false }) });
  await actions.reset();
  assert.deepEqual(methods(), ["settings.reset"]);
  assert.deepEqual([store.get().toast.kind, store.get().toast.action], ["info", undefined]);
});

test("the notice of before does not come along, an error does", async () => {
  for (const [kind, there] of [["info", false], ["error", true]]) {
    setDialog(null);
    store.update((state) => ({ ...state, toast: { kind, text: "x", id: 1 } }));
    await opened();
    assert.equal(store.get().toast !== null, there, kind);
  }
  assert.deepEqual(elements, {});
});
