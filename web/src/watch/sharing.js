// The panel to share a page: its address, from the current moment if the viewer likes, to copy, mail
// or send.
import { clock } from "./moments.js";

export function offerToShare(video, box) {
  if (!box) return;
  const find = (selector) => box.querySelector(selector);
  const [link, start, shown, mail] = [".share-link", ".share-start", ".share-time", ".share-mail"].map(find);
  const page = link.value;
  const subject = mail.href;

  function update() {
    const seconds = Math.floor(video.currentTime);
    shown.textContent = clock(seconds);
    link.value = start.checked && seconds ? `${page}?t=${seconds}` : page;
    mail.href = subject.replace(encodeURIComponent(page), encodeURIComponent(link.value));
  }

  box.addEventListener("toggle", update);
  start.addEventListener("change", update);
  video.addEventListener("timeupdate", () => box.open && update());
  offerToCopy(find(".share-copy"), link, find(".share-said"));
  offerToSend(find(".share-send"), link);
  closeBesides(box);
}

function offerToCopy(button, link, said) {
  const name = button.textContent;
  button.addEventListener("click", async () => {
    link.select();
    // Without https there is no clipboard, and what is selected can still be copied.
    const copied = await copy(link.value);
    button.textContent = copied ? button.dataset.done : name;
    said.textContent = copied ? button.dataset.done : "";
    setTimeout(() => {
      button.textContent = name;
      said.textContent = "";
    }, 2500);
  });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

function offerToSend(button, link) {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: document.title, url: link.value }).catch(() => {});
  });
}

function closeBesides(box) {
  document.addEventListener("click", ({ target }) => {
    if (!box.contains(target)) box.open = false;
  });
  box.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    box.open = false;
    box.querySelector("summary").focus();
  });
}
