/** What the dialog sends, and when: the real actions on a bridge that answers as the test says. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { list, network, other, snapshot, ukey } from "./samples.mjs";

const PIN = "geheim-4711";
const field = { value: "", focus() {} };
/** @type {{ method: string, params: any }[]} */
let sent = [];
/** @type {Record<string, (params: any) => unknown>} */
let answers = {};

globalThis.location = { hash: "" };
globalThis.document = {
  createTreeWalker: () => ({}),
  createComment: () => ({}),
  querySelector: (selector) => (selector === "#registration-pin" ? field : null),
};
globalThis.HTMLElement = class {};
globalThis.fetch = async (_, { body }) => {
  const { method, params } = JSON.parse(body);
  sent.push({ method, params });
  let reply;
  try {
    reply = { result: (await answers[method]?.(params)) ?? null };
  } catch (error) {
    reply = { error };
  }
  return { status: 200, json: async () => reply };
};

const store = await import("../../frontend/app/store.js");
const { initialState } = await import("../../frontend/app/state.js");
const { withSnapshot, withUkeys } = await import("../../frontend/app/reducers.js");
const page = await import("../../frontend/app/registration/actions.js");
const signIn = await import("../../frontend/app/registration/sign-in-actions.js");
const records = await import("../../frontend/app/registration/records-actions.js");
const { dismiss } = await import("../../frontend/app/ui/toast.js");

page.watchRegistration();
store.subscribe((state) => assert.doesNotMatch(JSON.stringify(state), new RegExp(PIN), "a 口令 in the page's state"));

const normal = { state: "normal", remaining: null, maximum: null };
const record = { id: "a", contact: "王会计", phone: "13800138000", email: null, purposes: ["survey"],
  submitted_at: "2026-11-27T01:12:00Z", corrected_at: null, keep_until: "2028-11-27T01:12:00Z" };
const failure = (code) => ({ code, what: "什么", kept: "没有变化。", do: "重试。" });
const refuse = (code) => () => { throw failure(code); };
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const submit = () => signIn.submit({ preventDefault() {} });
const methods = () => sent.map(({ method }) => method);
const asked = (method) => sent.filter((call) => call.method === method).map(({ params }) => params);
const dialog = () => store.get().dialog;

/** The 口令 field open for the first of two Ukeys, and a 口令 in it. */
async function typed(pin = normal, over = {}) {
  store.update(() => withSnapshot(initialState(), snapshot({ ukeys: list([ukey({ pin }), other()]), ...over })));
  page.openRegistration();
  await settled();
  signIn.showRecords();
  field.value = PIN;
  sent = [];
}

beforeEach(() => {
  dismiss();
  store.update(() => initialState());
  field.value = "";
  sent = [];
  answers = {
    "registration.state": () => ({ available: true, asked: null, at: null, signed_in: false }),
    "registration.sign_in": () => normal,
    "registration.records": () => ({ items: [record] }),
  };
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
  assert.deepEqual(sent, []);
  assert.equal(dialog().view.asking, true);
  signIn.stopLastTry();
  signIn.submitLastTry();
  await settled();
  assert.deepEqual(sent, []);
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
  assert.deepEqual(sent, []);
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
      throw failure("E-TOK-01b");
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
  assert.deepEqual(sent, []);
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
