/** Values as the program sends them, for the tests of this folder. */

export const certificate = (over = {}) => ({
  role: "signing",
  subject: "上海沪申示例贸易有限公司",
  issuer: "练习签发 CA",
  serial: "5F2C1A9047E18B30",
  not_before: "2025-06-18T16:00:00Z",
  not_after: "2028-06-18T15:59:59Z",
  days_left: 573,
  state: "valid",
  life_used: 0.48,
  uscc: "91310115MA1K00007Q",
  org_code: "MA1K0000-7",
  kind: "legacy",
  algorithm: "RSA 2048",
  usages: ["数字签名"],
  ...over,
});

export const entry = (over = {}) => ({ summary: certificate(over), error: null });

export const unreadable = () => ({
  summary: null,
  error: { code: "E-CRT-05", what: "证书内容无法识别", kept: "没有变化。", do: "请联系客服。" },
});

export const ukey = (over = {}) => ({
  id: "softhsm:1",
  holder: "上海沪申示例贸易有限公司",
  label: "Ukey",
  serial: "0001",
  manufacturer: "SoftHSM",
  model: "v2",
  driver: "softhsm",
  driver_name: "SoftHSM 软件令牌",
  practice: true,
  pin: { state: "normal", remaining: null, maximum: null },
  health: { level: "ok", key: "valid", days: null },
  reminders: 0,
  certificates: [entry(), entry({ role: "encryption" })],
  seals: [],
  ...over,
});

export const other = () => ukey({ id: "softhsm:2", holder: "浦江示例物业管理有限公司", serial: "0002" });

export const list = (tokens = [ukey()], over = {}) => ({
  reading: false,
  current: tokens[0]?.id ?? null,
  remembered: null,
  tokens,
  problems: [],
  ...over,
});

export const network = (online) => ({
  connected: online,
  online,
  checked_at: "2026-11-25T01:12:00Z",
  reason: online ? null : "E-NET-01",
});

export const snapshot = (over = {}) => ({
  boot: "boot-1",
  event_id: 5,
  profile: { practice: true },
  host: "window",
  tray: true,
  appearance: { theme: "system", size: "normal" },
  ukeys: list(),
  network: network(true),
  reminders: [],
  ...over,
});

export const appEntry = (id, over = {}) => ({
  id,
  kind: id.split(":")[0],
  title: id,
  icon: "globe",
  tone: "blue",
  domain: null,
  version: null,
  pinned: false,
  state: "ok",
  program: id.startsWith("program:") ? id.slice("program:".length) : null,
  ...over,
});

export const install = (step, over = {}) => ({
  program: "shen/report",
  title: "证书巡检报告",
  icon: "certificate",
  tone: "cyan",
  publisher: "练习发布者",
  version: "1.2.0",
  update: false,
  step,
  bytes: 50,
  length: 100,
  speed: null,
  remaining: null,
  folder: null,
  kept: [],
  error: null,
  kept: [],
  ...over,
});

export const trust = (over = {}) => ({
  sha256: "AA",
  subject: "上海沪申示例贸易有限公司",
  verdict: "good",
  level: "ok",
  what: "证书有效，可以正常使用",
  why: "颁发机构确认没有被吊销。",
  do: "不需要做什么。",
  checking: false,
  path: [
    {
      subject: "练习根 CA", issuer: "练习根 CA", serial: "01", sha256: "CC", algorithm: "RSA 2048", anchor: true,
      not_before: "2025-06-18T16:00:00Z", not_after: "2045-06-18T15:59:59Z",
    },
  ],
  checks: [
    {
      name: "revocation", title: "吊销状态", certificate: 0, result: "passed", text: "没有被吊销",
      at: "2026-11-25T01:12:00Z", source: "http://127.0.0.1/ca/ocsp",
    },
  ],
  revocation: {
    status: "good", method: "ocsp", source: "http://127.0.0.1/ca/ocsp", received: "2026-11-25T01:12:00Z", cached: false,
    this_update: null, next_update: null, revoked_at: null, reason: "",
  },
  checked_at: "2026-11-25T01:12:00Z",
  clock_ahead_seconds: null,
  ...over,
});
