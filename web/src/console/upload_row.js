// One line in the list of uploads: a name, what happens with it, and what can be done.
import { bytes, duration } from "./amounts.js";
import { text } from "./texts.js";

export class UploadRow {
  video = null;
  sent = 0;
  onPause = () => {};
  onResume = () => {};
  onRemove = () => {};

  constructor(list, name, size) {
    this.size = size;
    this.row = element("li", "upload");
    this.name = element("span", "upload-name", name);
    this.name.dir = "auto";
    this.state = element("span", "quiet num", text("Waiting"));
    this.bar = document.createElement("progress");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.ariaLabel = name;
    this.buttons = element("span", "row");
    this.row.append(this.name, this.buttons, this.state, this.bar);
    list.append(this.row);
    this.showWaiting();
  }

  get percent() {
    return `${Math.floor((100 * this.sent) / (this.size || 1))} %`;
  }

  remove() {
    this.row.remove();
  }

  showWaiting() {
    this.show(text("Waiting"), this.pauseButton(), this.removeButton());
  }

  showSent(sent) {
    const [now, before] = [performance.now(), this.measured];
    // A line that comes and goes has no rate; it is measured over some seconds.
    if (!before || sent < before.sent || now - before.at > 10_000) this.measured = { at: now, sent };
    this.sent = sent;
    this.bar.value = sent / (this.size || 1);
    const rate = before && now > before.at + 500 ? ((sent - before.sent) / (now - before.at)) * 1000 : 0;
    const left = rate > 0 ? ` · ${bytes(rate)}/s · ${text("{time} left", { time: duration((this.size - sent) / rate) })}` : "";
    const state = text("{sent} of {size}", { sent: bytes(sent), size: bytes(this.size) }) + left;
    if (this.is === "sending") this.state.textContent = state;
    else this.show(state, this.pauseButton(), this.removeButton());
    this.is = "sending";
  }

  showBroken() {
    this.measured = null;
    this.show(text("Connection lost at {percent}. Goes on by itself.", this), this.pauseButton(), this.removeButton());
  }

  showPaused() {
    this.measured = null;
    this.show(text("Paused at {percent}", this), button(text("Resume"), this, () => this.onResume()), this.removeButton());
  }

  showUnfinished(sent) {
    this.sent = sent;
    this.bar.value = sent / (this.size || 1);
    this.show(text("Stopped at {percent}. Choose the file again, and it goes on.", this), this.removeButton());
  }

  showFailed(reason, again) {
    this.show(reason, button(text("Try again"), this, again), this.removeButton());
  }

  /** All bytes are there: the name leads to the page of the video. */
  showReceived(path) {
    const link = element("a", "link", this.name.textContent);
    link.href = path;
    this.name.replaceChildren(link);
    this.bar.value = 1;
    this.row.classList.add("is-received");
    this.show(text("Uploaded"));
  }

  showProcessing({ word, reason, state }) {
    this.show(`${text("Uploaded")} · ${reason || word}`);
    this.state.classList.toggle("wrong", state === "failed");
  }

  show(state, ...buttons) {
    this.is = "other";
    this.state.textContent = state;
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...buttons);
    if (had) this.buttons.querySelector("button")?.focus();
  }

  pauseButton() {
    return button(text("Pause"), this, () => this.onPause());
  }

  removeButton() {
    return button(text("Remove"), this, () => this.onRemove());
  }
}

function element(name, className, content = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = content;
  return made;
}

function button(label, row, act) {
  const made = element("button", "button button--small", label);
  made.type = "button";
  made.append(element("span", "unseen", ` ${row.name.textContent}`));
  made.addEventListener("click", act);
  return made;
}
