/** The online half of the bridge's contract: signed content, saved links, network, registration. No address crosses, only domains. */

import type { Install, ProgramView } from "./apps";
import type { ErrorBody } from "./rpc";

export type Tone =
  | "blue" | "teal" | "amber" | "indigo" | "green" | "rose" | "orange" | "violet" | "slate" | "cyan" | "navy";

/** The icons that content may name. */
export type ContentIcon =
  | "building_government" | "receipt" | "people_team" | "building_home" | "building_shop" | "briefcase" | "heart" | "cart"
  | "money" | "building_factory" | "beaker" | "data_bar_vertical" | "certificate" | "arrow_circle_up" | "signature"
  | "shield_checkmark" | "globe" | "book_open" | "map";

/** A web address with its face. `source` and `checked` (a date) say where it is from and when a person looked last. */
export interface LinkView {
  id: string; kind: "hall" | "catalog"; name: string; short: string; domain: string; description: string; category: string;
  icon: ContentIcon; tone: Tone; phone: string | null; phone_name: string | null;
  source: string | null; checked: string | null; example: boolean; saved: boolean;
}
export interface AnnouncementView { id: string; title: string; date: string; text: string; domain: string; unread: boolean }
export interface CategoryView { id: string; name: string }
/** The image comes from `content.picture`; `bundled`: it is the program's own. */
export interface PictureView { id: string; alt: string; domain: string; bundled: boolean }
export interface OutletView {
  id: string; name: string; district: string; address: string; telephone: string; hours: string;
  open_now: boolean | null; services: string | null; source: string | null; checked: string | null; example: boolean;
}
export interface HotlineView {
  name: string; number: string; note: string; icon: ContentIcon; source: string | null; checked: string | null; example: boolean;
}
export interface AgentView { id: string; name: string; state: "online" | "busy"; domain: string; example: boolean }
export interface QuestionView { id: string; question: string; answer: string; keywords: string[] }

export interface ContentView {
  /** service: fetched in this run; cache: the last good copy; bundled: what came with the program. */
  source: "service" | "cache" | "bundled";
  /** When the service last confirmed it (ISO); bundled: when it was made. */
  updated_at: string;
  /** The copy's signature has run out: shown all the same, with its date. */
  expired: boolean;
  announcements: AnnouncementView[];
  /** Whose 应用信息 they open: `link:ID` of `hall` or `business`, or `program:PUBLISHER/ID` of `programs`. At most six. */
  recommended: string[];
  /** Exactly two. */
  pictures: PictureView[];
  hall: { categories: CategoryView[]; links: LinkView[] };
  business: LinkView[];
  programs: ProgramView[];
  outlets: { districts: string[]; items: OutletView[] };
  /** The first hotline is the authority's own. */
  contact: { hotlines: HotlineView[]; agents: AgentView[] };
  faq: QuestionView[];
}

export type LinkKind = "announcement" | "hall" | "catalog" | "picture" | "agent" | "map";

export interface NetworkState {
  /** The system has a route. */
  connected: boolean;
  /** The service answers: 办事大厅 and 证书业务 are there. */
  online: boolean;
  checked_at: string;
  /** Code of the error that a failed probe met; null while all is well and where there is no service. */
  reason: string | null;
}

export interface ConnectionStep {
  key: "route" | "name" | "connect" | "tls" | "service" | "content";
  state: "ok" | "fail" | "skip"; ms: number; error: ErrorBody | null;
}
/** `unsupported`: the system's proxy is of a kind that this program cannot use. */
export interface ConnectionTest {
  host: string; proxy: string | null; unsupported: "pac" | "socks" | null; steps: ConnectionStep[]; allow_list: string;
}

/** Method name → parameters and result, beside those of rpc.d.ts. */
export interface OnlineMethods {
  "content.get": { params: {}; result: ContentView };
  "content.mark_read": { params: { ids: string[] }; result: null };
  /** PNG, base64. */
  "content.picture": { params: { id: string }; result: { base64: string } };
  /** Opens in the system's browser; the answer is the domain that was opened. */
  "link.open": { params: { kind: LinkKind; id: string }; result: { domain: string } };
  "link.save": { params: { kind: "hall" | "catalog"; id: string }; result: null };
  /** With the proxy as it is saved. */
  "network.test": { params: {}; result: ConnectionTest };
}

export interface OnlineTopics {
  "network": NetworkState;
  /** There is new content to `content.get`. */
  "content": { source: ContentView["source"]; updated_at: string };
  /** 我的应用 changed. */
  "apps": { count: number };
  /** All that are on their way, after every change. */
  "installs": { items: Install[] };
}
