// The texts that a personal film shows its viewer. The page has them beside the film, closed; they
// open when the film plays without them.

/** Open the texts of the film, if the page has some, and say why. */
export function openWords() {
  const words = document.querySelector(".film-words");
  const why = words?.querySelector(".film-why");
  if (!why || why.textContent) return;
  why.textContent = why.dataset.why;
  words.querySelector("details").open = true;
}
