/** 电子签章: the Ukey's seals, to look at, and what came of verifying them. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing, svg } from "../../../vendor/lit-html.js";
import { setDialog } from "../../actions.js";
import { date, grouped } from "../../format.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { dialog } from "../../ui/dialog.js";
import { empty } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { errorBar } from "../../ui/infobar.js";
import { target } from "../../ui/roving.js";
import { checkMark, checkResult, checkSteps } from "./seal-check.js";
import { checkOf, pictureOf } from "./seal-pictures.js";
import { refreshButton } from "./states.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").Picture} Picture */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").SealEntry} SealEntry */
/** @typedef {import("../../../types/rpc").SealSummary} SealSummary */

/**
 * @param {State} state
 * @param {Ukey} ukey
 */
export function sealTab(state, ukey) {
  const chosen = ukey.seals.find((seal) => seal.number === state.seal) ?? ukey.seals[0];
  if (!chosen) {
    return empty({
      icon: "stamp",
      title: t("seal.noneTitle"),
      text: t("seal.noneNote"),
      actions: refreshButton(state.refreshing),
    });
  }
  const [picture, check] = [pictureOf(state, ukey, chosen), checkOf(state, ukey, chosen)];
  return html`<div class="sealv">
      ${paper(picture, shortName(chosen, ukey))} ${meta(ukey, chosen, picture, check, state.refreshing)}
    </div>
    ${ukey.seals.length > 1 ? thumbnails(state, ukey, chosen) : nothing} ${checkSteps(check)}`;
}

/** @param {SealEntry} seal */
function name({ summary, number }) {
  return summary?.name || t("seal.unnamed", { n: number + 1 });
}

/**
 * Without the holder's name, where that stands beside it anyway.
 * @param {SealEntry} seal
 * @param {Ukey} ukey
 */
function shortName(seal, { holder }) {
  const whole = name(seal);
  return whole.startsWith(holder) && whole.length > holder.length ? whole.slice(holder.length).trim() : whole;
}

/**
 * @param {Picture} picture
 * @param {string} label
 */
function paper(picture, label) {
  return html`<figure class="card paper">${image(picture, t("seal.picture", { name: label }))}${watermark()}</figure>`;
}

/** Drawn rather than written: it is part of the picture, not text to read. */
function watermark() {
  const places = [[22, 26], [60, 16], [88, 40], [12, 70], [50, 56], [84, 80], [48, 92]];
  return html`<svg class="wm" aria-hidden="true">
    ${places.map(([x, y]) => svg`<svg x="${x}%" y="${y}%" overflow="visible">
      <text transform="rotate(-24)" text-anchor="middle">${t("seal.viewOnly")}</text>
    </svg>`)}
  </svg>`;
}

/**
 * A raw picture of a seal is not to be had by the way: `xieka seal picture` is for who wants one on purpose.
 * @param {Event} event
 */
function keep(event) {
  event.preventDefault();
}

/**
 * @param {Picture} picture
 * @param {string} alt "" where the name stands beside it
 */
function image(picture, alt) {
  if (picture === "loading") return html`<span class="skel round" role="status" aria-label=${t("seal.reading")}></span>`;
  if ("error" in picture) {
    return html`<span class="broken">${icon("image_off_32_regular", "i32")}<span>${t("seal.damaged")}</span></span>`;
  }
  return html`<img
    src="data:image/png;base64,${picture.base64}"
    width=${picture.width}
    height=${picture.height}
    alt=${alt}
    draggable="false"
    @contextmenu=${keep}
  />`;
}

/**
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 * @param {Picture} picture
 * @param {import("../../state.js").Check} check
 * @param {boolean} refreshing
 */
function meta(ukey, seal, picture, check, refreshing) {
  const error = picture !== "loading" && "error" in picture ? picture.error : null;
  return html`<section class="card pad stack" aria-label=${shortName(seal, ukey)}>
    <div>
      <div class="row"><h2 class="ttl sel">${shortName(seal, ukey)}</h2>
        ${seal.summary ? checkMark(check) : nothing}</div>
      <p class="cap sec">${ukey.holder}</p>
    </div>
    ${error ? errorBar(error) : nothing} ${seal.summary ? facts(seal.summary) : nothing}
    ${checkResult(check, error?.code)}
    <div class="row">
      ${error
        ? refreshButton(refreshing)
        : html`<button
            type="button"
            class="btn"
            aria-haspopup="dialog"
            aria-disabled=${picture === "loading"}
            @click=${() => picture !== "loading" && setDialog({ kind: "seal", token: ukey.id, seal: seal.number })}
          >${icon("zoom_in_20_regular")}${t("seal.zoom")}</button>`}
    </div>
  </section>`;
}

/** @param {SealSummary} summary */
function facts(summary) {
  const period = { from: date(summary.not_before), to: date(summary.not_after) };
  /** @type {[string, string, string][]} */
  const rows = [
    [t("seal.id"), grouped(summary.es_id, 8), "mono"],
    [t("seal.sizeLabel"), t("seal.size", { width: summary.width_mm, height: summary.height_mm }), "num"],
    [t("seal.period"), t("seal.periodValue", period), "num"],
    [t("seal.vendor"), summary.vendor, ""],
  ];
  return html`<dl class="meta">
    ${rows.map(
      ([label, value, classes]) => (value ? html`<div><dt>${label}</dt><dd class="sel ${classes}">${value}</dd></div>` : nothing),
    )}
  </dl>`;
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {SealEntry} chosen
 */
function thumbnails(state, ukey, chosen) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const next = target(event, '[role="option"]', "both");
    next?.focus();
    next?.click();
  };
  return html`<h2 class="group-h">${t("seal.listTitle")} <span class="n">${ukey.seals.length}</span></h2>
    <div class="thumbs" role="listbox" aria-label=${t("seal.list")} aria-orientation="horizontal" @keydown=${keydown}>
      ${repeat(
        ukey.seals,
        ({ number }) => number,
        (seal) => html`<button
          type="button"
          class="th"
          role="option"
          aria-selected=${seal === chosen}
          tabindex=${seal === chosen ? "0" : "-1"}
          @click=${() => store.update((now) => ({ ...now, seal: seal.number }))}
        >${image(pictureOf(state, ukey, seal), "")}<span class="nm">${shortName(seal, ukey)}</span></button>`,
      )}
    </div>`;
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {number} number
 */
export function sealDialog(state, ukey, number) {
  const seal = ukey.seals.find((entry) => entry.number === number);
  if (!seal) return nothing;
  const close = () => setDialog(null);
  return dialog({
    id: "seal",
    classes: "seald",
    title: name(seal),
    close,
    body: paper(pictureOf(state, ukey, seal), name(seal)),
    footer: html`<button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.close")}</button>`,
  });
}
