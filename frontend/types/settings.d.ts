/** 系统设置. Mirrors backend/xieka/settings/models.py and bridge/settings.py. */

import type { Appearance } from "./rpc";

export type ProxyMode = "system" | "manual" | "none";
/** The proxy as the user types it: `address` counts for "manual" alone, `exceptions` with every proxy. */
export interface ProxyForm { mode: ProxyMode; address: string; exceptions: string[] }

export interface Settings extends Appearance {
  /** Id of the Ukey to manage first. */
  preferred_token: string | null;
  popup_on_insert: boolean; hide_on_removal: boolean; ask_registration: boolean;
  remind_expiry: boolean;
  /** Days before the end, 0 … 365, ten at most. */
  remind_days: number[];
  import_signing_certificate: boolean;
  proxy_mode: ProxyMode; proxy_url: string | null; proxy_exceptions: string[];
}
/** `default`: they are those of a fresh installation. */
export interface SettingsView { values: Settings; default: boolean }

export type SettingsChange = Partial<Pick<
  Settings, "theme" | "size" | "popup_on_insert" | "hide_on_removal" | "ask_registration" | "remind_expiry" | "remind_days"
>>;

/** All but the first save before they answer; E-SET-01: nothing was changed. */
export interface SettingsMethods {
  /** As the file has them now: a command may have changed them. */
  "settings.get": { params: {}; result: SettingsView };
  "settings.change": { params: SettingsChange; result: SettingsView };
  "settings.set_proxy": { params: ProxyForm; result: SettingsView };
  "settings.forget_ukey": { params: {}; result: SettingsView };
  /** `changed`: it was not all like this before. */
  "settings.reset": { params: {}; result: SettingsView & { changed: boolean } };
  /** What the last reset of this run replaced; E-SET-02 without one. */
  "settings.restore": { params: {}; result: SettingsView };
}
