/** 应用信息 as a pane: its frame, and the ways in and out. It stands in the place of the right column. */
import { html } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { setOnline } from "../online-actions.js";
import { goOn, placeOf } from "./focus.js";
import { icon } from "./icon.js";

/**
 * @param {{ name: string, picture: unknown, kind: unknown, body: unknown, footer: unknown }} content
 */
export function sheet({ name, picture, kind, body, footer }) {
  return html`<section class="sheet" aria-label=${t("sheet.name", { name })} @keydown=${closeOnEscape}>
    <div class="sh">
      <span class="cap sec">${t("sheet.title")}</span>
      <button type="button" class="btn subtle icon" aria-label=${t("sheet.close")} title=${t("sheet.close")} @click=${closeSheet}>
        ${icon("dismiss_16_regular")}</button>
    </div>
    <div class="sb">
      <div class="row wide">
        ${picture}
        <div class="grow">
          <h2 class="ttl sel" tabindex="-1" id="sheet-heading">${name}</h2>
          <p class="cap sec">${kind}</p>
        </div>
      </div>
      ${body}
    </div>
    ${footer}
  </section>`;
}

/** @type {HTMLElement | null} */
let opener = null;
/** @type {import("./focus.js").Place | null} */
let place = null;

/**
 * Opens it and goes there; the way back is kept.
 * @param {string} key `link:ID` or `program:PUBLISHER/ID`
 * @param {boolean} [recommended] from 推荐应用
 */
export function openSheet(key, recommended = false) {
  const from = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!from?.closest(".sheet")) [opener, place] = [from, placeOf(from)];
  setOnline({ sheet: key, recommended });
  queueMicrotask(() => document.getElementById("sheet-heading")?.focus());
}

/** Closes it; the focus goes back to where it came from. */
export function closeSheet() {
  setOnline({ sheet: null });
  const from = opener;
  opener = null;
  queueMicrotask(() => {
    // 推荐应用 stood in the pane's place and has been made anew.
    const key = from?.dataset.opens;
    const back = key ? document.querySelector(`[data-opens="${key}"]`) : from;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
    goOn(place ?? "page");
  });
}

/** @param {KeyboardEvent} event */
function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  closeSheet();
}
