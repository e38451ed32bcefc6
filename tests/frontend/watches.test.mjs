/** What follows from the state, and what is sent for it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, asked, forget, held, reset, settled } from "./bridge.mjs";
import { withDialog, withSnapshot, withStartFailure, withTab, withUkeys } from "../../frontend/app/reducers.js";
import { onEvent } from "../../frontend/app/feed.js";
import { opened, signInView } from "../../frontend/app/registration/state.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { watch } from "../../frontend/app/watches.js";
import { list, other, snapshot, ukey } from "./samples.mjs";

watch();

const modal = () => asked("window.modal");
let boots = 0;

/** Another start of the program, and its first word taken. */
async function begin(over = {}) {
  reset();
  store.update(() => withSnapshot(initialState(), snapshot({ boot: `boot ${++boots}`, ...over })));
  await settled();
}

beforeEach(() => begin());

test("a window is told with every start of the program, nobody else is", async () => {
  assert.deepEqual(modal(), [{ open: false, typing: false }]);
  await begin({ host: "browser" });
  store.update((state) => withTab(state, "pin"));
  await settled();
  assert.deepEqual(modal(), []);
});

test("a 口令 may be being typed: told with the tab, with the page, and with 用户注册; never twice the same", async () => {
  forget();
  const dialog = opened(1, ukey());
  for (const step of [
    (state) => withTab(state, "pin"),
    (state) => ({ ...state, pin: { ...state.pin, capsLock: true } }),
    (state) => withDialog(state, { kind: "forgot" }),
    (state) => withDialog(state, { kind: "about", about: null, licences: false }),
    (state) => withDialog(state, null),
    (state) => ({ ...state, page: "apps" }),
    (state) => withDialog(state, dialog),
    (state) => withDialog(state, { ...dialog, view: signInView() }),
    (state) => withDialog(state, { ...dialog, view: { ...signInView(), asking: true } }),
    (state) => withUkeys(state, list([other()])),
    (state) => withDialog(state, null),
    (state) => ({ ...state, page: "ukey" }),
    (state) => withTab(state, "seal"),
  ]) {
    store.update(step);
    await settled();
  }
  assert.deepEqual(modal().map(({ open, typing }) => `${open ? "open" : "shut"} ${typing ? "typing" : ""}`.trim()), [
    "shut typing", "open typing", "shut typing", "shut", "open", "open typing", "open", "shut", "shut typing", "shut",
  ]);
});

test("what is told overtakes nothing; a telling that fails keeps no later one", async () => {
  forget();
  const { answer, reject } = held();
  answers["window.modal"] = answer;
  store.update((state) => withDialog(state, { kind: "forgot" }));
  store.update((state) => withDialog(state, null));
  await settled();
  assert.deepEqual(modal(), [{ open: true, typing: false }]);
  reject({ code: "E-APP-02" });
  await settled();
  assert.deepEqual(modal()[1], { open: false, typing: false });
});

test("关于 is filled, whoever opened it", async () => {
  answers["app.about"] = () => ({ version: "1.0" });
  onEvent({ id: 6, topic: "show", data: { what: "about" } });
  await settled();
  assert.equal(store.get().dialog.about.version, "1.0");
});

test("no first snapshot: the last word counts, and the program's is more exact than none", () => {
  const [silent, broken] = ["E-UI-01", "E-APP-01"].map((code) => ({ code, what: "", kept: "", do: "" }));
  const lost = withStartFailure(initialState(), silent);
  assert.deepEqual([lost.connection, lost.startError], ["lost", null]);
  const told = withStartFailure(lost, broken);
  assert.deepEqual([told.connection, told.startError.code], ["up", "E-APP-01"]);
});
