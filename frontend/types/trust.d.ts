/** Whether certificates can be relied on. Mirrors backend/xieka/certificate/trust/models.py. */

import type { Role } from "./rpc";

/** One certificate of the path; the holder's is the first, an anchor the last (else as far as it can be followed). */
export interface PathEntry {
  subject: string; issuer: string; serial: string; sha256: string;
  not_before: string; not_after: string; algorithm: string; anchor: boolean;
}
export interface TrustCheck {
  name: "signature" | "anchor" | "dates" | "authority" | "path_length" | "extensions" | "revocation" | "clock";
  title: string;
  /** Its place in `path`; null: about none of them. */
  certificate: number | null;
  result: "passed" | "failed" | "open" | "skipped";
  text: string; at: string;
  /** The address it comes from; null: worked out on this computer. */
  source: string | null;
}
export interface Revocation {
  status: "good" | "revoked" | "unknown" | "wrong_signer" | "unreadable" | "stale" | "future" | "unreachable"
    | "offline" | "unasked" | "no_source";
  method: "ocsp" | "crl" | ""; source: string; received: string | null; cached: boolean;
  this_update: string | null; next_update: string | null; revoked_at: string | null; reason: string;
}
/** Whether a certificate deserves to be relied on. `what`, `why`, `do` are for people; the rest is the evidence. */
export interface Trust {
  sha256: string; subject: string;
  verdict: "good" | "checking" | "offline" | "unreachable" | "stale" | "wrong_signer" | "unreadable" | "not_known"
    | "future" | "no_source" | "issuer_no_source" | "clock" | "revoked" | "suspended" | "expired" | "not_yet" | "untrusted" | "forged" | "weak"
    | "unsupported" | "misissued" | "issuer_expired" | "issuer_revoked";
  level: "ok" | "wait" | "warn" | "bad";
  what: string; why: string; do: string;
  /** An answer is under way: the topic `certificate.trust` brings this value anew. */
  checking: boolean;
  path: PathEntry[]; checks: TrustCheck[]; revocation: Revocation; checked_at: string;
  /** By how much servers are ahead of this computer's clock; null: none has told the time. */
  clock_ahead_seconds: number | null;
}

export interface TrustMethods {
  /** What is known now, at once. `fresh`: ask the authority again. */
  "certificate.trust": { params: { token: string; role: Role; fresh?: boolean }; result: Trust };
}

export interface TrustTopics {
  /** What the authority has answered about a certificate that `certificate.trust` was asked about. */
  "certificate.trust": Trust;
}
