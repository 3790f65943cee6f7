// The import of a file: it shows how far it is, goes on after a broken line or a reload, and can be
// stopped.
import { bytes, duration } from "./amounts.js";

const COMES_BACK = [1000, 2000, 4000, 8000, 8000]; // ms

/** Send the form of an import by a script, so that its progress can be seen. */
export function prepareImport(form) {
  const shown = form.querySelector("[data-import-state]");
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
    const { name, size, lastModified } = this.body.get("file");
    this.kept = `playout.import ${form.action} ${name} ${size} ${lastModified}`;
    this.body.set("key", localStorage.getItem(this.kept) ?? this.body.get("key"));
    localStorage.setItem(this.kept, this.body.get("key"));
    this.word = Object.assign(document.createElement("span"), { className: "quiet num" });
    this.word.role = "status";
    this.bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    this.bar.ariaLabel = this.body.get("file").name;
    this.name = Object.assign(document.createElement("span"), { className: "upload-name" });
    this.name.textContent = this.body.get("file").name;
    this.name.dir = "auto";
    this.stop = Object.assign(document.createElement("button"), { type: "button" });
    this.stop.className = "button button--small";
    this.stop.textContent = "Stop";
    this.stop.addEventListener("click", () => this.end("Stopped. What was imported before stays."));
    shown.replaceChildren(this.name, this.stop, this.word, this.bar);
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
    if (sent === whole) this.word.textContent = "All is sent. The last rows are checked.";
    else {
      const left = ((performance.now() - this.begun) / sent) * (whole - sent);
      const amount = `${bytes(sent)} of ${bytes(whole)}`;
      this.word.textContent = left > 1000 ? `${amount} · ${duration(left / 1000)} left` : amount;
    }
  }

  arrive() {
    const { responseURL, status, responseText } = this.request;
    if (status >= 500) return this.tryAgain();
    localStorage.removeItem(this.kept);
    if (status < 400) return location.assign(responseURL);
    const page = new DOMParser().parseFromString(responseText, "text/html");
    this.end(page.querySelector("[role=alert]")?.textContent.trim() || page.querySelector("h1").textContent);
    this.word.classList.replace("quiet", "wrong");
    // What comes next is another import.
    this.form.elements.key.value = page.querySelector("[name=key]")?.value ?? "";
  }

  /** Send the same file under the same key: it goes on where it broke off. */
  tryAgain() {
    const wait = COMES_BACK[this.tries++];
    if (!wait) return this.end("The connection is lost. Import the file again, and it goes on.");
    this.word.textContent = "Connection lost. Goes on by itself.";
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
