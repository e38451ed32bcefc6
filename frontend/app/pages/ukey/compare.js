/** 与另一张证书比较: the choice of the other one, and then what differs, with what is the same folded away. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { openDetail, setDialog } from "../../actions.js";
import { date } from "../../format.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { copyText } from "../../ui/copy.js";
import { dialog } from "../../ui/dialog.js";
import { icon, spinner } from "../../ui/icon.js";
import { errorBar } from "../../ui/infobar.js";
import { chooseAnother, compareFile, compareUpload, compareWith, plain, sides } from "./compare-actions.js";

/** @typedef {import("./compare-actions.js").CompareDialog} CompareDialog */
/** @typedef {import("../../../types/compare").Comparable} Comparable */
/** @typedef {import("../../../types/compare").Comparison} Comparison */
/** @typedef {import("../../../types/compare").ComparisonRow} Row */

const close = () => setDialog(null);

const LOOKS = {
  ok: { tone: "ok", icon: "checkmark_circle_20_filled" },
  info: { tone: "wait", icon: "info_20_regular" },
  warn: { tone: "warn", icon: "warning_20_filled" },
  bad: { tone: "bad", icon: "error_circle_20_filled" },
};

/** @param {CompareDialog} content */
export function compareDialog(content) {
  const { token, role, result, busy } = content;
  return dialog({
    id: "compare",
    classes: "detd cmpd",
    title: t("compare.title", { role: t(`role.${role}`) }),
    close,
    body: html`<div class="scroll" tabindex="0" role="group" aria-busy=${busy} aria-label=${t("compare.area")}>
      ${result ? outcome(result) : choice(content)}
    </div>`,
    footer: html`<button type="button" class="btn" @click=${() => openDetail(token, role)}>${t("compare.back")}</button>
      ${result ? [copyAll(result), another()] : nothing}
      <button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.close")}</button>`,
  });
}

/** @param {Comparison} result */
function copyAll(result) {
  return html`<button type="button" class="btn" @click=${() => copyText(t("compare.result"), plain(result))}>
    ${t("copy.label", { what: t("compare.result") })}
  </button>`;
}

function another() {
  return html`<button type="button" class="btn" @click=${chooseAnother}>${t("compare.another")}</button>`;
}

/** @param {CompareDialog} content */
function choice({ items, busy, error }) {
  return html`${error ? errorBar(error, { alert: true }) : nothing}
    <h3>${t("compare.onUkey")}</h3>
    ${items === null ? (error ? nothing : html`<p class="row sec" role="status">${spinner()}${t("read.title")}</p>`) : list(items, busy)}
    <h3>${t("compare.inFile")}</h3>
    ${chooseFile(busy)}
    <p class="cap sec">${t("compare.kinds")}</p>`;
}

/**
 * @param {Comparable[]} items
 * @param {boolean} busy
 */
function list(items, busy) {
  if (items.length === 0) return html`<p class="sec">${t("compare.none")}</p>`;
  return html`<ul class="picks">
    ${repeat(
      items,
      ({ sha256 }) => sha256,
      ({ sha256, name, subject, not_before, not_after }) => html`<li>
        <button type="button" class="pick" aria-disabled=${busy} @click=${() => compareWith(sha256)}>
          ${icon("certificate_24_regular")}
          <span><b>${subject}</b>
            <span class="cap sec">${name} · ${t("seal.periodValue", { from: date(not_before), to: date(not_after) })}</span></span>
          ${icon("chevron_right_16_regular")}
        </button>
      </li>`,
    )}
  </ul>`;
}

/**
 * One button in both hosts: the window's program asks for the file, a browser's own field does.
 * @param {boolean} busy
 */
function chooseFile(busy) {
  const inWindow = store.get().snapshot?.host === "window";
  /** @param {Event} event */
  const choose = (event) => {
    if (inWindow) void compareFile();
    else if (!busy) /** @type {HTMLElement} */ (event.currentTarget).parentElement?.querySelector("input")?.click();
  };
  /** @param {Event} event */
  const chosen = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = field.files?.[0];
    // The same file may be chosen again, after an error.
    field.value = "";
    if (file) void compareUpload(file);
  };
  return html`<div class="row">
    <button type="button" class="btn" aria-disabled=${busy} @click=${choose}>${t("compare.choose")}</button>
    ${inWindow
      ? nothing
      : html`<input type="file" hidden accept=".cer,.crt,.der,.pem,.p7b,.p7c" @change=${chosen} />`}
  </div>`;
}

/** @param {Comparison} result */
function outcome(result) {
  const { level, sentence, remarks, different, same } = result;
  const { tone, icon: name } = LOOKS[level];
  return html`<section class="trust" aria-labelledby="compare-h">
    <h3 id="compare-h" class="sr" tabindex="-1">${t("compare.result")}</h3>
    <div class="verdict ${tone}">
      <span class="shield">${icon(name)}</span>
      <div><b>${sentence}</b>${remarks.map((remark) => html`<p>${remark}</p>`)}</div>
    </div>
    ${different.length ? table(result, different, t("compare.different", { n: different.length })) : nothing}
    ${same.length
      ? html`<details><summary>${t("compare.same", { n: same.length })}</summary>${sameList(same)}</details>`
      : nothing}
    <p class="cap sec">${t("compare.note")}</p>
  </section>`;
}

/**
 * @param {Comparison} result
 * @param {Row[]} rows
 * @param {string} caption
 */
function table(result, rows, caption) {
  const { left, right, first } = result;
  const [one, other] = sides(result);
  const mine = html` <span class="tagp">${t("compare.mine")}</span>`;
  return html`<table class="cmp">
    <caption>${caption}</caption>
    <thead><tr>
      <td></td>
      <th scope="col">${one}${first === "left" ? mine : nothing}<span class="cap sec">${left}</span></th>
      <th scope="col">${other}${first === "right" ? mine : nothing}<span class="cap sec">${right}</span></th>
    </tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr><th scope="row">${row.name}</th><td>${value(row.left)}</td><td>${value(row.right)}</td></tr>`,
    )}</tbody>
  </table>`;
}

/** @param {string} text */
function value(text) {
  return text ? text : html`<span class="sec">${t("compare.nothing")}</span>`;
}

/** @param {Row[]} rows */
function sameList(rows) {
  return html`<dl class="det">
    ${rows.map((row) => html`<div><dt>${row.name}</dt><dd>${value(row.left)}</dd><dd></dd></div>`)}
  </dl>`;
}
