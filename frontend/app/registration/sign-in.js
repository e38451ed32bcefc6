/** The 口令 field in front of what was sent. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { advice, counter } from "../pages/ukey/pin.js";
import { spinner } from "../ui/icon.js";
import { errorBar, infobar } from "../ui/infobar.js";
import { pinInput } from "../ui/pin-input.js";
import { blockedBy, currentOf } from "../ukey-view.js";
import { edited, leaveSignIn, setShown, stopLastTry, submit, submitLastTry, watchCapsLock } from "./sign-in-actions.js";

/** @typedef {import("./state.js").RegistrationDialog} RegistrationDialog */
/** @typedef {import("./state.js").SignInView} SignInView */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/** @param {Snapshot} snapshot */
const pinOf = ({ ukeys }) => currentOf(ukeys)?.pin ?? null;

/**
 * @param {RegistrationDialog} open
 * @param {SignInView} view
 * @param {Snapshot} snapshot
 */
export function signIn(open, view, snapshot) {
  const pin = pinOf(snapshot);
  const why = blockedBy(pin);
  return html`<div class="row spread"><h3 tabindex="-1">${t("registration.signIn")}</h3>${pin && !why ? counter(pin) : nothing}</div>
    ${why ? blocked(why) : html`${pin && !view.asking ? advice(pin) : nothing} ${form(open, view, snapshot.network.online)}`}`;
}

/** @param {"locked" | "unset"} why */
function blocked(why) {
  const code = why === "locked" ? "E-PIN-02" : "E-PIN-07";
  return errorBar({ code, what: t(`pin.${why}Title`), kept: t(`pin.${why}Note`), do: t(`pin.${why}Do`) }, { alert: true });
}

/**
 * The field stays while the question about the last try is asked: it holds what is asked about.
 * @param {RegistrationDialog} open
 * @param {SignInView} view
 * @param {boolean} online
 */
function form({ busy, slow }, view, online) {
  return html`<form id="registration-sign-in" class="stack" novalidate aria-busy=${busy === "signIn"} @submit=${submit}>
      ${pinInput({
        id: "registration-pin",
        label: t("pin.current"),
        error: view.error,
        shown: view.shown,
        capsLock: view.capsLock,
        busy: busy !== null || view.asking,
        edited,
        toggleShown: () => setShown(!view.shown),
        watchCapsLock,
        below: html`<p class="help">${t("registration.signInNote")}</p>`,
      })}
    </form>
    ${view.asking ? question() : nothing}
    ${online ? nothing : infobar({ tone: "warn", icon: "plug_disconnected_20_regular", text: t("registration.offline") })}
    <p class="row sec" role="status">${busy === "signIn" && slow ? html`${spinner()}${t("registration.signingIn")}` : nothing}</p>`;
}

function question() {
  return html`<div id="registration-last-try" role="alert">
    ${infobar({ tone: "bad", text: html`<b>${t("pin.lastTry")}</b><p>${t("pin.lastTryNote")}${t("pin.lastTryDo")}</p>` })}
  </div>`;
}

/**
 * @param {RegistrationDialog} open
 * @param {SignInView} view
 * @param {Snapshot} snapshot
 */
export function signInFooter({ busy }, view, snapshot) {
  const why = blockedBy(pinOf(snapshot));
  if (view.asking && !why) {
    return html`<button type="button" class="btn danger" @click=${submitLastTry}>${t("pin.lastTryGo")}</button>
      <button type="button" class="btn primary" data-stop aria-describedby="registration-last-try" @click=${stopLastTry}>
        ${t("pin.lastTryStop")}</button>`;
  }
  return html`<button type="button" class="btn" ?disabled=${busy !== null} @click=${leaveSignIn}>${t("registration.back")}</button>
    ${why
      ? nothing
      : html`<button
          type="submit"
          form="registration-sign-in"
          class="btn primary"
          ?disabled=${busy !== null || !snapshot.network.online}
        >${t("registration.signInGo")}</button>`}`;
}
