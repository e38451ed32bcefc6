/** Keys that work everywhere on the page. */
import { cycleUkey, openSettings, refresh, setFlyout, setPage } from "./actions.js";
import { pages } from "./router.js";
import * as store from "./store.js";
import { dismiss } from "./ui/toast.js";

export function watchKeys() {
  document.addEventListener("keydown", keepFromPage, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const modal = store.get().dialog !== null;
    if (event.key === "F5") {
      // Also keeps the browser from loading the page anew.
      event.preventDefault();
      if (!modal) void refresh();
    } else if (event.key === "Tab" && event.ctrlKey) {
      event.preventDefault();
      if (!modal) cycleUkey(event.shiftKey ? -1 : 1);
    } else if (event.ctrlKey && /^[1-6]$/.test(event.key)) {
      event.preventDefault();
      const page = pages(store.get())[Number(event.key) - 1];
      if (page && !modal) setPage(page.id);
    } else if (event.ctrlKey && event.key === ",") {
      event.preventDefault();
      if (!modal) openSettings();
    } else if (event.ctrlKey && event.key === "f") {
      event.preventDefault();
      if (!modal) /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"))?.focus();
    } else if (event.key === "F10" && !event.shiftKey && !modal) {
      event.preventDefault();
      setFlyout(store.get().flyout === "menu" ? null : "menu");
    } else if (event.key === "Escape") {
      dismiss();
    }
  });
}

/**
 * Keys that an input method works with mean nothing here: Enter takes over a word and sends no form, Esc gives one up
 * and closes no dialog. 229: browsers that tell of the end of the composition before its last key.
 * @param {KeyboardEvent} event
 */
export function keepFromPage(event) {
  if (!event.isComposing && event.keyCode !== 229) return;
  event.stopPropagation();
  if (event.key === "Enter") event.preventDefault();
}
