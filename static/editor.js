// The editor of a draft: saves and checks at each pause, marks lines, proposes what may be said.
// Without this file the same form works with its buttons.
const form = document.getElementById("draft-form");
const area = document.getElementById("text");
const under = form.querySelector(".beneath");
const list = document.getElementById("proposals");
const panel = document.getElementById("panel");
const state = document.getElementById("text-state");
const saved = document.getElementById("saved");
const asOf = document.getElementById("as-of");
const place = document.getElementById("place");
const version = form.elements.version;
const PAUSE = 700;

let marks = JSON.parse(document.getElementById("marks").textContent);
// What was typed while the page was loading is not sent yet.
let sent = area.defaultValue.replace(/\r\n?/g, "\n");
let flying = false;
let halted = false;
let timer = 0;

// The sheet: every line once more beneath the text, with its number, its mark and its problem.
function line(text, mark) {
  const item = document.createElement("div");
  if (mark) item.className = mark.kind === "problem" ? "err" : "warn";
  const key = /^(\s*(?:- )?)([\w.]+:)(?=\s|$)(.*)$/.exec(text);
  const comment = /^\s*#/.test(text);
  const add = (kind, part) => {
    if (!part) return;
    const span = document.createElement("span");
    if (kind) span.className = kind;
    span.textContent = part;
    item.append(span);
  };
  if (comment) add("c", text);
  else if (key) { add("", key[1]); add("k", key[2]); add("", key[3]); }
  else add("", text || " ");
  if (mark) add(`lens lens-${mark.kind}`, `  ${mark.text}${mark.more ? ` and ${mark.more} more` : ""}`);
  return item;
}

// Only what differs between the first and the last changed line is made anew.
let shown = [];

function draw() {
  const at = new Map();
  marks.forEach((mark) => {
    const old = at.get(mark.line);
    at.set(mark.line, old ? { ...old, more: old.more + 1 } : { ...mark, more: 0 });
  });
  const rows = area.value.split("\n").map((text, n) => ({ text, mark: at.get(n + 1) }));
  const keys = rows.map(({ text, mark }) => (mark ? `${text}\n${mark.kind}${mark.more}${mark.text}` : text));
  let start = 0;
  while (start < keys.length && start < shown.length && keys[start] === shown[start]) start += 1;
  let end = 0;
  while (end < keys.length - start && end < shown.length - start && keys.at(-1 - end) === shown.at(-1 - end)) end += 1;
  const after = under.children[shown.length - end] || null;
  for (let n = shown.length - end - 1; n >= start; n -= 1) under.children[n].remove();
  const made = document.createDocumentFragment();
  rows.slice(start, rows.length - end).forEach(({ text, mark }) => made.append(line(text, mark)));
  under.insertBefore(made, after);
  shown = keys;
  where();
}

function where() {
  const before = area.value.slice(0, area.selectionStart).split("\n");
  place.textContent = `line ${before.length}, column ${before.at(-1).length + 1}`;
  const name = component(area.value.split("\n"), before.length - 1);
  panel.querySelectorAll("[data-subject]").forEach((shape) => shape.classList.toggle("subject", Boolean(name) && shape.dataset.subject === name));
}

function component(lines, n) {
  for (let i = n; i >= 0; i -= 1) {
    const found = /^\s*-\s*(?:\{\s*)?id:\s*([\w-]+)/.exec(lines[i]);
    if (found) return found[1];
    if (/^\S/.test(lines[i]) && !/^[#-]/.test(lines[i])) return "";
  }
  return "";
}

// Saving: one request at a time; what was typed meanwhile goes with the next.
function later() {
  if (halted) return;
  clearTimeout(timer);
  saved.textContent = "not saved yet";
  timer = setTimeout(save, PAUSE);
}

async function save() {
  if (flying || halted) return;
  const text = area.value;
  if (text === sent) { saved.textContent = saved.dataset.at || saved.textContent; return; }
  flying = true;
  saved.textContent = "saving …";
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(String(answer.status));
    taken(await answer.json(), text);
  } catch {
    saved.textContent = "not saved: no answer from the site; your text is still here";
    timer = setTimeout(save, 10 * PAUSE);
  } finally {
    flying = false;
  }
  if (!halted && area.value !== text) later();
}

function taken(found, text) {
  if (found.conflict) {
    halted = true;
    saved.textContent = "not saved: changed in another window";
    const box = document.getElementById("conflict");
    box.innerHTML = found.conflict;
    box.focus();
    return;
  }
  if (found.error) { saved.textContent = `not saved: ${found.error}`; sent = text; return; }
  sent = text;
  version.value = found.version;
  saved.textContent = saved.dataset.at = `saved ${found.saved}`;
  document.getElementById("undo").disabled = false;
  marks = found.marks;
  show(found);
  draw();
}

// While the text cannot be read, the last drawing that could be stays, below the problems.
function show(found) {
  const word = `${found.problems} problem${found.problems === 1 ? "" : "s"}`;
  state.textContent = found.readable ? `A design, ${found.open} open finding${found.open === 1 ? "" : "s"}` : word;
  state.classList.toggle("sev-critical", !found.readable);
  const open = new Set([...panel.querySelectorAll("details.finding[open]")].map((one) => one.querySelector(".where")?.textContent));
  if (found.readable) {
    panel.innerHTML = found.panel;
    panel.querySelectorAll("details.finding").forEach((one) => { one.open = open.has(one.querySelector(".where")?.textContent); });
    asOf.textContent = "as of the text beside";
    panel.dispatchEvent(new Event("warmstart:shown", { bubbles: true }));
    return;
  }
  const kept = panel.querySelector(".lastread") || document.createElement("div");
  if (!kept.classList.contains("lastread") && panel.querySelector("figure")) {
    kept.className = "lastread";
    kept.append(...panel.childNodes);
  }
  panel.innerHTML = found.panel;
  if (kept.classList.contains("lastread")) { panel.append(kept); asOf.textContent = "of the last text that could be read"; }
}

// From a problem to its line, and what its hint would put there.
function go(number) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1] || "").length);
  under.children[number - 1]?.scrollIntoView({ block: "center", inline: "nearest" });
}

