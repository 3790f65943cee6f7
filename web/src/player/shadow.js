// What the build makes media-chrome call instead of setting `innerHTML` (see ../../adopt.js).

/** Fills a shadow root: its style elements become style sheets, which no policy has to allow. */
export function fillShadow(root, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  // Elements inside fill shadow roots of their own.
  for (const nested of template.content.querySelectorAll("template[shadowrootmode]")) nested.remove();
  const sheets = [];
  // The one with `media` is switched on and off by that attribute, and stays an element.
  for (const style of template.content.querySelectorAll("style:not([media])")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    sheets.push(sheet);
    style.remove();
  }
  root.replaceChildren(document.importNode(template.content, true));
  root.adoptedStyleSheets = sheets;
}

/** The style sheets of a shadow root, each as the `sheet` of something. */
export function sheetsOf(root) {
  return (root.adoptedStyleSheets ?? []).map((sheet) => ({ sheet }));
}
