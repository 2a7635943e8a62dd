// What few visits need: asked for by app.js at the first use. It imports nothing, since the names of
// files carry a hash in production.

// A plate enlarged in a dialog: Esc closes it, + - 0 change the size.
export function enlarge(button) {
  const drawing = button.closest(".plate")?.querySelector(".drawing");
  if (!drawing) return;
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  dialog.setAttribute("aria-label", "Enlarged drawing");
  const bar = document.createElement("form");
  bar.method = "dialog";
  bar.className = "row";
  const view = document.createElement("div");
  view.className = "zoom-view";
  view.tabIndex = 0;
  view.setAttribute("role", "region");
  view.setAttribute("aria-label", "Drawing");
  const copy = drawing.cloneNode(true);
  copy.removeAttribute("aria-labelledby");
  view.append(copy);
  const base = Number(drawing.getAttribute("width")) || drawing.clientWidth;
  let scale = 1;
  const size = (to) => {
    scale = Math.min(4, Math.max(0.25, to));
    copy.setAttribute("width", String(base * scale));
    copy.setAttribute("height", String(Number(drawing.getAttribute("height")) * scale));
  };
  for (const [label, name, to] of [["−", "Smaller", () => scale / 1.25], ["+", "Larger", () => scale * 1.25], ["1:1", "Original size", () => 1]]) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn btn-small";
    b.textContent = label;
    b.setAttribute("aria-label", name);
    b.addEventListener("click", () => size(to()));
    bar.append(b);
  }
  const close = document.createElement("button");
  close.className = "btn btn-small";
  close.textContent = "Close";
  bar.append(close);
  dialog.append(bar, view);
  dialog.addEventListener("keydown", (e) => {
    const to = { "+": scale * 1.25, "=": scale * 1.25, "-": scale / 1.25, 0: 1 }[e.key];
    if (to) { size(to); e.preventDefault(); }
  });
  dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
  document.body.append(dialog);
  size(Math.min(4, Math.max(1, (innerWidth - 80) / base)));
  dialog.showModal();
}

// Search box as a combobox: arrow keys move, Enter opens, Esc closes. Without script, a form.
export function combobox(input) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = "found";
  list.className = "found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Answers");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off" })) input.setAttribute(name, value);
  let at = -1, timer, asked = "";
  const options = () => [...list.children];
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; };
  const choose = (to) => {
    const all = options();
    if (!all.length) return;
    at = (to + all.length) % all.length;
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const query = input.value.trim();
    if (query.length < 2) return close();
    if (query === asked && !list.hidden) return;
    asked = query;
    const answer = await fetch(`/search/options?q=${encodeURIComponent(query)}`).catch(() => null);
    if (!answer?.ok || query !== input.value.trim()) return;
    list.innerHTML = await answer.text();
    options().forEach((o, i) => { o.id = `${list.id}-${i}`; });
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) choose(0);
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("focus", () => { if (input.value.trim().length > 1) ask(); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !list.hidden) { close(); e.preventDefault(); }
    if (list.hidden) return;
    if (e.key === "ArrowDown") { choose(at + 1); e.preventDefault(); }
    if (e.key === "ArrowUp") { choose(at - 1); e.preventDefault(); }
    if (e.key === "Enter" && at >= 0) { options()[at].querySelector("a").click(); e.preventDefault(); }
  });
  list.addEventListener("mousedown", (e) => e.preventDefault());
  list.addEventListener("click", close);
  if (input.value.trim().length > 1) ask();
}

// On the concept map a word shows its own lines, and where they end.
export function concepts(wholeMap) {
  const lines = [...wholeMap.querySelectorAll(".ct-line")];
  const words = new Map([...wholeMap.querySelectorAll("[data-term]")].map((a) => [a.dataset.term, a]));
  const show = (id) => {
    for (const line of lines) {
      const { a, b } = line.dataset;
      const on = id === a || id === b;
      line.classList.toggle("is-on", on);
      if (on) words.get(id === a ? b : a)?.classList.add("is-near");
    }
  };
  const clear = () => {
    for (const line of lines) line.classList.remove("is-on");
    for (const word of words.values()) word.classList.remove("is-near");
  };
  for (const [id, word] of words) {
    for (const event of ["pointerenter", "focus"]) word.addEventListener(event, () => { clear(); show(id); });
    for (const event of ["pointerleave", "blur"]) word.addEventListener(event, clear);
  }
}

// Marks the words that were searched for.
export function highlight() {
  let found = null;
  try { found = JSON.parse(sessionStorage.getItem("found")); } catch { return; }
  sessionStorage.removeItem("found");
  const main = document.querySelector("main");
  if (found?.path !== location.pathname || !main || !window.Highlight) return;
  const words = found.query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  if (!words.length) return;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu");
  const ranges = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < 500; node = walker.nextNode()) {
    for (const match of node.data.matchAll(pattern)) {
      const range = new Range();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
  addEventListener("keydown", (event) => { if (event.key === "Escape") CSS.highlights.delete("found"); });
}
