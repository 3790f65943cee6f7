// One line in the list of uploads: a name, what happens with it, and what can be done.
import { bytes, duration } from "./amounts.js";

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
    this.state = element("span", "quiet num", "Waiting");
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
    this.show("Waiting", this.pauseButton(), this.removeButton());
  }

  showSent(sent) {
    const [now, before] = [performance.now(), this.measured];
    // A line that comes and goes has no rate; it is measured over some seconds.
    if (!before || sent < before.sent || now - before.at > 10_000) this.measured = { at: now, sent };
    this.sent = sent;
    this.bar.value = sent / (this.size || 1);
    const rate = before && now > before.at + 500 ? ((sent - before.sent) / (now - before.at)) * 1000 : 0;
    const left = rate > 0 ? ` · ${bytes(rate)}/s · ${duration((this.size - sent) / rate)} left` : "";
    const text = `${bytes(sent)} of ${bytes(this.size)}${left}`;
    if (this.is === "sending") this.state.textContent = text;
    else this.show(text, this.pauseButton(), this.removeButton());
    this.is = "sending";
  }

  showBroken() {
    this.measured = null;
    this.show(`Connection lost at ${this.percent}. Goes on by itself.`, this.pauseButton(), this.removeButton());
  }

  showPaused() {
    this.measured = null;
    this.show(`Paused at ${this.percent}`, button("Resume", this, () => this.onResume()), this.removeButton());
  }

  showUnfinished(sent) {
    this.sent = sent;
    this.bar.value = sent / (this.size || 1);
    this.show(`Stopped at ${this.percent}. Choose the file again, and it goes on.`, this.removeButton());
  }

  showFailed(reason, again) {
    this.show(reason, button("Try again", this, again), this.removeButton());
  }

  /** All bytes are there: the name leads to the page of the video. */
  showReceived(path) {
    const link = element("a", "link", this.name.textContent);
    link.href = path;
    this.name.replaceChildren(link);
    this.bar.value = 1;
    this.row.classList.add("is-received");
    this.show("Uploaded");
  }

  showProcessing({ word, reason, state }) {
    this.show(reason ? `Uploaded · ${reason}` : `Uploaded · ${word}`);
    this.state.classList.toggle("wrong", state === "failed");
  }

  show(text, ...buttons) {
    this.is = "other";
    this.state.textContent = text;
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...buttons);
    if (had) this.buttons.querySelector("button")?.focus();
  }

  pauseButton() {
    return button("Pause", this, () => this.onPause());
  }

  removeButton() {
    return button("Remove", this, () => this.onRemove());
  }
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text, row, act) {
  const made = element("button", "button button--small", text);
  made.type = "button";
  made.append(element("span", "unseen", ` ${row.name.textContent}`));
  made.addEventListener("click", act);
  return made;
}
