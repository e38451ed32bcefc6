import assert from "node:assert/strict";
import { test } from "node:test";
import { zhCN } from "../../frontend/app/i18n/zh-CN.js";
import { entryFor, healthOf, isLastTry, needsTail } from "../../frontend/app/ukey-view.js";
import { read } from "./files.mjs";
import { entry, other, ukey, unreadable } from "./samples.mjs";

test("each tab shows the certificate of its own role", () => {
  const token = ukey();
  assert.equal(entryFor(token, "signing")?.summary.role, "signing");
  assert.equal(entryFor(token, "encryption")?.summary.role, "encryption");
});

test("no encryption certificate: the tab stays empty (D-32)", () => {
  assert.equal(entryFor(ukey({ certificates: [entry()] }), "encryption"), null);
});

for (const [name, certificates, signing, encryption] of [
  ["the only certificate names no role", [entry({ role: null })], 0, null],
  ["signing plus one without role", [entry(), entry({ role: null })], 0, 1],
  ["two without role", [entry({ role: null }), entry({ role: null })], 0, 1],
  ["an unreadable one without role", [unreadable(), entry({ role: "encryption" })], 0, 1],
]) {
  test(`nothing stays hidden: ${name}`, () => {
    const token = ukey({ certificates });
    const at = (role) => {
      const found = entryFor(token, role);
      return found && certificates.indexOf(found);
    };
    assert.equal(at("signing"), signing);
    assert.equal(at("encryption"), encryption);
  });
}

for (const [name, health, tone, text] of [
  ["well", { level: "ok", key: "valid", days: null }, "ok", "证书在有效期内"],
  ["worth a look", { level: "warn", key: "expiring", days: 18 }, "warn", "18 天后到期"],
  ["to be acted upon", { level: "error", key: "locked", days: null }, "bad", "口令已锁定"],
]) {
  test(`health: ${name}`, () => assert.deepEqual(healthOf(ukey({ health })), { tone, text }));
}

test("health: every key of the contract has its words", () => {
  const contract = read("types/rpc.d.ts");
  const keys = /interface Health \{[\s\S]*?key: ([^;]+);/.exec(contract)?.[1].match(/\w+/g) ?? [];
  assert.equal(keys.length, 11);
  for (const key of keys) assert.ok(`health.${key}` in zhCN, key);
});

for (const [name, pin, expected] of [
  ["by flag", { state: "final", remaining: null, maximum: null }, true],
  ["by number", { state: "low", remaining: 1, maximum: 6 }, true],
  ["two left", { state: "low", remaining: 2, maximum: 6 }, false],
  ["unknown", { state: "unknown", remaining: null, maximum: null }, false],
]) {
  test(`last try: ${name}`, () => assert.equal(isLastTry(pin), expected));
}

test("Ukeys of the same holder are told apart by their serial's end", () => {
  const twin = ukey({ id: "softhsm:9" });
  assert.equal(needsTail(ukey(), [ukey(), twin]), true);
  assert.equal(needsTail(ukey(), [ukey(), other()]), false);
});
