// The controls of media-chrome around a video. index.css hides those that the browser or the video
// does not support, or that do not fit.
import "media-chrome/media-airplay-button";
import "media-chrome/media-captions-button";
import "media-chrome/media-cast-button";
import "media-chrome/media-control-bar";
import "media-chrome/media-controller";
import "media-chrome/media-error-dialog";
import "media-chrome/media-fullscreen-button";
import "media-chrome/media-loading-indicator";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import "media-chrome/media-volume-range";
import "media-chrome/dist/menu/media-audio-track-menu.js";
import "media-chrome/dist/menu/media-captions-menu.js";
import "media-chrome/dist/menu/media-playback-rate-menu.js";
import "media-chrome/dist/menu/media-rendition-menu.js";
import "media-chrome/dist/menu/media-settings-menu.js";
import "media-chrome/dist/menu/media-settings-menu-button.js";
import "media-chrome/dist/menu/media-settings-menu-item.js";
import { t } from "./language.js";
import { correctRoles } from "./roles.js";

const controls = () => `
<media-error-dialog slot="dialog"></media-error-dialog>
<media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
<media-play-button slot="centered-chrome" class="first-play" notooltip></media-play-button>
<media-settings-menu anchor="auto" hidden>
  ${setting(t("Quality"), "media-rendition-menu")}
  ${setting(t("Playback rate"), "media-playback-rate-menu", 'rates="0.5 0.75 1 1.25 1.5 1.75 2"')}
  ${setting(t("Audio"), "media-audio-track-menu")}
  ${setting(t("Captions"), "media-captions-menu")}
</media-settings-menu>
<div class="player-bars">
  <media-control-bar><media-time-range></media-time-range></media-control-bar>
  <media-control-bar>
    <media-play-button></media-play-button>
    <media-mute-button></media-mute-button>
    <media-volume-range></media-volume-range>
    <media-time-display showduration notoggle></media-time-display>
    <span class="player-gap"></span>
    <media-captions-button></media-captions-button>
    <media-settings-menu-button></media-settings-menu-button>
    <media-airplay-button></media-airplay-button>
    <media-cast-button></media-cast-button>
    <media-pip-button></media-pip-button>
    <media-fullscreen-button></media-fullscreen-button>
  </media-control-bar>
</div>`;

function setting(name, menu, attributes = "") {
  return `<media-settings-menu-item>${name}
    <${menu} slot="submenu" ${attributes} hidden><span slot="title">${name}</span></${menu}>
  </media-settings-menu-item>`;
}

export function surround(video) {
  const controller = document.createElement("media-controller");
  controller.className = video.className;
  // What a page mutes by itself is not what the viewer prefers on the next one.
  controller.toggleAttribute("nomutedpref", video.muted);
  controller.setAttribute("breakpoints", "xs:300 sm:384 md:576"); // widths in pixels
  controller.innerHTML = controls();
  video.replaceWith(controller);
  controller.ariaLabel = video.ariaLabel; // replaces "video player", which it set itself
  video.className = "player-picture";
  video.slot = "media";
  video.controls = false;
  controller.prepend(video);
  correctRoles(controller);
  controller.querySelectorAll("media-settings-menu-item").forEach(offerWhereThereIsAChoice);
  // It says whether it is on, which a mere button cannot (ARIA).
  controller.querySelector("media-captions-button").role = "switch";
}

// Hide an item whose menu has only one entry. It leaves its slot, because the arrow keys would stop at
// an item that is only not displayed.
function offerWhereThereIsAChoice(item) {
  const offer = () => (item.slot = item.getAttribute("submenusize") > 1 ? "" : "unused");
  new MutationObserver(offer).observe(item, { attributeFilter: ["submenusize"] });
  offer();
}