function put(start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

panel.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (link) { event.preventDefault(); go(Number(link.dataset.line)); return; }
  const button = event.target.closest("[data-replace]");
  if (!button) return;
  event.preventDefault();
  const lines = area.value.split("\n");
  const number = Number(button.value);
  const column = (lines[number - 1] || "").indexOf(button.dataset.replace);
  if (column < 0) return;
  const start = lines.slice(0, number - 1).reduce((sum, one) => sum + one.length + 1, 0) + column;
  put(start, start + button.dataset.replace.length, button.dataset.with);
});

// Completion
const { propose } = await import(form.dataset.proposing);
let table = null;
let offered = [];
let chosen = -1;
// Where a key was just completed with its colon and space: those that habit adds are not second ones.
let accepted = -1;

function close() {
  list.hidden = true;
  offered = [];
  chosen = -1;
  area.removeAttribute("aria-activedescendant");
}

function select(n) {
  chosen = (n + offered.length) % offered.length;
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  area.setAttribute("aria-activedescendant", `proposal-${chosen}`);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function accept(n) {
  const { text, start } = offered[n];
  const end = area.selectionStart;
  close();
  put(start, end, text);
  accepted = text.trimEnd().endsWith(":") ? start + text.length : -1;
}

async function offer(asked) {
  table ||= await fetch(form.dataset.completion).then((answer) => answer.json()).catch(() => null);
  if (!table || area.selectionStart !== area.selectionEnd) return close();
  const found = propose(area.value, area.selectionStart, table, asked).slice(0, 60);
  if (!found.length) return close();
  offered = found;
  list.replaceChildren(...found.map((one, n) => {
    const item = document.createElement("div");
    item.id = `proposal-${n}`;
    item.setAttribute("role", "option");
    const word = document.createElement("code");
    word.textContent = one.word;
    const means = document.createElement("span");
    means.textContent = one.means;
    item.append(word, means);
    item.addEventListener("mousedown", (event) => { event.preventDefault(); accept(n); });
    return item;
  }));
  const before = area.value.slice(0, offered[0].start).split("\n");
  list.style.top = `calc(${before.length} * var(--row) + 12px)`;
  list.style.left = `calc(${Math.min(before.at(-1).length, 40)}ch + var(--margin))`;
  list.hidden = false;
  select(0);
}

area.addEventListener("keydown", (event) => {
  if (event.key === " " && event.ctrlKey) { event.preventDefault(); offer(true); return; }
  if (!list.hidden) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); select(chosen + step); return; }
    if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); accept(chosen); return; }
    if (event.key === "Escape") { event.preventDefault(); close(); return; }
  }
  if ((event.key === ":" || event.key === " ") && accepted === area.selectionStart) {
    event.preventDefault();
    if (event.key === " ") accepted = -1;
    return;
  }
  if (event.key.length === 1) accepted = -1;
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); clearTimeout(timer); save(); return; }
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
    const current = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
    const indent = /^\s*/.exec(current)[0] + (/^\s*- \w+:/.test(current) ? "  " : "") + (/^(?!\s*-)[^#{]*:\s*$/.test(current) ? "  " : "");
    if (!indent) return;
    event.preventDefault();
    // The indentation of what moves down is not added to the new one.
    const moved = /^[ \t]*/.exec(area.value.slice(area.selectionEnd))[0].length;
    put(area.selectionStart, area.selectionEnd + moved, `\n${indent}`);
  }
});
area.addEventListener("input", (event) => {
  draw();
  later();
  if (event.inputType === "insertText" || event.inputType === "deleteContentBackward") offer(false); else close();
});
area.addEventListener("blur", close);
document.addEventListener("selectionchange", () => { if (document.activeElement === area) where(); });
form.addEventListener("submit", () => { halted = true; clearTimeout(timer); });
window.addEventListener("beforeunload", (event) => { if (!halted && area.value !== sent) event.preventDefault(); });

area.setAttribute("aria-autocomplete", "list");
area.setAttribute("aria-controls", "proposals");
place.hidden = false;
document.getElementById("keys").hidden = false;
under.hidden = false;
form.classList.add("on");
draw();
if (area.value !== sent) later();
if (location.hash.startsWith("#line-")) go(Number(location.hash.slice(6)));
