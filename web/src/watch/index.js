// What a watch page adds to its player: keys that work anywhere, a panel to share, a transcript.
import { listenToKeys } from "./keys.js";
import { linkToMoments } from "./moments.js";
import { offerToShare } from "./sharing.js";
import { followTranscript } from "./transcript.js";

const video = document.querySelector("video.player, video.player-picture");

linkToMoments(video);
listenToKeys(video, document.querySelector(".keys"));
offerToShare(video, document.querySelector(".sharebox"));
followTranscript(video, document.querySelector(".transcript"));
