import assert from "node:assert/strict";
import { test } from "node:test";
import { nextIndex } from "../../frontend/app/ui/roving.js";

for (const [name, key, here, count, direction, expected] of [
  ["right", "ArrowRight", 0, 4, "horizontal", 1],
  ["right wraps", "ArrowRight", 3, 4, "horizontal", 0],
  ["left wraps", "ArrowLeft", 0, 4, "horizontal", 3],
  ["down does nothing in a row", "ArrowDown", 0, 4, "horizontal", null],
  ["down in a column", "ArrowDown", 1, 4, "vertical", 2],
  ["right does nothing in a column", "ArrowRight", 1, 4, "vertical", null],
  ["both directions", "ArrowUp", 2, 4, "both", 1],
  ["from outside down to the first", "ArrowDown", -1, 4, "both", 0],
  ["from outside up to the last", "ArrowUp", -1, 4, "both", 3],
  ["Home", "Home", 2, 4, "both", 0],
  ["End", "End", 0, 4, "both", 3],
  ["other keys are not ours", "a", 0, 4, "both", null],
  ["an empty group", "ArrowDown", -1, 0, "both", null],
]) {
  test(name, () => assert.equal(nextIndex(key, here, count, direction), expected));
}
