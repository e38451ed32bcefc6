/** Putting tiles in order with the pointer: however it ends, nothing stays lifted. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, elements, reset, settled } from "./bridge.mjs";
import { loadApps, setApps } from "../../frontend/app/apps/entries.js";
import { watchGone } from "../../frontend/app/apps/gone.js";
import { beginDrag, dragEnded } from "../../frontend/app/pages/apps/drag.js";
import { withDialog, withPage, withSnapshot } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { appEntry, snapshot } from "./samples.mjs";

watchGone();

const view = (...ids) => ({ entries: ids.map((id) => appEntry(id)), problem: null, installs: [] });
const drag = () => store.get().apps.drag;

/** The tile of an entry, as something the pointer can be on. @param {string} id */
function tile(id) {
  return Object.assign(new Element(), { closest: () => ({ getAttribute: () => id, querySelector: () => ({ getAttribute: () => id }) }) });
}

/** @param {string} type */
function tell(type, over = {}, target = document) {
  target.dispatchEvent(Object.assign(new Event(type), { buttons: 1, pointerId: 1, clientX: 90, clientY: 0, ...over }));
}

/** The pointer takes the first tile over the last one. */
function carry() {
  const grid = { setPointerCapture() {} };
  beginDrag({ button: 0, pointerType: "mouse", target: tile("link:a"), currentTarget: grid, clientX: 0, clientY: 0 });
  elements.pointer = tile("link:c");
  tell("pointermove");
  assert.deepEqual(drag(), { id: "link:a", index: 2 });
}

beforeEach(async () => {
  reset({ "apps.get": () => view("link:a", "link:b", "link:c") });
  store.update(() => ({ ...withSnapshot(initialState(), snapshot()), page: "apps" }));
  await loadApps();
});

test("let go, it stands in its new place; the click of the release is none", async () => {
  carry();
  tell("pointerup");
  assert.equal(drag(), null);
  assert.ok(dragEnded());
  await settled();
  assert.deepEqual(asked("apps.move"), [{ id: "link:a", before: null }]);
});

test("a little movement is a click", () => {
  beginDrag({ button: 0, pointerType: "mouse", target: tile("link:a"), currentTarget: {}, clientX: 0, clientY: 0 });
  tell("pointermove", { clientX: 3 });
  tell("pointerup");
  assert.equal(drag(), null);
});

for (const [name, end] of [
  ["Esc", () => tell("keydown", { key: "Escape" })],
  ["the system takes the pointer away", () => tell("pointercancel")],
  ["the window loses the keyboard", () => tell("blur", {}, window)],
  ["the button was let go where nobody saw it", () => tell("pointermove", { buttons: 0 })],
  ["another page", () => store.update((state) => withPage(state, "service"))],
  ["a dialog", () => store.update((state) => withDialog(state, { kind: "news" }))],
  ["a search", () => setApps({ query: "x" })],
]) {
  test(`it ends without a move: ${name}`, async () => {
    carry();
    end();
    assert.equal(drag(), null);
    tell("pointermove", { clientX: 200 });
    assert.equal(drag(), null, "it is not taken up again");
    tell("pointerup", { buttons: 0 });
    await settled();
    assert.deepEqual(asked("apps.move"), []);
  });
}

test("it ends without a move: its entry has gone", async () => {
  reset({ "apps.get": () => view("link:b", "link:c") });
  carry();
  await loadApps();
  assert.equal(drag(), null);
  tell("pointerup");
  await settled();
  assert.deepEqual(asked("apps.move"), []);
});
