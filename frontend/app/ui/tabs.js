import { html } from "../../vendor/lit-html.js";
import { target } from "./roving.js";

/**
 * A row of tabs; arrow keys move along it and choose at once.
 * @template {string} T
 * @param {{ name: string, tabs: { id: T, text: string }[], chosen: T, choose: (id: T) => void, panel: string }} content
 */
export function tabs({ name, tabs: list, chosen, choose, panel }) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const next = target(event, '[role="tab"]', "horizontal");
    if (!next) return;
    next.focus();
    next.click();
  };
  return html`<div class="tabs" role="tablist" aria-label=${name} @keydown=${keydown}>
    ${list.map(
      ({ id, text }) => html`<button
        type="button"
        class="tab"
        role="tab"
        id="tab-${id}"
        aria-selected=${id === chosen}
        aria-controls=${panel}
        tabindex=${id === chosen ? "0" : "-1"}
        @click=${() => choose(id)}
      >${text}</button>`,
    )}
  </div>`;
}
