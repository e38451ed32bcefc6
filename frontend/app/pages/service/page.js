/** 用户服务: 网点查询, 热线电话 and FAQ; offline with the last good copy and its date. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { setOnline } from "../../online-actions.js";
import { tabs } from "../../ui/tabs.js";
import { chat } from "./chat.js";
import { faqTab } from "./faq.js";
import { hotlineTab } from "./hotline.js";
import { outletsTab } from "./outlets.js";

/** @typedef {import("../../online-state.js").ServiceTab} ServiceTab */

/** @type {ServiceTab[]} */
const TABS = ["outlets", "hotline", "faq"];

/** @param {import("../../state.js").State} state */
export function serviceView(state) {
  const { content, serviceTab, chatFolded } = state.online;
  const chatting = content !== null && content.contact.agents.length > 0 && state.snapshot?.network.online;
  return html`<div class="page-head"><h1 tabindex="-1">${t("nav.service")}</h1></div>
    ${tabs({
      name: t("nav.service"),
      tabs: TABS.map((id) => ({ id, text: t(`service.${id}`) })),
      chosen: serviceTab,
      choose: (id) => setOnline({ serviceTab: id }),
      panel: "panel",
    })}
    <div class="page-body tight ${chatting ? (chatFolded ? "under-folded" : "under-chat") : ""}" id="panel" role="tabpanel" aria-labelledby="tab-${serviceTab}">
      ${content ? { outlets: outletsTab, hotline: hotlineTab, faq: faqTab }[serviceTab](state, content) : nothing}
    </div>
    ${chatting ? chat(content.contact.agents, chatFolded) : nothing}`;
}
