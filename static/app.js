// Enhancement only: every page reads and works without this file.
const root = document.documentElement;
const store = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
};
const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);

// Theme: light, dark, or as the system. The choice is applied before first paint by the inline script.
function theme() {
  const now = root.dataset.theme || "auto";
  each(".theme input", (radio) => {
    radio.checked = radio.value === now;
    radio.addEventListener("change", () => {
      if (radio.value === "auto") delete root.dataset.theme; else root.dataset.theme = radio.value;
      store.set("theme", radio.value);
    });
  });
}

// Provider tabs: panels are stacked until this takes over; one choice holds for all pages.
function tabs(box, index) {
  const panels = [...box.querySelectorAll(":scope > .panel")];
  const names = panels.map((p) => p.querySelector("h4, h5")?.textContent.trim() ?? "");
  const list = document.createElement("div");
  list.className = "tablist";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", box.dataset.label || "Provider");
  const buttons = panels.map((panel, i) => {
    const button = document.createElement("button");
    panel.id ||= `panel-${index}-${i}`;
    button.type = "button";
    button.id = `${panel.id}-tab`;
    button.textContent = names[i];
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    list.append(button);
    return button;
  });
  const show = (chosen) => buttons.forEach((b, i) => {
    b.setAttribute("aria-selected", String(i === chosen));
    b.tabIndex = i === chosen ? 0 : -1;
    panels[i].hidden = i !== chosen;
  });
  box.addEventListener("warmstart:choose", (e) => {
    const i = names.indexOf(e.detail);
    if (i >= 0) show(i);
  });
  const choose = (i) => {
    store.set("on", names[i]);
    each(".tabs", (other) => other.dispatchEvent(new CustomEvent("warmstart:choose", { detail: names[i] })));
  };
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => choose(i));
    button.addEventListener("keydown", (e) => {
      const next = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: buttons.length - 1 }[e.key];
      if (next === undefined) return;
      e.preventDefault();
      const to = (next + buttons.length) % buttons.length;
      choose(to);
      buttons[to].focus();
    });
  });
  const asked = new URLSearchParams(location.search).get("on")?.toLowerCase();
  const wanted = asked ? names.findIndex((n) => n.toLowerCase() === asked) : names.indexOf(store.get("on"));
  box.prepend(list);
  box.classList.add("on");
  show(Math.max(wanted, 0));
}

// Copy buttons say what they did; without a clipboard they are not shown.
function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = button.dataset.copy ? document.querySelector(button.dataset.copy) : button.parentElement.querySelector("pre");
    if (!from) return;
    await navigator.clipboard.writeText("value" in from ? from.value : from.textContent);
    say("Copied");
  });
}

let live;
function say(sentence) {
  if (!live) {
    live = document.createElement("p");
    live.className = "toast";
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  live.textContent = "";
  setTimeout(() => { live.textContent = sentence; }, 30);
  setTimeout(() => { if (live.textContent === sentence) live.textContent = ""; }, 6000);
}
addEventListener("warmstart:say", (e) => say(e.detail));

// Glossary popovers: hover, focus and tap; Esc closes; the pointer may move into them.
function term(anchor) {
  const pop = document.getElementById(anchor.dataset.pop);
  if (!pop?.showPopover) return;
  let timer;
  const place = () => {
    const at = anchor.getBoundingClientRect();
    pop.style.setProperty("left", `${Math.max(8, Math.min(at.left, innerWidth - pop.offsetWidth - 8))}px`);
    const below = at.bottom + 6;
    pop.style.setProperty("top", `${below + pop.offsetHeight > innerHeight ? Math.max(8, at.top - pop.offsetHeight - 6) : below}px`);
  };
  const open = () => { clearTimeout(timer); if (!pop.matches(":popover-open")) { pop.showPopover(); place(); } };
  const later = (act, ms) => { clearTimeout(timer); timer = setTimeout(act, ms); };
  const close = () => { if (pop.matches(":popover-open") && !pop.contains(document.activeElement)) pop.hidePopover(); };
  anchor.addEventListener("mouseenter", () => later(open, 300));
  anchor.addEventListener("mouseleave", () => later(close, 250));
  pop.addEventListener("mouseenter", () => clearTimeout(timer));
  pop.addEventListener("mouseleave", () => later(close, 250));
  anchor.addEventListener("focus", open);
  anchor.addEventListener("blur", () => later(close, 150));
  anchor.addEventListener("click", (e) => {
    // A first tap opens; the entry itself is one more tap away, inside the popover.
    if (matchMedia("(hover: none)").matches) { e.preventDefault(); open(); }
  });
  addEventListener("keydown", (e) => { if (e.key === "Escape") pop.hidePopover?.(); });
  addEventListener("scroll", () => { if (pop.matches(":popover-open")) pop.hidePopover(); }, { passive: true });
}

// After a form swapped its region, focus goes to the heading of the result.
addEventListener("htmx:afterSettle", (e) => e.target.querySelector?.("#result")?.focus());


// What few visits need stands in another file, and is fetched at the first use.
const more = () => import(document.querySelector("[data-more]").dataset.more);

function enlarge(button) {
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    (await more()).enlarge(button);
  });
}

// Reading aids, all of them local to this browser: where you stopped, what you have read, the
// current heading. Nothing is sent anywhere.
const get = (key, otherwise) => {
  try { return JSON.parse(store.get(key)) ?? otherwise; } catch { return otherwise; }
};
const put = (key, value) => store.set(key, JSON.stringify(value));
const article = document.querySelector("[data-page]");
const read = new Set(get("read", []));

