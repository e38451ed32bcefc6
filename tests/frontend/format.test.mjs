import assert from "node:assert/strict";
import { test } from "node:test";
import { date, dateTime, grouped, percent, time } from "../../frontend/app/format.js";

// Dates are shown in the computer's own zone; the tests fix one.
process.env.TZ = "Asia/Shanghai";

test("dates are those of the computer's zone, not of UTC", () => {
  assert.equal(date("2028-06-18T15:59:59Z"), "2028-06-18");
  assert.equal(date("2028-06-18T16:00:00Z"), "2028-06-19");
  assert.equal(dateTime("2028-06-18T15:59:59Z"), "2028-06-18 23:59:59");
  assert.equal(time("2026-11-25T01:02:00Z"), "09:02");
});

for (const [name, text, expected] of [
  ["whole groups", "5F2C1A90", "5F2C 1A90"],
  ["a rest", "5F2C1", "5F2C 1"],
  ["shorter than a group", "5F", "5F"],
  ["nothing", "", ""],
  ["characters outside the BMP stay whole", "𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷 𠮷"],
]) {
  test(`grouped: ${name}`, () => assert.equal(grouped(text), expected));
}

for (const [share, expected] of [[0.484, 48], [0, 0], [1, 100], [-0.2, 0], [1.7, 100]]) {
  test(`percent of ${share}`, () => assert.equal(percent(share), expected));
}
