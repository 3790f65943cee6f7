// The room of the audience: who watches now, names of countries, and the viewer's own time zone.
import { rememberPlace } from "./place.js";
import { language, text } from "./texts.js";

const ASK_EVERY = 5_000; // ms

export function prepareAudience() {
  const now = document.querySelector("[data-now]");
  if (now) setInterval(() => document.hidden || ask(now), ASK_EVERY);
  nameCountries();
  const zone = document.querySelector("input[data-zone]");
  if (zone) offerZone(zone);
}

async function ask(now) {
  const answer = await fetch(now.dataset.now).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  now.textContent = (await answer.text()).trim();
  now.parentElement.classList.toggle("now--none", now.textContent === "0");
  // A page without numbers has some as soon as somebody watches.
  if (now.textContent !== "0" && document.querySelector("main > .empty")) {
    rememberPlace();
    location.reload();
  }
}

/** Countries come as two letters; the browser knows their names in the language of the page. */
function nameCountries() {
  const names = new Intl.DisplayNames([language], { type: "region" });
  for (const each of document.querySelectorAll("[data-names=country] [data-value]")) {
    each.textContent = names.of(each.dataset.value);
  }
}

function offerZone(field) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!own || own === field.value) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = text("Use {zone}", { zone: own });
  button.addEventListener("click", () => {
    field.value = own;
    button.remove();
  });
  field.after(button);
}
