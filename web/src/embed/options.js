// The options in the query of the address: autoplay, muted, loop, controls and color; `start` is the
// player's own.
const options = new URLSearchParams(location.search);
const video = document.querySelector("video"); // its class depends on which script was first
const root = document.documentElement;

const says = (name, otherwise) => {
  const value = options.get(name);
  return value === null ? otherwise : !["0", "false", "no"].includes(value);
};

const stays = matchMedia("(prefers-reduced-motion: reduce)").matches;
const autoplay = says("autoplay", false) && !stays;
const color = options.get("color") ?? root.dataset.color ?? "";

video.loop = says("loop", false);
video.muted = says("muted", autoplay); // browsers start nothing by itself that can be heard
root.classList.toggle("bare", !says("controls", true));
if (/^#?[0-9a-f]{6}$/i.test(color)) {
  const style = new CSSStyleSheet();
  style.replaceSync(`media-controller { --accent: ${visible(color.replace("#", ""))} !important }`);
  document.adoptedStyleSheets = [style];
}
if (autoplay) video.play().catch(() => {});

/** A color that shows on the dark bars: as it is, or lighter. */
function visible(digits) {
  let parts = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
  while (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 110) {
    parts = parts.map((part) => part + (255 - part) * 0.1);
  }
  return `rgb(${parts.map(Math.round).join(" ")})`;
}
