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

// A plate enlarged in a dialog: Esc closes it, + - 0 change the size.
function enlarge(button) {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
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
  });
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
export function say(sentence) {
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

theme();
each(".tabs", tabs);
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
