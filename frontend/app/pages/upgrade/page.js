/** 一证通升级应用, its first page: what it is, who must leave it alone, and what stands in the Ukey that is inserted. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setPage } from "../../actions.js";
import { t } from "../../i18n/t.js";
import { spinner, icon } from "../../ui/icon.js";
import { infobar } from "../../ui/infobar.js";
import { currentOf, entryFor } from "../../ukey-view.js";
import { checkButton } from "../apps/page.js";

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
          <p>${t("sheet.unsure")}<button type="button" class="linkbtn inline" @click=${() => setPage("service")}>${t("sheet.ask")}</button></p>`,
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
  const { tone, name, key } = verdict(ukeys);
  return html`<section class="card" aria-labelledby="upgrade-ukey">
    <div class="hd"><h2 id="upgrade-ukey">${t("upgrade.ukey")}</h2></div>
    <div class="li verdict" role="status">${key === "reading" ? spinner() : icon(name, tone)}
      <div class="grow"><span class="t strong">${t(`upgrade.${key}`)}</span>
        ${current ? html`<span class="d sel">${current.holder}</span>` : nothing}<span class="d">${t(`upgrade.${key}Note`)}</span></div>
    </div>
  </section>`;
}

/**
 * @param {UkeyList} ukeys
 * @returns {{ tone: "ok" | "warn" | "info", name: string, key: "reading" | "none" | "noCertificate" | "yizhengtong" | "legacy" | "unknown" }}
 */
function verdict(ukeys) {
  const current = currentOf(ukeys);
  if (!current) return { tone: "info", name: "ukey", key: ukeys.reading ? "reading" : "none" };
  const summary = entryFor(current, "signing")?.summary;
  if (!summary) return { tone: "warn", name: "warning_20_filled", key: "noCertificate" };
  if (summary.kind === "unknown") return { tone: "warn", name: "question_circle_20_regular", key: "unknown" };
  if (summary.kind === "legacy") return { tone: "info", name: "arrow_circle_up_20_regular", key: "legacy" };
  return { tone: "ok", name: "checkmark_circle_20_filled", key: "yizhengtong" };
}
