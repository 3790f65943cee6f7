// Remembers the playback rate of a viewer from page to page; media-chrome remembers volume and mute.
// Without local storage, each page starts at the normal rate.
const KEY = "playout-rate";

export function rememberRate(video) {
  const rate = Number(recall());
  if (rate > 0) {
    // A change of the source resets the rate to the default.
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
    // The rate is not remembered, and nothing else.
  }
}
