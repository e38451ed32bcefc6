/** Start of the page: get the state, draw it, follow the events. */
import { loadSnapshot } from "./actions.js";
import { RefusedError, authorization, errorBody } from "./bridge.js";
import { follow } from "./events.js";
import { onEvent, reloadAll } from "./feed.js";
import { firstAnswer } from "./first.js";
import { withStartFailure } from "./reducers.js";
import { start } from "./render.js";
import { watchKeys } from "./shortcuts.js";
import { inSight, untilOutOfSight } from "./sight.js";
import * as store from "./store.js";
import { watchOutside } from "./ui/flyout.js";
import { watch } from "./watches.js";

/** @typedef {import("./state.js").State} State */

/** Waits between attempts for the first snapshot, in milliseconds. */
const RETRY = 500;

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
      store.update((state) => withStartFailure(state, told));
      if (told.code === "E-APP-01") return false;
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

/** When the page follows the events: a window always does, it must be ready before it is shown. */
async function lease() {
  if (store.get().snapshot?.host === "window") return new AbortController();
  await inSight(document);
  return untilOutOfSight(document);
}

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
start(root);
watch();
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
