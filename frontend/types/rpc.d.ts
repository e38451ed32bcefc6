/** The bridge's contract: what POST /rpc takes and gives, and what /events tells. Mirrors backend pydantic models. */

import type { AppMethods } from "./apps";
import type { CompareMethods } from "./compare";
import type { NetworkState, OnlineMethods, OnlineTopics } from "./content";
import type { OsStoreMethods, OsStoreTopics } from "./osstore";
import type { SettingsMethods } from "./settings";
import type { TrustMethods, TrustTopics } from "./trust";

export interface ErrorBody { code: string; what: string; kept: string; do: string }

export type Role = "signing" | "encryption";
export type PinState = "normal" | "low" | "final" | "locked" | "unset" | "unknown";
export interface PinView { state: PinState; remaining: number | null; maximum: number | null }

export interface CertificateSummary {
  role: Role | null; subject: string; issuer: string; serial: string;
  not_before: string; not_after: string; days_left: number;
  state: "valid" | "expiring" | "expired" | "not_yet"; life_used: number;
  uscc: string | null; org_code: string | null; kind: "yizhengtong" | "legacy" | "business" | "unknown";
  algorithm: string; usages: string[];
}
export interface Extension { oid: string; name: string; known: boolean; critical: boolean; value: string }
export interface CertificateDetail extends CertificateSummary {
  version: number; subject_fields: [string, string][]; issuer_fields: [string, string][];
  signature_algorithm: string; signature_algorithm_oid: string; public_key: string;
  extended_usages: string[]; extensions: Extension[]; sha1: string; sha256: string; size: number;
}
export interface SealSummary {
  es_id: string; name: string; version: number; vendor: string; kind: number;
  created: string; not_before: string; not_after: string;
  picture_type: string; width_mm: number; height_mm: number; picture_size: number; certificate_count: number;
}
/** A step is "ok" only when it was taken and went well; `why` may be "" then. */
export interface SealStep {
  name: string; title: string; state: "ok" | "doubtful" | "failed" | "unchecked"; why: string; error: ErrorBody | null;
}
/** ok: every step is. partial: nothing speaks against the seal, but some steps were not taken. doubtful: not made by one
 * who is known to make seals. */
export interface SealVerification { verdict: "ok" | "partial" | "doubtful" | "failed"; sentence: string; steps: SealStep[] }
export interface CertificateEntry { summary: CertificateSummary | null; error: ErrorBody | null }
export interface SealEntry { number: number; summary: SealSummary | null; error: ErrorBody | null }
/** Judged by the program: the page has a text `health.KEY` for every key, and a colour for every level. */
export interface Health {
  level: "ok" | "warn" | "error";
  key: "locked" | "final" | "unset" | "expired" | "unreadable" | "none" | "low" | "today" | "expiring" | "not_yet" | "valid";
  /** Whole days left, for `expiring` only. */
  days: number | null;
}
export interface Ukey {
  id: string; holder: string; label: string; serial: string; manufacturer: string; model: string;
  driver: string; driver_name: string; practice: boolean; pin: PinView; health: Health; reminders: number;
  certificates: CertificateEntry[]; seals: SealEntry[];
}
export interface DriverProblem { driver: string; driver_name: string; error: ErrorBody }
export interface UkeyList {
  reading: boolean; current: string | null; remembered: string | null; tokens: Ukey[]; problems: DriverProblem[];
}
export interface Appearance { theme: "system" | "light" | "dark"; size: "normal" | "large" }
export interface Snapshot {
  boot: string; event_id: number;
  profile: { practice: boolean };
  /** "window": the three caption buttons work; "browser": they are absent, export downloads instead of asking where to. */
  host: "window" | "browser";
  /** False where the desktop has no tray: the third button then minimises. */
  tray: boolean;
  appearance: Appearance; ukeys: UkeyList; network: NetworkState; reminders: Reminder[];
}
/** A present Ukey's certificate near its end; `step`: days before it, -1 after it. */
export interface Reminder { token: string; holder: string; step: number; days_left: number }
export interface Licence { name: string; version: string; licence: string }
export interface About { name: string; version: string; copyright: string; note: string; licences: Licence[] }
export interface Exported { path: string | null; name: string }
export type Purpose = "statistics" | "survey" | "information";
/** What a person told the service (用户注册). */
export interface RegistrationDetails { contact: string; phone: string; email: string | null; purposes: Purpose[] }
/** One submission as the service keeps it now; the moments are ISO texts. */
export interface RegistrationRecord extends RegistrationDetails {
  id: string; submitted_at: string; corrected_at: string | null; keep_until: string;
}
export interface RegistrationState {
  /** There is a service, and the Ukey has a certificate to sign in with. */
  available: boolean;
  /** What became of the page the last time, and when; null: it has not been opened for this certificate. */
  asked: "submitted" | "left" | "browser" | "deleted" | null; at: string | null;
  signed_in: boolean;
}

