/** 证书业务: programs for certificates, and what can be done about one on the web. There only while the service answers. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { startInstall, useProgram } from "../../apps/install-actions.js";
import { entryOf, installOf, isAsking, offer, share } from "../../apps/view.js";
import { percent } from "../../format.js";
import { t } from "../../i18n/t.js";
import { openLink } from "../../online-actions.js";
import { empty } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { tile } from "../../ui/link-tile.js";
import { OFFERS } from "../../ui/program-sheet.js";
import { openSheet } from "../../ui/sheet.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/content").LinkView} LinkView */
/** @typedef {import("../../../types/apps").ProgramView} ProgramView */

/** @param {State} state */
export function businessView(state) {
  const { content, sheet } = state.online;
  if (!content) return nothing;
  const { programs, business: links } = content;
  return html`<div class="page-head">
      <div class="grow"><h1 tabindex="-1">${t("nav.business")}</h1><p class="cap sec">${t("business.note")}</p></div>
    </div>
    <div class="page-body tight">
      ${programs.length ? html`<ul class="card" aria-label=${t("apps.kind.program")}>${repeat(programs, ({ name }) => name, (one) => programRow(state, one))}</ul>` : nothing}
      ${links.length
        ? html`<ul class="card" aria-label=${t("business.links")}>${repeat(links, ({ id }) => id, (link) => linkRow(link, sheet === `link:${link.id}`))}</ul>`
        : nothing}
      ${programs.length + links.length === 0
        ? empty({ icon: "certificate_32_regular", title: t("business.noneTitle"), text: t("business.noneNote") })
        : nothing}
    </div>`;
}

/**
 * What is installed opens at once (REQ-118); everything else is explained first.
 * @param {State} state
 * @param {ProgramView} program
 */
function programRow(state, program) {
  const { name, title } = program;
  const key = `program:${name}`;
  const entry = entryOf(state.apps, name);
  const ready = program.state === "installed" && entry?.state === "ok" && !installOf(state.apps, name);
  return html`<li class="li bigli">
    <button type="button" class="rowbtn" aria-expanded=${ready ? nothing : state.online.sheet === key}
      title=${ready ? t("link.openName", { name: title }) : nothing} @click=${() => (ready ? useProgram(name) : openSheet(key))}>
      ${tile(program)}${words(title, program.summary, program.example)}
    </button>
    ${ready
      ? html`<button type="button" class="btn subtle sm icon" aria-label=${t("sheet.name", { name: title })} title=${t("sheet.title")}
          aria-expanded=${state.online.sheet === key} @click=${() => openSheet(key)}>${icon("info_20_regular")}</button>`
      : nothing}
    ${doing(state, program, ready)}
  </li>`;
}

/**
 * @param {State} state
 * @param {ProgramView} program
 * @param {boolean} ready
 */
function doing(state, program, ready) {
  const { name, title } = program;
  const install = installOf(state.apps, name);
  if (install && install.step !== "done") {
    const worded = isAsking(install) || install.step === "waiting";
    const text = worded ? t(`install.step.${install.step}`) : `${percent(share(install))}%`;
    return html`<span class="tagp num ${install.step === "failed" ? "bad" : "info"}">${text}</span>`;
  }
  if (program.state === "unsupported") return html`<span class="cap ter">${t("business.unsupported")}</span>`;
  if (ready || install) return button("link.open", title, () => useProgram(name));
  const get = offer(program, state.apps);
  return get ? button(OFFERS[get], title, () => startInstall(name), "primary") : nothing;
}

/**
 * @param {import("../../i18n/t.js").Key} text
 * @param {string} title
 * @param {() => unknown} click
 * @param {"primary" | ""} [kind]
 */
function button(text, title, click, kind = "") {
  return html`<button type="button" class="btn sm ${kind}" aria-label=${t("business.doName", { what: t(text), name: title })} @click=${click}>${t(text)}</button>`;
}

/**
 * @param {LinkView} link
 * @param {boolean} open
 */
function linkRow(link, open) {
  return html`<li class="li bigli">
    <button type="button" class="rowbtn" aria-expanded=${open} @click=${() => openSheet(`link:${link.id}`)}>
      ${tile(link)}${words(link.name, link.description, link.example)}
    </button>
    <button type="button" class="btn sm" aria-label=${t("link.openName", { name: link.name })} @click=${() => openLink("catalog", link.id)}>
      ${t("link.open")}</button>
  </li>`;
}

/**
 * @param {string} name
 * @param {string} note
 * @param {boolean} example
 */
function words(name, note, example) {
  return html`<span class="grow"><span class="t strong">${name} ${example ? html`<span class="tagp">${t("content.example")}</span>` : nothing}</span>
    <span class="d">${note}</span></span>`;
}
