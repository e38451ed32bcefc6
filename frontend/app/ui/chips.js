import { html, nothing } from "../../vendor/lit-html.js";
import { target } from "./roving.js";

/**
 * A row of filters of which one is chosen; one stop of the Tab key, arrow keys move and choose.
 * @param {{ name: string, chips: { id: string, text: string, count?: number }[], chosen: string, choose: (id: string) => void }} content
 */
export function chips({ name, chips: list, chosen, choose }) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const next = target(event, '[role="radio"]', "both");
    next?.focus();
    next?.click();
  };
  const stop = list.some(({ id }) => id === chosen) ? chosen : list[0].id;
  return html`<div class="chips" role="radiogroup" aria-label=${name} @keydown=${keydown}>
    ${list.map(
      ({ id, text, count }) => html`<button
        type="button"
        class="chip"
        role="radio"
        aria-checked=${id === chosen}
        tabindex=${id === stop ? "0" : "-1"}
        @click=${() => choose(id)}
      >${text}${count === undefined ? nothing : html` <span class="num">${count}</span>`}</button>`,
    )}
  </div>`;
}
