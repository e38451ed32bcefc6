import { html } from "../../vendor/lit-html.js";

/**
 * A bar that says how far something is.
 * @param {string} label
 * @param {number} percent
 * @param {string} [text] the same in words
 */
export function progress(label, percent, text = `${percent}%`) {
  return html`<svg class="bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}
    aria-valuetext=${text}>
    <rect class="track" width="100%" height="6" rx="3"></rect>
    <rect class="fill" width="${percent}%" height="6" rx="3"></rect>
  </svg>`;
}
