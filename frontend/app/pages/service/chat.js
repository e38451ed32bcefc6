/** 在线客服: a small panel above the page, there only while the service answers; it can be folded away. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { openLink, setOnline } from "../../online-actions.js";
import { icon } from "../../ui/icon.js";

/**
 * @param {import("../../../types/content").AgentView[]} agents
 * @param {boolean} folded
 */
export function chat(agents, folded) {
  return html`<section class="chat ${folded ? "folded" : ""}" aria-label=${t("chat.title")}>
    <button
      type="button"
      class="chathead"
      aria-expanded=${!folded}
      title=${t(folded ? "chat.unfold" : "chat.fold")}
      @click=${() => setOnline({ chatFolded: !folded })}
    >${icon("headset_20_regular")}<b>${t("chat.title")}</b>${icon(folded ? "chevron_up_16_regular" : "subtract_16_regular", "i16 end")}</button>
    <ul ?hidden=${folded}>
      ${repeat(
        agents,
        ({ id }) => id,
        (agent, place) => html`<li>
          <span class="av num" aria-hidden="true">${String(place + 1).padStart(2, "0")}</span>
          <button type="button" class="linkbtn" title=${t("link.leads", { domain: agent.domain })} @click=${() => openLink("agent", agent.id)}>
            ${agent.name}</button>
          <span class="cap end ${agent.state === "online" ? "ok" : "ter"}">${t(`chat.${agent.state}`)}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}
