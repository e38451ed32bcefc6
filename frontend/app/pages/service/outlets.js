/** 网点查询: the service outlets by district and by words. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { dateMinute } from "../../format.js";
import { t } from "../../i18n/t.js";
import { openLink, setOnline } from "../../online-actions.js";
import { matches } from "../../search.js";
import { chips } from "../../ui/chips.js";
import { copyButton } from "../../ui/copy.js";
import { empty } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { searchField } from "../../ui/search-field.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/content").ContentView} ContentView */
/** @typedef {import("../../../types/content").OutletView} OutletView */

/**
 * @param {State} state
 * @param {ContentView} content
 */
export function outletsTab({ online, snapshot }, content) {
  const { district, outletQuery: query } = online;
  const { districts, items } = content.outlets;
  /** @param {string} name */
  const count = (name) => items.filter((item) => item.district === name).length;
  const shown = items.filter(
    (item) => (district === "" || item.district === district) && matches(query, [item.name, item.district, item.address, item.services]),
  );
  const fresh = snapshot?.network.online && content.source === "service";
  return html`<div class="outletfind">
      ${searchField({ label: t("outlets.search"), value: query, change: (outletQuery) => setOnline({ outletQuery }) })}
      <select
        class="select"
        aria-label=${t("outlets.districts")}
        .value=${district}
        @change=${(/** @type {Event} */ event) => setOnline({ district: /** @type {HTMLSelectElement} */ (event.target).value })}
      >
        <option value="" ?selected=${district === ""}>${t("outlets.all")}</option>
        ${districts.map((name) => html`<option value=${name} ?selected=${name === district}>${name}</option>`)}
      </select>
    </div>
    ${chips({
      name: t("outlets.districts"),
      chips: [
        { id: "", text: t("outlets.all"), count: items.length },
        ...districts.filter((name) => count(name) > 0).map((name) => ({ id: name, text: name, count: count(name) })),
      ],
      chosen: district,
      choose: (id) => setOnline({ district: id }),
    })}
    <p class="sr" role="status">${t("search.found", { n: shown.length })}</p>
    ${shown.length ? html`<ul class="card">${repeat(shown, ({ id }) => id, outlet)}</ul>` : none(district, query)}
    <p class="stale">${icon(fresh ? "info_20_regular" : "cloud_off_16_regular", "i16")}
      ${fresh ? t("outlets.note") : t("content.offlineFrom", { time: dateMinute(content.updated_at) })}</p>`;
}

/** @param {OutletView} item */
function outlet(item) {
  return html`<li class="li outlet">
    <span class="pin">${icon(item.open_now ? "location_20_filled" : "location_20_regular")}</span>
    <div class="grow">
      <div class="t strong">${item.district} · ${item.name} ${opening(item)}
        ${item.example ? html`<span class="tagp">${t("content.example")}</span>` : nothing}</div>
      <div class="d sel">${item.address}</div>
      <div class="d num sel">${item.telephone}　${item.hours}</div>
      ${item.services ? html`<div class="d">${t("outlets.services", { services: item.services })}</div>` : nothing}
    </div>
    <div class="acts">
      ${copyButton(t("outlets.address"), item.address)}
      <button
        type="button"
        class="btn sm"
        aria-label=${t("outlets.mapOf", { name: item.name })}
        @click=${() => openLink("map", item.id)}
      >${icon("map_16_regular")}${t("outlets.map")}</button>
    </div>
  </li>`;
}

/** @param {OutletView} item */
function opening({ open_now }) {
  if (open_now === null) return nothing;
  return open_now
    ? html`<span class="tagp ok">${t("outlets.open")}</span>`
    : html`<span class="tagp">${t("outlets.closed")}</span>`;
}

/**
 * @param {string} district
 * @param {string} query
 */
function none(district, query) {
  return empty({
    icon: "location_28_regular",
    title: t("outlets.noneTitle"),
    text: query ? t("search.noneNote") : t("outlets.noneNote", { district }),
    actions: html`<button type="button" class="btn" @click=${() => setOnline({ district: "", outletQuery: "" })}>
        ${t("search.showAll")}</button>
      <button type="button" class="btn subtle" @click=${() => setOnline({ serviceTab: "hotline" })}>${t("service.hotline")}</button>`,
  });
}
