/** Modal dialogs on the browser's own <dialog>: focus stays inside, the rest is inert, and focus returns on closing. */
import { html, nothing } from "../../vendor/lit-html.js";
import * as store from "../store.js";
import { goOn, placeOf } from "./focus.js";
import { toastView } from "./toast.js";

/**
 * @param {{
 *   id: string, title: unknown, body: unknown, footer: unknown, close?: () => void,
 *   classes?: string, alert?: boolean, described?: string, corner?: unknown
 * }} content `close` is what Esc does; without it the dialog cannot be left that way; `corner` stands beside the title
 */
export function dialog({ id, title, body, footer, close, classes = "", alert = false, described, corner = nothing }) {
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    close?.();
  };
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    // Browsers let a second Esc through even when `cancel` was refused.
    if (event.key === "Escape") cancel(event);
  };
  return html`<dialog
    id=${id}
    class="dialog ${classes}"
    role=${alert ? "alertdialog" : nothing}
    aria-labelledby="${id}-title"
    aria-describedby=${described ?? nothing}
    @cancel=${cancel}
    @keydown=${keydown}
  >
    <div class="dh"><h2 id="${id}-title">${title}</h2>${corner}</div>
    <div class="db">${body}</div>
    ${store.get().toast?.inDialog ? toastView(store.get().toast) : nothing}
    ${footer ? html`<div class="df">${footer}</div>` : nothing}
    <p class="sr" role="status" data-live="polite"></p>
    <p class="sr" role="alert" data-live="assertive"></p>
  </dialog>`;
}

/** @type {Element | null} */
let opener = null;
/** @type {import("./focus.js").Place | null} */
let place = null;

/** To be called before every rendering: remembers where the focus is. */
export function beforeRender() {
  if (document.querySelector("dialog[open]")) return;
  const active = document.activeElement;
  // A menu entry goes with its menu; its button is what the user came from.
  opener = active?.closest("[role=menu]") ? document.querySelector("#menu-button") : active;
  place = placeOf(opener);
}

/** To be called after every rendering: opens a new dialog, or gives the focus back when the last one has gone. */
export function afterRender() {
  const waiting = document.querySelector("dialog:not([open])");
  if (waiting instanceof HTMLDialogElement) {
    waiting.showModal();
    const first = waiting.querySelector("[data-autofocus]");
    if (first instanceof HTMLElement) first.focus();
  } else if (!document.querySelector("dialog[open]") && lostFocus()) {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    // Its button, or its whole entry, may have gone with what the dialog has done.
    goOn(place);
  }
}

function lostFocus() {
  return document.activeElement === null || document.activeElement === document.body;
}
