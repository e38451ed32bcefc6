/** Where the focus goes on when a drawing takes away what had it: in its place, and never nowhere. */

/** @typedef {"tile" | "pane" | "page"} Place */

const TILES = ".apps.mine";

/**
 * @param {Element | null} element that has the focus
 * @returns {Place | null} null: nothing has it
 */
export function placeOf(element) {
  if (!element || element === document.body) return null;
  if (element.closest(TILES)) return "tile";
  return element.closest(".sheet") ? "pane" : "page";
}

/**
 * To be called after a drawing, first: what it has only moved keeps the focus.
 * @param {Element | null} element that had it
 */
export function keepOn(element) {
  if (document.activeElement === document.body && element instanceof HTMLElement) element.focus({ preventScroll: true });
}

/**
 * To be called after a drawing. Among the tiles it follows the entry, wherever its tile stands now.
 * @param {Place | null} place where it was before
 */
export function goOn(place) {
  const active = document.activeElement;
  const lost = active === null || active === document.body;
  const tile = place === "tile" && !document.querySelector(".menu") ? document.querySelector(`${TILES} [tabindex="0"]`) : null;
  if (tile instanceof HTMLElement && (lost || active?.closest(TILES))) {
    if (tile !== active) tile.focus();
  } else if (lost && place) heading(place === "pane")?.focus();
}

/**
 * Where reading goes on.
 * @param {boolean} pane
 * @returns {HTMLElement | null}
 */
function heading(pane) {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return dialog.querySelector("h3[tabindex], [data-autofocus]:enabled, button:enabled");
  const inPane = pane ? (document.getElementById("install-heading") ?? document.getElementById("sheet-heading")) : null;
  return inPane ?? document.querySelector("h1");
}
