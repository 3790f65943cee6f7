// Keys: buttons and links name theirs in data-key. Single keys rest while a field has the focus, and
// can be switched off.
const SWITCH = "playout.single-keys";

/** Return whether a key that was pressed alone means something. */
export function areSingleKeysOn(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (localStorage.getItem(SWITCH) === "off" || document.querySelector("dialog[open]")) return false;
  return !event.target.closest?.("input:not([type=checkbox]), textarea, select, video");
}

/** Let keys press the buttons that name them, and show all keys on "?". */
export function prepareKeys() {
  const dialog = document.querySelector("#keys");
  const toggle = document.querySelector("[data-single-keys]");
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  if (toggle) {
    toggle.checked = localStorage.getItem(SWITCH) !== "off";
    toggle.addEventListener("change", () =>
      localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"),
    );
  }
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      const save = document.querySelector("#save");
      if (!save) return;
      event.preventDefault();
      save.requestSubmit();
      return;
    }
    if (event.defaultPrevented || !areSingleKeysOn(event)) return;
    if (event.key === "?" && dialog) {
      dialog.showModal();
      return;
    }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target?.checkVisibility()) return;
    event.preventDefault();
    if (target.matches("input")) target.focus();
    else target.click();
  });
}
