/** What the dialog sends, and when: the real actions on a bridge that answers as the test says. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, asked, elements, forget, methods, refuse, reset, settled } from "./bridge.mjs";
import { initialState } from "../../frontend/app/state.js";
import { withDialog, withSnapshot, withUkeys } from "../../frontend/app/reducers.js";
import * as page from "../../frontend/app/registration/actions.js";
import * as records from "../../frontend/app/registration/records-actions.js";
import * as signIn from "../../frontend/app/registration/sign-in-actions.js";
import * as store from "../../frontend/app/store.js";
import { dismiss } from "../../frontend/app/ui/toast.js";
import { list, network, other, snapshot, ukey } from "./samples.mjs";

const PIN = "geheim-4711";
const field = { value: "", focus() {} };
elements["#registration-pin"] = field;

page.watchRegistration();
store.subscribe((state) => assert.doesNotMatch(JSON.stringify(state), new RegExp(PIN), "a 口令 in the page's state"));

const normal = { state: "normal", remaining: null, maximum: null };
const record = { id: "a", contact: "王会计", phone: "13800138000", email: null, purposes: ["survey"],
  submitted_at: "2026-11-27T01:12:00Z", corrected_at: null, keep_until: "2028-11-27T01:12:00Z" };
const submit = () => signIn.submit({ preventDefault() {} });
const dialog = () => store.get().dialog;

/** The 口令 field open for the first of two Ukeys, and a 口令 in it. */
async function typed(pin = normal, over = {}) {
  store.update(() => withSnapshot(initialState(), snapshot({ ukeys: list([ukey({ pin }), other()]), ...over })));
  page.openRegistration();
  await settled();
  signIn.showRecords();
  field.value = PIN;
  forget();
}

beforeEach(() => {
  dismiss();
  store.update(() => initialState());
  field.value = "";
  reset({
    "registration.state": () => ({ available: true, asked: null, at: null, signed_in: false }),
    "registration.sign_in": () => normal,
    "registration.records": () => ({ items: [record] }),
  });
});

test("a 口令 is sent once, to the Ukey the dialog is for; then the field is empty and the list there", async () => {
  await typed();
  submit();
  submit();
  await settled();
  const [first, ...more] = asked("registration.sign_in");
  assert.deepEqual(more, []);
  assert.match(first.attempt, /^[0-9a-f-]{36}$/);
  assert.deepEqual({ ...first, attempt: "" }, { token: ukey().id, pin: PIN, attempt: "" });
  assert.equal(field.value, "");
  assert.deepEqual(dialog().view.items, [record]);
});

for (const [code, emptied] of [["E-PIN-01", true], ["E-PIN-08", true], ["E-SIG-06", true], ["E-NET-03", true], ["E-PIN-03", false]]) {
  test(`a failure is never tried again by itself; the field ${emptied ? "is emptied" : "stays"}: ${code}`, async () => {
    await typed();
    answers["registration.sign_in"] = refuse(code);
    submit();
    await settled();
    assert.deepEqual(methods(), ["registration.sign_in"]);
    assert.equal(field.value, emptied ? "" : PIN);
    assert.equal(dialog().view.name, "signIn");
    assert.equal(dialog().signedIn, false);
  });
}

test("every submission has an attempt of its own", async () => {
  await typed();
  answers["registration.sign_in"] = refuse("E-PIN-01");
  submit();
  await settled();
  field.value = PIN;
  submit();
  await settled();
  assert.equal(new Set(asked("registration.sign_in").map(({ attempt }) => attempt)).size, 2);
});

test("the last try is made after a second word only, and says so", async () => {
  await typed({ state: "final", remaining: null, maximum: null });
  submit();
  await settled();
  assert.deepEqual(methods(), []);
  assert.equal(dialog().view.asking, true);
  signIn.stopLastTry();
  signIn.submitLastTry();
  await settled();
  assert.deepEqual(methods(), []);
  assert.equal(field.value, PIN);
  submit();
  signIn.submitLastTry();
  await settled();
  assert.deepEqual(asked("registration.sign_in").map(({ last_try }) => last_try), [true]);
});

test("nothing is sent without a 口令, or offline", async () => {
  await typed();
  field.value = "";
  submit();
  assert.match(dialog().view.error.text, /请输入当前口令/);
  await typed(normal, { network: network(false) });
  submit();
  await settled();
  assert.deepEqual(asked("registration.sign_in"), []);
});

test("locked: told, nothing more can be sent", async () => {
  await typed();
  answers["registration.sign_in"] = refuse("E-PIN-02");
  submit();
  await settled();
  assert.equal(store.get().snapshot.ukeys.tokens[0].pin.state, "locked");
  assert.equal(field.value, "");
});

test("what was typed for one Ukey is sent to no other", async () => {
  await typed();
  store.update((state) => withUkeys(state, list([other()])));
  assert.equal(field.value, "");
  field.value = PIN;
  submit();
  signIn.submitLastTry();
  await settled();
  assert.deepEqual(methods(), []);
});

