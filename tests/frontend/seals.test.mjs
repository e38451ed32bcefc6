/** Pictures and verifications of seals: asked for once, kept with their certificates, asked again when trust is told. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, forget, held, methods, refuse, reset, settled } from "./bridge.mjs";
import { onEvent } from "../../frontend/app/feed.js";
import { loadParts } from "../../frontend/app/later.js";
import { checkOf, loadPictures, pictureOf } from "../../frontend/app/pages/ukey/seal-pictures.js";
import { withSnapshot, withUkeys } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { entry, snapshot, ukey } from "./samples.mjs";

const seal = { number: 0, summary: { es_id: "31" }, error: null };
const token = ukey({ seals: [seal] });
const ukeys = { ...snapshot().ukeys, tokens: [token], current: token.id };
const check = (verdict) => ({ verdict, sentence: verdict, steps: [] });
const trust = () => onEvent({ id: 7, topic: "certificate.trust", data: {} });
const shown = () => checkOf(store.get(), token, seal);

const lists = {
  "apps.get": () => ({ entries: [], problem: null, installs: [] }),
  "content.get": () => ({ source: "service", updated_at: "", pictures: [], programs: [], business: [], hall: { links: [], categories: [] } }),
};
reset(lists);
await loadParts();

beforeEach(async () => {
  await settled();
  reset({ "seal.picture": () => ({ base64: "", width: 1, height: 1 }), "seal.check": () => check("partial") });
  store.update(() => withSnapshot(initialState(), { ...snapshot(), ukeys }));
});

test("picture and verification are asked for once", async () => {
  loadPictures(token);
  loadPictures(token);
  assert.equal(shown(), "loading");
  await settled();
  loadPictures(token);
  assert.deepEqual(methods(), ["seal.picture", "seal.check"]);
  assert.deepEqual(asked("seal.check"), [{ token: token.id, seal: 0 }]);
  assert.equal(shown().verdict, "partial");
  assert.equal(pictureOf(store.get(), token, seal).width, 1);
});

test("a failure of one is not the other's", async () => {
  reset({ "seal.picture": refuse("E-SEA-10"), "seal.check": () => check("failed") });
  loadPictures(token);
  await settled();
  assert.equal(pictureOf(store.get(), token, seal).error.code, "E-SEA-10");
  assert.equal(shown().verdict, "failed");
});

test("other certificates, another verification", async () => {
  loadPictures(token);
  await settled();
  const renewed = { ...token, certificates: [entry({ serial: "99" })] };
  assert.equal(checkOf(store.get(), renewed, seal), "loading");
  assert.equal(pictureOf(store.get(), renewed, seal).width, 1);
});

test("an authority has answered: asked again, and the old word stands until the new one comes", async () => {
  loadPictures(token);
  await settled();
  forget();
  const { answer, release } = held();
  reset({ "seal.check": answer });
  trust();
  await settled();
  assert.deepEqual(methods(), ["seal.check"]);
  assert.equal(shown().verdict, "partial");
  release(check("ok"));
  await settled();
  assert.equal(shown().verdict, "ok");
});

test("nothing is asked for what was never shown, and nothing is kept for a Ukey that has gone", async () => {
  trust();
  await settled();
  assert.deepEqual(methods(), []);
  loadPictures(token);
  await settled();
  const { answer, release } = held();
  reset({ "seal.check": answer });
  trust();
  await settled();
  store.update((state) => withUkeys(state, { ...ukeys, tokens: [], current: null }));
  release(check("ok"));
  await settled();
  assert.deepEqual(store.get().checks, {});
});
