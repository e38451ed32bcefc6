import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeOf } from "../../frontend/app/notices.js";
import { withDialog, withEvent, withHold, withPinView, withSnapshot, withTab, withUkeys } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import { list, other, snapshot, ukey } from "./samples.mjs";

const ready = (over) => withSnapshot(initialState(), snapshot(over));
const both = () => ready({ ukeys: list([ukey(), other()]) });
const removed = { error: { code: "E-TOK-01", what: "", kept: "", do: "" }, token: "softhsm:1", holder: "甲" };

test("a snapshot brings everything and its event number", () => {
  const state = ready();
  assert.equal(state.eventId, 5);
  assert.equal(state.snapshot.ukeys.current, "softhsm:1");
});

test("events the snapshot already holds are ignored", () => {
  const state = ready();
  assert.equal(withEvent(state, { id: 5, topic: "ukeys", data: list([]) }), state);
});

test("newer events change the state and its number", () => {
  const state = withEvent(ready(), { id: 6, topic: "network", data: { connected: false, checked_at: "x" } });
  assert.equal(state.snapshot.network.connected, false);
  assert.equal(state.eventId, 6);
});

test("a late snapshot of the same start does not undo newer events", () => {
  const newer = withEvent(ready(), { id: 9, topic: "ukeys", data: list([]) });
  assert.equal(withSnapshot(newer, snapshot({ event_id: 7 })), newer);
});

test("a snapshot of another start wins even with a smaller number", () => {
  const state = withSnapshot(ready(), snapshot({ boot: "boot-2", event_id: 1, ukeys: list([]) }));
  assert.equal(state.eventId, 1);
  assert.equal(state.snapshot.ukeys.current, null);
});

test("another Ukey: half-typed 口令, dialogs and pictures of the old one go", () => {
  let state = withDialog(both(), { kind: "detail", token: "softhsm:1", role: "signing", detail: null, error: null });
  state = { ...state, pictures: { a: "loading" }, checks: { a: "loading" }, seal: 2 };
  const next = withUkeys(state, list([ukey(), other()], { current: "softhsm:2" }));
  assert.equal(next.pin.epoch, state.pin.epoch + 1);
  assert.equal(next.dialog, null);
  assert.deepEqual(next.pictures, {});
  assert.deepEqual(next.checks, {});
  assert.equal(next.seal, null);
});

test("the same Ukey told again leaves the form alone", () => {
  const state = both();
  const next = withUkeys(state, list([ukey(), other()]));
  assert.equal(next.pin, state.pin);
});

test("关于 stays open when the Ukey leaves, the question about the last try does not", () => {
  const about = withDialog(both(), { kind: "about", about: null, licences: false });
  assert.equal(withUkeys(about, list([])).dialog?.kind, "about");
  const lastTry = withDialog(both(), { kind: "lastTry", token: "softhsm:1" });
  assert.equal(withUkeys(lastTry, list([])).dialog, null);
});

test("work on the Ukey goes on when the Ukey leaves: its answer will tell", () => {
  const state = both();
  state.pin = { ...state.pin, busy: true };
  assert.equal(withUkeys(state, list([])).pin.busy, true);
});

test("nothing covers the question about the last try or a running write", () => {
  for (const kind of ["lastTry", "working"]) {
    const held = { ...both(), dialog: { kind } };
    assert.equal(withEvent(held, { id: 6, topic: "show", data: { what: "about" } }).dialog.kind, kind);
  }
});

test("the tray opens 关于", () => {
  assert.equal(withEvent(ready(), { id: 6, topic: "show", data: { what: "about" } }).dialog.kind, "about");
});

const typing = () => {
  const state = { ...both(), tab: "pin" };
  return { ...state, pin: { ...state.pin, token: "softhsm:1" } };
};

for (const [name, from, ukeys, hold] of [
  ["the Ukey left and another takes over", typing(), list([other()]), "fresh"],
  ["a remembered one came and takes over", { ...typing(), snapshot: snapshot() }, list([other(), ukey()]), "fresh"],
  ["the user chose another one", typing(), list([ukey(), other()], { current: "softhsm:2" }), null],
  ["no other one is there", typing(), list([]), null],
  ["the first one comes", { ...typing(), snapshot: snapshot({ ukeys: list([]) }) }, list([other()]), null],
  ["the form is not open", { ...typing(), tab: "seal" }, list([other()]), null],
  ["the same Ukey is told again", typing(), list([ukey(), other()]), null],
]) {
  test(`the 口令 form waits for the user's word only after a change that is not the user's: ${name}`, () => {
    assert.equal(withUkeys(from, ukeys).hold, hold);
  });
}

