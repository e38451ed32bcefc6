/** What follows from a change of the state, whoever made it. */
import { loadAbout } from "./actions.js";
import { call } from "./bridge.js";
import * as store from "./store.js";

/** @typedef {import("./state.js").State} State */

/** How long keys may be on their way, in milliseconds. */
const RIPE_AFTER = 1500;

/** Once at the start. */
export function watch() {
  watchReading();
  watchHold();
  watchAbout();
  watchModal();
}

/** The first reading: nothing for 300 ms, then an outline, after 8 s words. */
function watchReading() {
  /** @type {ReturnType<typeof setTimeout>[]} */
  let timers = [];
  let reading = false;
  store.subscribe((state) => {
    const ukeys = state.snapshot?.ukeys;
    const now = ukeys !== undefined && ukeys.reading && ukeys.current === null;
    if (now === reading) return;
    reading = now;
    timers.forEach(clearTimeout);
    /** @param {State["readingPhase"]} readingPhase */
    const setPhase = (readingPhase) => store.update((latest) => ({ ...latest, readingPhase }));
    timers = now ? [setTimeout(setPhase, 300, 1), setTimeout(setPhase, 8000, 2)] : [];
    if (!now) setPhase(0);
  });
}

/** Keys on their way to a form that has just been taken away must not press the button of the notice in its place. */
function watchHold() {
  store.subscribe((state, before) => {
    if (state.hold !== "fresh" || before.hold === "fresh") return;
    setTimeout(() => store.update((now) => (now.hold === "fresh" ? { ...now, hold: "ripe" } : now)), RIPE_AFTER);
  });
}

/** An open 关于 fetches its content, whoever opened it. */
function watchAbout() {
  store.subscribe((state, before) => {
    if (state.dialog?.kind === "about" && before.dialog?.kind !== "about") void loadAbout();
  });
}

/**
 * Whether a dialog is open, and whether a 口令 may be being typed: the window is not hidden, and nobody asked, then.
 * @param {State} state
 */
export function modalOf({ dialog, page, tab }) {
  const asking = dialog?.kind === "registration" && dialog.view.name === "signIn";
  return { open: dialog !== null, typing: asking || (page === "ukey" && tab === "pin") };
}

/** Tells the desktop of it. */
function watchModal() {
  let told = { boot: "", open: false, typing: false };
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  store.subscribe((state) => {
    if (state.snapshot?.host !== "window") return;
    const now = { boot: state.snapshot.boot, ...modalOf(state) };
    // Also to every new start: a page that was loaded anew has lost its dialogs, a living one has kept them.
    if (now.boot === told.boot && now.open === told.open && now.typing === told.typing) return;
    told = now;
    // One after the other: the last word counts. Nothing to tell the user should it fail.
    last = last.then(() => call("window.modal", { open: now.open, typing: now.typing })).catch(() => {});
  });
}
