// Links to a moment of the video, `?t=75`, play from there without loading the page again.
export function linkToMoments(video) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    video.currentTime = Number(link.dataset.start);
    video.play().catch(() => {});
  });
}

/** A time in seconds as players show it: 1:05, or 1:02:05. */
export function clock(time) {
  const seconds = Math.floor(time);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const padded = parts.map((part, at) => (at || hours ? String(part).padStart(2, "0") : part));
  return [...(hours ? [hours] : []), ...padded].join(":");
}
