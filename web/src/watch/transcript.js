// The transcript: the lines of the captions in the language that the viewer chooses. A click plays
// from a line, and the list follows the film.
import { clock } from "./moments.js";
import { cuesOf } from "./webvtt.js";

export function followTranscript(video, panel) {
  if (!panel) return;
  const [languages, list, find] = ["select", ".lines", "input"].map((each) => panel.querySelector(each));
  let lines = [];

  async function read() {
    const chosen = languages.selectedOptions[0];
    const answer = await fetch(chosen.value).catch(() => null);
    const cues = answer?.ok ? cuesOf(await answer.text()) : [];
    if (chosen !== languages.selectedOptions[0]) return; // another one was chosen meanwhile
    lines = cues.map(lineOf);
    list.lang = chosen.lang;
    list.replaceChildren(...lines.map(({ item }) => item));
    panel.classList.toggle("transcript--empty", !lines.length);
    search();
    follow();
  }

  function search() {
    const wanted = plain(find.value.trim());
    for (const { item, text } of lines) item.hidden = !plain(text).includes(wanted);
  }

  function follow() {
    const now = lines.findLast(({ start }) => start <= video.currentTime);
    const before = list.querySelector("[aria-current]");
    if (before === now?.link) return;
    before?.removeAttribute("aria-current");
    now?.link.setAttribute("aria-current", "true");
    // Somebody who reads elsewhere in the list is left alone.
    if (now && !find.value && !list.matches(":hover, :focus-within")) show(list, now.item);
  }

  languages.addEventListener("change", read);
  find.addEventListener("input", search);
  video.addEventListener("timeupdate", follow);
  video.addEventListener("seeked", follow);
  read();
}

function lineOf({ start, text }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const seconds = Math.floor(start);
  link.href = `?t=${seconds}`;
  link.dataset.start = start;
  const time = document.createElement("span");
  time.className = "time";
  time.textContent = clock(start);
  const words = document.createElement("span");
  words.dir = "auto";
  words.textContent = text;
  link.append(time, words);
  item.append(link);
  return { item, link, start, text };
}

/** Scroll the list alone: the page stays where it is. */
function show(list, item) {
  const top = item.offsetTop - list.clientHeight / 3;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.scrollTo({ top, behavior: still ? "auto" : "smooth" });
}

/** A text without accents and case, as the search of the site compares texts. */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
