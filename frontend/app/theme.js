/** Light, dark or as the system; normal or large type. */

/** @param {import("../types/rpc").Appearance} appearance */
export function applyAppearance({ theme, size }) {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  if (size === "large") dataset.size = size;
  else delete dataset.size;
}
