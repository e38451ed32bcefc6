/** 应用信息: what an entry is and where it leads, before anybody goes there. Stands in the place of the right column. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { openLink, saveLink, setOnline } from "../online-actions.js";
import { findLink } from "../online-state.js";
import { icon } from "./icon.js";
import { tile } from "./link-tile.js";

/** @typedef {import("../online-state.js").Online} Online */
/** @typedef {import("../../types/content").LinkView} LinkView */

/** @param {Online} online */
export function linkSheet(online) {
  const link = online.sheet && findLink(online.content, online.sheet);
  if (!link || !online.content) return null;
  const category = online.content.hall.categories.find(({ id }) => id === link.category);
  return html`<section class="sheet" aria-label=${t("sheet.name", { name: link.name })} @keydown=${closeOnEscape}>
    <div class="sh">
      <span class="cap sec">${t("sheet.title")}</span>
      <button type="button" class="btn subtle icon" aria-label=${t("sheet.close")} title=${t("sheet.close")} @click=${closeSheet}>
        ${icon("dismiss_16_regular")}</button>
    </div>
    <div class="sb">
      <div class="row wide">
        ${tile(link, "lg")}
        <div class="grow">
          <h2 class="ttl sel" tabindex="-1" id="sheet-heading">${link.name}</h2>
          <p class="cap sec">${t("sheet.kind")}${category ? ` · ${category.name}` : ""}</p>
        </div>
      </div>
      <p class="sec sel">${link.description}</p>
      ${facts(link)}
    </div>
    <div class="sf">
      <button type="button" class="btn primary grow" @click=${() => openLink(link.kind, link.id)}>
        ${icon("open_20_regular")}${t("link.open")}</button>
      <button type="button" class="btn grow" aria-disabled=${link.saved} @click=${() => !link.saved && saveLink(link)}>
        ${icon(link.saved ? "checkmark_20_regular" : "add_20_regular")}${t(link.saved ? "link.saved" : "link.save")}</button>
    </div>
  </section>`;
}

/** @param {LinkView} link */
function facts(link) {
  const government = link.domain === "gov.cn" || link.domain.endsWith(".gov.cn");
  return html`<ul class="facts">
    <li>${icon("globe_20_regular")}<div>
      <div class="mono sel">${link.domain}</div>
      <div class="cap ${government ? "ok" : "sec"}">${t(government ? "sheet.government" : "sheet.https")}</div>
    </div></li>
    ${link.phone
      ? html`<li>${icon("call_20_regular")}<div>
          <div class="num sel">${link.phone}</div>${link.phone_name ? html`<div class="cap sec">${link.phone_name}</div>` : nothing}
        </div></li>`
      : nothing}
    <li>${icon("clock_20_regular")}<div>
      <div class="num">${link.example ? t("sheet.example") : (link.checked ?? t("sheet.unchecked"))}</div>
      <div class="cap sec">${t("sheet.checked")}${link.source ? ` · ${t("sheet.source", { source: link.source })}` : ""}</div>
    </div></li>
  </ul>`;
}

/** Opens it and goes there; the way back is kept. @param {string} id */
export function openSheet(id) {
  opener = /** @type {HTMLElement | null} */ (document.activeElement);
  setOnline({ sheet: id });
  queueMicrotask(() => document.getElementById("sheet-heading")?.focus());
}

/** @type {HTMLElement | null} */
let opener = null;

/** Closes it; the focus goes back to where it came from. */
export function closeSheet() {
  setOnline({ sheet: null });
  const back = opener;
  opener = null;
  queueMicrotask(() => {
    if (back?.isConnected) back.focus();
    else document.querySelector("h1")?.focus();
  });
}

/** @param {KeyboardEvent} event */
function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  closeSheet();
}
