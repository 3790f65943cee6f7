// How fast a viewer likes to watch outlives the page. Volume and mute do, too: media-chrome sees
// to those. A browser may have no storage for us, and then every page starts afresh.
const KEY = "playout-rate";

export function rememberRate(video) {
  const rate = Number(recall());
  if (rate > 0) {
    // The default is what a change of source goes back to.
    video.defaultPlaybackRate = video.playbackRate = Math.min(rate, 4);
  }
  video.addEventListener("ratechange", () => {
    video.defaultPlaybackRate = video.playbackRate;
    keep(video.playbackRate);
  });
}

function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(rate) {
  try {
    localStorage.setItem(KEY, rate);
  } catch {
    // It is forgotten, that is all.
  }
}
