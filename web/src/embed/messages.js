// Messages of the page around the frame. Only that page is heard, and only if its site may embed the
// video; it alone is answered.
const video = document.querySelector("video"); // its class depends on which script was first
const sites = (document.documentElement.dataset.sites ?? "").split(" ").filter(Boolean);
const EVENTS = ["play", "pause", "timeupdate", "seeked", "volumechange", "ended", "error"];
let listener = null;

const commands = {
  play: () => video.play().catch(() => {}),
  pause: () => video.pause(),
  seek: (seconds) => Number.isFinite(seconds) && (video.currentTime = seconds),
  mute: (muted) => (video.muted = muted !== false),
  state: () => send("state"),
};

addEventListener("message", ({ data, origin, source }) => {
  if (parent === window || source !== parent || !isAllowed(origin)) return;
  if (data?.to !== "playout" || !Object.hasOwn(commands, data.command)) return;
  listener = origin;
  commands[data.command](data.value);
});
for (const event of [...EVENTS, "loadedmetadata"]) video.addEventListener(event, () => send(event));

function send(event) {
  if (!listener) return;
  const { currentTime, duration, paused, ended, muted, videoWidth, videoHeight } = video;
  const state = { currentTime, duration, paused, ended, muted, width: videoWidth, height: videoHeight };
  parent.postMessage({ from: "playout", event, state }, listener);
}

function isAllowed(origin) {
  // A site with http means the same site with https, too, as in the header.
  const names = [origin, origin.replace(/^https:/, "http:")];
  if (!/^https?:/.test(origin)) return false;
  return origin === location.origin || sites.some((site) => names.some((name) => matches(site, name)));
}

function matches(site, origin) {
  if (site === "*") return true;
  const [scheme, domain] = site.split("*");
  return domain ? origin.startsWith(scheme) && origin.endsWith(domain) : site === origin;
}
