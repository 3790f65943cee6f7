// Counts what a viewer does, without a cookie and without following anybody. Events wait for a
// moment and are sent together; what is left is sent when the page is left.
import { watched } from "./watched.js";

const SPLIT_EVERY = 10_000; // ms after which what was watched so far is sent
const SEND_AFTER = 1_000;
const MOST = 15; // events in one beacon, which has 2 KB

/** Return the name of the view if it is counted from now on. */
export function count(video) {
  if (!video.dataset.counting || refused()) return undefined;
  const told = JSON.parse(video.dataset.counting);
  const name = randomName();
  let counted;
  whenAllowed(told.consent, () =>
    whenShown(() => {
      counted = name;
      new Counter(video, told, name).start();
    }),
  );
  return counted;
}

/** The viewer has told the browser that they are not to be counted. */
function refused() {
  return navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
}

/** Wait for the consent of the viewer, if the project asks for it. */
function whenAllowed(key, start) {
  if (!key || answer(key) === "yes") return start();
  document.addEventListener("playout-consent", ({ detail }) => detail === "yes" && start());
}

/** A page that the browser prepares in advance was not seen by anybody yet. */
function whenShown(start) {
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
}

function answer(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

class Counter {
  constructor(video, { to, token }, view) {
    this.video = video;
    this.to = to;
    this.page = { token, view, ...origin() };
    this.events = [];
  }

  start() {
    const { video } = this;
    this.interval = watched(video, (interval) => this.add({ kind: "watch", ...interval }));
    this.add({ kind: "view" });
    this.countOnce();
    this.measureStart();
    this.measureWaits();
    document.querySelector(".cta")?.addEventListener("click", () => {
      this.add({ kind: "cta" });
      this.send();
    });
    setInterval(() => this.interval.split(), SPLIT_EVERY);
    // A page that is hidden may never be shown again, and then nothing tells of its end.
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
  }

  countOnce() {
    const { video } = this;
    const once = { once: true };
    if (!video.paused) this.add({ kind: "play" });
    else video.addEventListener("play", () => this.add({ kind: "play" }), once);
    video.addEventListener("ended", () => this.add({ kind: "complete" }), once);
    // An error of the streams is none that the viewer sees: the MP4 plays instead.
    const mp4 = video.querySelector("source").src;
    const fail = () => {
      if (video.currentSrc !== mp4) return;
      video.removeEventListener("error", fail);
      this.add({ kind: "error" });
    };
    video.addEventListener("error", fail);
  }

  measureStart() {
    let asked;
    this.video.addEventListener("play", () => (asked ??= performance.now()));
    this.video.addEventListener(
      "playing",
      () => asked && this.add({ kind: "start", ms: since(asked) }),
      { once: true },
    );
  }

  /** Waiting for data, after the start and without a seek, which everybody expects to take time. */
  measureWaits() {
    const { video } = this;
    let began;
    video.addEventListener("waiting", () => {
      if (video.played.length && !video.seeking) began = performance.now();
    });
    video.addEventListener("seeking", () => (began = undefined));
    video.addEventListener("playing", () => {
      if (began) this.add({ kind: "wait", ms: since(began) });
      began = undefined;
    });
  }

  add(event) {
    this.events.push(event);
    if (this.events.length >= MOST) this.send();
    else this.timer ??= setTimeout(() => this.send(), SEND_AFTER);
  }

  leave() {
    this.interval.split();
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.events.length) {
      const events = this.events.splice(0, MOST);
      navigator.sendBeacon(this.to, JSON.stringify({ ...this.page, events }));
    }
  }
}

/** The site that led here, or around the frame that this is. Only its name is sent. */
function origin() {
  const from = hostOf(document.referrer);
  if (window !== parent) return { site: hostOf(location.ancestorOrigins?.[0]) || from };
  return { referrer: from === location.hostname ? "" : from };
}

function hostOf(address) {
  try {
    return new URL(address).hostname;
  } catch {
    return "";
  }
}

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function since(moment) {
  return Math.round(performance.now() - moment);
}
