// Asks whether the visitor may be counted, until they have answered, and keeps the answer for the
// landing pages of the project.
const box = document.querySelector(".consent");
const key = `playout-consent-${box?.dataset.project}`;

if (box && !answer()) {
  box.hidden = false;
  for (const button of box.querySelectorAll("[data-consent]")) {
    button.addEventListener("click", () => keep(button.dataset.consent));
  }
}

function answer() {
  try {
    return localStorage.getItem(key);
  } catch {
    return "no"; // a browser that keeps nothing would be asked on each page
  }
}

function keep(choice) {
  box.hidden = true;
  document.querySelector("main").focus(); // the button that had the focus is gone
  localStorage.setItem(key, choice);
  document.dispatchEvent(new CustomEvent("playout-consent", { detail: choice }));
}
