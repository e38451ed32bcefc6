/** What came of verifying a seal: a mark, one sentence, and every step for whoever wants to know. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { icon } from "../../ui/icon.js";
import { errorBar, infobar } from "../../ui/infobar.js";

/** @typedef {import("../../../types/rpc").SealStep} SealStep */
/** @typedef {import("../../state.js").Check} Check */

const TONES = { ok: "ok", partial: "", doubtful: "warn", failed: "bad" };
const ICONS = {
  ok: "checkmark_circle_16_filled",
  doubtful: "warning_20_filled",
  failed: "error_circle_16_filled",
  unchecked: "circle_16_regular",
};

/**
 * The mark beside the seal's name. It says verified only when every step was taken and went well.
 * @param {Check} check
 */
export function checkMark(check) {
  if (check === "loading") return html`<span class="tagp">${t("seal.checking")}</span>`;
  if ("error" in check) return html`<span class="tagp">${t("seal.unverified")}</span>`;
  return html`<span class="tagp ${TONES[check.verdict]}">${t(`seal.verdict.${check.verdict}`)}</span>`;
}

/**
 * The sentence, or the first reason that speaks against the seal.
 * @param {Check} check
 * @param {string} [told] code of an error that is shown already
 */
export function checkResult(check, told) {
  if (check === "loading") return nothing;
  if ("error" in check) return check.error.code === told ? nothing : errorBar(check.error);
  const failure = check.steps.find((step) => step.error)?.error;
  // Its own words say more than the sentence that repeats them.
  if (failure) return failure.code === told ? nothing : errorBar(failure);
  if (check.verdict === "doubtful") return infobar({ tone: "warn", text: check.sentence });
  return html`<p class="cap sec">${check.sentence}</p>`;
}

/** @param {Check} check */
export function checkSteps(check) {
  if (check === "loading" || "error" in check) return nothing;
  return html`<details class="card steps">
    <summary>${icon("chevron_right_16_regular", "i16")}${t("seal.steps", { n: check.steps.length })}</summary>
    <ul>${check.steps.map(stepRow)}</ul>
  </details>`;
}

/** @param {SealStep} step */
function stepRow({ title, state, why }) {
  return html`<li data-state=${state}>
    ${icon(ICONS[state], "i16")}
    <div>${title} <span class="ter">${t(`seal.step.${state}`)}</span>
      ${why ? html`<p class="sec">${why}</p>` : nothing}</div>
  </li>`;
}
