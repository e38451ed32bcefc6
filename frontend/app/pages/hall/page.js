/** 办事大厅: the bureaus' entrances, by category and by words. There only while the service answers. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { setOnline } from "../../online-actions.js";
import { matches } from "../../search.js";
import { chips } from "../../ui/chips.js";
import { empty } from "../../ui/empty.js";
import { tile } from "../../ui/link-tile.js";
import { gridTarget } from "../../ui/roving.js";
import { searchField } from "../../ui/search-field.js";
import { openSheet } from "../../ui/sheet.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/content").LinkView} LinkView */

/** @param {State} state */
export function hallView({ online }) {
  const { content, category, hallQuery: query } = online;
  if (!content) return nothing;
  const { categories } = content.hall;
  const links = content.hall.links.filter(
    (link) =>
      (category === "" || link.category === category) &&
      matches(query, [link.name, link.short, link.domain, link.description, categories.find(({ id }) => id === link.category)?.name ?? ""]),
  );
  return html`<div class="page-head">
      <div class="grow"><h1 tabindex="-1">${t("nav.hall")}</h1><p class="cap sec">${t("hall.note")}</p></div>
      ${searchField({ label: t("hall.search"), value: query, change: (hallQuery) => setOnline({ hallQuery }) })}
    </div>
    <div class="page-body tight">
      ${chips({
        name: t("hall.categories"),
        chips: [{ id: "", text: t("hall.all") }, ...categories.map(({ id, name }) => ({ id, text: name }))],
        chosen: category,
        choose: (id) => setOnline({ category: id }),
      })}
      <p class="sr" role="status">${query || category ? t("search.found", { n: links.length }) : ""}</p>
      ${links.length ? grid(links, online.sheet?.slice("link:".length) ?? null) : nothingFound()}
    </div>`;
}

/**
 * @param {LinkView[]} links
 * @param {string | null} open
 */
function grid(links, open) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => gridTarget(event, ".app")?.focus();
  const stop = links.some(({ id }) => id === open) ? open : links[0].id;
  return html`<ul class="apps" @keydown=${keydown}>
    ${repeat(
      links,
      ({ id }) => id,
      (link) => html`<li><button
        type="button"
        class="app"
        aria-expanded=${link.id === open}
        tabindex=${link.id === stop ? "0" : "-1"}
        @click=${() => openSheet(`link:${link.id}`)}
      >${tile(link)}<span class="nm">${link.name}</span>${link.example ? html`<span class="tagp">${t("content.example")}</span>` : nothing}</button></li>`,
    )}
  </ul>`;
}

function nothingFound() {
  return empty({
    icon: "search_28_regular",
    title: t("search.noneTitle"),
    text: t("search.noneNote"),
    actions: html`<button type="button" class="btn" @click=${() => setOnline({ hallQuery: "", category: "" })}>
      ${t("search.showAll")}</button>`,
  });
}
