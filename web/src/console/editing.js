// The page of a video: unsaved texts are counted and kept, a picture is found along the film, and
// chapters and tags are added by a key press.
import { counted, number, text } from "./texts.js";

/** Count what is not saved, and ask before it is left. */
export function watchChanges(form) {
  const line = document.querySelector(".changes");
  const typed = [...form.elements].filter((each) => each.name && each.type !== "hidden");
  const initial = new Map(typed.map((each) => [each, valueOf(each)]));
  const count = () => {
    const all = [...form.elements].filter((each) => each.name && each.type !== "hidden");
    return all.filter((each) => valueOf(each) !== (initial.get(each) ?? "")).length;
  };
  let isSaved = false;
  const tell = () => {
    const changes = count();
    if (!line) return;
    line.hidden = changes === 0;
    line.textContent = counted("{count} change", "{count} changes", changes);
  };
  document.addEventListener("input", tell);
  form.addEventListener("submit", () => (isSaved = true));
  addEventListener("pageshow", () => (isSaved = false));
  addEventListener("beforeunload", (event) => {
    if (!isSaved && count()) event.preventDefault();
  });
  return { isTouched: () => count() > 0 };
}

function valueOf(field) {
  return field.type === "checkbox" ? String(field.checked) : field.value;
}

/** Let the range field move the film, so that it shows the picture that will be taken. */
export function prepareScrubbing(range) {
  const film = document.querySelector("video.film");
  const box = range.closest(".strip-box");
  const move = () => {
    const seconds = Number(range.value);
    range.ariaValueText = text("{seconds} seconds", { seconds: number(seconds, 2) });
    box.style.setProperty("--at", seconds / Number(range.max));
    if (!film) return;
    film.pause();
    film.currentTime = seconds;
  };
  box.classList.add("is-ready");
  box.style.setProperty("--at", Number(range.value) / Number(range.max));
  range.addEventListener("input", move);
  range.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!steps || !event.shiftKey) return;
    event.preventDefault();
    range.value = Number(range.value) + steps;
    move();
  });
}

/** Add rows for chapters, each at the time where the film stands. */
export function prepareChapters(button) {
  const film = document.querySelector("video.film");
  const list = document.querySelector(".chapters");
  button.hidden = false;
  button.addEventListener("click", () => {
    let row = list.lastElementChild;
    if ([...row.querySelectorAll("input")].some((each) => each.value)) {
      const number = list.children.length + 1;
      row = row.cloneNode(true);
      for (const field of row.querySelectorAll("input")) {
        field.name = field.name.replace(/\d+$/, number);
        field.defaultValue = field.value = "";
      }
      list.append(row);
    }
    const [start, title] = row.querySelectorAll("input");
    start.value = clock(film?.currentTime ?? 0);
    title.focus();
    start.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Let tags that are in use be added by choosing them. */
export function prepareTags(field) {
  for (const name of document.querySelectorAll(`#${field.dataset.tags} > li`)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = name.textContent;
    button.addEventListener("click", () => {
      const names = field.value.split(",").map((each) => each.trim()).filter(Boolean);
      const others = names.filter((each) => each !== button.textContent);
      if (others.length === names.length) others.push(button.textContent);
      field.value = others.join(", ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    name.replaceChildren(button);
    name.classList.remove("tag");
  }
}
