// Uploads of many files by tus: each can be paused, goes on after a broken line, and after a reload
// once its file is chosen again.
import { defaultOptions, Upload } from "tus-js-client";
import { formToken } from "./form_token.js";
import { text } from "./texts.js";
import { UploadRow } from "./upload_row.js";
import { followProcessing } from "./processing.js";

const AT_ONCE = 2;
const LINE_COMES_BACK = [0, 500, 1000, 2000, 4000, ...Array(400).fill(8000)];
const TRIED_AGAIN = new Set([0, 408, 409, 423, 425, 429]);

/** Let a form take files by dropping or choosing them. */
export function prepareUploads(form) {
  const drop = form.querySelector(".drop");
  const files = form.querySelector("[type=file]");
  const uploads = new Uploads(form);
  drop.hidden = false;
  files.addEventListener("change", () => {
    uploads.add(files.files);
    files.value = "";
  });
  // Where a film would replace another, a file has to be dropped right there.
  const place = form.elements.video ? drop : window;
  for (const [name, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    place.addEventListener(name, (event) => {
      if (name !== "dragleave") event.preventDefault();
      drop.classList.toggle("is-over", isOver);
      if (name === "drop") uploads.add(event.dataTransfer.files);
    });
  }
  addEventListener("beforeunload", (event) => {
    if (uploads.isSending) event.preventDefault();
  });
  uploads.showUnfinished();
}

class Uploads {
  waiting = [];
  running = new Set();
  unfinished = new Map();
  files = new Set();

  constructor(form) {
    this.form = form;
    this.list = form.querySelector(".uploads");
    this.status = form.querySelector(".uploads-state");
    this.endpoint = new URL(form.dataset.uploads, location.href).href;
  }

  get isSending() {
    return this.running.size + this.waiting.length > 0;
  }

  /** Add files, but none that is in the list already. */
  add(files) {
    for (const file of files) {
      const name = `${file.name} ${file.size} ${file.lastModified}`;
      if (!this.files.has(name)) this.prepare(file, () => this.files.delete(name));
      this.files.add(name);
    }
    this.tell();
    this.startNext();
  }

  prepare(file, forget) {
    const row = new UploadRow(this.list, file.name, file.size);
    const { project, video } = this.form.elements;
    const target = video ? { video: video.value } : { title: titleOf(file), workspace: project.value };
    const upload = new Upload(file, {
      endpoint: this.endpoint,
      metadata: { filename: file.name, ...target },
      chunkSize: 64 * 1024 * 1024,
      retryDelays: LINE_COMES_BACK,
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const isTriedAgain = TRIED_AGAIN.has(status) || status >= 500;
        if (isTriedAgain) row.showBroken();
        return isTriedAgain;
      },
      onAfterResponse: (_, answer) => {
        row.video = answer.getHeader("Video-Id") ?? row.video;
      },
      onProgress: (sent) => row.showSent(sent),
      onError: (error) => {
        row.showFailed(reasonOf(error), () => this.resume(upload, row));
        this.over(upload);
      },
      onSuccess: () => {
        this.showReceived(row);
        this.over(upload);
      },
    });
    row.onPause = () => {
      upload.abort();
      this.waiting = this.waiting.filter(([each]) => each !== upload);
      this.over(upload);
      row.showPaused();
    };
    row.onResume = () => this.resume(upload, row);
    row.onRemove = () => {
      forget();
      this.remove(upload, row);
    };
    this.waiting.push([upload, row]);
  }

  tell() {
    const rows = this.list.children.length;
    const over = this.list.querySelectorAll(".is-received").length;
    const count = rows > 1 ? text("{over} of {rows} uploaded", { over, rows }) : "";
    const next = over && !this.form.elements.video ? text("Open a video below to describe and publish it.") : "";
    this.status.textContent = [count, next].filter(Boolean).join(" · ");
  }

  showReceived(row) {
    row.showReceived(`${this.form.dataset.videos}/${row.video}`);
    followProcessing(this.form.dataset.progress, row);
    this.tell();
  }

  resume(upload, row) {
    row.showWaiting();
    this.waiting.push([upload, row]);
    this.startNext();
  }

  async startNext() {
    while (this.running.size < AT_ONCE && this.waiting.length) {
      const [upload, row] = this.waiting.shift();
      this.running.add(upload);
      row.showSent(row.sent);
      const [before] = upload.url ? [] : await upload.findPreviousUploads();
      if (before) {
        upload.resumeFromPreviousUpload(before);
        this.unfinished.get(before.urlStorageKey)?.remove();
      }
      if (this.running.has(upload)) upload.start();
    }
  }

  over(upload) {
    this.running.delete(upload);
    this.startNext();
  }

  /** End an upload for good. The draft that was made for it goes, too. */
  async remove(upload, row) {
    this.waiting = this.waiting.filter(([each]) => each !== upload);
    row.remove();
    await upload.abort(true).catch(() => {});
    this.over(upload);
    if (row.video && !this.form.elements.video) await this.deleteDraft(row.video);
  }

  deleteDraft(video) {
    return fetch(`${this.form.dataset.videos}/${video}/delete`, {
      method: "POST",
      headers: formToken(),
      redirect: "manual",
    });
  }

  /** Show the uploads that a reload or a closed tab has stopped, as far as the server has them. */
  async showUnfinished() {
    const headers = { "Tus-Resumable": "1.0.0" };
    const storage = defaultOptions.urlStorage;
    for (const before of await storage.findAllUploads()) {
      const isOurs = before.metadata.video === this.form.elements.video?.value;
      if (!isOurs || !before.uploadUrl?.startsWith(this.endpoint)) continue;
      const answer = await fetch(before.uploadUrl, { method: "HEAD", headers }).catch(() => null);
      if (answer?.status === 404) await storage.removeUpload(before.urlStorageKey);
      if (!answer?.ok) continue;
      const row = new UploadRow(this.list, before.metadata.filename, before.size);
      row.video = answer.headers.get("Video-Id");
      const sent = Number(answer.headers.get("Upload-Offset"));
      if (sent === before.size) {
        await storage.removeUpload(before.urlStorageKey);
        this.showReceived(row);
        continue;
      }
      row.showUnfinished(sent);
      this.unfinished.set(before.urlStorageKey, row);
      row.onRemove = async () => {
        row.remove();
        await storage.removeUpload(before.urlStorageKey);
        await fetch(before.uploadUrl, { method: "DELETE", headers });
        if (!before.metadata.video) await this.deleteDraft(row.video);
      };
    }
  }
}

function titleOf(file) {
  return file.name.replace(/\.[^.]+$/, "") || file.name;
}

function reasonOf(error) {
  const answer = error.originalResponse;
  if (answer?.getStatus() === 401) return text("You were signed out. Sign in in another tab, then go on.");
  if (answer?.getStatus() === 413) return text("The file is larger than this installation takes.");
  if (answer?.getStatus() === 507) return text("The storage has no room left for the file.");
  try {
    return JSON.parse(answer.getBody()).detail;
  } catch {
    return text("The server refused the file.");
  }
}
