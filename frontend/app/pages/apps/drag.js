/** Putting tiles in order with the pointer. The tiles make room at once; letting go keeps the order, Esc does not. */
import { placeEntry, setApps } from "../../apps/actions.js";
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
  const { signal } = watch;
  const end = () => {
    watch.abort();
    if (store.get().apps.drag) ended = performance.now();
    setApps({ drag: null });
  };
  grid.addEventListener("pointermove", (event) => move(event, down, id, grid), { signal });
  grid.addEventListener("pointerup", () => {
    const { drag } = store.get().apps;
    end();
    if (drag) void placeEntry(id, drag.index);
  }, { signal });
  grid.addEventListener("pointercancel", end, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  }, { signal });
}

/**
 * @param {PointerEvent} event
 * @param {PointerEvent} down
 * @param {string} id
 * @param {HTMLElement} grid
 */
function move(event, down, id, grid) {
  const { apps } = store.get();
  if (!apps.drag) {
    if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < CLICK) return;
    grid.setPointerCapture(event.pointerId);
  }
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("li")?.querySelector("[data-entry]");
  const over = under?.getAttribute("data-entry");
  const index = shownEntries(apps).findIndex((entry) => entry.id === over);
  const here = apps.drag?.index ?? shownEntries(apps).findIndex((entry) => entry.id === id);
  setApps({ drag: { id, index: index < 0 || over === id ? here : index } });
}
