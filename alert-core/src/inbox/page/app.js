// The page: columns of chats, live events, search and filters, details, fault switches.
"use strict";

const { el } = draw;
const byId = (id) => document.getElementById(id);
const KEPT = 400;
const VENDORS = {
  dingtalk: ["钉钉 custom robot", "钉"], feishu: ["飞书 custom bot", "飞"], wecom: ["企业微信 group robot", "企"],
  slack: ["incoming webhook", "#"], webhook: ["for programs, schema 1", "{}"],
};
const FAULTS = [
  ["", "Works as usual"], ["slow", "Slow reply"], ["silent", "Never answers"], ["throttle", "Throttle"],
  ["reset-before", "Reset before accepting"], ["reset-after", "Reset after accepting"],
  ["html", "HTML page at 200"], ["redirect-307", "Redirect 307"], ["redirect-302", "Redirect 302"],
  ["server-error", "Status 500"], ["truncated", "Truncated JSON"], ["shield", "Traffic shield (x5)"],
];
const columns = new Map();
let messages = [];
let show = "all";

const clock = (at) => new Date(at).toLocaleTimeString([], { hour12: false });
const words = (m) => m.words ??= JSON.stringify([m.name, m.code, m.text, m.why, m.shown, m.request]).toLowerCase();

// ---- filters

const wanted = (m) => {
  const text = byId("search").value.trim().toLowerCase();
  const severity = byId("severity").value;
  return (show === "all" || m.accepted === (show === "accepted"))
    && (!severity || m.severity === severity)
    && (!text || words(m).includes(text));
};

const filter = () => {
  for (const column of columns.values()) {
    let hits = 0;
    for (const item of column.log.children) {
      item.hidden = !wanted(item.message);
      if (!item.hidden) hits += 1;
    }
    column.none.hidden = hits > 0;
    column.none.firstChild.textContent = column.log.children.length > 0 ? "Nothing here matches." : column.hint;
    column.log.scrollTop = column.log.scrollHeight;
  }
};

// ---- columns

// On a telephone one column fills the screen; its tab says which.
const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) target.tab.setAttribute("aria-current", "true");
    else target.tab.removeAttribute("aria-current");
  }
}, { threshold: 0.6 });

const copy = (button, text) => {
  const done = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = "Copy address"; }, 1500);
  };
  navigator.clipboard.writeText(text).then(() => done("Copied"), () => done("Can't copy"));
};

const setFault = async (column, chat) => {
  const fault = column.fault.value;
  const url = `/api/chats/${chat}/fault`;
  if (!fault) {
    await fetch(url, { method: "DELETE" });
    return;
  }
  const body = { fault, ms: Number(column.ms.value) };
  if (Number(column.times.value) > 0) body.times = Number(column.times.value);
  const headers = { "content-type": "application/json" };
  await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
};

const number = (label, value, placeholder) => {
  const input = el("input");
  Object.assign(input, { type: "number", min: "1", max: "600000", value, placeholder });
  return [el("label", "field", el("span", "", label), input), input];
};

const faultBox = (column, id) => {
  const select = el("select", "", ...FAULTS.map(([word, text]) => {
    const option = el("option", "", text);
    option.value = word;
    return option;
  }));
  const [ms, msInput] = number("ms", "3000", "");
  const [times, timesInput] = number("requests", "", "all");
  ms.hidden = true;
  Object.assign(column, { fault: select, ms: msInput, msField: ms, times: timesInput });
  const apply = () => {
    ms.hidden = select.value !== "slow";
    setFault(column, id);
  };
  for (const input of [select, msInput, timesInput]) input.addEventListener("change", apply);
  const summary = el("summary", "", "Fault switch");
  return el("details", "faults", summary, el("div", "switches",
    el("label", "field", el("span", "", "next requests meet"), select), times, ms));
};