test("the Ukey leaves while the 口令 is on its way: the session is ended at once, nothing is read", async () => {
  await typed();
  answers["registration.sign_in"] = () => {
    store.update((state) => withUkeys(state, list([other()])));
    return normal;
  };
  submit();
  await settled();
  assert.deepEqual(methods(), ["registration.sign_in", "registration.sign_out"]);
  assert.equal(asked("registration.sign_out")[0].token, ukey().id);
  assert.equal(dialog().view.name, "gone");
});

for (const order of ["the answer first", "the list first"]) {
  test(`the Ukey leaves during the attempt: what became of it is told, ${order}`, async () => {
    await typed();
    answers["registration.sign_in"] = () => {
      if (order === "the list first") store.update((state) => withUkeys(state, list([other()])));
      refuse("E-TOK-01b")();
    };
    submit();
    await settled();
    store.update((state) => withUkeys(state, list([other()])));
    assert.equal(dialog().view.name, "gone");
    assert.equal(dialog().failure.error.code, "E-TOK-01b");
    assert.equal(field.value, "");
  });
}

test("the dialog cannot be closed while a 口令 is on its way", async () => {
  await typed();
  submit();
  page.closeRegistration();
  assert.equal(dialog().busy, "signIn");
  await settled();
  page.closeRegistration();
  assert.equal(dialog(), null);
});

test("closing ends the session and forgets what was read", async () => {
  await typed();
  submit();
  await settled();
  assert.match(JSON.stringify(store.get()), /王会计/);
  page.closeRegistration();
  await settled();
  assert.equal(methods().at(-1), "registration.sign_out");
  assert.doesNotMatch(JSON.stringify(store.get()), /王会计/);
});

test("closed while it is being read: what comes is dropped", async () => {
  await typed();
  answers["registration.records"] = () => {
    page.closeRegistration();
    return { items: [record] };
  };
  submit();
  await settled();
  assert.equal(dialog(), null);
  assert.deepEqual(asked("registration.sign_out"), [{ token: ukey().id }]);
});

test("without a session the 口令 is asked for again, and what was read is forgotten", async () => {
  await typed();
  submit();
  await settled();
  answers["registration.delete"] = refuse("E-REG-03");
  records.askDeletion("a");
  await records.deleteRecord("a");
  assert.equal(dialog().view.name, "signIn");
  assert.equal(dialog().failure.error.code, "E-REG-03");
  assert.doesNotMatch(JSON.stringify(dialog()), /王会计/);
});

/** A form as the page draws it, and typing into one of its fields. */
function formWith(values) {
  globalThis.FormData = class {
    getAll = (name) => values[name] ?? [];
    get = (name) => values[name];
  };
  return (name) => records.edited({ currentTarget: {}, target: { name, value: values[name] } });
}

test("a correction that has been begun outlasts its session: after the next 口令 it stands there as it was typed", async () => {
  await typed();
  answers["registration.records"] = () => ({ items: [{ ...record, id: "b" }, record] });
  submit();
  await settled();
  records.beginCorrection("a");
  const type = formWith({ contact: "  李出纳", phone: "13800138000", email: "", purposes: ["survey", "statistics"] });
  type("contact");
  type("purposes");
  answers["registration.correct"] = refuse("E-REG-03");
  await records.correct({ preventDefault() {}, currentTarget: {} });
  assert.equal(dialog().view.name, "signIn");
  assert.doesNotMatch(JSON.stringify(dialog()), /王会计|13800138000/, "what was read is forgotten");
  // 关于 from the tray does not take it away.
  assert.equal(withDialog(store.get(), { kind: "about", about: null, licences: false }).dialog, dialog());
  signIn.leaveSignIn();
  signIn.showRecords();
  field.value = PIN;
  submit();
  await settled();
  assert.deepEqual(dialog().view.correcting, { id: "a", problem: null });
  assert.deepEqual(dialog().drafts, { a: { contact: "  李出纳", purposes: ["statistics", "survey"] } });
  // Sent, it is no draft any more.
  answers["registration.correct"] = ({ contact }) => ({ ...record, contact });
  await records.correct({ preventDefault() {}, currentTarget: {} });
  assert.equal(asked("registration.correct").at(-1).contact, "李出纳");
  assert.deepEqual(dialog().drafts, {});
});

test("each correction keeps what was typed until it is given up, deleted, or the Ukey leaves", async () => {
  await typed();
  answers["registration.records"] = () => ({ items: [record, { ...record, id: "b" }, { ...record, id: "c" }] });
  submit();
  await settled();
  for (const id of ["a", "b", "c"]) {
    records.beginCorrection(id);
    formWith({ phone: `021-1234567${id}`, purposes: ["survey"] })("phone");
  }
  assert.deepEqual(Object.keys(dialog().drafts), ["a", "b", "c"]);
  records.endCorrection("c");
  records.askDeletion("b");
  assert.deepEqual(dialog().drafts.b, { phone: "021-1234567b" });
  await records.deleteRecord("b");
  assert.deepEqual(dialog().drafts, { a: { phone: "021-1234567a" } });
  store.update((state) => withUkeys(state, list([other()])));
  assert.deepEqual(dialog().drafts, {});
});

