/** Answers about the content that overtake each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { held, reset, settled } from "./bridge.mjs";

const { loadContent } = await import("../../frontend/app/online-actions.js");
const store = await import("../../frontend/app/store.js");

const content = (saved) => ({ source: "service", updated_at: "2026-11-28T09:00:00+08:00", pictures: [], saved });

test("the answer to the last question counts, whichever comes last", async () => {
  const answers = held();
  reset({ "content.get": answers.answer });
  void loadContent();
  void loadContent();
  await settled();
  answers.release(content(true), 1);
  await settled();
  answers.release(content(false));
  await settled();
  assert.equal(store.get().online.content.saved, true);
});
