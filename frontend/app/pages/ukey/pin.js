/** 修改 Ukey 口令: verify or change, with the retry counter in words, or as dots where the Ukey gives a number. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setDialog } from "../../actions.js";
import { t } from "../../i18n/t.js";
import { empty } from "../../ui/empty.js";
import { errorBar, infobar } from "../../ui/infobar.js";
import { isLastTry } from "../../ukey-view.js";
import { hideInitialHint, setMode, submit } from "./pin-actions.js";
import { pinField } from "./pin-field.js";
import { rulesAside, strengthBar, verifyAside } from "./pin-rules-view.js";
import { refreshButton } from "./states.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").PinForm} PinForm */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").PinView} PinView */

/**
 * @param {State} state
 * @param {Ukey} ukey
 */
export function pinTab(state, ukey) {
  if (ukey.pin.state === "locked") return blocked(state, "locked");
  if (ukey.pin.state === "unset") return blocked(state, "unset");
  const { pin } = state;
  return html`<div class="row spread">${modes(pin)} ${counter(ukey.pin)}</div>
    ${pin.failure ? errorBar(pin.failure, { alert: true }) : nothing} ${advice(ukey.pin)} ${initialHint(pin)}
    <div class="pin2">
      ${form(pin)} ${pin.mode === "change" ? rulesAside(pin.rules) : verifyAside()}
    </div>
    ${infobar({
      tone: "warn",
      icon: "shield_lock_20_regular",
      text: html`${t("pin.warn.before")}<b>${t("pin.warn.not")}</b>${t("pin.warn.after")}`,
    })}`;
}

/**
 * @param {State} state
 * @param {"locked" | "unset"} why
 */
function blocked(state, why) {
  return empty({
    icon: why === "locked" ? "lock_closed_32_regular" : "key_32_regular",
    tone: "bad",
    title: t(`pin.${why}Title`),
    text: `${t(`pin.${why}Note`)}${t(`pin.${why}Do`)}`,
    code: why === "locked" ? "E-PIN-02" : "E-PIN-07",
    actions: refreshButton(state.refreshing),
    alert: true,
  });
}

/** @param {PinForm} pin */
function modes(pin) {
  /** @param {PinForm["mode"]} mode */
  const button = (mode) =>
    html`<button
      type="button"
      aria-pressed=${pin.mode === mode}
      ?disabled=${pin.busy}
      @click=${() => setMode(mode)}
    >${t(`pin.${mode}`)}</button>`;
  return html`<div class="seg" role="group" aria-label=${t("pin.modes")}>${button("verify")}${button("change")}</div>`;
}

/** How many tries are left, as far as the Ukey tells. @param {PinView} view */
export function counter({ state, remaining, maximum }) {
  if (remaining !== null) {
    const low = remaining <= 3;
    const dots = Array.from({ length: Math.max(maximum ?? remaining, remaining) }, (_, i) => i < remaining);
    return html`<span class="tries-line cap sec">
      <span class=${low ? "bad strong num" : "num"}>${t("pin.remaining", { n: remaining })}</span>
      <span class="tries ${low ? "low" : ""}" aria-hidden="true">
        ${dots.map((left) => html`<i class=${left ? "" : "used"}></i>`)}
      </span>
    </span>`;
  }
  if (state === "low") return html`<span class="tagp warn">${t("pin.low")}</span>`;
  if (state === "final") return html`<span class="tagp bad">${t("pin.final")}</span>`;
  return state === "unknown" ? html`<span class="cap ter">${t("pin.unknown")}</span>` : nothing;
}

/** A warning when few tries are left. @param {PinView} view */
export function advice(view) {
  if (isLastTry(view)) {
    return infobar({
      tone: "bad",
      text: html`<b>${t("pin.final")}。${t("pin.finalWarning")}</b>${t("pin.finalAdvice")}`,
    });
  }
  return view.state === "low" ? infobar({ tone: "warn", text: t("pin.lowAdvice") }) : nothing;
}

/** @param {PinForm} pin */
function initialHint(pin) {
  if (!pin.initialHint) return nothing;
  return infobar({
    tone: "info",
    text: html`<b>${t("pin.initialHint")}</b><p>${t("pin.initialHintNote")}</p>`,
    actions: html`<button type="button" class="btn sm" @click=${() => setMode("change")}>${t("pin.initialHintGo")}</button>
      <button type="button" class="btn subtle sm" @click=${hideInitialHint}>${t("pin.initialHintLater")}</button>`,
  });
}

/** @param {PinForm} pin */
function form(pin) {
  const change = pin.mode === "change";
  return html`<form class="card pad stack" novalidate aria-busy=${pin.busy} @submit=${submit}>
    ${pinField(pin, "current")}
    ${change
      ? html`${pinField(pin, "next", strengthBar(pin.strength))} ${pinField(pin, "repeat")}`
      : nothing}
    <div class="row">
      <button type="submit" class="btn primary lg" ?disabled=${pin.busy}>${t(`pin.${pin.mode}`)}</button>
      <button type="button" class="btn subtle lg" aria-haspopup="dialog" @click=${() => setDialog({ kind: "forgot" })}>
        ${t("pin.forgot")}
      </button>
    </div>
  </form>`;
}
