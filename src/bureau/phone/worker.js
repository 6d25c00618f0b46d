// 手机页的离线外壳: keeps the page's own parts, never an answer with a child in it.
const CACHE = `phone-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => cache.addAll(PARTS.map((part) => new Request(part, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(
        names.filter((name) => name.startsWith("phone-") && name !== CACHE).map((name) => caches.delete(name)),
      ))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const page = event.request.mode === "navigate"
    && (address.pathname === "/phone/" || address.pathname.startsWith("/phone/c/"));
  if (!page && !PARTS.includes(address.pathname)) return;
  event.respondWith(
    caches.open(CACHE)
      .then((cache) => cache.match(page ? "/phone/" : address.pathname, { ignoreVary: true }))
      .then((kept) => kept || fetch(event.request)),
  );
});
