/**
 * Verifying and changing the 口令. A 口令 lives in its input field only: it is read at submission, sent once, and the
 * field is emptied. Every submission is one act of the user; nothing is ever repeated by itself.
 */
import { setDialog, showProblem } from "../../actions.js";
import { call, errorBody } from "../../bridge.js";
import { t } from "../../i18n/t.js";
import * as rules from "../../pin-rules.js";
import { withHold, withPinView } from "../../reducers.js";
import { emptyPin, noRules } from "../../state.js";
import * as store from "../../store.js";
import { announce } from "../../ui/live.js";
import { dismiss, toast } from "../../ui/toast.js";
import { currentOf, isLastTry } from "../../ukey-view.js";
import { consequence } from "./pin-outcome.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").PinForm} PinForm */
/** @typedef {import("../../../types/rpc").ErrorBody} ErrorBody */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {rules.Field} Field */
/** @typedef {rules.Values} Values */

/** Shorter work is over before a dialog could be read. */
const SHOW_WORKING_AFTER = 300;

/** @param {Field} field @returns {HTMLInputElement | null} */
function input(field) {
  return document.querySelector(`#pin-${field}`);
}

/** @returns {Values} */
function values() {
  return { current: input("current")?.value ?? "", next: input("next")?.value ?? "", repeat: input("repeat")?.value ?? "" };
}

/** @param {(pin: PinForm) => PinForm} change */
function updatePin(change) {
  store.update((state) => ({ ...state, pin: change(state.pin) }));
}

/** Empties every 口令 field. To be called when the form's epoch has changed. */
export function emptyFields() {
  for (const field of /** @type {Field[]} */ (["current", "next", "repeat"])) emptyField(field);
}

/** @param {Field} field */
function emptyField(field) {
  const element = input(field);
  if (element) element.value = "";
}

/** @param {"verify" | "change"} mode */
export function setMode(mode) {
  if (store.get().pin.mode !== mode) updatePin((pin) => emptyPin(pin.epoch + 1, mode));
}

/** The live rules, from what the fields hold now. */
function judge() {
  const now = values();
  updatePin((pin) => ({
    ...pin,
    rules: pin.mode === "change" ? rules.rules(now) : noRules(),
    strength: rules.strength(now.next),
  }));
}

/** After every keystroke: the form belongs to the Ukey it is first typed for. The old error of the edited field goes. @param {Field} field */
export function edited(field) {
  const token = currentUkey()?.id ?? null;
  updatePin((pin) => ({
    ...pin,
    token: pin.token ?? token,
    fieldError: pin.fieldError?.field === field ? null : pin.fieldError,
  }));
  judge();
}

/** @param {KeyboardEvent} event */
export function watchCapsLock(event) {
  const capsLock = event.getModifierState("CapsLock");
  if (capsLock !== store.get().pin.capsLock) updatePin((pin) => ({ ...pin, capsLock }));
}

/** @param {Field} field */
export function toggleShown(field) {
  updatePin((pin) => ({ ...pin, shown: { ...pin.shown, [field]: !pin.shown[field] } }));
}

export function hideInitialHint() {
  updatePin((pin) => ({ ...pin, initialHint: false }));
}

/** @param {Event} event */
export function submit(event) {
  event.preventDefault();
  const ukey = ready();
  if (!ukey) return;
  if (isLastTry(ukey.pin)) setDialog({ kind: "lastTry", token: ukey.id });
  else void run(ukey, false);
}

/** 我确定，再试一次: said of the Ukey that the question was about. */
export function submitLastTry() {
  const { dialog } = store.get();
  setDialog(null);
  const ukey = ready();
  if (ukey && dialog?.kind === "lastTry" && dialog.token === ukey.id) void run(ukey, true);
}

