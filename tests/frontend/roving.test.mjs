import assert from "node:assert/strict";
import { test } from "node:test";
import { gridIndex, nextIndex } from "../../frontend/app/ui/roving.js";

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

// Ten in rows of four: 0123 / 4567 / 89.
for (const [name, key, here, expected] of [
  ["right", "ArrowRight", 0, 1],
  ["right goes on in the next row", "ArrowRight", 3, 4],
  ["right stays on the last", "ArrowRight", 9, 9],
  ["left stays on the first", "ArrowLeft", 0, 0],
  ["down", "ArrowDown", 1, 5],
  ["down into a shorter row leads to its end", "ArrowDown", 7, 9],
  ["down stays in the last row", "ArrowDown", 8, 8],
  ["up", "ArrowUp", 9, 5],
  ["up stays in the first row", "ArrowUp", 2, 2],
  ["Home", "Home", 6, 0],
  ["End", "End", 6, 9],
  ["from outside nowhere", "ArrowDown", -1, null],
  ["other keys are not ours", "Enter", 3, null],
]) {
  test(`in a grid: ${name}`, () => assert.equal(gridIndex(key, here, 10, 4), expected));
}
