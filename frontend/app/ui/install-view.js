/** How an installation goes: 下载 → 校验签名 → 安装, one question, one folder, and what went wrong. */
import { html, nothing } from "../../vendor/lit-html.js";
import { pace, sizeOf } from "../apps/amounts.js";
import { install, openFolder, runInstall } from "../apps/install-actions.js";
import { remedy, share } from "../apps/view.js";
import { percent } from "../format.js";
import { t } from "../i18n/t.js";
import { folderForm } from "./folder-form.js";
import { icon, spinner } from "./icon.js";
import { errorBar } from "./infobar.js";
import { progress } from "./progress.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../apps/state.js").Install} Install */
/** @typedef {import("../../types/apps").ProgramView["kind"]} Kind */

/**
 * @param {State} state
 * @param {Install} one
 * @param {Kind | null} kind
 */
export function installView(state, one, kind) {
  if (one.step === "failed" && one.error && !state.apps.folders[one.program]) {
    return errorBar(one.error, { actions: html`<div class="acts">${remedies(one)}</div>` });
  }
  const step = one.step === "failed" ? "folder" : one.step;
  return html`<section class="prog" aria-labelledby="install-heading">
    <div class="row"><h3 id="install-heading" tabindex="-1">
        ${step === "done" ? icon("checkmark_circle_20_filled", "ok") : nothing}${title(one, step)}</h3>
      ${measured(step) ? html`<span class="end num">${percent(share(one))}%</span>` : nothing}
      ${step === "verifying" || step === "authorizing" ? html`<span class="end">${spinner()}</span>` : nothing}</div>
    ${content(state, one, step, kind)} ${step === "done" ? nothing : steps(step)}
  </section>`;
}

/** @param {Install} one @param {Install["step"]} step */
function title({ title: name, update, version }, step) {
  if (step === "confirm") return t(update ? "install.confirmUpdate" : "install.confirm", { title: name, version });
  return step === "done" && update ? t("install.updated") : t(`install.step.${step}`);
}

/** @param {Install["step"]} step */
const measured = (step) => step === "downloading" || step === "paused" || step === "installing";

/**
 * @param {State} state
 * @param {Install} one
 * @param {Install["step"]} step
 * @param {Kind | null} kind
 */
function content(state, one, step, kind) {
  switch (step) {
    case "downloading":
    case "paused":
    case "installing":
      return measures(one, step);
    case "confirm":
      return html`<p class="cap sec sel">${t("install.confirmNote", { publisher: one.publisher, version: one.version })}
        ${kind === "native" ? t("install.elevation") : nothing}</p>`;
    case "folder": {
      const form = state.apps.folders[one.program];
      return form ? folderForm(one.program, form, state.snapshot?.host === "window") : nothing;
    }
    case "done":
      return html`<p class="cap sec">${t("install.doneNote")}</p>
        ${one.kept.length > 0 ? html`<p class="cap sec sel">${t("install.doneKept", { names: names(one.kept) })}</p>` : nothing}`;
    case "authorizing":
      return html`<p class="cap sec">${t("install.authorizingNote")}</p>`;
    case "waiting":
      return html`<p class="cap sec">${t("install.waitingNote")}</p>`;
    default:
      return nothing;
  }
}

const SHOWN = 3;

/** @param {string[]} kept */
function names(kept) {
  const few = kept.slice(0, SHOWN).join("、");
  return kept.length > SHOWN ? `${few} ${t("install.more", { n: kept.length })}` : few;
}

/**
 * @param {Install} one
 * @param {"downloading" | "paused" | "installing"} step
 */
function measures(one, step) {
  const done = percent(share(one));
  const amount = sizeOf(one.bytes, one.length);
  return html`${progress(t(`install.step.${step}`), done, `${done}%，${amount}`)}
    <div class="row cap sec num"><span>${amount}</span>
      <span class="end">${step === "paused" ? t("install.kept") : pace(one.speed, one.remaining)}</span>
      ${step === "installing"
        ? nothing
        : html`<button type="button" class="btn sm" @click=${() => install(step === "paused" ? "resume" : "pause", one.program)}>
            ${icon(step === "paused" ? "play_16_regular" : "pause_16_regular")}${t(step === "paused" ? "install.resume" : "install.pause")}</button>`}
    </div>`;
}

/** @type {{ key: "download" | "verify" | "install", icon: string, steps: Install["step"][] }[]} */
const STAGES = [
  { key: "download", icon: "arrow_download_16_regular", steps: ["waiting", "downloading", "paused"] },
  { key: "verify", icon: "shield_checkmark_16_regular", steps: ["verifying"] },
  { key: "install", icon: "apps_add_in_16_regular", steps: ["confirm", "folder", "authorizing", "installing"] },
];

/** @param {Install["step"]} step */
function steps(step) {
  const here = STAGES.findIndex((stage) => stage.steps.includes(step));
  return html`<ol class="stages">
    ${STAGES.map(
      (stage, index) => html`<li class=${index === here ? "on" : ""} aria-current=${index === here ? "step" : nothing}>
        ${icon(index < here ? "checkmark_16_regular" : stage.icon, "i16")}${t(`install.stage.${stage.key}`)}</li>`,
    )}
  </ol>`;
}

/** What helps, the most likely first. @param {Install} one */
function remedies(one) {
  const { program, folder } = one;
  switch (remedy(one)) {
    case "place":
      return html`<button type="button" class="btn sm" @click=${() => runInstall(program, folder ?? "")}>${t("dialog.retry")}</button>
        <button type="button" class="btn sm" @click=${() => openFolder(program, folder ?? "", true)}>${t("install.elsewhere")}</button>`;
    case "resume":
      return html`<button type="button" class="btn sm" @click=${() => install("resume", program)}>${t("install.resumeDownload")}</button>`;
    default:
      return html`<button type="button" class="btn sm" @click=${() => install("start", program)}>${t("dialog.retry")}</button>`;
  }
}
