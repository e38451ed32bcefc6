/** Draws the state, and does what can only be done to the drawn page: focus, dialogs, emptied fields. */
import { render } from "../vendor/lit-html.js";
import { t } from "./i18n/t.js";
import { loadParts, parts } from "./later.js";
import { currentPage } from "./router.js";
import * as store from "./store.js";
import { applyAppearance } from "./theme.js";
import { afterRender, beforeRender } from "./ui/dialog.js";
import { moveFocus } from "./ui/flyout.js";
import { goOn, keepOn, placeOf } from "./ui/focus.js";
import { currentOf, mainSummary } from "./ukey-view.js";
import { view } from "./view.js";

/** @typedef {import("./state.js").State} State */

let drawn = store.get();
let painted = false;
let partsAsked = false;

/** @param {HTMLElement} root */
export function start(root) {
  let waiting = false;
  const draw = () => {
    waiting = false;
    if (store.get() !== drawn) drawNow(root);
  };
  store.onFlush(draw);
  // Not requestAnimationFrame: it stands still while the window is hidden, and the page must be ready when it is shown.
  store.subscribe(() => {
    if (!waiting) queueMicrotask(draw);
    waiting = true;
  });
}

/** @param {HTMLElement} root */
function drawNow(root) {
  const state = store.get();
  const before = drawn;
  drawn = state;
  const active = document.activeElement;
  const was = placeOf(active);
  beforeRender();
  if (state.snapshot && state.snapshot.appearance !== before.snapshot?.appearance) {
    applyAppearance(state.snapshot.appearance);
  }
  if (state.pin.epoch !== before.pin.epoch) parts()?.emptyFields();
  render(view(state), root);
  keepOn(active);
  afterRender();
  moveFocus(state.flyout, before.flyout);
  goOn(was);
  afterDrawing(state);
}

/** The rest of the modules, behind the first picture; a hidden window draws none and must be ready all the same. */
function loadPartsSoon() {
  if (partsAsked) return;
  partsAsked = true;
  requestAnimationFrame(() => setTimeout(loadParts, 50));
  setTimeout(loadParts, 500);
}

/** @param {State} state */
function afterDrawing(state) {
  const ukey = state.snapshot && currentOf(state.snapshot.ukeys);
  if (ukey && state.tab === "seal") parts()?.loadPictures(ukey);
  parts()?.loadTrust();
  document.title = t("app.title", { page: t(currentPage(state).name) });
  if (state.snapshot) {
    document.documentElement.dataset.ready = "1";
    loadPartsSoon();
  }
  if (!painted && ukey && mainSummary(ukey)) {
    painted = true;
    // A task behind the next frame: by then the frame with the certificate has been handed to the screen.
    requestAnimationFrame(() => setTimeout(() => performance.mark("xieka-first-ukey")));
  }
}
