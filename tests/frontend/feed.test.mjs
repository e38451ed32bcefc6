/** What the program tells by itself, and what is asked for when events were missed. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, forget, methods, reset, settled } from "./bridge.mjs";
import { onEvent, reloadAll } from "../../frontend/app/feed.js";
import { loadParts } from "../../frontend/app/later.js";
import { withDialog, withSnapshot } from "../../frontend/app/reducers.js";
import { opened } from "../../frontend/app/registration/state.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { other, snapshot, trust, ukey } from "./samples.mjs";

const content = { source: "service", updated_at: "", pictures: [], programs: [], business: [], hall: { links: [], categories: [] } };
const program = {
  "app.snapshot": () => snapshot({ event_id: 9 }),
  "apps.get": () => ({ entries: [], problem: null, installs: [] }),
  "certificate.trust": () => trust(),
  "content.get": () => content,
  "registration.state": () => ({ available: true, asked: null, at: null, signed_in: false }),
};

reset(program);
await loadParts();

beforeEach(async () => {
  reset(program);
  store.update(() => withDialog(withSnapshot(initialState(), snapshot()), opened(1, ukey())));
  await settled();
  forget();
});

test("events were missed: everything that they tell of is asked for, an open 用户注册's state too", async () => {
  await reloadAll();
  await settled();
  assert.deepEqual(methods(), ["app.snapshot", "content.get", "apps.get", "certificate.trust", "registration.state"]);
  assert.equal(store.get().eventId, 9);
});

for (const [topic, data, wanted] of [
  ["content", {}, ["content.get", "apps.get"]],
  ["apps", {}, ["content.get", "apps.get"]],
  ["registration", { token: ukey().id }, ["registration.state"]],
  ["registration", { token: other().id }, []],
  ["driver", { driver: "x", driver_name: "X", state: "stopped" }, []],
]) {
  test(`the event ${topic} ${data.token ?? ""} has asked for: ${wanted.join(", ") || "nothing"}`, async () => {
    onEvent({ id: 6, topic, data });
    await settled();
    assert.deepEqual(methods(), wanted);
  });
}

test("nothing is open: nothing of a registration is asked", async () => {
  store.update((state) => withDialog(state, null));
  await reloadAll();
  await settled();
  assert.deepEqual(asked("registration.state"), []);
});
