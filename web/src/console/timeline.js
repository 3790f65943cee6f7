// The time line: bars and their ends are moved by dragging or by arrow keys, and saved at once.
import { prepareCountries } from "./countries.js";
import { language, text } from "./texts.js";

const HOUR = 3_600_000;
const PAUSE = 700; // Milliseconds without a key, after which the keyboard's moves are saved.
const GRIP = 12;
const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
const written = (at) => moments.format(at);
const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

/** Let the bars of the time line be moved, where the member may. */
export function prepareTimeline() {
  const line = document.querySelector(".timeline");
  if (!line) return;
  for (const each of document.querySelectorAll("#timeline .scripted")) each.hidden = false;
  const from = Date.parse(line.dataset.from);
  const span = Date.parse(line.dataset.to) - from;
  const page = { line, from, span, told: document.querySelector("[data-told]") };
  page.percent = (at) => ((at - from) / span) * 100;
  for (const bar of line.querySelectorAll(".act[data-move]")) prepareBar(page, bar);
}

function prepareBar(page, element) {
  const { start, end } = element.dataset;
  if (!start && !end) return;
  const times = { start: start && new Date(start), end: end && new Date(end) };
  const bar = { page, element, times, was: { ...times }, link: element.querySelector("a") };
  bar.name = element.parentNode.getAttribute("aria-label");
  element.classList.add("is-ours");
  bar.grips = ["start", "end"].filter((side) => times[side]).map((side) => addGrip(bar, side));
  addKeys(bar, bar.link, null);
  addPointer(bar);
  // Whoever only passes by with the Tab key stops once at a bar.
  const letReach = (tabIndex) => bar.grips.forEach((grip) => (grip.tabIndex = tabIndex));
  letReach(-1);
  element.addEventListener("focusin", () => letReach(0));
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (!element.contains(relatedTarget)) letReach(-1);
  });
}

/** Add the grip of one end, which a keyboard reaches from the bar. */
function addGrip(bar, side) {
  const grip = svg("rect");
  const marks = { class: "grip", width: 4, height: 26, y: 10, rx: 2, role: "slider" };
  for (const [name, value] of Object.entries(marks)) grip.setAttribute(name, value);
  grip.setAttribute("x", side === "start" ? 4 : "100%");
  if (side === "end") grip.setAttribute("transform", "translate(-8)");
  grip.setAttribute("aria-label", side === "start" ? text("Start of {name}", bar) : text("End of {name}", bar));
  grip.dataset.side = side;
  bar.element.append(grip);
  addKeys(bar, grip, side);
  describe(bar, grip);
  return grip;
}

function describe(bar, grip) {
  const at = bar.times[grip.dataset.side];
  grip.setAttribute("aria-valuemin", Math.min(bar.page.from, +at) / HOUR);
  grip.setAttribute("aria-valuemax", Math.max(bar.page.from + bar.page.span, +at) / HOUR);
  grip.setAttribute("aria-valuenow", +at / HOUR);
  grip.setAttribute("aria-valuetext", written(at));
}

/** Move the bar, or one side of it, from where it was before. A day keeps its time of day. */
function shift(bar, before, side, days, hours) {
  for (const each of ["start", "end"]) {
    if (!before[each] || (side && side !== each)) continue;
    const at = new Date(before[each]);
    at.setDate(at.getDate() + days);
    bar.times[each] = new Date(+at + hours * HOUR);
  }
  const { start, end } = bar.times;
  if (start && end && end - start < HOUR) {
    if (side === "start") bar.times.start = new Date(end - HOUR);
    else bar.times.end = new Date(+start + HOUR);
  }
  show(bar);
}

function show(bar) {
  const { percent, told } = bar.page;
  const { start, end } = bar.times;
  const left = start ? Math.max(0, percent(start)) : 0;
  const right = end ? Math.min(100, percent(end)) : 100;
  bar.element.setAttribute("x", `${left}%`);
  bar.element.setAttribute("width", `${Math.max(right - left, 1)}%`);
  for (const grip of bar.grips) describe(bar, grip);
  const words = [
    start && text("from {moment}", { moment: written(start) }),
    end && text("until {moment}", { moment: written(end) }),
  ];
  told.textContent = [`${bar.name}:`, ...words.filter(Boolean)].join(" ");
}

function addKeys(bar, element, side) {
  let timer;
  const stop = (isSaved) => {
    clearTimeout(timer);
    timer = undefined;
    if (isSaved) return save(bar);
    bar.times = { ...bar.was };
    show(bar);
  };
  element.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape" && timer) return stop(false);
    if (event.key === "Enter" && timer) {
      event.preventDefault();
      return stop(true);
    }
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (bar.isSaving) return;
    shift(bar, bar.times, side, event.shiftKey ? 0 : step, event.shiftKey ? step : 0);
    clearTimeout(timer);
    timer = setTimeout(() => stop(true), PAUSE);
  });
  element.addEventListener("blur", () => timer && stop(true));
}

