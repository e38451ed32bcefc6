/** Finding things by what people type. Pure. */

/**
 * Width, case and blanks do not matter: ＵＫＥＹ finds Ukey.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·・]+/g, "");
}

/**
 * True when every word of the query stands in one of the texts.
 * @param {string} query
 * @param {(string | null)[]} texts
 */
export function matches(query, texts) {
  const words = query.split(/\s+/).map(folded).filter(Boolean);
  const whole = texts.map((text) => folded(text ?? ""));
  return words.every((word) => whole.some((text) => text.includes(word)));
}
