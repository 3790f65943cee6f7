// Adaptive streams. hls.js plays them where it can; elsewhere the browser plays them itself. If
// neither works, the MP4 of the page plays.
import "media-tracks/polyfill"; // media-chrome's quality menu reads `video.videoRenditions`
import { openWords } from "./words.js";

/** `view` is the name under which the view is counted, if it is. */
export async function adapt(video, view) {
  const address = video.dataset.hls;
  const mp4 = video.querySelector("source").src;
  if (!address) {
    ownUpToFailure(video, mp4);
  } else if ("MediaSource" in window || "ManagedMediaSource" in window) {
    const { stream } = await import("./hls.js");
    stream(video, address, view, { bare: openWords, failed: () => fallBack(video, mp4) });
  } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
    const captions = [...video.querySelectorAll("track[kind=captions]")];
    const fail = () => {
      video.append(...captions);
      fallBack(video, mp4);
    };
    video.addEventListener("error", fail, { once: true });
    captions.forEach((track) => track.remove()); // the playlist contains them, too
    swap(video, address);
  }
}

/**
 * Make the MP4 the video's own source, so that the viewer sees its error. Of a <source> there is
 * none, and Chromium, once the video has moved within the page, does not even tell that it failed.
 */
function ownUpToFailure(video, mp4) {
  if (video.readyState === HTMLMediaElement.HAVE_NOTHING) swap(video, mp4);
}

/** Play the MP4 of the page. It is the same for everybody. */
function fallBack(video, mp4) {
  swap(video, mp4);
  openWords();
}

/** Play another source, from the current time of the video. */
function swap(video, address) {
  const { currentTime, paused } = video;
  video.src = address;
  video.currentTime = currentTime;
  if (!paused) video.play().catch(() => {});
}
