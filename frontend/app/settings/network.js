/** 网络: how the program reaches its service, and what stands in the way. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { copyText } from "../ui/copy.js";
import { icon, spinner } from "../ui/icon.js";
import { errorBar } from "../ui/infobar.js";
import { editProxy, leaveProxy, testConnection } from "./actions.js";

/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("./state.js").ProxyText} ProxyText */
/** @typedef {import("../../types/settings").ProxyMode} ProxyMode */
/** @typedef {import("../../types/content").ConnectionTest} ConnectionTest */

/** @type {ProxyMode[]} */
const MODES = ["system", "manual", "none"];

/** @param {Loaded} loaded */
export function networkGroup({ proxy, faults, testing, result: tested }) {
  return html`<section class="card setlist">
    <fieldset class="plain">
      <legend class="strong">${t("network.proxy")}</legend>
      ${MODES.map(
        (mode) => html`<label class="radio"><input
          type="radio"
          name="proxy"
          .checked=${mode === proxy.mode}
          @change=${() => leaveProxy({ mode })}
        /><span>${t(`network.proxy.${mode}`)}<span class="cap sec"> ${t(`network.proxyNote.${mode}`)}</span></span></label>`,
      )}
    </fieldset>
    ${proxy.mode === "manual" ? address(proxy) : nothing} ${proxy.mode === "none" ? nothing : exceptions(proxy)}
    ${faults.proxy_mode ? errorBar(faults.proxy_mode, { alert: true }) : nothing}
    <p><button type="button" class="btn" aria-disabled=${testing} @click=${testConnection}>
      ${testing ? spinner() : nothing}${t("network.test")}</button></p>
    <div role="status" class="netresult">${tested ? result(tested) : nothing}</div>
  </section>`;
}

/** @param {ProxyText} proxy */
function address(proxy) {
  const needed = html`<p class="help" id="proxy-address-note">${t("network.addressNeeded")}</p>`;
  return field("address", t("network.address"), proxy.address, proxy.address ? nothing : needed, "http://proxy.example:8080");
}

/** They count whoever names the proxy. @param {ProxyText} proxy */
function exceptions(proxy) {
  const note = html`<p class="help" id="proxy-exceptions-note">${t("network.exceptionsNote")}</p>`;
  return field("exceptions", t("network.exceptions"), proxy.exceptions, note);
}

/**
 * @param {"address" | "exceptions"} name
 * @param {string} label
 * @param {string} value
 * @param {unknown} note a paragraph with the id `proxy-NAME-note`, or nothing
 * @param {string} [placeholder]
 */
function field(name, label, value, note, placeholder = "") {
  const typed = (/** @type {Event} */ event) => {
    const text = /** @type {HTMLInputElement} */ (event.target).value;
    editProxy({ [name]: name === "address" ? text.trim() : text });
  };
  return html`<div class="field"><label for=${`proxy-${name}`}>${label}</label>
      <span class="input"><input
        id=${`proxy-${name}`}
        type="text"
        autocomplete="off"
        spellcheck="false"
        placeholder=${placeholder}
        aria-describedby=${note === nothing ? nothing : `proxy-${name}-note`}
        .value=${value}
        @input=${typed}
        @change=${() => leaveProxy()}
      /></span>${note}</div>`;
}

/** What came of it first: the steps may lie below the edge of the dialog. @param {ConnectionTest} tested */
function result(tested) {
  const failure = tested.steps.find(({ error }) => error)?.error;
  return html`<p class="cap sec">${t(tested.proxy ? "network.through" : "network.directly", { host: tested.host, proxy: tested.proxy ?? "" })}
      ${tested.unsupported ? t(`network.unsupported.${tested.unsupported}`) : nothing}</p>
    ${failure ? errorBar(failure) : html`<p class="ok strong">${t("network.good")}</p>`}
    <ul class="steps">
      ${tested.steps.map(
        (step) => html`<li data-state=${STEP_STATES[step.state]}>${icon(STEP_ICONS[step.state], "i16")}
          <span class="grow">${t(`network.step.${step.key}`)}
            ${step.state === "skip" ? nothing : html`<span class="sr">${t(`network.state.${step.state}`)}</span>`}</span>
          <span class="cap ter num">${step.state === "skip" ? t("network.state.skip") : t("network.ms", { n: step.ms })}</span></li>`,
      )}
    </ul>
    ${failure
      ? html`<p class="cap sec">${t("network.allowNote")}</p>
          <pre class="allow mono sel">${tested.allow_list}</pre>
          <button type="button" class="btn sm" @click=${() => copyText(t("network.allow"), tested.allow_list)}>
            ${icon("copy_16_regular")}${t("network.copyAllow")}</button>`
      : nothing}`;
}

const STEP_ICONS = { ok: "checkmark_circle_16_filled", fail: "error_circle_16_filled", skip: "circle_16_regular" };
/** As css/ukey.css colours the steps of a check. */
const STEP_STATES = { ok: "ok", fail: "failed", skip: "skipped" };
