// Upgrades the plain <video> of a page where it stands: controls, memory, adaptive streams.
import { adapt } from "./adaptive.js";
import { surround } from "./controls.js";
import { rememberRate } from "./rate.js";
import "./index.css";

for (const video of document.querySelectorAll("video.player")) {
  rememberRate(video);
  surround(video);
  adapt(video);
}
