/** 应用信息 of a program: what it is, whose it is, and its installation from the first byte to 完成. */
import { html, nothing } from "../../vendor/lit-html.js";
import { removeEntry, useEntry } from "../apps/actions.js";
import { size } from "../apps/amounts.js";
import { startInstall } from "../apps/install-actions.js";
import { entryOf, installOf, offer, repairing } from "../apps/view.js";
import { t } from "../i18n/t.js";
import { askService } from "./ask-service.js";
import { icon } from "./icon.js";
import { infobar } from "./infobar.js";
import { installButtons } from "./install-buttons.js";
import { installView } from "./install-view.js";
import { tile } from "./link-tile.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../apps/state.js").AppEntry} AppEntry */
/** @typedef {import("../../types/apps").ProgramView} ProgramView */

/** @type {Record<"install" | "update" | "repair", import("../i18n/t.js").Key>} */
export const OFFERS = { install: "install.start", update: "install.update", repair: "apps.repair" };

/**
 * @param {State} state
 * @param {string} name PUBLISHER/ID, or the id of an entry that the catalog does not know
 */
export function programSheet(state, name) {
  const program = state.online.content?.programs.find((one) => one.name === name);
  const entry = entryOf(state.apps, name);
  const install = installOf(state.apps, name);
  const face = program ?? install ?? entry;
  if (!face) return null;
  return sheet({
    name: face.title,
    picture: tile(face, "lg"),
    kind: [t("apps.kind.program"), program?.version ?? face.version, amount(program)].filter(Boolean).join(" · "),
    body: html`${install ? installView(state, install, program?.kind ?? null) : nothing}
      ${entry && !install ? broken(state, program ?? null, entry) : nothing}
      ${program ? about(program) : html`<p class="sec">${t(state.snapshot?.network.online ? "sheet.notListed" : "sheet.notFetched")}</p>`}`,
    footer: install ? installButtons(state, install) : buttons(state, program ?? null, entry),
  });
}

/**
 * @param {State} state
 * @param {ProgramView | null} program
 * @param {AppEntry} entry
 */
function broken({ snapshot }, program, { state }) {
  if (state === "ok") return nothing;
  const how = repairing(program, snapshot?.network.online ?? false);
  return infobar({ tone: "warn", text: html`${t(`apps.${state}Note`)}${t(`apps.repair.${how}`)}` });
}

/** @param {ProgramView | undefined} program */
function amount(program) {
  if (!program) return "";
  return program.size === null ? t("sheet.included") : size(program.size);
}

/** @param {ProgramView} program */
function about(program) {
  const { installed_version: installed } = program;
  return html`<p class="sec sel">${program.description}</p>
    ${program.state === "unsupported" ? infobar({ tone: "info", text: t("sheet.unsupported") }) : nothing}
    ${program.warnings.length ? warnings(program.warnings) : nothing}
    <ul class="facts">
      <li>${icon("shield_keyhole_20_regular")}<div>
        <div>${t("sheet.verified", { publisher: program.publisher })}</div><div class="cap sec">${t(program.kind === "builtin" ? "sheet.verifiedBuiltin" : "sheet.verifiedNote")}</div></div></li>
      ${program.state === "update" && installed
        ? html`<li>${icon("arrow_circle_up_20_regular")}<div><div>${t("sheet.updatable", { version: program.version })}</div>
            <div class="cap sec">${t("sheet.installedVersion", { version: installed })}</div></div></li>`
        : nothing}
      ${program.kind === "builtin"
        ? nothing
        : html`<li>${icon("info_20_regular")}<div><div>${t("sheet.antivirus")}</div><div class="cap sec">${t("sheet.antivirusNote")}</div></div></li>`}
      ${program.example ? html`<li>${icon("beaker_20_regular")}<div>${t("sheet.exampleProgram")}</div></li>` : nothing}
    </ul>`;
}

/** Who must leave it alone, and whom to ask (REQ-076…078). @param {string[]} lines */
function warnings(lines) {
  return infobar({
    tone: "warn",
    text: html`${lines.map((line) => html`<p>${line}</p>`)} ${askService()}`,
  });
}

/**
 * @param {State} state
 * @param {ProgramView | null} program
 * @param {AppEntry | null} entry
 */
function buttons(state, program, entry) {
  const online = state.snapshot?.network.online ?? false;
  const get = offer(program, state.apps);
  if (!get && !entry) return nothing;
  return html`${get && get !== "repair" && !online ? html`<p class="cap sec sfnote">${t("install.needsNetwork")}</p>` : nothing}
    <div class="sf">
      ${program && get
        ? html`<button type="button" class="btn primary grow" aria-disabled=${!online} @click=${() => online && startInstall(program.name)}>
            ${icon("arrow_download_20_regular")}${t(OFFERS[get])}</button>`
        : nothing}
      ${entry?.state === "ok"
        ? html`<button type="button" class="btn grow ${get ? "" : "primary"}" @click=${() => useEntry(entry)}>
            ${icon("open_20_regular")}${t("link.open")}</button>`
        : nothing}
      ${entry
        ? html`<button type="button" class="btn grow danger" @click=${() => removeEntry(entry)}>${t("apps.uninstall")}</button>`
        : nothing}
    </div>`;
}
