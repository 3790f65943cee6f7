// The moment that the address of a page names (`?t=75`, in seconds).
export function beginAtMoment(video) {
  const moment = Number(new URLSearchParams(location.search).get("t"));
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
