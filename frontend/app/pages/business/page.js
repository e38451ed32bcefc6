/** 证书业务: what can be done about a certificate. There only while the service answers. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { openLink } from "../../online-actions.js";
import { empty } from "../../ui/empty.js";
import { openSheet } from "../../ui/link-sheet.js";
import { tile } from "../../ui/link-tile.js";

/** @typedef {import("../../../types/content").LinkView} LinkView */

/** @param {import("../../state.js").State} state */
export function businessView({ online }) {
  if (!online.content) return nothing;
  const links = online.content.business;
  return html`<div class="page-head">
      <div class="grow"><h1 tabindex="-1">${t("nav.business")}</h1><p class="cap sec">${t("business.note")}</p></div>
    </div>
    <div class="page-body tight">
      ${links.length
        ? html`<ul class="card">${links.map((link) => row(link, online.sheet === link.id))}</ul>`
        : empty({ icon: "certificate_32_regular", title: t("business.noneTitle"), text: t("business.noneNote") })}
    </div>`;
}

/**
 * @param {LinkView} link
 * @param {boolean} open
 */
function row(link, open) {
  return html`<li class="li bigli">
    <button type="button" class="rowbtn" aria-expanded=${open} @click=${() => openSheet(link.id)}>
      ${tile(link)}<span class="grow"><span class="t strong">${link.name}
        ${link.example ? html`<span class="tagp">${t("content.example")}</span>` : nothing}</span>
        <span class="d">${link.description}</span></span>
    </button>
    <button type="button" class="btn sm" aria-label=${t("link.openName", { name: link.name })} @click=${() => openLink("catalog", link.id)}>
      ${t("link.open")}</button>
  </li>`;
}