function tick(row) {
  const line = row.querySelector(":scope > a, :scope > div > a");
  if (!line || line.querySelector(".tick") || row.querySelector(".tick")) return;
  const mark = document.createElement("span");
  mark.className = "tick";
  mark.innerHTML = '<svg class="icon" viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true"><path d="M3 8.5l3.2 3.2L13 4.5"/></svg><span class="sr">read</span>';
  line.append(mark);
}

function ticks() {
  document.querySelectorAll("[data-section]").forEach((row) => { if (read.has(row.dataset.section)) tick(row); });
  document.querySelectorAll("[data-chapter]").forEach((row) => {
    const all = row.dataset.chapter.trim().split(" ").filter(Boolean);
    const done = all.filter((id) => read.has(id)).length;
    const shown = row.querySelector("[data-chapter-count]");
    if (done && shown) shown.textContent = `${done}/${all.length}`;
  });
  const count = document.querySelector("[data-read-count]");
  const listed = new Set([...document.querySelectorAll("[data-chapter]")].flatMap((row) => row.dataset.chapter.trim().split(" ")));
  const done = [...read].filter((id) => listed.has(id)).length;
  if (count && done) count.textContent = `${done} of ${count.dataset.of} sections read`;
}

// The heading that is being read is marked in the tree, and remembered for the front page.
function follow() {
  const headings = [...article.querySelectorAll("h2[id]")];
  const links = new Map([...document.querySelectorAll(".toc a")].map((a) => [a.hash.slice(1), a]));
  let now = null;
  const look = () => {
    const above = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 3);
    const current = above[above.length - 1] ?? null;
    const box = article.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
    if (current !== now) {
      links.get(now?.id)?.removeAttribute("aria-current");
      links.get(current?.id)?.setAttribute("aria-current", "location");
      now = current;
    }
    const { page, label, title, minutes } = article.dataset;
    const { next, nextLabel, nextTitle, nextMinutes } = article.dataset;
    if (share > 0.95 && next) {
      // Read to the end: the front page offers the section behind it.
      put("resume", { url: next, hash: "", at: "", done: label, label: nextLabel, title: nextTitle, minutes: Number(nextMinutes), share: 0, when: Date.now() });
    } else if (scrollY > 200) {
      put("resume", { url: location.pathname, hash: now?.id ?? "", at: now?.firstChild?.textContent.trim() ?? "", page, label, title, minutes: Number(minutes), share, when: Date.now() });
    }
    if (share > 0.97 && !read.has(page)) {
      read.add(page);
      put("read", [...read]);
      ticks();
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; look(); }, 200);
  }, { passive: true });
  look();
}

// The tree stays where it was scrolled to, and always shows the page that is open.
function place() {
  const tree = document.querySelector(".book-tree");
  if (!tree) return;
  try { tree.scrollTop = Number(sessionStorage.getItem("tree")); } catch { /* private mode */ }
  tree.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  addEventListener("pagehide", () => { try { sessionStorage.setItem("tree", tree.scrollTop); } catch { /* private mode */ } });
}

function resume() {
  const card = document.querySelector("[data-resume]");
  const last = get("resume", null);
  if (!card || !last?.url?.startsWith("/guide/")) return;
  const days = Math.floor((Date.now() - last.when) / 864e5);
  const ago = days < 1 ? "today" : days === 1 ? "yesterday" : `${days} days ago`;
  const say = (name, text) => { card.querySelector(`[data-resume-${name}]`).textContent = text; };
  say("where", last.done ? `You finished ${last.done} ${ago}` : `You stopped ${ago} in ${last.label}`);
  const left = Math.max(1, Math.round(last.minutes * (1 - last.share)));
  say("left", last.done ? `${last.minutes} min` : last.share > 0.95 ? "read to the end" : `${left} of ${last.minutes} min left`);
  say("title", last.title);
  say("at", last.done ? `${last.label}, next` : last.at ? `at “${last.at}”` : "at the beginning");
  card.querySelector("[data-resume-link]").href = last.url + (last.hash ? `#${last.hash}` : "");
  card.hidden = false;
}

theme();
each(".tabs", tabs);
ticks();
place();
resume();
if (article) follow();
each("[data-enlarge]", enlarge);
// A page that writes a part of itself anew says so at that part.
addEventListener("warmstart:shown", (e) => each("[data-enlarge]", enlarge, e.target));
each("[data-copy-button]", copying);
each("[data-pop]", term);
each("[data-print]", (b) => { b.hidden = false; b.addEventListener("click", () => print()); });
addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    const box = document.querySelector(".site-search input");
    if (box?.offsetParent) box.focus(); else location.href = "/search";
  }
});
each(".site-search input", (input) => input.addEventListener(
  "focus", async () => (await more()).combobox(input), { once: true },
));

// On the concept map a word shows its own lines.
const map = document.querySelector(".concepts-whole");
if (map) more().then((it) => it.concepts(map));

// Words that were searched for are marked on the page that was chosen, without touching its text
// or its address; Escape takes the marks away.
document.querySelector(".hits")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const query = document.querySelector(".searchpage [name=q]")?.value;
  if (link && query) sessionStorage.setItem("found", JSON.stringify({ path: new URL(link.href).pathname, query }));
});
try { if (sessionStorage.getItem("found")) more().then((it) => it.highlight()); } catch { /* private mode */ }
