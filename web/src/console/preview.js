// The preview of a brand: two frames, as wide as a desktop and a phone, follow the form.
import { text } from "./texts.js";

/** Show the landing page in the brand that the form has, a moment after each change. */
export function preparePreviews(form) {
  const frames = [...document.querySelectorAll(".preview iframe")];
  const channel = document.querySelector("[data-channel]");
  let timer = 0;
  const show = () => {
    const query = fieldsOf(form);
    query.set("channel", channel.value);
    const address = `${form.dataset.preview}?${query}`;
    // Replaced, so that going back leaves the page.
    for (const frame of frames) {
      const next = frame.cloneNode();
      next.src = address;
      next.addEventListener("load", () => frame.remove(), { once: true });
      frames[frames.indexOf(frame)] = next;
      frame.after(next);
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      show();
      tellContrasts(form);
    }, 250);
  };
  form.addEventListener("input", later);
  channel.addEventListener("change", show);
  for (const field of form.querySelectorAll("[data-color]")) addPicker(field);
}

async function tellContrasts(form) {
  const answer = await fetch(`${form.dataset.hints}?${fieldsOf(form)}`);
  if (!answer.ok) return;
  for (const [name, hint] of Object.entries(await answer.json())) {
    form.querySelector(`#${name}-hint.hint`)?.replaceChildren(hint);
  }
}

/** Put a field of colours beside the text, which stays as the one that is sent. */
function addPicker(field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "picker";
  picker.ariaLabel = text("{name}: choose", { name: field.labels[0].textContent });
  const take = () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
  };
  take();
  field.addEventListener("input", take);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const row = document.createElement("span");
  row.className = "color-row";
  field.before(row);
  row.append(picker, field);
}

/** Let the wide frame fill the place that it has. */
export function fitPreviews() {
  for (const box of document.querySelectorAll(".preview--wide")) {
    new ResizeObserver(([{ contentRect }]) =>
      box.style.setProperty("--scale", contentRect.width / 1280),
    ).observe(box);
  }
}

// The token of the form stays out of addresses, which are logged.
function fieldsOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "form_token"));
}
