// Answers from the kept book when the network does not. It is registered only when somebody has
// asked for that on /book/, and it never keeps anything by itself.
const PREFIX = "warmstart-book-";
const FALLBACK = "{{ fallback }}";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function find(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const found = await (await caches.open(name)).match(path);
    if (found) return found;
  }
  return null;
}

async function answer(request) {
  const { pathname, search } = new URL(request.url);
  const network = fetch(request);
  const kept = search ? null : await find(pathname);
  if (!kept) {
    return network.catch(async (error) => {
      const page = request.mode === "navigate" ? await find(FALLBACK) : null;
      if (page) return page;
      throw error;
    });
  }
  // A connection that exists and does not answer is worse than none.
  const impatient = new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); });
  return Promise.race([network.catch(() => kept), impatient]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) {
    event.respondWith(answer(request));
  }
});
