import { nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { icon } from "../../ui/icon.js";
import { pinInput } from "../../ui/pin-input.js";
import { edited, toggleShown, watchCapsLock } from "./pin-actions.js";

/** @typedef {import("../../state.js").PinForm} PinForm */
/** @typedef {import("../../pin-rules.js").Field} Field */

/**
 * One 口令 field of the form.
 * @param {PinForm} pin
 * @param {Field} field
 * @param {unknown} [below]
 */
export function pinField(pin, field, below) {
  return pinInput({
    id: `pin-${field}`,
    label: t(`pin.${field}`),
    error: pin.fieldError?.field === field ? pin.fieldError : null,
    shown: pin.shown[field],
    capsLock: pin.capsLock && field === "current",
    busy: pin.busy,
    edited: () => edited(field),
    toggleShown: () => toggleShown(field),
    watchCapsLock,
    mark: field === "repeat" && pin.rules.matches ? icon("checkmark_circle_20_filled", "ok") : nothing,
    below,
  });
}
