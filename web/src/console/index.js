// What the console does better with a script: copying, uploading, a key, and following a job.
import { prepareAudience } from "./audience.js";
import { prepareCopying } from "./copying.js";
import { prepareChapters, prepareScrubbing, prepareTags, watchChanges } from "./editing.js";
import { prepareEvents } from "./events.js";
import { prepareKeys } from "./keys.js";
import { keepPlace, rememberPlace } from "./place.js";
import { fitPreviews, preparePreviews } from "./preview.js";
import { prepareBrowsing, prepareSelection } from "./selection.js";
import { prepareTimeline } from "./timeline.js";
import { keepZone } from "./zone.js";
import { prepareCountries } from "./countries.js";

keepZone();
prepareCountries(document);
prepareTimeline();
prepareCopying();

const form = document.querySelector("[data-uploads]");
if (form) import("./uploads.js").then(({ prepareUploads }) => prepareUploads(form));

const sending = document.querySelector("[data-sending]");
if (sending) import("./sending.js").then(({ prepareSending }) => prepareSending(sending));

const drawing = document.querySelector("[data-draw]");
if (drawing) import("./drawing.js").then(({ prepareDrawing }) => prepareDrawing(drawing));

const save = document.querySelector("#save");
const changes = save ? watchChanges(save) : undefined;
for (const range of document.querySelectorAll("[data-scrub]")) prepareScrubbing(range);
for (const button of document.querySelectorAll("[data-chapter]")) prepareChapters(button);
for (const field of document.querySelectorAll("[data-tags]")) prepareTags(field);

fitPreviews();
const branding = document.querySelector("[data-preview]");
if (branding) preparePreviews(branding);

// A form that is sent twice quickly is carried out once.
for (const each of document.querySelectorAll("form[method=post]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sending !== undefined) return; // it minds this itself
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "yes";
  });
}
keepPlace();
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
});

prepareKeys();
prepareAudience();
prepareEvents();
const bulk = document.querySelector("#bulk");
if (bulk) prepareSelection(bulk);
if (document.querySelector(".item")) prepareBrowsing();

// What is processed shows its progress by itself, unless somebody is writing, or has opened something.
const OPEN = "main details[open], dialog[open]";
const follow = document.querySelector("[data-refresh]");
if (follow) {
  setInterval(() => {
    if (changes?.isTouched() || document.hidden || document.querySelector(OPEN)) return;
    rememberPlace();
    location.reload();
  }, Number(follow.dataset.refresh) * 1000);
}
