// hls.js, in a file of its own that is fetched only where it has something to play.
import Hls from "hls.js";

/** Play a master playlist; `giveUp` is called when that does not work, or no longer does. */
export function stream(video, address, giveUp) {
  if (!Hls.isSupported()) return;
  const { currentTime, paused } = video;
  const hls = new Hls({
    startPosition: currentTime || -1,
    capLevelToPlayerSize: true,
    // Captions are tracks of the page, with and without adaptive streams: not a second time, please.
    subtitleTrackController: undefined,
    subtitleStreamController: undefined,
    timelineController: undefined,
    // `preload="metadata"` in the words of hls.js: the first segment, until somebody plays.
    maxMaxBufferLength: paused ? 1 : Hls.DefaultConfig.maxMaxBufferLength,
  });
  video.addEventListener("play", () => {
    hls.config.maxMaxBufferLength = Hls.DefaultConfig.maxMaxBufferLength;
  });
  offerQualities(hls, video);
  giveUpOnFailure(hls, giveUp);
  hls.loadSource(address);
  hls.attachMedia(video);
  if (!paused) video.play().catch(() => {});
}

function offerQualities(hls, video) {
  let track = null;
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    track = video.addVideoTrack("main");
    track.selected = true;
    for (const { uri, width, height, videoCodec, bitrate } of levels) {
      track.addRendition(uri, width, height, videoCodec, bitrate).id = uri;
    }
  });
  hls.on(Hls.Events.DESTROYING, () => track && video.removeVideoTrack(track));
  video.videoRenditions.addEventListener("change", () => {
    const chosen = [...video.videoRenditions].find((each) => each.selected);
    // Levels that fail leave the list, so they are known by address; -1 is as hls.js sees fit.
    hls.nextLevel = hls.levels.findIndex((level) => level.uri === chosen?.src);
  });
}

function giveUpOnFailure(hls, giveUp) {
  let mended = false;
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
      return;
    }
    giveUp();
    hls.destroy();
  });
}
