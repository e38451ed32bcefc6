/** 热线电话: numbers to see, select and copy. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { copyText } from "../../ui/copy.js";
import { icon } from "../../ui/icon.js";

/** @typedef {import("../../../types/content").HotlineView} HotlineView */

/**
 * @param {import("../../state.js").State} _state
 * @param {import("../../../types/content").ContentView} content
 */
export function hotlineTab(_state, content) {
  const [own, ...others] = content.contact.hotlines;
  return html`<section class="card hot" aria-label=${own.name}>
      ${icon("call_28_filled", "i28")}
      <div class="grow">
        <div class="cap sec">${own.name} ${example(own)}</div>
        <div class="disp num sel">${own.number}</div>
        <div class="cap sec">${own.note}</div>
      </div>
      <button type="button" class="btn" @click=${() => copyText(own.name, own.number)}>
        ${icon("copy_16_regular")}${t("hotline.copy")}</button>
    </section>
    <ul class="card">${others.map(row)}</ul>
    <p class="stale">${icon("shield_lock_20_regular", "i16")}${t("hotline.never")}</p>`;
}

/** @param {HotlineView} line */
function row(line) {
  return html`<li class="li">
    ${icon(`${line.icon}_20_regular`)}
    <div class="grow"><div class="t">${line.name} ${example(line)}</div>${line.note ? html`<div class="d">${line.note}</div>` : nothing}</div>
    <b class="num sel">${line.number}</b>
    <button
      type="button"
      class="btn subtle sm icon"
      aria-label=${t("copy.label", { what: line.name })}
      title=${t("copy.label", { what: line.name })}
      @click=${() => copyText(line.name, line.number)}
    >${icon("copy_16_regular")}</button>
  </li>`;
}

/** @param {HotlineView} line */
function example(line) {
  return line.example ? html`<span class="tagp">${t("content.example")}</span>` : nothing;
}
