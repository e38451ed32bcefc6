/**
 * The 口令 that proves whose registration it is, under the same rules as on the page 修改 Ukey 口令: it lives in its field
 * only, every submission is one act of the user, and nothing is ever repeated by itself.
 */
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import { consequence } from "../pages/ukey/pin-outcome.js";
import { problem } from "../pin-rules.js";
import { withPinView, withoutOwner } from "../reducers.js";
import * as store from "../store.js";
import { blockedBy, currentOf, isLastTry } from "../ukey-view.js";
import { change, during, emptyPinField, fail, focusHeading, focusOn, pinField, signOut } from "./actions.js";
import { loadRecords } from "./records-actions.js";
import { openAt, readyIn, signInView } from "./state.js";

/** @typedef {import("./state.js").RegistrationDialog} RegistrationDialog */
/** @typedef {import("./state.js").SignInView} SignInView */

/** 查看已提交的信息: with a session at once, else after the 口令. */
export function showRecords() {
  const open = readyIn(store.get());
  if (!open) return;
  if (open.signedIn) {
    void loadRecords(open.visit);
    return;
  }
  change(open.visit, () => ({ failure: null, view: signInView() }));
  store.flush();
  const field = pinField();
  if (field) field.focus();
  else focusHeading();
}

/** Back from the 口令 field. */
export function leaveSignIn() {
  const open = readyIn(store.get());
  if (!open) return;
  change(open.visit, () => ({ failure: null, view: { name: "start" } }));
  focusOn("[data-records]:enabled, [data-autofocus]");
}

/** @param {Partial<SignInView>} part */
function changeView(part) {
  const { dialog } = store.get();
  if (dialog?.kind !== "registration") return;
  change(dialog.visit, ({ view }) => (view.name === "signIn" ? { view: { ...view, ...part } } : {}));
}

/** After every keystroke: what was said of the old content goes. */
export function edited() {
  changeView({ error: null });
}

/** @param {boolean} shown */
export function setShown(shown) {
  changeView({ shown });
}

/** @param {KeyboardEvent} event */
export function watchCapsLock(event) {
  changeView({ capsLock: event.getModifierState("CapsLock") });
}

/** @param {Event} event */
export function submit(event) {
  event.preventDefault();
  const open = readyIn(store.get());
  const ukey = open && ukeyOf(open);
  if (!ukey || open.view.name !== "signIn" || open.view.asking || !store.get().snapshot?.network.online) return;
  const wrong = problem("verify", { current: pinField()?.value ?? "", next: "", repeat: "" });
  if (wrong) showFieldError(t(wrong.key, wrong.values), "");
  else if (isLastTry(ukey.pin)) askLastTry();
  else void signIn(open, false);
}

/**
 * The Ukey the dialog was opened for, as long as it is the managed one and takes a 口令.
 * @param {RegistrationDialog} open
 */
function ukeyOf({ token }) {
  const { snapshot } = store.get();
  const ukey = snapshot && currentOf(snapshot.ukeys);
  return ukey?.id === token && !blockedBy(ukey.pin) ? ukey : null;
}

function askLastTry() {
  changeView({ asking: true, error: null });
  focusOn("[data-stop]");
}

/** 先不试了: the field stays as it is. */
export function stopLastTry() {
  changeView({ asking: false });
  store.flush();
  pinField()?.focus();
}

/** 我确定，再试一次. */
export function submitLastTry() {
  const open = readyIn(store.get());
  if (open && ukeyOf(open) && open.view.name === "signIn" && open.view.asking) void signIn(open, true);
}

/**
 * @param {string} text
 * @param {string} code
 */
function showFieldError(text, code) {
  changeView({ error: { text, code } });
  store.flush();
  pinField()?.focus();
}

/**
 * @param {RegistrationDialog} open
 * @param {boolean} lastTry
 */
async function signIn({ visit, token }, lastTry) {
  const pin = pinField()?.value ?? "";
  changeView({ asking: false, error: null });
  store.flush();
  pinField()?.focus();
  const confirmed = { token, pin, attempt: crypto.randomUUID(), ...(lastTry ? { last_try: true } : {}) };
  try {
    const view = await during(visit, "signIn", () => call("registration.sign_in", confirmed));
    store.update((state) => withPinView(state, token, view));
  } catch (error) {
    refused(visit, token, error);
    return;
  }
  if (!openAt(store.get(), visit)) {
    signOut(token);
    return;
  }
  change(visit, () => ({ signedIn: true }));
  await loadRecords(visit);
}

/**
 * @param {number} visit
 * @param {string} token
 * @param {unknown} error
 */
function refused(visit, token, error) {
  const body = errorBody(error);
  const { kind, empty } = consequence(body.code);
  if (!openAt(store.get(), visit)) {
    fail(visit, error, null);
    return;
  }
  if (empty.includes("current")) emptyPinField();
  if (kind === "lastTry") askLastTry();
  else if (kind === "field") showFieldError(`${body.what}。${body.kept}${body.do}`, body.code);
  else if (kind === "locked") {
    store.update((state) => withPinView(state, token, { state: "locked", remaining: null, maximum: null }));
    focusHeading();
  } else {
    if (kind === "removed") store.update((state) => ({ ...state, dialog: withoutOwner(state.dialog) }));
    fail(visit, error, null);
  }
}
