// Buttons that copy a text, also on pages without https.
import { text } from "./texts.js";

/** Let the buttons that name a text in data-copy copy it, and say so for a moment. */
export function prepareCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const copied = await copy(button.dataset.copy);
      button.textContent = copied ? text("Copied") : text("Copy");
      setTimeout(() => (button.textContent = text("Copy")), 1500);
    });
  }
}

/** Copy a text, and return whether the browser did. */
export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copySelected(words);
  }
}

// Without https there is no clipboard, and what is selected can still be copied.
function copySelected(words) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.value = words;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused.focus();
  return copied;
}
