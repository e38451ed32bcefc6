/** 比较新旧证书. Mirrors backend/xieka/certificate/comparison.py and backend/xieka/bridge/certificates.py. */

import type { Role } from "./rpc";

/** Another certificate on a present Ukey; `name` says where. */
export interface Comparable { sha256: string; name: string; subject: string; not_before: string; not_after: string }
/** One field of both; "" where a certificate does not have it. */
export interface ComparisonRow { name: string; left: string; right: string }
/** The older certificate is the left one; `sentence` and `remarks` are for people. */
export interface Comparison {
  outcome: "identical" | "conflict" | "stranger" | "pair" | "other_use" | "renewed" | "not_longer";
  level: "ok" | "info" | "warn" | "bad";
  sentence: string; remarks: string[];
  left: string; right: string;
  /** Where the certificate stands that the comparison was asked for. */
  first: "left" | "right";
  /** One is older; else `left` is the first. */
  ordered: boolean;
  different: ComparisonRow[]; same: ComparisonRow[];
}

export interface CompareMethods {
  /** What a certificate may be compared with on the Ukeys that are present. */
  "certificate.comparables": { params: { token: string; role: Role }; result: { items: Comparable[] } };
  /** E-CRT-08 when that certificate is not there any more. */
  "certificate.compare": { params: { token: string; role: Role; other: string }; result: Comparison };
  /** Window only: asks for a file (E-CRT-06, E-CRT-07). null = the user cancelled. */
  "certificate.compare_file": { params: { token: string; role: Role }; result: Comparison | null };
  /** The browser host's way: the file's content, base64. */
  "certificate.compare_upload": {
    params: { token: string; role: Role; name: string; base64: string }; result: Comparison;
  };
}
