/** 应用信息 of a web address: what it is and where it leads, before anybody goes there. */
import { html, nothing } from "../../vendor/lit-html.js";
import { useEntry } from "../apps/actions.js";
import { entryOf } from "../apps/view.js";
import { t } from "../i18n/t.js";
import { openLink, saveLink } from "../online-actions.js";
import { findLink } from "../online-state.js";
import { icon } from "./icon.js";
import { tile } from "./link-tile.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../../types/content").LinkView} LinkView */

/**
 * @param {State} state
 * @param {string} key `link:ID`
 */
export function linkSheet(state, key) {
  const { content, recommended } = state.online;
  const link = findLink(content, key.slice("link:".length));
  if (!link) return savedSheet(state, key);
  const category = content?.hall.categories.find(({ id }) => id === link.category);
  const save = link.saved ? "link.saved" : recommended ? "link.keep" : "link.save";
  return sheet({
    name: link.name,
    picture: tile(link, "lg"),
    kind: `${t("apps.kind.link")}${category ? ` · ${category.name}` : ""}`,
    body: html`<p class="sec sel">${link.description}</p>
      <ul class="facts">${domain(link.domain)} ${phone(link)} ${origin(link)}</ul>`,
    footer: html`<div class="sf">
      <button type="button" class="btn primary grow" @click=${() => openLink(link.kind, link.id)}>
        ${icon("open_20_regular")}${t("link.open")}</button>
      <button type="button" class="btn grow" aria-disabled=${link.saved} @click=${() => !link.saved && saveLink(link)}>
        ${icon(link.saved ? "checkmark_20_regular" : "add_20_regular")}${t(save)}</button>
    </div>`,
  });
}

/**
 * One that the user has kept and that the content no longer has.
 * @param {State} state
 * @param {string} key
 */
function savedSheet({ apps }, key) {
  const entry = entryOf(apps, key);
  if (!entry) return null;
  return sheet({
    name: entry.title,
    picture: tile(entry, "lg"),
    kind: t("apps.kind.link"),
    body: html`<p class="sec">${t("sheet.gone")}</p><ul class="facts">${domain(entry.domain ?? "")}</ul>`,
    footer: html`<div class="sf"><button type="button" class="btn primary grow" @click=${() => useEntry(entry)}>
      ${icon("open_20_regular")}${t("link.open")}</button></div>`,
  });
}

/** @param {string} name */
function domain(name) {
  const government = name === "gov.cn" || name.endsWith(".gov.cn");
  return html`<li>${icon("globe_20_regular")}<div>
    <div class="mono sel">${name}</div>
    <div class="cap ${government ? "ok" : "sec"}">${t(government ? "sheet.government" : "sheet.https")}</div>
  </div></li>`;
}

/** @param {LinkView} link */
function phone(link) {
  if (!link.phone) return nothing;
  return html`<li>${icon("call_20_regular")}<div>
    <div class="num sel">${link.phone}</div>${link.phone_name ? html`<div class="cap sec">${link.phone_name}</div>` : nothing}
  </div></li>`;
}

/** @param {LinkView} link */
function origin(link) {
  return html`<li>${icon("clock_20_regular")}<div>
    <div class="num">${link.example ? t("sheet.example") : (link.checked ?? t("sheet.unchecked"))}</div>
    <div class="cap sec">${t("sheet.checked")}${link.source ? ` · ${t("sheet.source", { source: link.source })}` : ""}</div>
  </div></li>`;
}
