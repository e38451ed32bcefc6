/** Whether a certificate can be relied on: asked once, kept up by events, never said before it was earned. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, elements, held, methods, refuse, reset, settled } from "./bridge.mjs";
import { refresh } from "../../frontend/app/actions.js";
import { onEvent, reloadAll } from "../../frontend/app/feed.js";
import { loadParts } from "../../frontend/app/later.js";
import { reminderBar } from "../../frontend/app/pages/ukey/reminder.js";
import { nothing } from "../../frontend/vendor/lit-html.js";
import { loadTrust, recheck, trustOf } from "../../frontend/app/pages/ukey/trust.js";
import { plain } from "../../frontend/app/pages/ukey/trust-section.js";
import { withVerdict } from "../../frontend/app/pages/ukey/trust-words.js";
import { withPage, withSnapshot, withTab, withUkeys } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { entry, list, other, snapshot, trust, ukey, unreadable } from "./samples.mjs";

const [one, two] = [ukey(), other()];
const shown = (role = "signing", token = one) => trustOf(store.get(), token, role);
const verdict = (role, token) => shown(role, token)?.value?.verdict;
const checking = trust({ verdict: "checking", level: "wait", what: "正在核实", checking: true });
const revoked = trust({ verdict: "revoked", level: "bad", what: "证书已被吊销", why: "原因", do: "重新办理" });
const region = { textContent: "" };
let id = 100;
const told = (value) => onEvent({ id: ++id, topic: "certificate.trust", data: value });
const spoken = () => new Promise((resolve) => setTimeout(resolve, 60)).then(() => region.textContent);
const change = (reducer, value) => store.update((state) => reducer(state, value));

const lists = {
  "apps.get": () => ({ entries: [], problem: null, installs: [] }),
  "content.get": () => ({ source: "service", updated_at: "", pictures: [], programs: [], business: [], hall: { links: [], categories: [] } }),
};
reset(lists);
await loadParts();
elements['[data-live="polite"]'] = region;

beforeEach(async () => {
  await spoken();
  region.textContent = "";
  reset({ "certificate.trust": () => trust() });
  store.update(() => withSnapshot(initialState(), snapshot({ ukeys: list([one, two]) })));
});

test("asked once, for the certificate on the screen alone", async () => {
  loadTrust();
  loadTrust();
  await settled();
  loadTrust();
  assert.deepEqual(asked("certificate.trust"), [{ token: one.id, role: "signing" }]);
  assert.equal(verdict(), "good");
  change(withTab, "encryption");
  loadTrust();
  await settled();
  assert.deepEqual(asked("certificate.trust").at(-1), { token: one.id, role: "encryption" });
});

for (const [name, how] of [
  ["the tab of the 口令", () => change(withTab, "pin")],
  ["another page", () => change(withPage, "apps")],
  ["no Ukey", () => change(withUkeys, list([]))],
  ["an unreadable certificate", () => change(withUkeys, list([ukey({ certificates: [unreadable()] })]))],
  ["a certificate without a role", () => change(withUkeys, list([ukey({ certificates: [entry({ role: null })] })]))],
]) {
  test(`${name}: nothing is asked`, async () => {
    how();
    loadTrust();
    await settled();
    assert.deepEqual(methods(), []);
  });
}

test("a locked Ukey's certificate is asked about like any other", async () => {
  change(withUkeys, list([ukey({ pin: { state: "locked", remaining: 0, maximum: 10 } })]));
  loadTrust();
  await settled();
  assert.equal(verdict(), "good");
});

test("a late answer about a Ukey that is no longer shown is dropped", async () => {
  const waiting = held();
  reset({ "certificate.trust": waiting.answer });
  loadTrust();
  await settled();
  change(withUkeys, list([one, two], { current: two.id }));
  loadTrust();
  await settled();
  waiting.release(revoked);
  await settled();
  assert.equal(shown(), null);
  waiting.release(trust({ sha256: "BB" }));
  await settled();
  assert.equal(verdict("signing", two), "good");
  assert.deepEqual(Object.keys(store.get().trust).length, 1);
});

test("the event brings the value anew, and says a verdict that has turned bad", async () => {
  reset({ "certificate.trust": () => checking });
  loadTrust();
  await settled();
  told(trust({ sha256: "BB", verdict: "forged", level: "bad" }));
  assert.equal(verdict(), "checking");
  told(revoked);
  assert.equal(verdict(), "revoked");
  assert.equal(await spoken(), "证书已被吊销");
});

test("the first good verdict is not shouted", async () => {
  loadTrust();
  assert.equal(await spoken(), "");
});

test("an event that overtakes the answer which promised it is not lost", async () => {
  const waiting = held();
  reset({ "certificate.trust": waiting.answer });
  loadTrust();
  await settled();
  told(trust({ sha256: "BB", verdict: "forged", level: "bad" }));
  told(revoked);
  waiting.release(checking);
  await settled();
  assert.equal(verdict(), "revoked");
});

test("重新核对 asks afresh, once at a time, keeps what is known, and says what has come of it", async () => {
  loadTrust();
  await settled();
  const waiting = held();
  reset({ "certificate.trust": waiting.answer });
  const first = recheck(one, "signing");
  void recheck(one, "signing");
  assert.equal(verdict(), "good");
  await settled();
  told(trust({ sha256: "BB", verdict: "forged", level: "bad" }));
  assert.equal(verdict(), "good");
  waiting.release(trust({ checking: true }));
  await first;
  assert.deepEqual(asked("certificate.trust"), [{ token: one.id, role: "signing", fresh: true }]);
  assert.equal(await spoken(), "正在核对…");
  told(trust());
  assert.equal(await spoken(), trust().what);
});

test("no answer: what was known stands, the reason beside it", async () => {
  loadTrust();
  await settled();
  reset({ "certificate.trust": refuse("E-UI-01") });
  await recheck(one, "signing");
  assert.equal(verdict(), "good");
  assert.equal(shown()?.error?.code, "E-UI-01");
  assert.equal(shown()?.asking, false);
});

test("events were missed: asked again, and what is not on the screen is forgotten", async () => {
  loadTrust();
  change(withTab, "encryption");
  loadTrust();
  await settled();
  reset({ ...lists, "app.snapshot": () => snapshot({ event_id: 9, ukeys: list([one, two]) }), "certificate.trust": () => revoked });
  await reloadAll();
  await settled();
  assert.deepEqual(asked("certificate.trust"), [{ token: one.id, role: "encryption" }]);
  assert.equal(verdict("encryption"), "revoked");
  assert.equal(shown("signing"), null);
});

test("forgotten when everything is read again, with the Ukey, and with the certificate", async () => {
  loadTrust();
  await settled();
  change(withUkeys, list([ukey({ certificates: [entry({ serial: "02" })] }), two]));
  assert.equal(trustOf(store.get(), store.get().snapshot.ukeys.tokens[0], "signing"), null);
  change(withUkeys, list([two]));
  assert.deepEqual(store.get().trust, {});
  loadTrust();
  await settled();
  assert.equal(verdict("signing", two), "good");
  reset({ "app.refresh": () => snapshot({ event_id: 9, ukeys: list([two]) }) });
  await refresh();
  assert.deepEqual(store.get().trust, {});
});

const known = { tone: "ok", icon: "i", title: "证书在有效期内", notes: ["签名证书"], days: "天后到期" };
const soon = { ...known, tone: "warn", title: "证书 12 天后到期" };
const valid = { state: "valid" };
const of = (value, error = null) => ({ asking: false, wanted: false, value, error, told: {} });
const offline = trust({ verdict: "offline", level: "warn", what: "没有联网", why: "不表示有问题", do: "联网后自动核实" });

const slow = { ...trust().checks[0], name: "clock", certificate: null, result: "failed", text: "慢 600 秒" };

for (const [name, words, summary, from, tone, title, notes] of [
  ["nothing yet", known, valid, null, "wait", "证书在有效期内", ["签名证书", "正在核对…"]],
  ["being checked", known, valid, of(checking), "wait", "证书在有效期内", ["签名证书", "正在核实"]],
  ["no answer", known, valid, of(null, { what: "没有答复" }), "wait", "证书在有效期内", ["签名证书", "没有核对成：没有答复。"]],
  ["offline", known, valid, of(offline), "wait", "没有联网", ["不表示有问题", "联网后自动核实"]],
  ["a clock that is wrong", known, valid, of({ ...offline, verdict: "clock" }), "warn", "没有联网", ["不表示有问题", "联网后自动核实"]],
  ["revoked", known, valid, of(revoked), "bad", "证书已被吊销", ["原因", "重新办理"]],
  ["near its end, and being checked", soon, { state: "expiring" }, null, "warn", "证书 12 天后到期", ["签名证书", "正在核对…"]],
  ["near its end, and offline", soon, { state: "expiring" }, of(offline), "warn", "证书 12 天后到期", ["签名证书", "没有联网", "联网后自动核实"]],
  ["near its end, and revoked", soon, { state: "expiring" }, of(revoked), "bad", "证书已被吊销", ["原因", "重新办理"]],
  [
    "past its end by a wrong clock", soon, { state: "expired" }, of({ ...revoked, verdict: "expired", checks: [slow] }),
    "warn", soon.title, [...soon.notes, "慢 600 秒。请校准电脑的日期和时间，再重新核对。"],
  ],
  ["past its end: told once", soon, { state: "expired" }, of({ ...revoked, verdict: "expired" }), "warn", soon.title, soon.notes],
]) {
  test(`the card: ${name}`, () => {
    const said = withVerdict(words, summary, from);
    assert.deepEqual([said.tone, said.title, said.notes], [tone, title, notes]);
  });
}

test("the card: good, with the moment the authority said so; without it not a word of 未吊销", () => {
  const said = withVerdict(known, valid, of(trust()));
  assert.deepEqual([said.tone, said.title], ["ok", "证书有效，可以正常使用"]);
  assert.match(said.notes[1], /^2026-11-2\d \d\d:\d\d 颁发机构确认未吊销$/);
  const silent = withVerdict(known, valid, of(trust({ revocation: { status: "no_source", received: null } })));
  assert.doesNotMatch(JSON.stringify(silent), /未吊销/);
});

test("as text: verdict, path and every check with time and source", () => {
  const text = plain(trust());
  for (const part of ["证书有效", "练习根 CA", "RSA 2048", "吊销状态：通过", "来源 http://127.0.0.1/ca/ocsp"]) assert.ok(text.includes(part), part);
});

test("nobody is reminded to renew in words that a worse verdict denies", async () => {
  const reminders = [{ token: one.id, holder: one.holder, step: 30, days_left: 18 }];
  const now = snapshot({ ukeys: list([one, two]), reminders });
  store.update((state) => withSnapshot(state, now));
  const bar = () => reminderBar(store.get(), now);
  assert.notEqual(bar(), nothing);
  for (const [level, verdict, shownBar] of [["ok", "good", true], ["warn", "offline", true], ["bad", "expired", true], ["bad", "revoked", false], ["bad", "untrusted", false]]) {
    reset({ "certificate.trust": () => trust({ level, verdict }) });
    await recheck(one, "signing");
    assert.equal(bar() !== nothing, shownBar, verdict);
  }
});
