/** What the program tells by itself, and where it goes. */
import { loadSnapshot, showUkey } from "./actions.js";
import { parts } from "./later.js";
import { noticeOf } from "./notices.js";
import { withEvent } from "./reducers.js";
import * as store from "./store.js";
import { toast } from "./ui/toast.js";

/** @param {import("./events.js").ProgramEvent} event */
export function onEvent(event) {
  const before = store.get();
  store.update((state) => withEvent(state, event));
  const after = store.get();
  const notice = after === before ? null : noticeOf(event, before, after);
  if (notice) toast(notice);
  if (event.topic === "content" || event.topic === "apps") reloadLists();
  if (event.topic === "certificate.trust") {
    parts()?.trustTold(event.data);
    parts()?.checkAgain();
  }
  if (event.topic === "osstore") parts()?.storeTold(event.data);
  if (event.topic === "show" && event.data.what === "certificate") void showUkey(event.data.token);
  if (event.topic === "registration") parts()?.registrationChanged(event.data.token);
}

/** Events have been missed: everything that they tell of is asked for. */
export async function reloadAll() {
  await loadSnapshot();
  reloadLists();
  parts()?.reloadTrust();
  parts()?.checkAgain();
  parts()?.registrationChanged(null);
}

/** Both: which program of the catalog a tile is changes with the catalog, and what is saved with the tiles. */
function reloadLists() {
  void parts()?.loadContent();
  void parts()?.loadApps();
}
