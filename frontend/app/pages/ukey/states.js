/** The page without a Ukey to show: nothing inserted, being read, removed or exchanged during work. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { refresh } from "../../actions.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { empty } from "../../ui/empty.js";
import { icon, spinner } from "../../ui/icon.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").PinForm} PinForm */

/**
 * @param {boolean} busy
 * @param {"menu" | "reread"} wording
 */
export function refreshButton(busy, wording = "reread") {
  return html`<button type="button" class="btn" aria-disabled=${busy} @click=${refresh}>
    ${icon("arrow_clockwise_20_regular", busy ? "spin" : "")}${t(wording === "menu" ? "menu.refresh" : "empty.reread")}
  </button>`;
}

function toggleStuck() {
  store.update((state) => ({ ...state, stuckOpen: !state.stuckOpen }));
}

/** @param {State} state */
export function noUkey({ refreshing, stuckOpen }) {
  const actions = html`${refreshButton(refreshing, "menu")}
    <button
      type="button"
      class="btn subtle"
      aria-expanded=${stuckOpen}
      aria-controls="stuck-tips"
      @click=${toggleStuck}
    >${t("empty.stuck")}</button>`;
  return html`${empty({ art: insertArt(), title: t("empty.insert"), text: t("empty.insertNote"), actions })}
    <ul class="card tips" id="stuck-tips" ?hidden=${!stuckOpen}>
      <li class="li">${icon("usb_plug_20_regular")}<p>${t("empty.tip.port")}</p></li>
      <li class="li">${icon("puzzle_piece_20_regular")}<p>${t("empty.tip.driver")}</p></li>
    </ul>`;
}

/**
 * Nothing for a moment, then the outline of what will come, then words.
 * @param {State["readingPhase"]} phase
 * @param {boolean} refreshing
 */
export function reading(phase, refreshing) {
  if (phase === 0) return nothing;
  if (phase === 2) {
    return empty({
      art: spinner(),
      title: t("read.longTitle"),
      text: t("read.longNote"),
      actions: refreshButton(refreshing),
    });
  }
  return html`<p class="row sec" role="status">${spinner()}${t("read.title")}<span>${t("read.note")}</span></p>
    <div class="card pad skeletons" aria-hidden="true">
      <span class="skel block"></span><span class="skel line w2"></span><span class="skel line w1"></span>
      <span class="skel line w3"></span>
    </div>
    <div class="card pad skeletons" aria-hidden="true">
      <span class="skel line w1"></span><span class="skel line w2"></span><span class="skel line w1"></span>
      <span class="skel line w3"></span>
    </div>`;
}

/**
 * Closes the two notices below. The focus is not led into the form: what is being typed blindly must not get there.
 * @param {State["hold"]} hold
 */
function understood(hold) {
  const close = () => store.update((state) => ({ ...state, hold: null, pin: { ...state.pin, removed: null } }));
  return html`<button type="button" class="btn" ?disabled=${hold === "fresh"} @click=${close}>
    ${t("toast.understood")}
  </button>`;
}

/**
 * @param {NonNullable<PinForm["removed"]>} removed
 * @param {State["hold"]} hold
 */
export function removedDuringWork({ error, holder }, hold) {
  return empty({
    icon: "usb_plug_20_regular",
    tone: "bad",
    title: error.what,
    text: html`${error.kept}${error.do}<br />${t("pin.removedHolder", { holder })}`,
    code: error.code,
    actions: understood(hold),
    alert: true,
  });
}

/**
 * In place of the 口令 form: another Ukey than the one it was for is managed now.
 * @param {import("../../../types/rpc").Ukey} ukey
 * @param {State["hold"]} hold
 */
export function anotherUkey(ukey, hold) {
  return empty({
    icon: "usb_plug_20_regular",
    tone: "warn",
    title: t("pin.heldTitle"),
    text: html`${t("pin.heldNote")}<br />${t("pin.heldNow", { holder: ukey.holder })}`,
    actions: understood(hold),
    alert: true,
  });
}

function insertArt() {
  return html`<svg class="art" width="168" height="112" viewBox="0 0 168 112" aria-hidden="true">
    <rect class="lid" x="8" y="14" width="96" height="66" rx="8"></rect>
    <rect class="screen" x="16" y="22" width="80" height="46" rx="4"></rect>
    <path class="foot" d="M0 86h112l-6 10H6Z"></path>
    <rect class="text1" x="24" y="31" width="36" height="5" rx="2.5"></rect>
    <rect class="text2" x="24" y="42" width="56" height="5" rx="2.5"></rect>
    <rect class="text2" x="24" y="53" width="46" height="5" rx="2.5"></rect>
    <g transform="translate(112 46)">
      <path class="way" d="M0 15h12"></path>
      <rect class="plug" x="15" y="6" width="12" height="18" rx="2"></rect>
      <rect class="case" x="26" y="1" width="28" height="28" rx="7"></rect>
      <circle class="hole" cx="40" cy="12.5" r="4.2"></circle>
      <path class="hole" d="M40 17v6"></path>
    </g>
  </svg>`;
}
