/**
 * Verifying and changing the 口令. A 口令 lives in its input field only: it is read at submission, sent once, and the
 * field is emptied. Every submission is one act of the user; nothing is ever repeated by itself.
 */
import { setDialog, showProblem } from "../../actions.js";
import { call, errorBody } from "../../bridge.js";
import { t } from "../../i18n/t.js";
import * as rules from "../../pin-rules.js";
import { withPinView } from "../../reducers.js";
import { emptyPin, noRules } from "../../state.js";
import * as store from "../../store.js";
import { announce } from "../../ui/live.js";
import { dismiss, toast } from "../../ui/toast.js";
import { currentOf } from "../../ukey-view.js";
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

/** After every keystroke; the old error of the edited field goes. @param {Field} field */
export function edited(field) {
  updatePin((pin) => (pin.fieldError?.field === field ? { ...pin, fieldError: null } : pin));
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
  const state = store.get();
  const ukey = state.snapshot && currentOf(state.snapshot.ukeys);
  if (!ukey || state.pin.busy) return;
  const wrong = rules.problem(state.pin.mode, values());
  if (wrong) {
    showFieldError(wrong.field, t(wrong.key, wrong.values), "");
  } else if (ukey.pin.state === "final" || ukey.pin.remaining === 1) {
    setDialog({ kind: "lastTry" });
  } else {
    void run(ukey, false);
  }
}

/** 我确定，再试一次 */
export function submitLastTry() {
  const state = store.get();
  const ukey = state.snapshot && currentOf(state.snapshot.ukeys);
  setDialog(null);
  if (ukey && !state.pin.busy && rules.problem(state.pin.mode, values()) === null) void run(ukey, true);
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
  try {
    const confirmed = lastTry ? { last_try: true } : {};
    const pin =
      mode === "verify"
        ? await call("ukey.verify_pin", { token: ukey.id, pin: current, ...confirmed })
        : await call("ukey.change_pin", { token: ukey.id, old: current, new: next, ...confirmed });
    store.update((state) => withPinView(state, ukey.id, pin));
    finish(slow);
    succeed(mode, rules.isWellKnown(current));
  } catch (error) {
    const body = errorBody(error);
    finish(slow);
    fail(ukey, body);
  }
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
  if (kind === "lastTry") {
    setDialog({ kind: "lastTry" });
    return;
  }
  for (const name of empty) emptyField(name);
  if (kind === "field") {
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
    updatePin((pin) => ({ ...emptyPin(pin.epoch + 1, pin.mode), failure: error }));
    if (store.get().tab !== "pin") showProblem(error);
  }
}
