// Space, digits and arrows control the video wherever the focus is, except where they mean something
// else. A checkbox switches them off (WCAG 2.1.4), and the browser remembers that.
const KEY = "playout-keys";
const STEP = 10; // seconds, as in the player
const TYPES = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const PRESSES = "a[href], button, summary, [role=button], [role=menuitem], [role=menuitemradio]";

export function listenToKeys(video, box) {
  const choice = box?.querySelector("input");
  if (!choice) return;
  choice.checked = recall() !== "off";
  choice.addEventListener("change", () => keep(choice.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.defaultPrevented || isForOthers(event)) return;
    if (act(video, event.key)) event.preventDefault();
  });
}

function isForOthers(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const path = event.composedPath().filter((node) => node instanceof Element);
  if (path.some((node) => node.matches(TYPES) && node.type !== "checkbox")) return true;
  // The player acts on its own keys when it has the focus; it knows no digits.
  const isDigit = /^\d$/.test(event.key);
  if (path.some((node) => node.localName === "media-controller")) return !isDigit;
  return event.key === " " && path.some((node) => node.matches(`${PRESSES}, ${TYPES}`));
}

function act(video, key) {
  if (key === " ") {
    if (video.paused) video.play().catch(() => {});
    else video.pause();
  } else if (key === "ArrowLeft" || key === "ArrowRight") {
    const to = video.currentTime + (key === "ArrowLeft" ? -STEP : STEP);
    video.currentTime = Math.min(Math.max(0, to), video.duration || 0);
  } else if (/^\d$/.test(key) && video.duration) {
    video.currentTime = (video.duration * key) / 10;
  } else {
    return false;
  }
  return true;
}

function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // The choice holds for this page.
  }
}
