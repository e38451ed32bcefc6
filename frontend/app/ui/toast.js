/** Short notices at the foot of the page: one at a time, 4 s (8 s with an action); errors stay until closed. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { icon } from "./icon.js";
import { announce } from "./live.js";

/** @typedef {import("../state.js").Toast} Toast */
/** @typedef {import("../state.js").ToastContent} ToastContent */

const TICK = 200;
let lastId = 0;
let left = Infinity;
/** @type {ReturnType<typeof setInterval> | undefined} */
let clock;

/** @param {ToastContent} content */
export function toast(content) {
  const id = ++lastId;
  // Behind a dialog nobody would see it, and its button could not be reached.
  const inDialog = dialogIsOpen();
  store.update((state) => ({ ...state, toast: { ...content, id, inDialog } }));
  announce(content.text, content.kind === "error" ? "assertive" : "polite");
  left = content.kind === "error" ? Infinity : content.action ? 8000 : 4000;
  clearInterval(clock);
  clock = setInterval(() => count(id), TICK);
}

/** @param {number} id */
function count(id) {
  if (store.get().toast?.id !== id) clearInterval(clock);
  else if (!paused() && (left -= TICK) <= 0) dismiss();
}

/** The time stands still while nobody can see the notice, or somebody points at it or is in it. */
function paused() {
  if (document.hidden || (dialogIsOpen() && !store.get().toast?.inDialog)) return true;
  const element = document.querySelector(".toast");
  return element !== null && (element.matches(":hover") || element.contains(document.activeElement));
}

function dialogIsOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/** Closes the notice that is shown. */
export function dismiss() {
  clearInterval(clock);
  store.update((state) => (state.toast ? { ...state, toast: null } : state));
}

const ICONS = { ok: "checkmark_circle_20_filled", info: "info_20_regular", error: "error_circle_20_filled" };
const TONES = { ok: "ok", info: "info", error: "bad" };

/** @param {Toast | null} content */
export function toastView(content) {
  if (!content) return nothing;
  const actions = [content.action, content.also].filter((action) => action !== undefined);
  return html`<div class="toast">
    ${icon(ICONS[content.kind], TONES[content.kind])}
    <span class="text sel">${content.text}</span>
    ${actions.map((action) => {
      const run = () => {
        dismiss();
        action.run();
      };
      return html`<button type="button" class="linkbtn" @click=${run}>${action.label}</button>`;
    })}
    ${content.kind === "error"
      ? html`<button type="button" class="btn subtle sm icon" aria-label=${t("toast.dismiss")} @click=${dismiss}>
          ${icon("dismiss_16_regular")}
        </button>`
      : nothing}
  </div>`;
}
