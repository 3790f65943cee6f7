// The list of videos: many are selected by mouse or keys, and single keys act on them.
import { copy } from "./copying.js";
import { areSingleKeysOn } from "./keys.js";
import { counted } from "./texts.js";

/** Count what is selected, and select ranges with Shift. */
export function prepareSelection(form) {
  const boxes = [...document.querySelectorAll(".pick input")];
  const count = form.querySelector(".bulk-count");
  let last = null;
  const tell = () => {
    const number = boxes.filter((each) => each.checked).length;
    count.textContent = number ? counted("{count} selected", "{count} selected", number) : "";
  };
  const pick = (box, isChecked, isRange) => {
    const [from, to] = [boxes.indexOf(isRange && last ? last : box), boxes.indexOf(box)];
    for (const each of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) {
      each.checked = isChecked;
    }
    last = box;
    tell();
  };
  for (const box of boxes) {
    box.addEventListener("click", (event) => pick(box, box.checked, event.shiftKey));
  }
  // The fields in the menus are emptied as well, and the boxes outside of the form with them.
  form.addEventListener("reset", () => {
    for (const each of boxes) each.checked = false;
    last = null;
    setTimeout(tell);
  });
  addEventListener("pageshow", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.closest(".panel")?.querySelector("[data-enter]")?.click();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      for (const each of form.querySelectorAll("details[open]")) each.open = false;
      if (!event.target.closest("input:not([type=checkbox]), textarea, select")) form.reset();
    }
    const item = event.target.closest?.(".item") ?? null;
    const box = item?.querySelector(".pick input");
    if (box && event.key.toLowerCase() === "x" && areSingleKeysOn(event)) {
      event.preventDefault();
      pick(box, event.shiftKey || !box.checked, event.shiftKey);
    }
  });
  tell();
}

/** Let J and K go through the videos, and other keys open, edit and copy. */
export function prepareBrowsing() {
  const items = [...document.querySelectorAll(".item")];
  const keys = {
    e: (item) => item.querySelector(".item-link").click(),
    o: (item) => open(urlOf(item), "_blank", "noopener"),
    c: (item) => copy(urlOf(item)),
  };
  const urlOf = (item) => item.querySelector("[data-url]")?.dataset.url;
  addEventListener("keydown", (event) => {
    if (!areSingleKeysOn(event)) return;
    const item = document.activeElement.closest(".item");
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      const next = items[Math.max(0, items.indexOf(item) + step)] ?? items.at(-1);
      next?.querySelector(".item-link").focus();
    } else if (item && keys[event.key] && (event.key === "e" || urlOf(item))) {
      event.preventDefault();
      keys[event.key](item);
    }
  });
}
