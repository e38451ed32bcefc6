import assert from "node:assert/strict";
import { test } from "node:test";
import { inSight, untilOutOfSight } from "../../frontend/app/sight.js";

class Page extends EventTarget {
  visibilityState = "visible";

  /** @param {"visible" | "hidden"} state */
  become(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("a page in sight need not wait", async () => {
  await inSight(new Page());
});

test("a page out of sight waits until it is seen", async () => {
  const page = new Page();
  page.become("hidden");
  let seen = false;
  const waiting = inSight(page).then(() => (seen = true));
  await wait(10);
  assert.equal(seen, false);
  page.become("visible");
  await waiting;
});

test("out of sight for a while: it ends; for a moment: it does not", async () => {
  const page = new Page();
  const { signal } = untilOutOfSight(page, 40);
  page.become("hidden");
  await wait(10);
  page.become("visible");
  await wait(60);
  assert.equal(signal.aborted, false);
  page.become("hidden");
  await wait(60);
  assert.equal(signal.aborted, true);
});

test("ended early, it leaves no watch behind", async () => {
  const page = new Page();
  const ended = untilOutOfSight(page, 10);
  page.become("hidden");
  ended.abort("early");
  await wait(30);
  assert.equal(ended.signal.reason, "early");
});
