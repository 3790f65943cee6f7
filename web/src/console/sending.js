// A form with files: it shows how far it is, and can be stopped. One with a key goes on after a broken
// line or a reload.
import { bytes, duration } from "./amounts.js";
import { text } from "./texts.js";

const COMES_BACK = [1000, 2000, 4000, 8000, 8000]; // ms

/** Send a form by a script, so that its progress can be seen. */
export function prepareSending(form) {
  const shown = form.querySelector("[data-sending-state]");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (shown.hidden) new Sending(form, shown, button).start();
  });
}

class Sending {
  constructor(form, shown, button) {
    this.form = form;
    this.shown = shown;
    this.button = button;
    this.tries = 0;
    this.body = new FormData(form);
    const files = [...this.body.values()].filter((each) => each instanceof File && each.name);
    if (this.body.has("key")) this.keepKey(files[0]);
    this.word = Object.assign(document.createElement("span"), { className: "quiet num" });
    this.word.role = "status";
    this.bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    this.bar.ariaLabel = files.map(({ name }) => name).join(", ");
    this.name = Object.assign(document.createElement("span"), { className: "upload-name" });
    this.name.textContent = this.bar.ariaLabel;
    this.name.dir = "auto";
    this.stop = Object.assign(document.createElement("button"), { type: "button" });
    this.stop.className = "button button--small";
    this.stop.textContent = text("Stop");
    const stopped = this.kept ? text("Stopped. What was imported before stays.") : text("Stopped.");
    this.stop.addEventListener("click", () => this.end(stopped));
    shown.replaceChildren(this.name, this.stop, this.word, this.bar);
  }

  /** Let the same file have the same key, so that the server knows it again. */
  keepKey({ name, size, lastModified }) {
    this.kept = `playout.import ${this.form.action} ${name} ${size} ${lastModified}`;
    this.body.set("key", localStorage.getItem(this.kept) ?? this.body.get("key"));
    localStorage.setItem(this.kept, this.body.get("key"));
  }

  start() {
    this.shown.hidden = false;
    this.button.disabled = true;
    this.begun = performance.now();
    this.request = new XMLHttpRequest();
    this.request.upload.addEventListener("progress", ({ loaded, total }) => this.show(loaded, total));
    this.request.addEventListener("load", () => this.arrive());
    this.request.addEventListener("error", () => this.tryAgain());
    this.request.open("POST", this.form.action);
    this.request.send(this.body);
  }

  show(sent, whole) {
    this.bar.value = sent / whole;
    if (sent === whole) this.word.textContent = text("All is sent, and checked now.");
    else {
      const left = ((performance.now() - this.begun) / sent) * (whole - sent);
      const amount = text("{sent} of {size}", { sent: bytes(sent), size: bytes(whole) });
      const time = text("{time} left", { time: duration(left / 1000) });
      this.word.textContent = left > 1000 ? `${amount} · ${time}` : amount;
    }
  }

  arrive() {
    const { responseURL, status, responseText } = this.request;
    if (status >= 500) return this.tryAgain();
    if (this.kept) localStorage.removeItem(this.kept);
    if (status < 400) return location.assign(responseURL);
    const page = new DOMParser().parseFromString(responseText, "text/html");
    this.end(page.querySelector("[role=alert]")?.textContent.trim() || page.querySelector("h1").textContent);
    this.word.classList.replace("quiet", "wrong");
    // What comes next is another import.
    if (this.kept) this.form.elements.key.value = page.querySelector("[name=key]")?.value ?? "";
  }

  /** Send the same file under the same key: it goes on where it broke off. */
  tryAgain() {
    const wait = this.kept && COMES_BACK[this.tries++];
    if (!wait) return this.end(text("The connection is lost. Send it again."));
    this.word.textContent = text("Connection lost. Goes on by itself.");
    this.timer = setTimeout(() => this.start(), wait);
  }

  end(sentence) {
    clearTimeout(this.timer);
    this.request.abort();
    this.word.textContent = sentence;
    this.stop.remove();
    this.bar.remove();
    this.button.disabled = false;
    this.form.addEventListener("submit", () => (this.shown.hidden = true), { once: true, capture: true });
  }
}
