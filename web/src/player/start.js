// The moment that the address of a page names (`?t=75`, in seconds), or that of a frame (`?start=75`),
// or else the page itself.
export function beginAtMoment(video) {
  const query = new URLSearchParams(location.search);
  const moment = Number(query.get("t") ?? query.get("start") ?? video.dataset.start);
  if (!(moment > 0)) return;
  const seek = () => {
    video.currentTime = moment;
  };
  if (video.readyState > 0) seek();
  // Adaptive streams replace the file of the page, and so begin anew.
  video.addEventListener("loadedmetadata", seek);
  video.addEventListener("playing", () => video.removeEventListener("loadedmetadata", seek), {
    once: true,
  });
}
