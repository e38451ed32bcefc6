/** 网络设置: how the program reaches its service, and what stands in the way. */
import { html, nothing } from "../../vendor/lit-html.js";
import { setDialog, showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { copyText } from "./copy.js";
import { dialog } from "./dialog.js";
import { icon, spinner } from "./icon.js";
import { errorBar } from "./infobar.js";

/** @typedef {import("../../types/content").ProxySettings} ProxySettings */
/** @typedef {import("../../types/content").ProxyMode} ProxyMode */
/** @typedef {import("../../types/content").ConnectionTest} ConnectionTest */
/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */

/**
 * @typedef {object} NetworkDialog
 * @property {"network"} kind
 * @property {ProxySettings | null} settings null while they are fetched
 * @property {boolean} testing
 * @property {ConnectionTest | null} result
 * @property {ErrorBody | null} error the settings were not accepted
 */

/** @type {ProxyMode[]} */
const MODES = ["system", "manual", "none"];

/** Opens it with the settings as they are. */
export async function openNetwork() {
  setDialog({ kind: "network", settings: null, testing: false, result: null, error: null });
  try {
    change({ settings: await call("network.settings", {}) });
  } catch (error) {
    setDialog(null);
    showError(error);
  }
}

/** @param {Partial<NetworkDialog>} part */
function change(part) {
  store.update((state) => (state.dialog?.kind === "network" ? { ...state, dialog: { ...state.dialog, ...part } } : state));
}

/** @param {Partial<ProxySettings>} part */
function edit(part) {
  const { dialog: open } = store.get();
  if (open?.kind === "network" && open.settings) change({ settings: { ...open.settings, ...part }, error: null });
}

/** Saves what stands there and tries it. */
async function test() {
  const { dialog: open } = store.get();
  if (open?.kind !== "network" || !open.settings || open.testing) return;
  change({ testing: true, result: null, error: null });
  try {
    change({ settings: await call("network.set_proxy", open.settings) });
    change({ result: await call("network.test", {}) });
  } catch (error) {
    change({ error: errorBody(error) });
  } finally {
    change({ testing: false });
  }
}

/** @param {NetworkDialog} open */
export function networkDialog(open) {
  const close = () => setDialog(null);
  return dialog({
    id: "network",
    title: t("network.title"),
    close,
    body: open.settings ? form(open, open.settings) : html`<p role="status">${spinner()}</p>`,
    footer: html`<button type="button" class="btn" aria-disabled=${open.testing || !open.settings} @click=${test}>
        ${open.testing ? spinner() : nothing}${t("network.test")}</button>
      <button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.close")}</button>`,
  });
}

/**
 * @param {NetworkDialog} open
 * @param {ProxySettings} settings
 */
function form(open, settings) {
  return html`<fieldset class="plain">
      <legend class="strong">${t("network.proxy")}</legend>
      ${MODES.map(
        (mode) => html`<label class="radio"><input
          type="radio"
          name="proxy"
          .checked=${mode === settings.mode}
          @change=${() => edit({ mode })}
        /><span>${t(`network.proxy.${mode}`)}<span class="cap sec"> ${t(`network.proxyNote.${mode}`)}</span></span></label>`,
      )}
    </fieldset>
    ${settings.mode === "manual" ? manual(settings) : nothing}
    ${open.error ? errorBar(open.error, { alert: true }) : nothing}
    <div role="status" class="netresult">${open.result ? result(open.result) : nothing}</div>`;
}

/** @param {ProxySettings} settings */
function manual(settings) {
  return html`<div class="field"><label for="proxy-address">${t("network.address")}</label>
      <span class="input"><input
        id="proxy-address"
        type="text"
        autocomplete="off"
        spellcheck="false"
        placeholder="http://proxy.example:8080"
        .value=${settings.address}
        @input=${(/** @type {Event} */ event) => edit({ address: /** @type {HTMLInputElement} */ (event.target).value.trim() })}
      /></span></div>
    <div class="field"><label for="proxy-exceptions">${t("network.exceptions")}</label>
      <span class="input"><input
        id="proxy-exceptions"
        type="text"
        autocomplete="off"
        spellcheck="false"
        .value=${settings.exceptions.join("; ")}
        @change=${(/** @type {Event} */ event) => edit({ exceptions: split(/** @type {HTMLInputElement} */ (event.target).value) })}
      /></span><p class="help">${t("network.exceptionsNote")}</p></div>`;
}

/** @param {string} text */
function split(text) {
  return text.split(/[\s;,；，]+/).filter(Boolean);
}

/** @param {ConnectionTest} tested */
function result(tested) {
  const failure = tested.steps.find(({ error }) => error)?.error;
  return html`<p class="cap sec">${t(tested.proxy ? "network.through" : "network.directly", { host: tested.host, proxy: tested.proxy ?? "" })}
      ${tested.unsupported ? t(`network.unsupported.${tested.unsupported}`) : nothing}</p>
    <ul class="steps">
      ${tested.steps.map(
        (step) => html`<li>${icon(STEP_ICONS[step.state], `i16 ${STEP_TONES[step.state]}`)}
          <span class="grow">${t(`network.step.${step.key}`)}
            <span class="sr">${t(`network.state.${step.state}`)}</span></span>
          <span class="cap ter num">${step.state === "skip" ? t("network.state.skip") : t("network.ms", { n: step.ms })}</span></li>`,
      )}
    </ul>
    ${failure
      ? html`${errorBar(failure)}
          <p class="cap sec">${t("network.allowNote")}</p>
          <pre class="allow mono sel">${tested.allow_list}</pre>
          <button type="button" class="btn sm" @click=${() => copyText(t("network.allow"), tested.allow_list)}>
            ${icon("copy_16_regular")}${t("network.copyAllow")}</button>`
      : html`<p class="ok strong">${t("network.good")}</p>`}`;
}

const STEP_ICONS = { ok: "checkmark_circle_16_filled", fail: "error_circle_16_filled", skip: "circle_16_regular" };
const STEP_TONES = { ok: "ok", fail: "bad", skip: "ter" };
