/** The list of what is registered with the system, what is not, and why. */
import { html, nothing } from "../../vendor/lit-html.js";
import { date } from "../format.js";
import { t } from "../i18n/t.js";
import { icon, spinner } from "../ui/icon.js";
import { errorBar } from "../ui/infobar.js";
import { loadStore, setImport } from "./actions.js";
import { kindsOf } from "./state.js";

/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("./state.js").OsStore} OsStore */

/** @param {Loaded} loaded */
export function registered({ store, saved, faults }) {
  if (store?.supported === false) return nothing;
  return html`<section class="card setlist" aria-labelledby="set-registered">
    <h3 class="hd" id="set-registered">${t("settings.registered")}</h3>
    ${faults.store ? errorBar(faults.store, { alert: true, actions: again(loadStore) }) : nothing}
    ${store ? list(store, saved.import_signing_certificate) : faults.store ? nothing : html`<p class="row sec">${spinner()}${t("settings.registeredLoading")}</p>`}
  </section>`;
}

/**
 * @param {OsStore} store
 * @param {boolean} enabled
 */
function list(store, enabled) {
  const broken = enabled ? store.places.filter(({ error }) => error) : [];
  const nowhere = enabled && store.places.length === 0;
  return html`${broken.map((place) =>
      place.error ? errorBar(place.error, { tone: "warn", lead: t(`settings.place.${place.kind}`), actions: again(() => setImport(true)) }) : nothing,
    )}
    ${store.entries.length + (enabled ? store.left_out.length : 0) > 0
      ? html`<ul>
          ${store.entries.map((one) => entry(one, store))} ${enabled ? store.left_out.map(leftOut) : nothing}
        </ul>`
      : html`<p class="cap sec">${t(enabled ? "settings.registeredNone" : "settings.registeredOff")}</p>`}
    ${nowhere ? html`<p class="cap sec">${t("settings.registeredNowhere")}</p>` : nothing}`;
}

/**
 * @param {OsStore["entries"][number]} one
 * @param {OsStore} store
 */
function entry(one, store) {
  const places = kindsOf(store, one.places).map(({ kind, count }) => {
    const place = t(`settings.place.${kind}`);
    return count > 1 ? t("settings.places", { place, n: count }) : place;
  });
  return html`<li>${icon("certificate_20_regular", one.present ? "ok" : "ter")}
    <div class="grow">
      <p class="sel">${one.subject}</p>
      <p class="cap sec">${t(one.present ? "settings.present" : "settings.away")} ·
        ${t("settings.until", { date: date(one.not_after) })}</p>
      <p class="cap sec" title=${one.places.join("\n")}>
        ${places.length ? t("settings.at", { places: places.join("、") }) : t("settings.atNone")}</p>
    </div></li>`;
}

/** @param {OsStore["left_out"][number]} one */
function leftOut({ label, reason }) {
  return html`<li>${icon("info_20_regular", "ter")}
    <div class="grow"><p class="sel">${label}</p><p class="cap sec">${t(`settings.left.${reason}`)}</p></div></li>`;
}

/** @param {() => void} run */
function again(run) {
  return html`<button type="button" class="btn sm" @click=${run}>${t("settings.again")}</button>`;
}
