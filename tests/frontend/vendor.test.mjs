import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { files, read, root } from "./files.mjs";

const vendored = files("vendor", ".js");
const bytes = (path) => readFileSync(new URL(path, root));
const tools = new URL("../../build/node/", import.meta.url);
const installed = new URL("node_modules/lit-html/", tools);
const version = { skip: existsSync(installed) ? false : "npm tools not installed" };

test("the vendored modules are those whose sums are written down", () => {
  const rows = [...read("vendor/README.md").matchAll(/^\| `([\w/.-]+)` .*`([0-9a-f]{64})` \|$/gm)];
  const sums = vendored.map((path) => [path.slice("vendor/".length), createHash("sha256").update(bytes(path)).digest("hex")]);
  assert.ok(sums.length > 0);
  assert.deepEqual(Object.fromEntries(rows.map(([, path, sum]) => [path, sum])), Object.fromEntries(sums));
});

test("they need nothing but each other", () => {
  for (const path of vendored) {
    for (const [, target] of read(path).matchAll(/\bimport\b[^"';]*["']([^"']*)["']/g)) {
      assert.ok(vendored.includes(new URL(target, new URL(path, "file:///")).pathname.slice(1)), `${path} imports ${target}`);
    }
    assert.doesNotMatch(read(path), /\bimport\(/);
  }
});

test("they are the files of the npm package, unchanged", version, () => {
  for (const path of vendored) assert.ok(bytes(path).equals(readFileSync(new URL(path.slice("vendor/".length), installed))), path);
});

test("the lock names no host", () => {
  assert.doesNotMatch(readFileSync(new URL("package-lock.json", tools), "utf8"), /https?:|"resolved"/);
});
