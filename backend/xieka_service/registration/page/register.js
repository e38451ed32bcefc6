/** The registration page: from the code in the address to the form, and from the form to its end. */
import * as draft from "./draft.js";
import { NOTICE, mistakes } from "./rules.js";
import * as service from "./service.js";
import { TEXTS } from "./texts.js";
import * as view from "./view.js";

/** The key of what is being submitted; empty until then, and again when something is changed. */
let key = "";
let sending = false;
let tried = false;
/** Where 跳过, 关闭 or 完成 leads. */
let leave = "/register/skipped";

/** Find the visit, by the code in the address or by the cookie, and show what it is for. */
async function open() {
  view.showLoading();
  const code = location.hash.slice(1);
  const answer = code ? await service.enter(code) : await service.visit();
  if (code && ("visit" in answer || DEAD.includes(answer.refused))) {
    // The code has done its work; until then F5 tries it again. What another visit left in this window is not this one's.
    history.replaceState(null, "", location.pathname);
    draft.forget();
  }
  if ("refused" in answer) {
    end(answer.refused);
  } else if (answer.visit.submitted) {
    end("registration.submitted");
  } else if (answer.visit.notice !== NOTICE) {
    view.showState("outdated");
  } else {
    const kept = draft.load();
    key = kept.key ?? "";
    view.fill(kept);
    view.showForm(answer.visit);
  }
}

/** Codes of refusals after which a code in the address is worth nothing; what was never one is the second. */
const DEAD = ["registration.code", "request.invalid"];

/** Show why there is nothing to fill in. @param {string} code */
function end(code) {
  if (code === "registration.submitted") {
    leave = "/register/finished";
    draft.forget();
    view.showState("submitted");
  } else if (DEAD.includes(code)) {
    view.showState("used");
  } else if (code === "registration.visit") {
    view.showState("expired");
  } else {
    view.showState("unreachable");
  }
}

async function send() {
  if (sending) return;
  const filled = view.filled();
  const wrong = mistakes(filled);
  tried = true;
  view.mark(wrong);
  if (wrong.length > 0) {
    view.summarize(wrong);
    return;
  }
  view.calm();
  key ||= crypto.randomUUID();
  draft.save({ ...filled, key });
  const { contact, phone, email, purposes } = filled;
  sending = true;
  view.showSending(true);
  const answer = await service.submit({ contact, phone, email: email || null, purposes, key, notice: NOTICE });
  sending = false;
  view.showSending(false);
  if ("visit" in answer) {
    draft.forget();
    location.assign("/register/sent");
    return;
  }
  refused(answer.refused);
}

/** @param {string} code */
function refused(code) {
  if (code === "registration.submitted" || code === "registration.visit") {
    end(code);
  } else if (code === "registration.notice") {
    view.alarm(TEXTS.changed, TEXTS.reload, () => {
      draft.save({ ...view.filled(), read: false, key: "" });
      location.reload();
    });
  } else if (code === "registration.full") {
    view.alarm(TEXTS.full);
  } else if (code === "request.invalid") {
    view.alarm(TEXTS.refused);
  } else {
    view.alarm(TEXTS.failed, TEXTS.retry, send);
  }
}

view.form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
view.form.addEventListener("input", () => {
  // Something else than what may have arrived already.
  key = "";
  const filled = view.filled();
  draft.save({ ...filled, key });
  if (tried) view.mark(mistakes(filled));
});
view.skip.addEventListener("click", () => {
  draft.forget();
  location.assign(leave);
});
view.retry.addEventListener("click", () => location.reload());
// Another code in the address of the same tab: the browser does not load anything by itself.
addEventListener("hashchange", () => location.reload());
void open();
