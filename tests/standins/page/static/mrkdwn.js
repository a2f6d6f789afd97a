// Slack's own markup, drawn as text nodes and elements only: nothing in it can become HTML.
import { h, say } from "./dom.js";

const EMOJI = {
  eyes: "👀", tada: "🎉", wave: "👋", fire: "🔥", bell: "🔔", mag: "🔍", robot_face: "🤖", link: "🔗", iphone: "📱", zzz: "💤",
  warning: "⚠️", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", envelope: "✉️", email: "📧", lock: "🔒", bulb: "💡",
  hourglass: "⌛", clock1: "🕐", computer: "💻", no_bell: "🔕", chart_with_upwards_trend: "📈", question: "❓", shield: "🛡️",
};
const PIECES = new RegExp([
  "```\\n?([\\s\\S]+?)\\n?```", "`([^`\\n]+)`", "<([^<>\\n]+)>",
  "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]*[^\\s*])\\*(?![\\w*])", "(?<![\\w_])_(?=[^\\s_])([^_\\n]*[^\\s_])_(?![\\w_])",
  "(?<![\\w~])~(?=[^\\s~])([^~\\n]*[^\\s~])~(?![\\w~])", ":([a-z0-9_+-]+):",
].join("|"), "g");

export const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all);

export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  let quote = null;
  const lines = text.includes("```") ? [text] : text.split("\n");
  lines.forEach((line, i) => {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    if (quoted) {
      if (!quote) out.append(quote = h("blockquote"));
      else quote.append(h("br"));
      quote.append(inline(line.slice(quoted[0].length)));
    } else {
      if (i && !quote) out.append(h("br"));
      quote = null;
      out.append(inline(line));
    }
  });
  return out;
}

function inline(text) {
  const out = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    const [all, fence, code, angle, bold, italic, strike, name] = match;
    out.append(plain(text.slice(at, match.index)));
    at = match.index + all.length;
    if (fence != null) out.append(h("pre", {}, plain(fence)));
    else if (code != null) out.append(h("code", {}, plain(code)));
    else if (angle != null) out.append(angled(angle));
    else if (bold != null) out.append(h("b", {}, inline(bold)));
    else if (italic != null) out.append(h("i", {}, inline(italic)));
    else if (strike != null) out.append(h("s", {}, inline(strike)));
    else out.append(EMOJI[name] ?? all);
  }
  out.append(plain(text.slice(at)));
  return out;
}

function angled(inner) {
  const [target, ...rest] = inner.split("|"), label = rest.join("|");
  if (target.startsWith("!date^")) return dated(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return h("span", { class: "mention loud" }, "@" + target.slice(1));
  if (/^[@#!]/.test(target)) return h("span", { class: "mention" }, plain(label || target));
  return outward(plain(target), label ? inline(label) : plain(target));
}

// A link that says where it leads instead of leading there: this page reaches nothing but this computer.
export function outward(address, ...label) {
  return h("a", { href: "#", title: address, onclick: (event) => { event.preventDefault(); visit(address); } }, ...label);
}
export function visit(address) {
  let host = "";
  try { host = new URL(address).hostname; } catch { /* not an address: it is only said */ }
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(host) && /^https?:/.test(address)) window.open(address, "_blank", "noopener");
  else say(`In Slack this opens ${address}`);
}

function dated(target, fallback) {
  const [, seconds, format, link] = target.split("^"), at = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(at.getTime())) return plain(fallback);
  const shown = h("time", { datetime: at.toISOString(), title: at.toLocaleString() }, dateText(at, plain(format)));
  return link ? outward(plain(link), shown) : shown;
}

export function dateText(at, format) {
  const show = (options) => new Intl.DateTimeFormat(undefined, options).format(at);
  const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const usual = { day: "numeric", month: "long", year: "numeric" }, short = { day: "numeric", month: "short", year: "numeric" };
  const pretty = (options) => nearDay(at) ?? show(options);
  const words = {
    date_num: () => at.toISOString().slice(0, 10), date: () => show(usual), date_short: () => show(short), date_long: () => show(long),
    date_pretty: () => pretty(usual), date_short_pretty: () => pretty(short), date_long_pretty: () => pretty(long),
    day_divider_pretty: () => pretty(long), time: () => show({ timeStyle: "short" }), time_secs: () => show({ timeStyle: "medium" }), ago: () => ago(at),
  };
  return format.replace(/\{(\w+)\}/g, (all, name) => words[name]?.() ?? all);
}

function nearDay(at) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[Math.round((midnight(at) - midnight(Date.now())) / 86_400_000)];
}

function ago(at) {
  const seconds = (at - Date.now()) / 1000, words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const [unit, size] = [["day", 86_400], ["hour", 3600], ["minute", 60]].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return words.format(Math.round(seconds / size), unit);
}
