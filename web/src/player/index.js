// Adds controls, a remembered playback rate and adaptive streams to the <video> of a page.
import { adapt } from "./adaptive.js";
import { surround } from "./controls.js";
import { count } from "./count.js";
import { speakPageLanguage } from "./language.js";
import { rememberRate } from "./rate.js";
import { beginAtMoment } from "./start.js";
import "./index.css";

await speakPageLanguage();
for (const video of document.querySelectorAll("video.player")) {
  rememberRate(video);
  beginAtMoment(video);
  const view = count(video);
  surround(video);
  adapt(video, view);
}
