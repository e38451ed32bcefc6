import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "./icon.js";

/** @typedef {import("../../types/content").LinkView} LinkView */

/**
 * The coloured square of an entry. The program lets only names through that the sprite has.
 * @param {Pick<LinkView, "icon" | "tone">} link
 * @param {"sm" | "lg" | ""} [size]
 * @param {unknown} [mark] something small on its corner
 */
export function tile(link, size = "", mark = nothing) {
  return html`<span class="tile c-${link.tone} ${size}" aria-hidden="true">${icon(`${link.icon}_24_filled`)}${mark}</span>`;
}
