import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withDialog, withEvent, withSnapshot, withUkeys } from "../../frontend/app/reducers.js";
import { EMAIL, PHONE, PURPOSES, detailsOf, problemOf } from "../../frontend/app/registration/rules.js";
import {
  abandoned, leftSignIn, lostOwner, opened, readyIn, recordsView, signInView, withVisit,
} from "../../frontend/app/registration/state.js";
import { initialState } from "../../frontend/app/state.js";
import { list, other, snapshot, ukey } from "./samples.mjs";

const details = (over = {}) => ({
  contact: "王会计", phone: "13800138000", email: null, purposes: ["statistics"], ...over,
});
const record = () => ({
  id: "a", ...details(), submitted_at: "2026-11-27T01:12:00Z", corrected_at: null, keep_until: "2028-11-27T01:12:00Z",
});

/** The state with the dialog open for the first of two Ukeys. */
function at(over = {}) {
  const state = withSnapshot(initialState(), snapshot({ ukeys: list([ukey(), other()]) }));
  return withDialog(state, { ...opened(3, ukey()), ...over });
}
const signedIn = () => at({ signedIn: true, view: recordsView([record()]) });

const contract = readFileSync(new URL("../../backend/xieka/contract/registration.py", import.meta.url), "utf8");

test("the form's rules are those of the contract", () => {
  const pattern = (name) => new RegExp(`^${name} = r"(.+)"$`, "m").exec(contract)[1];
  assert.equal(PHONE.source, pattern("_PHONE"));
  assert.equal(EMAIL.source, pattern("_EMAIL"));
  const purposes = /^Purpose = Literal\[(.+)\]$/m.exec(contract)[1].match(/\w+/g);
  assert.deepEqual(PURPOSES, purposes);
  assert.match(contract, /contact: Annotated\[Line, Field\(max_length=40\)\]/);
  assert.match(contract, /email: Annotated\[str, StringConstraints\(max_length=254,/);
});

for (const [name, over, expected] of [
  ["all is well", {}, null],
  ["a landline with its extension", { phone: "021-12345678-12" }, null],
  ["an e-mail address", { email: "wang@example.com.cn" }, null],
  ["forty characters outside the basic plane", { contact: "𠮷".repeat(40) }, null],
  ["no name", { contact: "" }, "contact"],
  ["forty-one characters", { contact: "王".repeat(41) }, "contact"],
  ["no number", { phone: "" }, "phone"],
  ["a landline without its area", { phone: "12345678" }, "phone"],
  ["a digit short", { phone: "1380013800" }, "phone"],
  ["an address without a domain", { email: "wang@example" }, "email"],
  ["an address too long", { email: `a@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.${"e".repeat(63)}` }, "email"],
  ["no purpose", { purposes: [] }, "purposes"],
]) {
  test(`what may be told: ${name}`, () => assert.equal(problemOf(details(over))?.field ?? null, expected));
}

test("what is sent is what a person sees in the fields", () => {
  const form = new FormData();
  form.append("contact", " 王\u202e会计\u200b ");
  form.append("phone", " 138 0013 8000 ");
  form.append("email", "  ");
  for (const purpose of ["information", "statistics", "other"]) form.append("purposes", purpose);
  assert.deepEqual(detailsOf(form), details({ purposes: ["statistics", "information"] }));
});

for (const [name, ukeys] of [
  ["pulled out", list([other()])],
  ["the only one pulled out", list([])],
  ["another one chosen", list([ukey(), other()], { current: other().id })],
]) {
  test(`without its Ukey the dialog stays to say so, and knows nothing of a person any more: ${name}`, () => {
    const before = signedIn();
    const after = withUkeys(before, ukeys);
    assert.equal(after.dialog.view.name, "gone");
    assert.doesNotMatch(JSON.stringify(after.dialog), /王会计|13800138000/);
    assert.equal(after.dialog.signedIn, false);
    assert.equal(abandoned(after, before), ukey().id);
    assert.equal(lostOwner(after, before), true);
    assert.equal(readyIn(after), null);
    assert.equal(withVisit(after, 3, () => ({ view: recordsView([record()]) })), after);
  });
}

test("the same Ukey told again leaves the dialog alone", () => {
  const before = signedIn();
  const after = withUkeys(before, list([ukey(), other()]));
  assert.equal(after.dialog, before.dialog);
  assert.equal(abandoned(after, before), null);
});

test("when the Ukey comes back, what was forgotten stays forgotten", () => {
  const gone = withUkeys(signedIn(), list([]));
  assert.equal(withUkeys(gone, list([ukey()])).dialog, gone.dialog);
});

test("asking for a Ukey is no dialog of a Ukey: one that comes does not end it", () => {
  const state = withDialog(withSnapshot(initialState(), snapshot({ ukeys: list([]) })), opened(1, null));
  assert.equal(withUkeys(state, list([ukey()])).dialog.view.name, "none");
});

test("whatever closes the dialog leaves a session to be ended, but only then", () => {
  const before = signedIn();
  assert.equal(abandoned(withDialog(before, null), before), ukey().id);
  assert.equal(abandoned(withDialog(before, { kind: "about", about: null, licences: false }), before), ukey().id);
  assert.equal(abandoned(withDialog(before, opened(4, ukey())), before), ukey().id);
  assert.equal(abandoned(withVisit(before, 3, () => ({ busy: "correct" })), before), null);
  assert.equal(abandoned(withDialog(at(), null), at()), null);
});

test("leaving the 口令 field by whatever way empties it", () => {
  const before = at({ view: signInView() });
  assert.equal(leftSignIn(withDialog(before, null), before), true);
  assert.equal(leftSignIn(withUkeys(before, list([])), before), true);
  assert.equal(leftSignIn(withVisit(before, 3, () => ({ view: { name: "start" } })), before), true);
  assert.equal(leftSignIn(withVisit(before, 3, () => ({ busy: "signIn" })), before), false);
});

test("an answer to an earlier opening changes nothing", () => {
  const state = at();
  assert.equal(withVisit(state, 2, () => ({ signedIn: true })), state);
});

for (const [name, over] of [
  ["a 口令 on its way", { view: signInView(), busy: "signIn" }],
  ["the question about the last try", { view: { ...signInView(), asking: true } }],
]) {
  test(`nothing covers ${name}`, () => {
    const shown = withEvent(at(over), { id: 6, topic: "show", data: { what: "about" } });
    assert.equal(shown.dialog.kind, "registration");
  });
}
