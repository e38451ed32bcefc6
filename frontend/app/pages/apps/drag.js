/**
 * Putting tiles in order with the pointer. The tiles make room at once; letting go keeps the order. Esc, a page that
 * changes and an entry that goes end it without (apps/gone.js); so does a release that nobody told of.
 */
import { placeEntry } from "../../apps/actions.js";
import { setApps } from "../../apps/entries.js";
import { shownEntries } from "../../apps/view.js";
import * as store from "../../store.js";

/** How far the pointer goes before it is no click, in pixels. */
const CLICK = 6;

let ended = 0;

/** The click that comes with the end of a drag is none. */
export function dragEnded() {
  return performance.now() - ended < 50;
}

/** @param {PointerEvent} down on the grid */
export function beginDrag(down) {
  const tile = down.target instanceof Element ? down.target.closest("[data-entry]") : null;
  const id = tile?.getAttribute("data-entry");
  const grid = /** @type {HTMLElement} */ (down.currentTarget);
  // A finger scrolls; it has the menu to move things.
  if (down.button !== 0 || down.pointerType === "touch" || !id || !store.get().apps.entries?.some((entry) => entry.id === id)) return;
  const watch = new AbortController();
  // On the document: the grid may go while the button is held.
  const options = { signal: watch.signal, capture: true };
  let begun = false;
  const drag = () => store.get().apps.drag;
  const end = () => {
    watch.abort();
    if (begun) ended = performance.now();
    if (drag()) setApps({ drag: null });
  };
  document.addEventListener("pointermove", (event) => {
    if ((event.buttons & 1) === 0) end();
    else if (begun ? drag() : isFar(event, down)) {
      if (!begun) grid.setPointerCapture(event.pointerId);
      begun = true;
      setApps({ drag: { id, index: placeUnder(event, id) } });
    }
  }, options);
  document.addEventListener("pointerup", () => {
    const last = drag();
    end();
    if (last) void placeEntry(id, last.index);
  }, options);
  document.addEventListener("pointercancel", end, options);
  window.addEventListener("blur", end, { signal: watch.signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag()) return;
    event.stopPropagation();
    setApps({ drag: null });
  }, options);
}

/** @param {PointerEvent} event @param {PointerEvent} down */
function isFar(event, down) {
  return Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= CLICK;
}

/**
 * The place that it would take: of the tile under the pointer, else where it is.
 * @param {PointerEvent} event
 * @param {string} id
 */
function placeUnder(event, id) {
  const { apps } = store.get();
  const shown = shownEntries(apps);
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("li")?.querySelector("[data-entry]");
  const over = under?.getAttribute("data-entry");
  const index = shown.findIndex((entry) => entry.id === over);
  return index < 0 || over === id ? (apps.drag?.index ?? shown.findIndex((entry) => entry.id === id)) : index;
}