test("closing with a correction that is not saved is told of first, and again after more has been typed", async () => {
  await typed();
  submit();
  await settled();
  records.beginCorrection("a");
  const type = formWith({ phone: "021-12345678", purposes: ["survey"] });
  for (const _ of ["typed", "typed on"]) {
    type("phone");
    page.closeRegistration();
    assert.equal(dialog().leaving, true);
    assert.equal(dialog().drafts.a.phone, "021-12345678");
  }
  page.closeRegistration();
  assert.equal(dialog(), null);
});

test("nothing may be kept without a purpose: said at once, and no more when there is one", async () => {
  await typed();
  submit();
  await settled();
  records.beginCorrection("a");
  formWith({ purposes: [] })("purposes");
  assert.equal(dialog().view.correcting.problem.field, "purposes");
  formWith({ purposes: ["survey"] })("purposes");
  assert.equal(dialog().view.correcting.problem, null);
});

for (const state of ["locked", "unset"]) {
  test(`a Ukey whose 口令 is ${state} is sent nothing, whatever is in the field`, async () => {
    await typed({ state, remaining: null, maximum: null });
    submit();
    changeAsking();
    signIn.submitLastTry();
    await settled();
    assert.deepEqual(methods(), []);
    assert.equal(dialog().view.name, "signIn");
  });

  test(`it becomes ${state} while the question about the last try is open: nothing is sent`, async () => {
    await typed({ state: "final", remaining: null, maximum: null });
    submit();
    assert.equal(dialog().view.asking, true);
    store.update((now) => withUkeys(now, list([ukey({ pin: { state, remaining: null, maximum: null } }), other()])));
    signIn.submitLastTry();
    await settled();
    assert.deepEqual(methods(), []);
  });
}

function changeAsking() {
  const { view } = dialog();
  store.update((state) => ({ ...state, dialog: { ...state.dialog, view: { ...view, asking: true } } }));
}

test("events were missed: an open dialog's state is asked for anew, for whichever Ukey", async () => {
  await typed();
  page.registrationChanged(null);
  await settled();
  assert.deepEqual(asked("registration.state"), [{ token: ukey().id }]);
  page.closeRegistration();
  page.registrationChanged(null);
  await settled();
  assert.equal(asked("registration.state").length, 1);
});

test("a reading that failed is done again by the user's word, and not before", async () => {
  await typed();
  answers["registration.records"] = refuse("E-NET-03");
  submit();
  await settled();
  assert.equal(dialog().failure.error.code, "E-NET-03");
  assert.equal(asked("registration.records").length, 1);
  answers["registration.records"] = () => ({ items: [record] });
  page.retryFailed();
  await settled();
  assert.equal(dialog().failure, null);
  assert.deepEqual(dialog().view.items, [record]);
  assert.equal(asked("registration.sign_in").length, 1);
});

test("deleting asks once more, and only what was asked about is deleted", async () => {
  await typed();
  submit();
  await settled();
  await records.deleteRecord("a");
  assert.deepEqual(asked("registration.delete"), []);
  records.askDeletion("a");
  await records.deleteRecord("a");
  assert.deepEqual(asked("registration.delete"), [{ token: ukey().id, id: "a" }]);
  assert.deepEqual(dialog().view.items, []);
});

test("a session that is still there needs no 口令", async () => {
  answers["registration.state"] = () => ({ available: true, asked: "submitted", at: "2026-11-27T01:12:00Z", signed_in: true });
  store.update(() => withSnapshot(initialState(), snapshot()));
  page.openRegistration();
  await settled();
  signIn.showRecords();
  await settled();
  assert.deepEqual(methods(), ["registration.state", "registration.records"]);
});

test("a Ukey that is plugged in as asked gets its dialog; the event of another Ukey changes nothing", async () => {
  store.update(() => withSnapshot(initialState(), snapshot({ ukeys: list([]) })));
  page.openRegistration();
  await settled();
  assert.deepEqual(methods(), []);
  store.update((state) => withUkeys(state, list([ukey()])));
  await settled();
  assert.equal(dialog().view.name, "start");
  page.registrationChanged(other().id);
  page.registrationChanged(ukey().id);
  await settled();
  assert.deepEqual(asked("registration.state"), [{ token: ukey().id }, { token: ukey().id }]);
});

test("opening the page: closed and told when it is open, told in the dialog when it is not", async () => {
  store.update(() => withSnapshot(initialState(), snapshot()));
  page.openRegistration();
  await settled();
  answers["registration.open"] = refuse("E-REG-04");
  await page.openPage("registration.open");
  assert.equal(dialog().failure.error.code, "E-REG-04");
  answers["registration.browse"] = () => ({ where: "browser" });
  await page.openPage("registration.browse");
  assert.equal(dialog(), null);
  assert.match(store.get().toast.text, /已在浏览器中打开注册页面/);
  dismiss();
});
