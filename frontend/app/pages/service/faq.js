/** FAQ: questions to open, found by words or by error code. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { setOnline } from "../../online-actions.js";
import { matches } from "../../search.js";
import { empty } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { rich } from "../../ui/rich.js";
import { searchField } from "../../ui/search-field.js";

/** @typedef {import("../../../types/content").QuestionView} QuestionView */

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../../types/content").ContentView} content
 */
export function faqTab({ online }, content) {
  const { faqQuery: query } = online;
  const found = content.faq.filter((item) => matches(query, [item.question, item.answer, ...item.keywords]));
  return html`${searchField({ label: t("faq.search"), value: query, change: (faqQuery) => setOnline({ faqQuery }) })}
    <p class="sr" role="status">${query ? t("search.found", { n: found.length }) : ""}</p>
    ${found.length
      ? html`<div class="card faq">${repeat(
          found,
          ({ id }) => id,
          (item) => question(item, item.id === online.question || found.length === 1),
        )}</div>`
      : empty({
          icon: "search_28_regular",
          title: t("search.noneTitle"),
          text: t("faq.noneNote"),
          actions: html`<button type="button" class="btn" @click=${() => setOnline({ faqQuery: "" })}>${t("search.showAll")}</button>
            <button type="button" class="btn subtle" @click=${() => setOnline({ serviceTab: "hotline" })}>${t("service.hotline")}</button>`,
        })}`;
}

/**
 * @param {QuestionView} item
 * @param {boolean} open
 */
function question(item, open) {
  return html`<section class="qa">
    <h2><button
      type="button"
      aria-expanded=${open}
      aria-controls="answer-${item.id}"
      @click=${() => setOnline({ question: open ? null : item.id })}
    >${icon(open ? "chevron_down_16_regular" : "chevron_right_16_regular", "i16")}${item.question}</button></h2>
    <div id="answer-${item.id}" class="answer sel" ?hidden=${!open}>${open ? rich(item.answer) : nothing}</div>
  </section>`;
}
