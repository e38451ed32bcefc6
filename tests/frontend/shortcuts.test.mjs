/** Keys that mean something on every page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./bridge.mjs";
import { keepFromPage } from "../../frontend/app/shortcuts.js";

for (const [name, event, kept, prevented] of [
  ["Enter that takes over a word", { key: "Enter", isComposing: true }, true, true],
  ["Esc that gives one up", { key: "Escape", isComposing: true }, true, false],
  ["F5 meanwhile", { key: "F5", isComposing: true }, true, false],
  ["Enter behind the end of the composition, as WebKit tells it", { key: "Enter", isComposing: false, keyCode: 229 }, true, true],
  ["Enter", { key: "Enter", isComposing: false, keyCode: 13 }, false, false],
  ["Esc", { key: "Escape", isComposing: false, keyCode: 27 }, false, false],
]) {
  test(`input methods: ${name} is ${kept ? "not for the page" : "for the page"}`, () => {
    const done = [];
    keepFromPage({ ...event, stopPropagation: () => done.push("kept"), preventDefault: () => done.push("prevented") });
    assert.deepEqual(done, [...(kept ? ["kept"] : []), ...(prevented ? ["prevented"] : [])]);
  });
}
