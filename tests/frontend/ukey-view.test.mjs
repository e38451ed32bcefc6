import assert from "node:assert/strict";
import { test } from "node:test";
import { entryFor, findings, health, needsTail } from "../../frontend/app/ukey-view.js";
import { entry, other, ukey, unreadable } from "./samples.mjs";

const pin = (state) => ({ state, remaining: null, maximum: null });

test("each tab shows the certificate of its own role", () => {
  const token = ukey();
  assert.equal(entryFor(token, "signing")?.role, "signing");
  assert.equal(entryFor(token, "encryption")?.role, "encryption");
});

test("no encryption certificate: the tab stays empty (D-32)", () => {
  assert.equal(entryFor(ukey({ certificates: [entry()] }), "encryption"), null);
});

for (const [name, certificates, signing, encryption] of [
  ["the only certificate names no role", [entry({ role: null })], 0, null],
  ["signing plus one without role", [entry(), entry({ role: null })], 0, 1],
  ["two without role", [entry({ role: null }), entry({ role: null })], 0, 1],
  ["an unreadable one without role", [unreadable(null), entry({ role: "encryption" })], 0, 1],
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

for (const [name, over, level, key] of [
  ["all well", {}, "ok", "health.ok"],
  ["no certificate", { certificates: [] }, "off", "health.none"],
  ["expired", { certificates: [entry({ state: "expired", days_left: -3 })] }, "bad", "health.expired"],
  ["expiring", { certificates: [entry({ state: "expiring", days_left: 18 })] }, "warn", "health.expiring"],
  ["last day", { certificates: [entry({ state: "expiring", days_left: 0 })] }, "warn", "health.today"],
  ["not yet valid", { certificates: [entry({ state: "not_yet" })] }, "warn", "health.notYet"],
  ["unreadable", { certificates: [unreadable("signing")] }, "bad", "health.unreadable"],
  ["locked", { pin: pin("locked") }, "bad", "health.locked"],
  ["last try", { pin: pin("final") }, "bad", "health.final"],
  ["low", { pin: pin("low") }, "warn", "health.low"],
  ["unset", { pin: pin("unset") }, "warn", "health.unset"],
  ["unknown counter is no trouble", { pin: pin("unknown") }, "ok", "health.ok"],
  ["the worst comes first", { pin: pin("low"), certificates: [entry({ state: "expired" })] }, "bad", "health.expired"],
]) {
  test(`health: ${name}`, () => {
    const found = health(ukey(over));
    assert.equal(found.level, level);
    assert.equal(found.key, key);
  });
}

test("two certificates running out together are one reminder", () => {
  const both = ["signing", "encryption"].map((role) => entry({ role, state: "expiring", days_left: 18 }));
  assert.equal(findings(ukey({ certificates: both })).length, 1);
});

test("Ukeys of the same holder are told apart by their serial's end", () => {
  const twin = ukey({ id: "softhsm:9" });
  assert.equal(needsTail(ukey(), [ukey(), twin]), true);
  assert.equal(needsTail(ukey(), [ukey(), other()]), false);
});
