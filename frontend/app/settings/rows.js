/** Lines of 系统设置: what it is, what it does, the control at the right, and a failure below. */
import { html, nothing } from "../../vendor/lit-html.js";
import { errorBar } from "../ui/infobar.js";
import { set } from "./actions.js";
import { shown } from "./state.js";

/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */

/**
 * @param {{ id: string, name: string, note?: unknown, control: unknown, fault?: ErrorBody, again?: unknown, label?: boolean }} line
 *   `again`: what can be pressed beside the fault; `label`: the name belongs to the control `id`
 */
export function row({ id, name, note, control, fault, again, label = true }) {
  return html`<li class="li setrow">
      <div class="grow">
        ${label ? html`<label for=${id}>${name}</label>` : html`<span id="${id}-name">${name}</span>`}
        ${note ? html`<p class="cap sec" id="${id}-note">${note}</p>` : nothing}
      </div>
      ${control}
    </li>
    ${fault ? html`<li class="setfault" id="${id}-fault">${errorBar(fault, { alert: true, actions: again })}</li>` : nothing}`;
}

/** The ids that say more about a control. @param {{ id: string, note?: unknown, fault?: unknown }} line */
export function describedBy({ id, note, fault }) {
  return [note ? `${id}-note` : "", fault ? `${id}-fault` : ""].join(" ").trim() || nothing;
}

/**
 * @param {{ id: string, name: string, note?: unknown, on: boolean, toggle: (on: boolean) => void, busy?: unknown,
 *   disabled?: boolean, fault?: ErrorBody, again?: unknown }} line `busy`: what is being done, in its place
 */
export function switchRow({ on, toggle, busy = nothing, disabled = false, ...line }) {
  return row({
    ...line,
    control: html`${busy}<button
      type="button"
      id=${line.id}
      class="switch"
      role="switch"
      aria-checked=${on}
      aria-describedby=${describedBy(line)}
      ?disabled=${disabled}
      @click=${() => toggle(!on)}
    ></button>`,
  });
}

/**
 * A switch that is one field of the settings.
 * @param {Loaded} loaded
 * @param {"popup_on_insert" | "hide_on_removal" | "ask_registration"} field
 * @param {string} name
 * @param {string} note
 */
export function fieldRow(loaded, field, name, note) {
  return switchRow({
    id: `set-${field}`, name, note, on: shown(loaded)[field], fault: loaded.faults[field],
    toggle: (on) => void set({ [field]: on }),
  });
}
