/** 证书核对 in 更详细信息: the verdict, the path as a picture, and every check with its time and source. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { date, dateTime } from "../../format.js";
import { t } from "../../i18n/t.js";
import { copyText } from "../../ui/copy.js";
import { icon, spinner } from "../../ui/icon.js";
import { errorBar, infobar } from "../../ui/infobar.js";
import { recheck, trustOf } from "./trust.js";
import { look } from "./trust-words.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/rpc").Role} Role */
/** @typedef {import("../../../types/trust").Trust} Trust */
/** @typedef {import("../../../types/trust").TrustCheck} TrustCheck */

const ICONS = {
  passed: "checkmark_circle_16_filled",
  failed: "error_circle_16_filled",
  open: "circle_16_regular",
  skipped: "subtract_16_regular",
};

/**
 * @param {State} state
 * @param {string} token
 * @param {Role} role
 */
export function trustSection(state, token, role) {
  const ukey = state.snapshot?.ukeys.tokens.find((one) => one.id === token);
  if (!ukey) return nothing;
  const entry = trustOf(state, ukey, role);
  const trust = entry?.value ?? null;
  const busy = entry === null || entry.asking || (trust?.checking ?? false);
  return html`<section class="trust" aria-labelledby="trust-h" aria-busy=${busy}>
    <div class="row">
      <h3 id="trust-h">${t("trust.title")}</h3>
      <span class="end row">
        ${trust
          ? html`<button type="button" class="btn sm" @click=${() => copyText(t("trust.result"), plain(trust))}>
              ${icon("copy_16_regular")}${t("copy.label", { what: t("trust.result") })}
            </button>`
          : nothing}
        <button type="button" class="btn sm" aria-disabled=${busy} @click=${() => (busy ? undefined : recheck(ukey, role))}>
          ${icon("arrow_clockwise_16_regular")}${t("trust.again")}
        </button>
      </span>
    </div>
    ${entry?.error ? errorBar(entry.error) : nothing}
    ${busy && trust?.level !== "wait" ? html`<p class="row sec">${spinner()}${t("trust.checking")}</p>` : nothing}
    ${trust ? [verdict(trust), clockHint(trust), chain(trust), checks(trust)] : nothing}
  </section>`;
}

/** @param {Trust} trust */
function verdict(trust) {
  const { tone, icon: name } = look(trust);
  return html`<div class="verdict ${tone}">
    <span class="shield">${icon(name)}</span>
    <div><b>${trust.what}</b><p>${trust.why}</p><p>${trust.do}</p></div>
  </div>`;
}

/** A clock that is wrong is said even where the verdict does not hang on it. @param {Trust} trust */
function clockHint({ verdict: word, checks: all }) {
  const wrong = all.find(({ name, result }) => name === "clock" && result === "failed");
  if (!wrong || word === "clock") return nothing;
  return infobar({ tone: "warn", icon: "clock_20_regular", text: html`<b>${wrong.text}</b><p>${t("trust.clockHint")}</p>` });
}

/** From the authority that is trusted down to the holder. @param {Trust} trust */
function chain({ path, checks: all }) {
  const failed = new Set(all.filter(({ result }) => result === "failed").map(({ certificate }) => certificate));
  return html`<ol class="chain" aria-label=${t("trust.chain")}>
    ${[...path].reverse().map((entry, at) => {
      const index = path.length - 1 - at;
      const part = index === 0 ? "holder" : entry.anchor ? "anchor" : "issuer";
      const name = { holder: "key_24_regular", anchor: "building_government_24_regular", issuer: "certificate_24_regular" }[part];
      return html`<li class=${failed.has(index) ? "failed" : part}>
        <span class="nd">${icon(failed.has(index) ? "warning_20_filled" : name)}</span>
        <span class="ter">${t(`trust.part.${part}`)}</span>
        <b>${entry.subject}</b>
        <span class="num">${t("seal.periodValue", { from: date(entry.not_before), to: date(entry.not_after) })}</span>
        <span>${entry.algorithm}</span>
      </li>`;
    })}
  </ol>`;
}

/** What needs attention first. */
const ORDER = ["failed", "open", "skipped", "passed"];

/** @param {Trust} trust */
function checks({ checks: all }) {
  const sorted = [...all].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return html`<ul class="checks" aria-label=${t("trust.checks")}>
    ${sorted.map(
      (check) => html`<li data-state=${check.result}>
        ${icon(ICONS[check.result], "i16")}
        <div><b>${check.title}</b> <span class="ter">${t(`trust.result.${check.result}`)}</span>
          <p>${check.text}</p><p class="ter">${origin(check)}</p></div>
      </li>`,
    )}
  </ul>`;
}

/** @param {TrustCheck} check */
function origin({ at, source }) {
  return `${dateTime(at)} · ${source ? t("trust.source", { source }) : t("trust.here")}`;
}

/**
 * All of it as text, for a message to whoever helps.
 * @param {Trust} trust
 */
export function plain(trust) {
  return [
    trust.what,
    trust.why,
    trust.do,
    ...trust.path.map(({ subject, serial, not_before, not_after, algorithm }) =>
      [subject, serial, t("seal.periodValue", { from: date(not_before), to: date(not_after) }), algorithm].join(" · "),
    ),
    ...trust.checks.map((check) => `${check.title}：${t(`trust.result.${check.result}`)}。${check.text}（${origin(check)}）`),
  ].join("\n");
}