const column = (id, chat) => {
  const known = columns.get(id);
  if (known) return known;
  const [vendor, letter] = VENDORS[chat.kind];
  const made = { id };
  const avatar = el("span", `avatar ${chat.kind}`, letter);
  avatar.setAttribute("aria-hidden", "true");
  made.title = el("h2", "", chat.name);
  made.title.id = `chat-${id}`;
  made.counts = el("p", "counts");
  made.chips = el("div", "chips");
  made.meter = el("div", "rates");
  made.log = el("ol", "log");
  made.log.setAttribute("role", "log");
  made.log.setAttribute("aria-label", `Messages of ${chat.name}`);
  made.log.tabIndex = 0;
  made.hint = id === "0" ? "" : "No messages yet. Put this chat's address into a robot:";
  made.none = el("div", "empty", el("p", "", made.hint));
  const head = el("header", "chat-head", avatar, el("div", "names", made.title, el("p", "vendor", vendor)));
  const section = el("section", `chat ${chat.kind}`);
  section.setAttribute("aria-labelledby", made.title.id);
  if (id === "0") {
    section.append(head, made.none, made.log);
  } else {
    const button = el("button", "plain small", "Copy address");
    button.type = "button";
    button.addEventListener("click", () => copy(button, made.url));
    made.address = el("code", "address");
    made.none.append(made.address);
    head.append(button);
    section.append(head, el("div", "state", made.counts, made.chips), made.meter, faultBox(made, id), made.none, made.log);
  }
  made.section = section;
  made.tab = el("button", `tab ${chat.kind}`, el("span", "dot"), chat.name);
  made.tab.type = "button";
  made.tab.addEventListener("click", () => section.scrollIntoView({ behavior: "smooth", inline: "start", block: "nearest" }));
  byId("tabs").append(made.tab);
  inView.observe(section);
  section.tab = made.tab;
  byId("chats").append(section);
  columns.set(id, made);
  return made;
};

