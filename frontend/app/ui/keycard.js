/** Which Ukey is being managed (the card at the top left), and the list to choose another one from. */
import { repeat } from "../../vendor/directives/repeat.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { selectUkey, setFlyout } from "../actions.js";
import { date } from "../format.js";
import { t } from "../i18n/t.js";
import { parts } from "../later.js";
import { currentOf, healthOf, mainSummary, needsTail } from "../ukey-view.js";
import { flyoutKeys } from "./flyout.js";
import { icon } from "./icon.js";
import { target } from "./roving.js";

/** @typedef {import("../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../types/rpc").UkeyList} UkeyList */
/** @typedef {import("../state.js").State} State */

/** @param {Ukey} ukey */
function kindText(ukey) {
  const kind = mainSummary(ukey)?.kind;
  return kind === "yizhengtong" || kind === "legacy" ? t(`kind.${kind}`) : "";
}

/** @param {string[]} texts */
const joined = (texts) => texts.filter(Boolean).join(" · ");

/** @param {"ok" | "warn" | "bad" | "off"} tone */
function picture(tone) {
  return html`<span class="pic">${icon("ukey", "i22")}<span class="dot ${tone}"></span></span>`;
}

/**
 * Not in green beside a certificate that has turned out bad.
 * @param {State} state
 * @param {Ukey} ukey
 */
function healthNow(state, ukey) {
  const trust = parts()?.trustOf(state, ukey, "signing")?.value;
  const health = healthOf(ukey);
  if (trust?.level !== "bad" || health.tone === "bad" || trust.verdict === ukey.health.key) return health;
  return { tone: /** @type {const} */ ("bad"), text: t("trust.bad") };
}

/**
 * @param {State} state
 * @param {UkeyList} ukeys
 * @param {() => void} showPage
 */
export function keycard(state, ukeys, showPage) {
  const open = state.flyout === "keys";
  const ukey = currentOf(ukeys);
  if (!ukey) {
    const reading = ukeys.reading;
    return html`<div class="keycard none" id="keycard">
      ${picture("off")}
      <span><span class="who">${t(reading ? "key.reading" : "key.none")}</span>
        ${reading ? nothing : html`<span class="st">${t("key.noneHint")}</span>`}</span>
    </div>`;
  }
  const { tone, text: status } = healthNow(state, ukey);
  const many = ukeys.tokens.length > 1;
  const label = t(many ? "key.switch" : "key.current", { holder: ukey.holder, status, n: ukeys.tokens.length });
  return html`<button
    type="button"
    class="keycard ${many ? "many" : ""}"
    id="keycard"
    aria-label=${label}
    title=${ukey.holder}
    aria-haspopup=${many ? "listbox" : nothing}
    aria-expanded=${many ? open : nothing}
    @click=${() => (many ? setFlyout(open ? null : "keys") : showPage())}
  >
    ${picture(tone)}
    <span>
      <span class="who">${ukey.holder}</span>
      <span class="st ${tone}">${status}</span>
    </span>
    ${many ? icon("chevron_up_down_16_regular", "i16 ter") : nothing}
  </button>`;
}

/** @param {UkeyList} ukeys */
export function keyMenu(ukeys) {
  const remembered = ukeys.current !== null && ukeys.remembered === ukeys.current;
  /** @param {KeyboardEvent} event */
  const arrows = (event) => target(event, '[role="option"]', "vertical")?.focus();
  /** @param {Event} event */
  const remember = (event) => {
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    if (ukeys.current) void selectUkey(ukeys.current, checked);
  };
  return html`<div class="menu keymenu" @keydown=${flyoutKeys}>
    <p class="cap ter mh">${t("key.present", { n: ukeys.tokens.length })}</p>
    <div role="listbox" aria-label=${t("key.choose")} @keydown=${arrows}>
      ${repeat(ukeys.tokens, ({ id }) => id, (ukey) => option(ukey, ukeys, remembered))}
    </div>
    <hr />
    <label class="check"><input type="checkbox" .checked=${remembered} @change=${remember} />
      <span class="cap">${t("key.remember")}</span></label>
  </div>`;
}

/**
 * @param {Ukey} ukey
 * @param {UkeyList} ukeys
 * @param {boolean} remembered the box below is ticked, so that a new choice is remembered as well
 */
function option(ukey, ukeys, remembered) {
  const selected = ukey.id === ukeys.current;
  const { tone, text } = healthOf(ukey);
  const until = mainSummary(ukey)?.not_after;
  const state = tone === "ok" && until ? t("key.until", { date: date(until) }) : text;
  const tail = needsTail(ukey, ukeys.tokens) ? t("key.tail", { tail: ukey.serial.slice(-4) }) : "";
  const choose = async () => {
    setFlyout(null);
    if (!selected) await selectUkey(ukey.id, remembered || undefined);
  };
  return html`<button
    type="button"
    class="tk"
    role="option"
    aria-selected=${selected}
    tabindex=${selected ? "0" : "-1"}
    @click=${choose}
  >
    ${picture(tone)}
    <span class="grow">
      <b>${ukey.holder}${ukey.practice ? html`<span class="tagp practice">${t("app.practice")}</span>` : nothing}</b>
      <span class="facts">${kindText(ukey) ? `${kindText(ukey)} · ` : nothing}<em class=${tone}>${state}</em>
        · ${joined([ukey.driver_name, tail])}</span>
    </span>
    ${selected ? icon("checkmark_20_regular") : nothing}
  </button>`;
}
