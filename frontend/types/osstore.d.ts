/** 导入签名证书: what is registered with the operating system. Mirrors backend/xieka/osstore/models.py. */

import type { ErrorBody } from "./rpc";

/** A place where certificates can be registered. `broken`: it is left alone, `error` says why. */
export interface StorePlace {
  kind: "nss" | "firefox" | "p11-kit" | "windows"; path: string; state: "free" | "registered" | "broken";
  modules: string[]; certificates: string[]; error: ErrorBody | null;
}
export interface RegisteredCertificate {
  token: string; label: string; subject: string; serial: string; not_after: string; sha256: string;
  driver: string; module: string; since: string; present: boolean;
  /** Paths of the places that know it now, or its library. */
  places: string[];
}
export interface OsStore {
  enabled: boolean; supported: boolean; entries: RegisteredCertificate[];
  /** Ukeys that are plugged in and not registered. */
  left_out: { token: string; label: string; reason: "practice" | "environment" | "certificate" | "sm2" | "provider" }[];
  places: StorePlace[];
}

export interface OsStoreMethods {
  "osstore.list": { params: {}; result: OsStore };
  /** Off takes away all that was registered. */
  "osstore.set": { params: { enabled: boolean }; result: OsStore };
}

export interface OsStoreTopics {
  /** What is registered has changed. */
  "osstore": OsStore;
}
