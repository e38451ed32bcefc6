/**
 * 用户注册: opening the service's page, and what every work in the dialog shares. The dialog belongs to the Ukey that it
 * was opened for; what it knows of a person is forgotten with it.
 */
import { setDialog, showProblem } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { dismiss, toast } from "../ui/toast.js";
import { currentOf } from "../ukey-view.js";
import { abandoned, leftSignIn, lostOwner, openAt, opened, readyIn, signInView, withVisit } from "./state.js";

/** @typedef {import("./state.js").RegistrationDialog} RegistrationDialog */

/** Shorter work is over before it could be told. */
const TELL_AFTER = 300;

let lastVisit = 0;

/** Opens it for the Ukey that is managed now. */
export function openRegistration() {
  const visit = ++lastVisit;
  setDialog(opened(visit, currentUkey()));
  void loadOverview(visit);
}

function currentUkey() {
  const { snapshot } = store.get();
  return snapshot && currentOf(snapshot.ukeys);
}

/** Closes it; not while the Ukey works on a 口令, and what has been typed and not been sent is asked about first. */
export function closeRegistration() {
  const { dialog } = store.get();
  if (dialog?.kind !== "registration" || dialog.busy === "signIn") return;
  if (dialog.leaving || Object.keys(dialog.drafts).length === 0) {
    setDialog(null);
    return;
  }
  change(dialog.visit, () => ({ leaving: true }));
  store.flush();
  document.querySelector("#registration [data-unsaved]")?.scrollIntoView({ block: "nearest" });
}

/** Whoever closes the dialog, and for whatever reason: see to what must not outlast it. */
export function watchRegistration() {
  store.subscribe((state, before) => {
    if (leftSignIn(state, before)) emptyPinField();
    const token = abandoned(state, before);
    if (token) signOut(token);
    if (lostOwner(state, before)) queueMicrotask(focusHeading);
    const waiting = state.dialog?.kind === "registration" && state.dialog.view.name === "none";
    if (waiting && currentUkey()) openRegistration();
  });
}

/** Nobody is there to be told should it fail: the session then ends by its time. @param {string} token */
export function signOut(token) {
  call("registration.sign_out", { token }).catch(() => {});
}

/** @returns {HTMLInputElement | null} */
export function pinField() {
  return document.querySelector("#registration-pin");
}

export function emptyPinField() {
  const field = pinField();
  if (field) field.value = "";
}

/** @param {number} visit @param {(open: RegistrationDialog) => Partial<RegistrationDialog>} part */
export function change(visit, part) {
  store.update((state) => withVisit(state, visit, part));
}

/** Goes on in another part of the dialog. @param {string} selector */
export function focusOn(selector) {
  store.flush();
  const element = document.querySelector(`#registration ${selector}`);
  if (element instanceof HTMLElement) element.focus();
}

/** Where reading goes on: at the heading of the part, or at what there is to press. */
export const focusHeading = () => focusOn("h3, [data-autofocus]");

/** 重试. */
export function retryFailed() {
  const open = readyIn(store.get());
  const retry = open?.failure?.retry;
  if (!retry) return;
  change(open.visit, () => ({ failure: null }));
  focusHeading();
  retry();
}

/**
 * The program tells that something about a Ukey's registration has changed.
 * @param {string | null} token null: it may be of any
 */
export function registrationChanged(token) {
  const { dialog } = store.get();
  if (dialog?.kind === "registration" && (token === null || dialog.token === token)) void loadOverview(dialog.visit);
}

/** @param {number} visit */
async function loadOverview(visit) {
  const open = openAt(store.get(), visit);
  if (!open || open.view.name === "none") return;
  try {
    const overview = await call("registration.state", { token: open.token });
    change(visit, (now) => ({ overview, signedIn: now.signedIn || overview.signed_in }));
  } catch (error) {
    fail(visit, error, () => loadOverview(visit));
  }
}

/** @param {"registration.open" | "registration.browse"} method */
export async function openPage(method) {
  const open = readyIn(store.get());
  if (!open) return;
  try {
    const { where } = await during(open.visit, "page", () => call(method, { token: open.token }));
    if (openAt(store.get(), open.visit)) setDialog(null);
    toast({ kind: "info", text: t(`registration.opened.${where}`) });
  } catch (error) {
    fail(open.visit, error, null);
  }
}

/**
 * Does a work that the dialog shows as under way.
 * @template T
 * @param {number} visit
 * @param {NonNullable<RegistrationDialog["busy"]>} busy
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(visit, busy, work) {
  // An older result must not stand beside the new one.
  dismiss();
  change(visit, () => ({ busy, slow: false, failure: null }));
  const timer = setTimeout(() => change(visit, () => ({ slow: true })), TELL_AFTER);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    change(visit, () => ({ busy: null, slow: false }));
  }
}

/**
 * Tells of a failure where it belongs. Without a session (E-REG-03) the 口令 is asked for again.
 * @param {number} visit
 * @param {unknown} error
 * @param {(() => void) | null} retry null: the user repeats it by the button it was begun with
 */
export function fail(visit, error, retry) {
  const body = errorBody(error);
  if (!openAt(store.get(), visit)) {
    tellAfterwards(visit, body, retry !== null);
    return;
  }
  const signedOut = body.code === "E-REG-03";
  change(visit, () => ({
    failure: { error: body, retry: signedOut ? null : retry },
    ...(signedOut ? { signedIn: false, view: signInView() } : {}),
  }));
  store.flush();
  if (signedOut) pinField()?.focus();
  document.querySelector("#registration .infobar.bad")?.scrollIntoView({ block: "nearest" });
}

/**
 * The dialog has been closed, or its Ukey has left. What was only being read need not be told.
 * @param {number} visit
 * @param {import("../../types/rpc").ErrorBody} error
 * @param {boolean} reading
 */
function tellAfterwards(visit, error, reading) {
  const { dialog } = store.get();
  if (reading) return;
  if (dialog?.kind !== "registration" || dialog.visit !== visit) showProblem(error);
  else store.update((state) => ({ ...state, dialog: { ...dialog, failure: { error, retry: null } } }));
}