const rates = (chat) => {
  const all = chat.rate.map(({ used, max, ms }) => {
    const per = ms >= 60000 ? `${ms / 60000 === 1 ? "" : ms / 60000} min` : `${ms / 1000 === 1 ? "" : ms / 1000} s`;
    const label = `${used} of ${max} per ${per.trim()}`;
    const fill = el("span", used >= max ? "full" : "");
    fill.style.setProperty("width", `${Math.min(100, (100 * used) / max)}%`);
    const track = el("div", "track", fill);
    track.setAttribute("role", "meter");
    track.setAttribute("aria-label", "Messages in the rate window");
    for (const [name, value] of [["valuemin", 0], ["valuemax", max], ["valuenow", used], ["valuetext", label]]) {
      track.setAttribute(`aria-${name}`, String(value));
    }
    return el("div", "rate", track, el("span", "rate-text", label));
  });
  if (chat.frozen_ms) {
    const left = Math.ceil(chat.frozen_ms / 1000);
    const text = `frozen for ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    all.push(el("p", "frozen", text));
  }
  return all;
};

let busy = false;
const showChats = (chats) => {
  const sum = (name) => chats.reduce((total, chat) => total + chat[name], 0);
  busy = false;
  for (const chat of chats) {
    const made = column(String(chat.id), chat);
    made.url = chat.url;
    made.title.textContent = chat.name;
    made.address.textContent = chat.url;
    const failures = chat.delta > 0 ? `, ${chat.delta.toLocaleString()} failures` : "";
    made.counts.textContent = `${chat.accepted} seen, ${chat.refused} refused${failures}`;
    const chips = [];
    if (chat.signed) chips.push(el("span", "chip", "signed"));
    for (const keyword of chat.keywords) chips.push(el("span", "chip", `keyword ${keyword}`));
    for (const { fault, times } of chat.faults) {
      chips.push(el("span", "chip alarm", `${fault}${times ? ` × ${times}` : ""}`));
    }
    made.chips.replaceChildren(...chips);
    made.meter.replaceChildren(...rates(chat));
    if (document.activeElement !== made.fault) made.fault.value = chat.faults[0]?.fault ?? "";
    made.msField.hidden = made.fault.value !== "slow";
    busy ||= chat.frozen_ms > 0 || chat.rate.some(({ used }) => used > 0);
  }
  byId("total-accepted").textContent = sum("accepted").toLocaleString();
  byId("total-refused").textContent = messages.filter((m) => m.chat === 0).length + sum("refused");
  byId("total-delta").textContent = sum("delta").toLocaleString();
};

// ---- messages

const refusal = (m) => el("div", "refusal",
  el("p", "", el("strong", "", m.code === "fault" ? "Not delivered" : `Refused ${m.code}`), m.text && m.text !== m.code ? ` ${m.text}` : ""),
  el("p", "why", m.why));

const add = (m) => {
  const chat = column(String(m.chat), { name: m.name || "No such chat", kind: m.kind });
  const stick = chat.log.scrollHeight - chat.log.scrollTop - chat.log.clientHeight < 80;
  const details = el("button", "plain small", "Details");
  details.type = "button";
  details.setAttribute("aria-label", `Details of message ${m.n}, ${m.accepted ? "seen" : `refused, code ${m.code}`}`);
  details.addEventListener("click", () => openDetail(m));
  const time = el("time", "", clock(m.at));
  time.dateTime = new Date(m.at).toISOString();
  const avatar = el("span", `avatar mini ${m.kind}`, VENDORS[m.kind][1]);
  avatar.setAttribute("aria-hidden", "true");
  const meta = el("div", "meta", avatar, time);
  if (m.severity) meta.append(el("span", `severity ${m.severity}`, m.severity));
  if (m.delta > 0) meta.append(el("span", "chip", `+${m.delta.toLocaleString()}`));
  if (m.mentions.length > 0) meta.append(el("span", "chip alarm", `pings ${m.mentions.length}`));
  meta.append(details);
  const item = el("li", `item ${m.accepted ? "seen" : "lost"} ${m.severity ?? ""}`, meta, m.accepted ? draw.message(m) : refusal(m));
  item.message = m;
  item.hidden = !wanted(m);
  item.lastChild.addEventListener("click", (event) => {
    if (!event.target.closest("a") && !String(getSelection())) openDetail(m);
  });
  chat.log.append(item);
  if (chat.log.children.length > KEPT) chat.log.firstChild.remove();
  if (!item.hidden) chat.none.hidden = true;
  if (stick) chat.log.scrollTop = chat.log.scrollHeight;
};

const pretty = (text) => {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
};

const part = (title, ...children) => el("section", "", el("h3", "", title), ...children);

const openDetail = (m) => {
  byId("detail-title").textContent = `Message ${m.n} · ${m.name || "no such chat"}`;
  const verdict = el("p", `verdict ${m.accepted ? "good" : "bad"}`, el("strong", "", m.accepted ? "Accepted" : "Refused"), ` ${m.code} ${m.text}`);
  const [status, ...reply] = m.reply.split("\n");
  const head = [`${m.request.method} ${m.request.path}`, ...m.request.headers.map(([name, value]) => `${name}: ${value}`)];
  byId("detail-body").replaceChildren(
    part("Verdict", verdict, el("p", "", m.why)),
    part("Reply", el("p", "", status), ...(reply.length > 0 ? [el("pre", "", pretty(reply.join("\n")))] : [])),
    part("Request", el("pre", "", head.join("\n"))),
    part(`Body, ${new TextEncoder().encode(m.request.body).length.toLocaleString()} bytes`, el("pre", "", pretty(m.request.body))),
  );
  byId("detail").showModal();
};

// ---- live

const api = async (path) => (await fetch(path)).json();

const load = async () => {
  messages = [];
  const [chats, all] = await Promise.all([api("/api/chats"), api("/api/messages")]);
  // What came by event while the list was on its way is kept.
  const last = all.at(-1)?.n ?? 0;
  messages = all.concat(messages.filter(({ n }) => n > last));
  for (const { log } of columns.values()) log.replaceChildren();
  showChats(chats);
  messages.forEach(add);
  filter();
};

const live = (text, good) => {
  byId("live").textContent = text;
  byId("live").classList.toggle("good", good);
};

// Who takes a picture waits until the network is quiet, and a stream of events never is.
const still = location.search === "?still";
if (still) { live("as it is now", true); load(); }
const events = still ? new EventTarget() : new EventSource("/api/events");
events.addEventListener("resync", () => { live("live", true); load(); });
events.addEventListener("cleared", load);
events.addEventListener("chats", (event) => showChats(JSON.parse(event.data)));
events.addEventListener("message", (event) => {
  const m = JSON.parse(event.data);
  if (messages.some(({ n }) => n === m.n)) return;
  messages.push(m);
  if (messages.length > 5000) messages.shift();
  add(m);
});
events.addEventListener("error", () => live("connection lost, trying again", false));

// A rate window empties by itself, so it is read again while there is something in it.
setInterval(async () => {
  if (busy && !still && !document.hidden) showChats(await api("/api/chats"));
}, 1000);

// ---- tools

byId("search").addEventListener("input", filter);
byId("severity").addEventListener("change", filter);
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    show = button.dataset.show;
    for (const other of document.querySelectorAll("[data-show]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    filter();
  });
}
byId("clear").addEventListener("click", () => {
  fetch("/api/clear", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
});
byId("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
});
byId("detail-close").addEventListener("click", () => byId("detail").close());
byId("detail").addEventListener("click", (event) => {
  if (event.target === byId("detail")) byId("detail").close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, select, dialog")) {
    event.preventDefault();
    byId("search").focus();
  }
});
