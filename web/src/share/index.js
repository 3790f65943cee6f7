// Asks whether the visitor may be counted, until they have answered, and keeps the answer for the site.
const KEY = "playout-consent";
const box = document.querySelector(".consent");

if (box && !answer()) {
  box.hidden = false;
  for (const button of box.querySelectorAll("[data-consent]")) {
    button.addEventListener("click", () => keep(button.dataset.consent));
  }
}

function answer() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return "no"; // a browser that keeps nothing would be asked on each page
  }
}

function keep(choice) {
  localStorage.setItem(KEY, choice);
  box.hidden = true;
  document.querySelector("main").focus(); // the button that had the focus is gone
}
