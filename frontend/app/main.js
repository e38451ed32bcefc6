/** Start of the page: get the state, draw it, follow the events. */
import { loadAbout, loadSnapshot } from "./actions.js";
import { RefusedError, authorization, call, errorBody } from "./bridge.js";
import { follow } from "./events.js";
import { firstAnswer } from "./first.js";
import { parts } from "./later.js";
import { noticeOf } from "./notices.js";
import { withEvent } from "./reducers.js";
import { start } from "./render.js";
import { watchKeys } from "./shortcuts.js";
import { inSight, untilOutOfSight } from "./sight.js";
import * as store from "./store.js";
import { watchOutside } from "./ui/flyout.js";
import { toast } from "./ui/toast.js";

/** @typedef {import("./state.js").State} State */

/** Waits between attempts for the first snapshot, in milliseconds. */
const RETRY = 500;

/** How long keys may be on their way, in milliseconds. */
const RIPE_AFTER = 1500;

/** @param {State["connection"]} connection */
function setConnection(connection) {
  store.update((state) => (state.connection === connection ? state : { ...state, connection }));
}

/** @returns {Promise<boolean>} false: the program does not know this page, or could not start */
async function firstSnapshot() {
  /** @type {typeof firstAnswer | undefined} */
  let asked = firstAnswer;
  for (;;) {
    try {
      await loadSnapshot(asked);
      return true;
    } catch (error) {
      if (error instanceof RefusedError) {
        setConnection("refused");
        return false;
      }
      asked = undefined;
      const told = errorBody(error);
      if (told.code === "E-UI-01") setConnection("lost");
      else store.update((state) => ({ ...state, startError: told }));
      if (told.code === "E-APP-01") return false;
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

/** @param {import("./events.js").ProgramEvent} event */
function onEvent(event) {
  const before = store.get();
  store.update((state) => withEvent(state, event));
  const after = store.get();
  const notice = after === before ? null : noticeOf(event, before, after);
  if (notice) toast(notice);
  if (event.topic === "content" || event.topic === "apps") void parts()?.loadContent();
  // Which program of the catalog a tile is changes with the catalog.
  if (event.topic === "apps" || event.topic === "content") void parts()?.loadApps();
  if (event.topic === "registration") parts()?.registrationChanged(event.data.token);
}

/** Events have been missed: everything that they tell of is asked for. */
async function reloadAll() {
  await loadSnapshot();
  void parts()?.loadContent();
  void parts()?.loadApps();
}

/** When the page follows the events: a window always does, it must be ready before it is shown. */
async function lease() {
  if (store.get().snapshot?.host === "window") return new AbortController();
  await inSight(document);
  return untilOutOfSight(document);
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

/** The desktop must not hide the window under an open dialog. */
function watchDialog() {
  store.subscribe((state, before) => {
    const open = state.dialog !== null;
    // Also with every snapshot: a page that was loaded anew has lost its dialogs, a living one has kept them.
    const same = open === (before.dialog !== null) && state.snapshot?.boot === before.snapshot?.boot;
    if (same || state.snapshot?.host !== "window") return;
    // Nothing to tell the user should it fail: the window then hides as it does without a dialog.
    call("window.modal", { open }).catch(() => {});
  });
}

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
start(root);
watchReading();
watchHold();
watchAbout();
watchDialog();
watchKeys();
watchOutside();
if (await firstSnapshot()) {
  await follow({
    position: () => ({ boot: store.get().snapshot?.boot ?? "", eventId: store.get().eventId }),
    reload: reloadAll,
    event: onEvent,
    state: setConnection,
    headers: authorization,
    lease,
  });
}
