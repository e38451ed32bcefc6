/** 文件指纹 (a practice program): its two hashes against Node's. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const folder = new URL("../../backend/xieka_demo/programs/fingerprint/", import.meta.url);
const world = /** @type {any} */ (vm.createContext({}));
// Classic scripts: a browser loads no modules from a file.
for (const name of ["block-hash", "sha256", "sm3"]) vm.runInContext(readFileSync(new URL(`${name}.js`, folder), "utf8"), world);

for (const [name, kind] of [["sha256", "Sha256"], ["sm3", "Sm3"]]) {
  test(`${name} of every length around a block, in two pieces`, () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_003]) {
      const data = randomBytes(length);
      const hash = vm.runInContext(`new ${kind}()`, world);
      hash.update(data.subarray(0, length >> 1));
      hash.update(data.subarray(length >> 1));
      assert.equal(hash.digest(), createHash(name).update(data).digest("hex"), `${length} bytes`);
    }
  });
}
