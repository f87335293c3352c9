// Draws a message from the tree that the server made of it. Text is only ever set as text, elements are only ever
// made by the names in this file, and an address is looked at again before it becomes a link.
"use strict";

const draw = (() => {
  const el = (tag, className, ...children) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };

  const KNOWN = new Set([
    "red", "carmine", "orange", "yellow", "green", "turquoise", "wathet", "blue", "indigo", "purple", "violet",
    "grey", "default", "good", "warning", "danger", "info", "comment", "critical", "error",
  ]);

  // A colour by the vendor's name, or by number where the vendor takes one; anything else is no colour.
  const paint = (node, colour) => {
    if (KNOWN.has(colour)) node.classList.add(`c-${colour}`);
    else if (/^#[0-9a-fA-F]{6}$/.test(colour)) node.style.setProperty("--tint", colour);
    return node;
  };

  const link = (href, className, children) => {
    if (!/^(https?|dingtalk):\/\//i.test(href)) return el("span", className, ...children);
    const node = el("a", className, ...children);
    node.href = href;
    node.rel = "noopener noreferrer";
    node.target = "_blank";
    return node;
  };

  const line = (parts) => parts.map((part) => {
    switch (part.is) {
      case "text": return document.createTextNode(part.text);
      case "b": return el("strong", "", ...line(part.in));
      case "i": return el("em", "", ...line(part.in));
      case "s": return el("s", "", ...line(part.in));
      case "code": return el("code", "", part.text);
      case "colour": return paint(el("span", "tinted", ...line(part.in)), part.colour);
      case "tag": return paint(el("span", "tag", part.text), part.colour);
      case "a": return link(part.href, "", line(part.in));
      case "img": return el("span", "picture", `▧ ${part.alt || "image"}`);
      case "at": return el("span", "at", `@${part.text}`);
      case "br": return el("br");
      default: return document.createTextNode("");
    }
  });

  const table = (rows) => {
    const [head = [], ...rest] = rows;
    const row = (cells, tag) => el("tr", "", ...cells.map((cell) => el(tag, "", ...line(cell))));
    return el("div", "wide", el("table", "", el("thead", "", row(head, "th")),
      el("tbody", "", ...rest.map((cells) => row(cells, "td")))));
  };

  const blocks = (all) => all.map((block) => {
    switch (block.is) {
      case "h": return el("p", `h h${block.level}`, ...line(block.in));
      case "p": return el("p", "", ...line(block.in));
      case "quote": return el("blockquote", "", ...blocks(block.in));
      case "note": return el("div", "note", ...blocks(block.in));
      case "bar": return paint(el("div", "bar", ...blocks(block.in)), block.colour);
      case "list":
        return el(block.ordered ? "ol" : "ul", "", ...block.items.map((item) => el("li", "", ...line(item))));
      case "pre": return el("pre", "", block.text);
      case "hr": return el("hr");
      case "table": return table(block.rows);
      case "columns": return el("div", "columns", ...block.columns.map((column) => el("div", "", ...blocks(column))));
      case "buttons":
        return el("div", "buttons", ...block.all.map(([text, href]) => link(href, "button", [text])));
      default: return el("p");
    }
  });

  // The bubble or card, as the group sees it.
  const message = (m) => {
    const shown = m.shown;
    const bubble = el("div", `bubble ${m.kind}`);
    if (shown.title || shown.tags.length > 0) {
      const head = paint(el("div", "head"), shown.colour);
      const title = el("p", "title", shown.title);
      title.append(...shown.tags.map(([text, colour]) => paint(el("span", "tag", text), colour)));
      head.append(title);
      if (shown.subtitle) head.append(el("p", "subtitle", shown.subtitle));
      bubble.append(head);
      bubble.classList.add("card");
    }
    const body = el("div", "body", ...blocks(shown.blocks));
    if (shown.pings.length > 0) {
      body.append(el("p", "pings", ...shown.pings.flatMap((name) => [el("span", "at", `@${name}`), " "])));
    }
    bubble.append(body);
    return bubble;
  };

  return { el, message };
})();
