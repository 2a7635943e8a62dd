// Keeps the reading pages in this browser, after it has said how much that is. Nothing happens
// before a button is pressed; a second one removes everything again.
const say = (detail) => dispatchEvent(new CustomEvent("warmstart:say", { detail }));

const PREFIX = "warmstart-book-";
const box = document.querySelector("[data-offline]");
const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const make = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

async function show() {
  const answer = await fetch(box.dataset.list).catch(() => null);
  const list = answer?.ok ? await answer.json() : null;
  const names = await kept();
  const row = make("p", "", { class: "row" });
  const button = (text, act, main) => {
    const made = make("button", text, { type: "button", class: main ? "btn btn-main" : "btn" });
    made.addEventListener("click", act);
    row.append(made);
  };
  let sentence;
  if (names.length && (!list || names.includes(PREFIX + list.version))) {
    sentence = "The book is kept in this browser. Pages that you open are still fetched anew while there is a connection.";
  } else if (names.length) {
    sentence = `This browser keeps an earlier text. The present one is ${size(list.fetch)} to fetch.`;
    button("Bring it up to date", () => keep(list), true);
  } else if (list) {
    sentence = `${list.paths.length} files: ${size(list.fetch)} to fetch, ${size(list.stored)} on this device. Chapters, glossary and patterns are then readable without a connection; search and tools are not.`;
    button(`Keep it here, ${size(list.fetch)}`, () => keep(list), true);
  } else {
    sentence = "Not prepared yet on this server. Reload this page in a minute.";
  }
  if (names.length) button("Remove it", remove, false);
  box.replaceChildren(make("p", sentence), row);
}

// Six at a time; the new copy counts only when it is complete, and then the old one goes.
async function keep(list) {
  const name = PREFIX + list.version;
  const bar = make("progress", "", { max: list.paths.length, value: 0, "aria-label": "Fetching the book" });
  const told = make("p", "Fetching …");
  box.replaceChildren(told, bar);
  const before = (await kept()).filter((other) => other !== name);
  const cache = await caches.open(name);
  const waiting = [...list.paths];
  let done = 0;
  const fetcher = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      const answer = await fetch(path, { cache: "no-cache" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      await cache.put(path, answer);
      bar.value = done += 1;
      told.textContent = `${done} of ${list.paths.length} files`;
    }
  };
  try {
    await Promise.all(Array.from({ length: 6 }, fetcher));
    await navigator.serviceWorker.register("/offline-worker.js");
    await Promise.all(before.map((other) => caches.delete(other)));
    navigator.storage?.persist?.();
    say("The book is kept");
    await show();
  } catch (error) {
    waiting.length = 0;
    await caches.delete(name);
    await show();
    box.prepend(make("p", `It could not be kept (${error.message}). Nothing was changed.`, { role: "alert" }));
  }
  box.querySelector("button")?.focus();
}

async function remove() {
  for (const name of await kept()) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  say("Removed");
  await show();
  box.querySelector("button")?.focus();
}

if (box && "caches" in window && navigator.serviceWorker) show();
