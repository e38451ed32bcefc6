/** Words for screen readers. */

/**
 * Says a text through a live region. Behind an open dialog everything is inert, so the dialog brings its own region.
 * @param {string} text
 * @param {"polite" | "assertive"} [urgency]
 */
export function announce(text, urgency = "polite") {
  const region =
    document.querySelector(`dialog[open] [data-live="${urgency}"]`) ?? document.querySelector(`[data-live="${urgency}"]`);
  if (!region) return;
  // The same words twice in a row are heard only when the region changes in between.
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
