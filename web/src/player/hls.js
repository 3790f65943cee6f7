// hls.js, in a file of its own: it is fetched only if there is something to play with it.
import Hls from "hls.js";

/**
 * Play a multivariant playlist. `failed` is called when that fails, at once or later, and `bare`
 * when a segment of a personal film comes without what is drawn for the viewer.
 *
 * `view` is told with each request (CMCD), so that the view is counted also where a blocker stops
 * beacons. It is told in headers: caches take addresses with another query for other files.
 */
export function stream(video, address, view, { bare, failed }) {
  if (!Hls.isSupported()) return;
  const { currentTime, paused } = video;
  const hls = new Hls({
    startPosition: currentTime || -1,
    cmcd: view && { sessionId: view, useHeaders: true, includeKeys: ["sid", "bl"] },
    capLevelToPlayerSize: true,
    // Captions are <track> elements of the page; hls.js would add them a second time.
    subtitleTrackController: undefined,
    subtitleStreamController: undefined,
    timelineController: undefined,
    // Load only the first segment until the video plays, as `preload="metadata"` would.
    maxMaxBufferLength: paused ? 1 : Hls.DefaultConfig.maxMaxBufferLength,
  });
  video.addEventListener("play", () => {
    hls.config.maxMaxBufferLength = Hls.DefaultConfig.maxMaxBufferLength;
  });
  offerQualities(hls, video);
  offerAudioTracks(hls, video);
  giveUpOnFailure(hls, failed);
  hls.on(Hls.Events.FRAG_LOADED, (_, { networkDetails }) => {
    if (networkDetails?.getResponseHeader("Playout-Segment") === "shared") bare();
  });
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
    // By address: levels that fail are removed from the list. -1 lets hls.js decide.
    hls.nextLevel = hls.levels.findIndex((level) => level.uri === chosen?.src);
  });
}

function offerAudioTracks(hls, video) {
  const offered = new Map(); // from each track of the page to its index in hls.js
  const withdraw = () => {
    offered.forEach((_, track) => video.removeAudioTrack(track));
    offered.clear();
  };
  hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, (_, { audioTracks }) => {
    withdraw();
    audioTracks.forEach((each, index) => {
      const kind = each.default ? "main" : "alternative";
      const track = video.addAudioTrack(kind, each.name, each.lang);
      track.id = String(index);
      offered.set(track, index);
      if (each.default) track.enabled = true;
    });
  });
  hls.on(Hls.Events.DESTROYING, withdraw);
  video.audioTracks.addEventListener("change", () => {
    const chosen = [...offered].find(([track]) => track.enabled)?.[1];
    if (chosen !== undefined && chosen !== hls.audioTrack) hls.audioTrack = chosen;
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
