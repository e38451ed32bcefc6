import { html } from "../../vendor/lit-html.js";

/**
 * An icon of assets/icons.svg. Icons only accompany words, so screen readers pass over them.
 * @param {string} name id in the sprite
 * @param {string} [classes]
 */
export function icon(name, classes = "") {
  return html`<svg class="i ${classes}" aria-hidden="true"><use href="assets/icons.svg#${name}"></use></svg>`;
}

/** The turning ring of work in progress. */
export function spinner() {
  return html`<svg class="spinner" viewBox="0 0 32 32" aria-hidden="true">
    <circle cx="16" cy="16" r="12"></circle><path d="M16 4a12 12 0 0 1 12 12"></path>
  </svg>`;
}