/** Method name → parameters and result. Every failure is an ErrorBody. */
export interface Methods
  extends OnlineMethods, AppMethods, CompareMethods, TrustMethods, OsStoreMethods, SettingsMethods {
  "app.snapshot": { params: {}; result: Snapshot };
  /** Re-read every Ukey and re-check the network; the answer comes when both are done. */
  "app.refresh": { params: {}; result: Snapshot };
  "app.about": { params: {}; result: About };
  "ukey.select": { params: { token: string; remember?: boolean }; result: UkeyList };
  /** `attempt`: a UUID made anew for every confirmation of the user; one that has been seen is refused. */
  "ukey.verify_pin": {
    params: { token: string; pin: string; attempt: string; last_try?: boolean }; result: PinView;
  };
  "ukey.change_pin": {
    params: { token: string; old: string; new: string; attempt: string; last_try?: boolean }; result: PinView;
  };
  "certificate.detail": { params: { token: string; role: Role }; result: CertificateDetail };
  /** Window only: asks where to save. `path` null = the user cancelled. */
  "certificate.export": { params: { token: string; role: Role }; result: Exported };
  /** The file itself, base64 DER, for the browser host. */
  /** In the system's own viewer (window only); E-OPN-02 where there is none. */
  "certificate.view": { params: { token: string; role: Role }; result: null };
  /** A calendar entry (.ics) for the certificate's last day; E-CAL-01 when that is past. */
  "certificate.save_calendar": { params: { token: string; role: Role }; result: Exported };
  "certificate.calendar": { params: { token: string; role: Role }; result: { name: string; base64: string } };
  /** On one sheet of paper, with what was checked; takes as long as the authority takes, seconds at most. */
  "certificate.save_summary": { params: { token: string; role: Role }; result: Exported };
  /** The browser's way: a path on this server to print from, for some minutes. */
  "certificate.paper": { params: { token: string; role: Role }; result: { path: string } };
  "certificate.file": { params: { token: string; role: Role }; result: { name: string; base64: string } };
  /** The user has read what there is to remind of for this Ukey at its step; event `reminders` follows. */
  "reminder.dismiss": { params: { token: string }; result: null };
  /** PNG, base64. */
  "seal.check": { params: { token: string; seal: number }; result: SealVerification };
  "seal.picture": { params: { token: string; seal: number }; result: { base64: string; width: number; height: number } };
  "registration.state": { params: { token: string }; result: RegistrationState };
  /** The service's page in a window of its own, in the browser where there is none. E-REG-04: it is open already. */
  "registration.open": { params: { token: string }; result: { where: "window" | "browser" } };
  "registration.browse": { params: { token: string }; result: { where: "browser" } };
  /** One presentation of the 口令, under the rules of `ukey.verify_pin`; the answer is its state after it. */
  "registration.sign_in": {
    params: { token: string; pin: string; attempt: string; last_try?: boolean }; result: PinView;
  };
  /** The newest first. Like the next two it needs a session: E-REG-03 asks to sign in (again). */
  "registration.records": { params: { token: string }; result: { items: RegistrationRecord[] } };
  "registration.correct": { params: { token: string; id: string } & RegistrationDetails; result: RegistrationRecord };
  "registration.delete": { params: { token: string; id: string }; result: null };
  /** Ends the session; also when there is none. */
  "registration.sign_out": { params: { token: string }; result: null };
  /** Open the folder of the last export (window only). */
  "window.reveal_export": { params: {}; result: null };
  /** Open what was exported last with the system's program for it (window only); E-OPN-03 where there is none. */
  "window.open_export": { params: {}; result: null };
  "window.minimize": { params: {}; result: null };
  "window.to_tray": { params: {}; result: null };
  /**
   * `open`: a dialog is; the desktop then does not hide the window when a Ukey is pulled out (D-10).
   * `typing`: a 口令 may be being typed; nobody is asked anything then.
   */
  "window.modal": { params: { open: boolean; typing: boolean }; result: null };
  "window.quit": { params: {}; result: null };
}

/** Topic → data of /events. */
export interface Topics extends OnlineTopics, TrustTopics, OsStoreTopics {
  /** Something about the Ukeys changed; the whole state comes with it. */
  "ukeys": UkeyList;
  "ukey.inserted": { id: string; holder: string };
  "ukey.removed": { id: string; holder: string };
  "appearance": Appearance;
  /** A driver crashed, hung, or came back. */
  "driver": { driver: string; driver_name: string; state: "crashed" | "recovered" | "stopped" };
  /** What `registration.state` says of this Ukey has changed. */
  "registration": { token: string };
  /** The tray asks the page to show something. */
  "show": { what: "about" | "settings" } | { what: "certificate"; token: string };
  /** What there is to remind of now, whole; dismissed ones are not in it. */
  "reminders": Reminder[];
  /** The window was hidden to the tray for the first time in this run of the program. */
  "first_hide": {};
}
