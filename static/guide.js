// Reading aids, all of them local to this browser: where you stopped, what you have read, the
// current heading, and a list of answers under the search box. Nothing is sent anywhere.
const get = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const put = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode */ }
};
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

// Search box as a combobox: arrow keys move, Enter opens, Esc closes. Without script, a form.
function combobox(input, index) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = `found-${index}`;
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
}

ticks();
place();
resume();
if (article) follow();
document.querySelectorAll(".site-search input").forEach(combobox);

// On the concept map a word shows its own lines, and where they end.
const wholeMap = document.querySelector(".concepts-whole");
if (wholeMap) {
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

// Words that were searched for are marked on the page that was chosen, without touching its text
// or its address; Escape takes the marks away.
document.querySelector(".hits")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const query = document.querySelector(".searchpage [name=q]")?.value;
  if (link && query) sessionStorage.setItem("found", JSON.stringify({ path: new URL(link.href).pathname, query }));
});

function highlight() {
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
highlight();
