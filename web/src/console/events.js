// Events as they happen: rows that came since the last time, asked for while the page is in sight.
import { text } from "./texts.js";

const ASK_EVERY = 2_000; // ms
const MOST_ROWS = 500;

export function prepareEvents() {
  const list = document.querySelector("[data-events]");
  if (list) new Live(list, document.querySelector("[data-live]")).start();
}

class Live {
  constructor(list, shown) {
    this.list = list;
    this.shown = shown;
    this.position = list.dataset.position;
    this.isPaused = false;
  }

  start() {
    this.shown.hidden = false;
    const pause = this.shown.querySelector("[data-live-pause]");
    pause.addEventListener("click", () => {
      this.isPaused = !this.isPaused;
      pause.textContent = this.isPaused ? text("Go on") : text("Pause");
      this.isPaused ? this.say(text("Paused")) : this.say(text("Live"), true);
    });
    this.next();
  }

  next() {
    setTimeout(async () => {
      if (!this.isPaused && !document.hidden) await this.ask();
      this.next();
    }, ASK_EVERY);
  }

  async ask() {
    const path = `${this.list.dataset.events}${this.position}${location.search}`;
    const answer = await fetch(path).catch(() => null);
    if (!answer?.ok || answer.redirected) return this.say(text("Connection lost. Goes on by itself."));
    this.say(text("Live"), true);
    const rows = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.position = rows.querySelector("[data-position]").dataset.position;
    const known = new Set([...this.list.children].map((each) => each.dataset.event));
    const fresh = [...rows.querySelectorAll("[data-event]")].filter(
      (each) => !known.has(each.dataset.event),
    );
    for (const each of fresh) each.classList.add("is-new");
    this.list.prepend(...fresh);
    while (this.list.children.length > MOST_ROWS) this.list.lastElementChild.remove();
    if (fresh.length) document.querySelector("[data-no-events]")?.remove();
  }

  say(word, isLive = false) {
    this.shown.querySelector("[data-live-word]").textContent = word;
    this.shown.querySelector(".now").classList.toggle("now--none", !isLive);
  }
}
