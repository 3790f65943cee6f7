// What media-chrome tells screen readers of two of its elements, where WCAG or ARIA forbid it.

export function correctRoles(controller) {
  // It has aria-checked, which a button may not have.
  controller.querySelector("media-captions-button").role = "switch";
  // Its name has to contain the time that it shows, as its content does.
  const time = controller.querySelector("media-time-display");
  const unname = () => time.removeAttribute("aria-label");
  new MutationObserver(unname).observe(time, { attributeFilter: ["aria-label"] });
  unname();
}
