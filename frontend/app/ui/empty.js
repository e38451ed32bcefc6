import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "./icon.js";

/**
 * The middle of a page that has nothing else to show: a picture, one sentence, what to do.
 * @param {{
 *   icon?: string, art?: unknown, tone?: "info" | "warn" | "bad", title: string, text: unknown,
 *   code?: string, actions?: unknown, alert?: boolean
 * }} content
 */
export function empty({ icon: name, art, tone = "info", title, text, code, actions, alert = false }) {
  return html`<div class="empty" role=${alert ? "alert" : nothing}>
    ${art ?? html`<span class="eico ${tone}">${icon(name ?? "info_20_regular", "i32")}</span>`}
    <h2>${title}</h2>
    <p>${text}</p>
    ${code ? html`<p class="code">${code}</p>` : nothing}
    ${actions ? html`<div class="acts">${actions}</div>` : nothing}
  </div>`;
}