test("the form's word is waited for through later lists, until another tab is chosen", () => {
  const held = withUkeys(typing(), list([other()]));
  assert.equal(withUkeys(held, list([other()])).hold, "fresh");
  assert.equal(withTab(held, "seal").hold, null);
});

test("what was typed for one Ukey belongs to no other", () => {
  assert.equal(withUkeys(typing(), list([other()])).pin.token, null);
  assert.equal(withUkeys(typing(), list([ukey(), other()], { current: "softhsm:2" })).pin.token, null);
  const held = withHold(typing());
  assert.deepEqual([held.pin.token, held.hold, held.pin.epoch], [null, "fresh", typing().pin.epoch + 1]);
});

test("leaving a tab empties the 口令 fields", () => {
  const state = { ...ready(), tab: "pin" };
  assert.equal(withTab(state, "seal").pin.epoch, state.pin.epoch + 1);
  assert.equal(withTab(state, "pin"), state);
});

test("removed during work: told until the same Ukey is back", () => {
  const state = withUkeys(ready(), list([]));
  state.pin = { ...state.pin, removed };
  const wrong = withUkeys(state, list([other()]));
  assert.equal(wrong.pin.removed, removed);
  assert.equal(withUkeys(wrong, list([ukey(), other()])).pin.removed, null);
});

test("a 口令's state is taken over for its own Ukey only", () => {
  const state = withPinView(both(), "softhsm:2", { state: "locked", remaining: null, maximum: null });
  assert.deepEqual(state.snapshot.ukeys.tokens.map((token) => token.pin.state), ["normal", "locked"]);
});

test("a crashed driver is named until it is back or given up", () => {
  const driver = (id, state) => ({ id, topic: "driver", data: { driver: "d", driver_name: "华大", state } });
  const crashed = withEvent(ready(), driver(6, "crashed"));
  assert.deepEqual(crashed.recovering, { d: "华大" });
  assert.deepEqual(withEvent(crashed, driver(7, "recovered")).recovering, {});
  assert.deepEqual(withEvent(crashed, driver(7, "stopped")).recovering, {});
});

/** Text of the notice that an event gives, or null. */
function told(state, event) {
  const after = withEvent(state, event);
  return [noticeOf(event, state, after)?.text ?? null, after];
}

test("removal of the current Ukey with another present is told once, in whichever order the events come", () => {
  const gone = { topic: "ukey.removed", data: { id: "softhsm:1", holder: ukey().holder } };
  const rest = { topic: "ukeys", data: list([other()]) };
  const words = /上海沪申.*已拔出，已切换到“浦江/;
  const [first, afterList] = told(both(), { id: 6, ...rest });
  assert.match(first, words);
  assert.match(told(afterList, { id: 7, ...gone })[0], words);
  const [early, afterRemoval] = told(both(), { id: 6, ...gone });
  assert.match(early, /Ukey 已拔出：上海沪申/);
  assert.match(told(afterRemoval, { id: 7, ...rest })[0], words);
});

test("later lists do not repeat the notice", () => {
  const [, switched] = told(both(), { id: 6, topic: "ukeys", data: list([other()]) });
  assert.equal(told(switched, { id: 7, topic: "ukeys", data: list([other()]) })[0], null);
});

test("a choice of the user is no removal", () => {
  const chosen = list([ukey(), other()], { current: "softhsm:2" });
  assert.equal(told(both(), { id: 6, topic: "ukeys", data: chosen })[0], null);
});

test("insertion, recovery and the first hiding are told", () => {
  assert.match(told(ready(), { id: 6, topic: "ukey.inserted", data: { id: "x", holder: "甲公司" } })[0], /已识别 Ukey：甲公司/);
  const driver = { driver: "d", driver_name: "华大", state: "recovered" };
  assert.match(told(ready(), { id: 6, topic: "driver", data: driver })[0], /华大驱动已恢复/);
  assert.match(told(ready(), { id: 6, topic: "first_hide", data: {} })[0], /仍在托盘中运行/);
});

test("reminders replace those before; the tray's 查看证书 opens the page from anywhere", () => {
  const reminder = { token: "softhsm:1", holder: "甲", step: 30, days_left: 29 };
  const state = withEvent(ready(), { id: 6, topic: "reminders", data: [reminder] });
  assert.deepEqual(state.snapshot.reminders, [reminder]);
  assert.deepEqual(withEvent(state, { id: 7, topic: "reminders", data: [] }).snapshot.reminders, []);
  const away = withDialog({ ...withTab(state, "seal"), page: "apps" }, { kind: "about", about: null, licences: false });
  const shown = withEvent(away, { id: 7, topic: "show", data: { what: "certificate", token: "softhsm:1" } });
  assert.deepEqual([shown.page, shown.tab, shown.dialog], ["ukey", "signing", null]);
});
