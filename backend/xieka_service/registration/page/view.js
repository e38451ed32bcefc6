/** The page's elements: reading what is filled in, and showing what is the matter. */
import { TEXTS } from "./texts.js";

/** @typedef {import("./rules.js").Field} Field */
/** @typedef {import("./rules.js").Filled} Filled */
/** @typedef {import("./service.js").Visit} Visit */
/** @typedef {keyof typeof TEXTS.states} State */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (element(id));
/** @param {string} id */
const button = (id) => /** @type {HTMLButtonElement} */ (element(id));

export const form = /** @type {HTMLFormElement} */ (element("form"));
export const skip = button("skip");
export const retry = button("state-retry");
const submit = button("submit");
const notice = /** @type {HTMLDialogElement} */ (element("notice"));
/** @type {Field[]} */
const FIELDS = ["contact", "phone", "email", "purposes", "read"];

const boxes = () => [...form.querySelectorAll("input")].filter((one) => one.name === "purpose");

/** @returns {Filled} */
export function filled() {
  return {
    contact: input("contact").value,
    phone: input("phone").value.trim(),
    email: input("email").value.trim(),
    purposes: boxes().filter((one) => one.checked).map((one) => one.value),
    read: input("read").checked,
  };
}

/** @param {Partial<Filled>} draft */
export function fill(draft) {
  input("contact").value = draft.contact ?? "";
  input("phone").value = draft.phone ?? "";
  input("email").value = draft.email ?? "";
  for (const box of boxes()) box.checked = draft.purposes?.includes(box.value) ?? false;
  input("read").checked = draft.read ?? false;
}

export function showLoading() {
  show("loading");
}

/** @param {Visit} visit */
export function showForm(visit) {
  input("subject").value = visit.subject;
  element("operator").textContent = visit.operator;
  element("operator-contact").textContent = visit.operator_contact;
  element("practice").hidden = element("notice-practice").hidden = !visit.practice;
  show("form");
}

/** @param {State} name */
export function showState(name) {
  element("state-title").textContent = TEXTS.states[name].title;
  element("state-text").textContent = TEXTS.states[name].text;
  const again = name === "unreachable" || name === "outdated";
  retry.hidden = !again;
  show("state");
  submit.hidden = true;
  if (!again) skip.textContent = name === "submitted" ? TEXTS.finish : TEXTS.close;
  element("state").focus();
}

/** @param {"loading" | "state" | "form"} name */
function show(name) {
  for (const one of ["loading", "state", "form"]) element(one).hidden = one !== name;
  submit.hidden = false;
  submit.disabled = name !== "form";
}

/** @param {boolean} sending */
export function showSending(sending) {
  // Not `disabled`: the focus would be lost. A second press while sending is ignored.
  submit.setAttribute("aria-disabled", String(sending));
  submit.textContent = sending ? TEXTS.sending : TEXTS.submit;
}

/**
 * Mark each field that is wrong, and those alone.
 * @param {Field[]} wrong
 */
export function mark(wrong) {
  for (const field of FIELDS) {
    const bad = wrong.includes(field);
    element(`${field}-error`).textContent = bad ? TEXTS.errors[field] : "";
    for (const one of field === "purposes" ? boxes() : [input(field)]) one.setAttribute("aria-invalid", String(bad));
  }
}

/**
 * The summary of what is wrong, each entry leading to its field.
 * @param {Field[]} wrong
 */
export function summarize(wrong) {
  const entries = wrong.map((field) => {
    const entry = document.createElement("li");
    const link = document.createElement("button");
    link.type = "button";
    link.className = "linkbtn";
    link.textContent = TEXTS.errors[field];
    link.addEventListener("click", () => (field === "purposes" ? boxes()[0] : input(field))?.focus());
    entry.append(link);
    return entry;
  });
  alarm(TEXTS.mistakes);
  element("alert-list").replaceChildren(...entries);
  element("alert-list").hidden = false;
}

/**
 * Something to be read before anything else; `action` with `label` as its button.
 * @param {string} text
 * @param {string} [label]
 * @param {() => void} [action]
 */
export function alarm(text, label, action) {
  element("alert-list").hidden = true;
  element("alert-text").textContent = text;
  const act = button("alert-action");
  act.hidden = !label;
  act.textContent = label ?? "";
  act.onclick = action ?? null;
  element("alert").hidden = false;
  element("alert").focus();
  element("alert").scrollIntoView({ block: "nearest" });
}

export function calm() {
  element("alert").hidden = true;
}

button("notice-open").addEventListener("click", () => notice.showModal());
button("notice-close").addEventListener("click", () => notice.close());
