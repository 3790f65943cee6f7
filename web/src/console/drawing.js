// The preview of a film template: the picture follows the test data and the second of the film.
import { text } from "./texts.js";

const REST = 300; // ms without a change, after which the picture is drawn

export function prepareDrawing(form) {
  const told = document.querySelector("[data-drawn-wrong]");
  const box = form.closest("section").querySelector(".picture");
  let timer = 0;
  let last = 0;
  const draw = async () => {
    const number = ++last;
    const picture = document.createElement("img");
    picture.id = "drawn";
    picture.alt = text("The film with these data, at second {second}", { second: form.elements.second.value });
    picture.src = `${form.dataset.draw}?${new URLSearchParams(new FormData(form))}`;
    const isDrawn = await picture.decode().then(() => true, () => false);
    if (number !== last) return; // a later one is on its way
    told.textContent = isDrawn ? "" : text("These data cannot be drawn. Draw says why.");
    if (isDrawn) box.replaceChildren(picture);
  };
  form.addEventListener("input", later);
  for (const each of form.elements) if (!form.contains(each)) each.addEventListener("input", later);
  function later() {
    clearTimeout(timer);
    timer = setTimeout(draw, REST);
  }
}
