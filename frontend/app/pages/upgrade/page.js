/** 一证通升级应用, its first page: what it is, who must leave it alone, and what stands in the Ukey that is inserted. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setPage } from "../../actions.js";
import { t } from "../../i18n/t.js";
import { spinner, icon } from "../../ui/icon.js";
import { askService } from "../../ui/ask-service.js";
import { infobar } from "../../ui/infobar.js";
import { currentOf, entryFor } from "../../ukey-view.js";
import { checkButton } from "../apps/page.js";

/** @typedef {import("../../i18n/t.js").Key} Key */
/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/rpc").UkeyList} UkeyList */

/** @param {State} state */
export function upgradeView(state) {
  const { snapshot } = state;
  if (!snapshot) return nothing;
  return html`<div class="page-head"><div class="grow">
      <button type="button" class="linkbtn back" @click=${() => setPage("apps")}>${icon("arrow_left_20_regular", "i16")}${t("nav.apps")}</button>
      <h1 tabindex="-1">${t("upgrade.title")}</h1></div></div>
    <div class="page-body"><div class="column">
      ${snapshot.network.online ? nothing : offline(state, snapshot.network.connected)}
      <p class="sec sel">${t("upgrade.what")}</p>
      <p class="sec sel">${t("upgrade.tax")}</p>
      ${infobar({
        tone: "warn",
        text: html`<b>${t("upgrade.notFor")}</b>
          <ul class="points"><li>${t("upgrade.notAlready")}</li><li>${t("upgrade.notSpecial")}</li></ul>
          ${askService()}`,
      })}
      ${ukey(snapshot.ukeys)}
      <p class="cap sec">${t("upgrade.notHere")}</p>
    </div></div>`;
}

/**
 * @param {State} state
 * @param {boolean} connected
 */
function offline(state, connected) {
  return infobar({
    tone: "info",
    icon: "wifi_off_20_regular",
    text: html`<b>${t(connected ? "apps.noServiceTitle" : "upgrade.offlineTitle")}</b><p>${t("upgrade.offlineNote")}</p>`,
    actions: checkButton(state.refreshing),
  });
}

/** Who holds the Ukey, of which kind its certificate is, and what follows from that. @param {UkeyList} ukeys */
function ukey(ukeys) {
  const current = currentOf(ukeys);
  const { tone, name, what, note } = verdict(ukeys);
  return html`<section class="card" aria-labelledby="upgrade-ukey">
    <div class="hd"><h2 id="upgrade-ukey">${t("upgrade.ukey")}</h2></div>
    <div class="li verdict" role="status">${what === "key.reading" ? spinner() : icon(name, tone)}
      <div class="grow"><span class="t strong">${t(what)}</span>
        ${current ? html`<span class="d sel">${current.holder}</span>` : nothing}<span class="d">${t(note)}</span></div>
    </div>
  </section>`;
}

/**
 * @param {UkeyList} ukeys
 * @returns {{ tone: "ok" | "warn" | "info", name: string, what: Key, note: Key }}
 */
function verdict(ukeys) {
  const current = currentOf(ukeys);
  if (!current && ukeys.reading) return { tone: "info", name: "ukey", what: "key.reading", note: "read.note" };
  if (!current) return { tone: "info", name: "ukey", what: "upgrade.none", note: "upgrade.noneNote" };
  const summary = entryFor(current, "signing")?.summary;
  if (!summary) return { tone: "warn", name: "warning_20_filled", what: "upgrade.noCertificate", note: "upgrade.unsure" };
  switch (summary.kind) {
    case "unknown":
      return { tone: "warn", name: "question_circle_20_regular", what: "upgrade.unknown", note: "upgrade.unsure" };
    case "legacy":
      return { tone: "info", name: "arrow_circle_up_20_regular", what: "upgrade.legacy", note: "upgrade.legacyNote" };
    case "business":
      return { tone: "warn", name: "warning_20_filled", what: "upgrade.business", note: "upgrade.businessNote" };
    case "yizhengtong":
      return { tone: "ok", name: "checkmark_circle_20_filled", what: "upgrade.yizhengtong", note: "upgrade.yizhengtongNote" };
  }
}
