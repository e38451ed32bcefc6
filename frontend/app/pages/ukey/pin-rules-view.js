import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { icon } from "../../ui/icon.js";

/** @typedef {import("../../pin-rules.js").Rules} Rules */

/** @type {(keyof Rules)[]} */
const ORDER = ["length", "charset", "differs", "matches", "mixed"];

/**
 * The rules for the new 口令, ticked off while it is typed.
 * @param {Rules} rules
 */
export function rulesAside(rules) {
  return html`<div class="rules">
    <h2>${t("pin.rules")}</h2>
    <ul>
      ${ORDER.map(
        (rule) => html`<li class=${rules[rule] ? "y" : ""}>
          ${icon(rules[rule] ? "checkmark_circle_16_filled" : "circle_16_regular")}
          <span><span class="sr">${t(rules[rule] ? "pin.ruleMet" : "pin.ruleOpen")}</span>${t(`pin.rule.${rule}`)}</span>
        </li>`,
      )}
    </ul>
    <h2>${t("pin.tips")}</h2>
    <p>${t("pin.tip.initial")}</p>
    <p>${t("pin.tip.oldSites")}</p>
  </div>`;
}

export function verifyAside() {
  return html`<div class="rules">
    <h2>${t("pin.tips")}</h2>
    <p>${t("pin.tip.verify")}</p>
    <p>${t("pin.tip.wrong")}</p>
  </div>`;
}

/** @param {0 | 1 | 2 | 3 | 4} strength */
export function strengthBar(strength) {
  if (strength === 0) return nothing;
  return html`<div class="strength s${strength}">
      <i></i><i></i><i></i><i></i>
    </div>
    <p class="help">${t("pin.strength", { level: t(`pin.strength.${strength}`) })}</p>`;
}
