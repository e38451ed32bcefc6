/** Programs on their way, wherever the user is: a line at the foot of the navigation and a badge on 证书业务. */
import { html, nothing } from "../../vendor/lit-html.js";
import { foremost, isAsking, share } from "../apps/view.js";
import { percent } from "../format.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";
import { progress } from "./progress.js";
import { openSheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */

/** @param {State} state */
export function installStrip({ apps, online }) {
  const one = foremost(apps.installs);
  if (!one || online.sheet === `program:${one.program}`) return nothing;
  const count = apps.installs.filter(({ step }) => step !== "done").length;
  const done = percent(share(one));
  const state = isAsking(one) || one.step === "waiting" ? t(`install.step.${one.step}`) : `${t(`install.step.${one.step}`)} ${done}%`;
  return html`<button type="button" class="strip ${one.step === "failed" ? "bad" : ""}" title=${t("install.look")}
    @click=${() => openSheet(`program:${one.program}`)}>
    ${icon(one.step === "failed" ? "error_circle_20_filled" : "arrow_download_20_regular")}
    <span class="grow"><span class="t">${one.title}${count > 1 ? html` <span class="ter">${t("install.more", { n: count })}</span>` : nothing}</span>
      <span class="d num">${state}</span>
      ${isAsking(one) || one.step === "waiting" ? nothing : progress(one.title, done)}</span>
  </button>`;
}

/**
 * @param {State} state
 * @returns {import("../router.js").Badge | null}
 */
export function installBadge({ apps }) {
  const one = foremost(apps.installs);
  if (!one) return null;
  if (isAsking(one)) return { text: "!", label: t("install.asks"), tone: "" };
  const done = `${percent(share(one))}%`;
  return one.step === "waiting" ? null : { text: done, label: t("install.badge", { percent: done }), tone: "info" };
}
