// What the console does better with a script: copying, uploading, a key, and following a job.
import { prepareAudience } from "./audience.js";
import { prepareEvents } from "./events.js";
import { prepareUploads } from "./uploads.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}

const form = document.querySelector("[data-upload]");
if (form) prepareUploads(form);
prepareAudience();
prepareEvents();

// A form that is sent twice quickly is carried out once.
for (const each of document.querySelectorAll("form[method=post]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "yes";
  });
}
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
});

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-key='/']");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  const save = document.querySelector("#save");
  if (event.key === "s" && (event.ctrlKey || event.metaKey) && save) {
    event.preventDefault();
    save.requestSubmit();
  }
});

// What is processed shows its progress by itself, unless somebody is writing.
const follow = document.querySelector("[data-refresh]");
if (follow) {
  setInterval(() => {
    const isTouched = [...document.querySelectorAll("#save :is(input, textarea)")].some(
      (each) => each.type !== "checkbox" && each.value !== each.defaultValue,
    );
    if (!isTouched && !document.hidden) location.reload();
  }, Number(follow.dataset.refresh) * 1000);
}