/** The Ukey to send the fields' content to: the one it was typed for. Null: nothing may be sent, and the page says why. */
function ready() {
  const state = store.get();
  const ukey = currentUkey();
  if (!ukey || state.pin.busy) return null;
  const wrong = rules.problem(state.pin.mode, values());
  if (wrong) {
    showFieldError(wrong.field, t(wrong.key, wrong.values), "");
    return null;
  }
  if (state.pin.token === ukey.id) return ukey;
  store.update(withHold);
  return null;
}

function currentUkey() {
  const { snapshot } = store.get();
  return snapshot && currentOf(snapshot.ukeys);
}

/**
 * @param {Field} field
 * @param {string} text
 * @param {string} code
 */
function showFieldError(field, text, code) {
  updatePin((pin) => ({ ...pin, failure: null, fieldError: { field, text, code } }));
  store.flush();
  input(field)?.focus();
}

/**
 * @param {Ukey} ukey
 * @param {boolean} lastTry
 */
async function run(ukey, lastTry) {
  const { mode } = store.get().pin;
  const { current, next } = values();
  // An older result must not stand beside the new one.
  dismiss();
  updatePin((pin) => ({ ...pin, busy: true, fieldError: null, failure: null, initialHint: false }));
  const slow = setTimeout(() => setDialog({ kind: "working", mode }), SHOW_WORKING_AFTER);
  /** @type {ErrorBody | null} */
  let failure = null;
  try {
    const confirmed = { token: ukey.id, attempt: crypto.randomUUID(), ...(lastTry ? { last_try: true } : {}) };
    const pin =
      mode === "verify"
        ? await call("ukey.verify_pin", { ...confirmed, pin: current })
        : await call("ukey.change_pin", { ...confirmed, old: current, new: next });
    store.update((state) => withPinView(state, ukey.id, pin));
  } catch (error) {
    failure = errorBody(error);
  } finally {
    finish(slow);
  }
  if (failure) fail(ukey, failure);
  else succeed(mode, rules.isWellKnown(current));
}

/** @param {ReturnType<typeof setTimeout>} slow */
function finish(slow) {
  clearTimeout(slow);
  updatePin((pin) => ({ ...pin, busy: false }));
  if (store.get().dialog?.kind === "working") setDialog(null);
}

/**
 * @param {"verify" | "change"} mode
 * @param {boolean} wellKnown the 口令 that proved right is one that everybody knows
 */
function succeed(mode, wellKnown) {
  updatePin((pin) => ({ ...emptyPin(pin.epoch + 1, pin.mode), initialHint: mode === "verify" && wellKnown }));
  store.flush();
  input("current")?.focus();
  if (mode === "verify") toast({ kind: "ok", text: t("pin.verified") });
  else toast({ kind: "ok", text: t("pin.changed"), action: { label: t("toast.understood"), run: () => {} } });
}

/**
 * @param {Ukey} ukey
 * @param {ErrorBody} error
 */
function fail(ukey, error) {
  const { kind, field, empty } = consequence(error.code);
  // What was said of a Ukey that is not managed any more must not stand in another one's form.
  const here = currentUkey()?.id === ukey.id;
  if (kind === "lastTry" && here) {
    setDialog({ kind: "lastTry", token: ukey.id });
    return;
  }
  for (const name of empty) emptyField(name);
  if (kind === "field" && here) {
    showFieldError(field, `${error.what}。${error.kept}${error.do}`, error.code);
    judge();
  } else if (kind === "removed") {
    const removed = { error, token: ukey.id, holder: ukey.holder };
    updatePin((pin) => ({ ...emptyPin(pin.epoch + 1, pin.mode), removed }));
    announce(`${error.what}。${error.kept}`, "assertive");
  } else if (kind === "locked") {
    store.update((state) => withPinView(state, ukey.id, { ...ukey.pin, state: "locked", remaining: null }));
    updatePin((pin) => emptyPin(pin.epoch + 1, pin.mode));
  } else {
    updatePin((pin) => ({ ...emptyPin(pin.epoch + 1, pin.mode), failure: here ? error : null }));
    if (!here || store.get().tab !== "pin") showProblem(error);
  }
}
