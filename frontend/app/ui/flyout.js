/** Small panels over the page. While one is open the rest is inert; Esc or a click elsewhere closes it. */
import { setFlyout } from "../actions.js";
import * as store from "../store.js";
import { target } from "./roving.js";

/** @type {Record<"menu" | "keys" | "entry", { opener: string, panel: string, first: string }>} */
const FLYOUTS = {
  menu: { opener: "#menu-button", panel: ".capmenu", first: "[role^=menuitem]" },
  entry: { opener: '.apps [tabindex="0"]', panel: ".ctx", first: "[role^=menuitem]" },
  keys: { opener: "#keycard", panel: ".keymenu", first: '[role="option"][aria-selected="true"], [role="option"]' },
};

/**
 * To be called after every rendering: moves the focus into a flyout that has just opened, and back when it has closed.
 * @param {import("../state.js").State["flyout"]} now
 * @param {import("../state.js").State["flyout"]} before
 */
export function moveFocus(now, before) {
  if (now === before) return;
  if (now) focus(`${FLYOUTS[now].panel} :is(${FLYOUTS[now].first})`);
  // A dialog that the flyout opened has taken the focus for itself.
  else if (before && !document.querySelector("dialog[open]")) focus(FLYOUTS[before].opener);
}

/** @param {string} selector */
function focus(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) element.focus();
}

/** Once at the start. */
export function watchOutside() {
  document.addEventListener("pointerdown", (event) => {
    const open = store.get().flyout;
    if (!open || !(event.target instanceof Element)) return;
    if (!event.target.closest(`${FLYOUTS[open].panel}, ${FLYOUTS[open].opener}`)) setFlyout(null);
  });
}

/**
 * Esc closes; Tab goes round among the flyout's own stops.
 * @param {KeyboardEvent} event its currentTarget is the flyout
 */
export function flyoutKeys(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    setFlyout(null);
  } else if (event.key === "Tab") {
    event.preventDefault();
    const panel = /** @type {HTMLElement} */ (event.currentTarget);
    const stops = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('button:not([tabindex="-1"]), input')]);
    // A list is one stop, wherever in it the arrow keys have led.
    const here = stops.findIndex((stop) => (stop.closest("[role=listbox]") ?? stop).contains(document.activeElement));
    stops[(here + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]?.focus();
  }
}

/**
 * A menu is one stop: Tab leaves it.
 * @param {KeyboardEvent} event its currentTarget is the menu
 */
export function menuKeys(event) {
  if (event.key === "Tab") {
    event.preventDefault();
    setFlyout(null);
    return;
  }
  flyoutKeys(event);
  target(event, "[role^=menuitem]", "both")?.focus();
}
