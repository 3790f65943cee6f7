// The intervals of a video that are watched: each ends where playing stops, waits or jumps.

/** Report each interval, `{from, to, height}` in milliseconds and lines, when it ends. */
export function watched(video, report) {
  let from; // undefined while nothing plays
  let last; // a time of the video, and when that was

  const note = () => {
    last = { time: video.currentTime, at: performance.now() };
  };
  const open = () => {
    if (from !== undefined || video.paused || video.seeking || video.readyState < 3) return;
    from = video.currentTime;
    note();
  };
  const close = (to) => {
    if (from === undefined) return;
    const interval = { from: Math.round(from * 1000), to: Math.round(to * 1000) };
    const height = Math.min(video.videoWidth, video.videoHeight);
    if (interval.to > interval.from) report(height ? { ...interval, height } : interval);
    from = undefined;
  };
  const closeHere = () => close(video.currentTime);
  // After a jump, the video no longer tells where it was before.
  const closeBefore = () => {
    if (from === undefined) return;
    const passed = ((performance.now() - last.at) / 1000) * video.playbackRate;
    close(Math.min(last.time + passed, video.duration || Infinity));
  };

  for (const event of ["playing", "seeked", "canplay"]) video.addEventListener(event, open);
  for (const event of ["pause", "ended", "waiting"]) {
    video.addEventListener(event, () => (video.seeking ? closeBefore() : closeHere()));
  }
  for (const event of ["seeking", "emptied"]) video.addEventListener(event, closeBefore);
  video.addEventListener("timeupdate", () => {
    if (!video.seeking) note();
  });
  open();
  return {
    /** Report what was watched so far. */
    split() {
      closeHere();
      open();
    },
  };
}