function addPointer(bar) {
  const { element, link } = bar;
  let held;
  link.draggable = false;
  element.addEventListener("dragstart", (event) => event.preventDefault());
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || bar.isSaving) return;
    held = { x: event.clientX, before: { ...bar.times }, side: sideAt(bar, event), isMoved: false };
  });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    const distance = event.clientX - held.x;
    if (!held.isMoved && Math.abs(distance) < 4) return;
    if (!held.isMoved) element.setPointerCapture(event.pointerId);
    held.isMoved = true;
    element.classList.add("is-held");
    const hours = (distance / element.parentNode.clientWidth) * (bar.page.span / HOUR);
    const isByHour = bar.page.span < 8 * 24 * HOUR;
    const days = isByHour ? 0 : Math.round(hours / 24);
    shift(bar, held.before, held.side, days, isByHour ? Math.round(hours) : 0);
  });
  const release = (isSaved) => {
    const was = held;
    held = undefined;
    element.classList.remove("is-held");
    if (!was?.isMoved) return;
    ignoreClick();
    if (isSaved) return save(bar);
    bar.times = { ...bar.was };
    show(bar);
  };
  element.addEventListener("pointerup", () => release(true));
  element.addEventListener("pointercancel", () => release(false));
  addEventListener("keydown", (event) => event.key === "Escape" && held && release(false));
}

/** Let the click that follows a drag open nothing. */
function ignoreClick() {
  const ignore = (event) => event.preventDefault();
  addEventListener("click", ignore, { capture: true });
  setTimeout(() => removeEventListener("click", ignore, { capture: true }));
}

/** Return the side whose end is under the pointer; null for the bar as a whole. */
function sideAt(bar, event) {
  const box = bar.element.querySelector("a rect").getBoundingClientRect();
  if (box.width < 3 * GRIP) return null;
  if (bar.times.start && event.clientX - box.left < GRIP) return "start";
  if (bar.times.end && box.right - event.clientX < GRIP) return "end";
  return null;
}

async function save(bar) {
  const changed = ["start", "end"].filter((each) => +(bar.times[each] ?? 0) !== +(bar.was[each] ?? 0));
  if (!changed.length) return;
  bar.isSaving = true;
  const { move, etag, id } = bar.element.dataset;
  const fields = (times) =>
    Object.fromEntries(changed.map((each) => [`${each}s`, times[each].toISOString()]));
  try {
    await send(move, { etag, ...fields(bar.times) });
    offerUndo(id, fields(bar.was));
  } catch {
    bar.times = { ...bar.was };
    show(bar);
    bar.page.told.textContent = text("It could not be saved: the connection broke. Try again.");
    bar.isSaving = false;
  }
}

/** Send a move, and show the time line as it is by then. A problem has a page of its own. */
async function send(address, fields) {
  const form = fill(address, fields);
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok) return form.submit();
  const after = await pageOf(answer);
  const shown = await fetch(sameDays()).catch(() => null);
  if (!shown?.ok) return location.reload(); // it is saved; the page alone is missing
  const page = await pageOf(shown);
  const focused = selectorOf(document.activeElement);
  for (const id of ["timeline", "preview"]) {
    const part = page.getElementById(id);
    document.getElementById(id).replaceWith(part);
    prepareCountries(part);
  }
  document.querySelector("main > .toast")?.remove();
  document.querySelector("main").prepend(after.querySelector(".toast") ?? "");
  prepareTimeline();
  if (focused) document.querySelector(focused)?.focus();
}

/** Let the address name the days that are shown, so that they stay; return it. */
function sameDays() {
  const address = new URL(location.href);
  address.searchParams.set("from", document.querySelector(".timeline").dataset.day);
  history.replaceState(null, "", address);
  return address;
}

async function pageOf(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Return what finds a bar or a grip again on a new time line. */
function selectorOf(element) {
  const bar = element.closest(".act");
  return bar && `#${bar.id} ${element.dataset.side ? `[data-side=${element.dataset.side}]` : "a"}`;
}

/** Return the form that moves an activation, with these fields. */
function fill(address, fields) {
  const form = document.querySelector("#move");
  form.action = address;
  for (const name of ["etag", "starts", "ends"]) {
    form.elements[name].value = fields[name] ?? "";
    form.elements[name].disabled = !(name in fields);
  }
  return form;
}

function offerUndo(id, fields) {
  const toast = document.querySelector("main > .toast");
  if (!toast) return;
  const button = document.createElement("button");
  button.className = "button button--small";
  button.textContent = text("Undo");
  button.addEventListener("click", () => {
    const { move, etag } = document.querySelector(`#bar-${id}`).dataset;
    send(move, { etag, ...fields }).catch(() => button.replaceChildren(text("Try again to undo")));
  });
  toast.append(" ", button);
}
