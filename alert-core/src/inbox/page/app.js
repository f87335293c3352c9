"use strict";
const add = (m) => {
  const p = document.createElement("pre");
  p.textContent = `${m.name} ${m.accepted ? "accepted" : "refused"} ${m.code} ${m.text} (${m.why})\n${m.request.method} ${m.request.path}\n${m.request.body}`;
  document.getElementById("all").prepend(p);
};
const load = async () => {
  document.getElementById("all").replaceChildren();
  (await (await fetch("/api/messages")).json()).forEach(add);
};
const events = new EventSource("/api/events");
events.addEventListener("resync", load);
events.addEventListener("cleared", load);
events.addEventListener("message", (event) => add(JSON.parse(event.data)));
