import { html, nothing } from "../../vendor/lit-html.js";
import { icon } from "./icon.js";

/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */

const ICONS = {
  info: "info_20_regular",
  warn: "warning_20_filled",
  bad: "error_circle_20_filled",
};

/**
 * A bar that says something about what stands below it.
 * @param {{ tone: "info" | "warn" | "bad", text: unknown, icon?: string, actions?: unknown, alert?: boolean }} content
 */
export function infobar({ tone, text, icon: name = ICONS[tone], actions, alert = false }) {
  return html`<div class="infobar ${tone}" role=${alert ? "alert" : nothing}>
    ${icon(name)}
    <div class="tx">${text}</div>
    ${actions ?? nothing}
  </div>`;
}

/**
 * An error in its four parts.
 * @param {ErrorBody} error
 * @param {{ tone?: "warn" | "bad", lead?: string, actions?: unknown, alert?: boolean }} [options]
 */
export function errorBar(error, { tone = "bad", lead, actions, alert = false } = {}) {
  const text = html`<b>${lead ? `${lead}：` : nothing}${error.what}</b>
    <p>${error.kept}${error.do} <span class="code">${error.code}</span></p>`;
  return infobar({ tone, text, actions, alert });
}
