import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { read, root } from "./files.mjs";

const file = readFileSync(new URL("vendor/lit-html.js", root));
const tools = new URL("../../build/node/", import.meta.url);
const installed = new URL("node_modules/lit-html/lit-html.js", tools);

test("the vendored module is the one whose sum is written down", () => {
  const sum = createHash("sha256").update(file).digest("hex");
  assert.match(read("vendor/README.md"), new RegExp(`\`lit-html\\.js\`.*\`${sum}\``));
});

test("it stands alone", () => {
  assert.doesNotMatch(file.toString(), /\bimport\b/);
});

test("it is the file of the npm package, unchanged", { skip: existsSync(installed) ? false : "npm tools not installed" }, () => {
  assert.ok(file.equals(readFileSync(installed)));
});

test("the lock names no host", () => {
  assert.doesNotMatch(readFileSync(new URL("package-lock.json", tools), "utf8"), /https?:|"resolved"/);
});
