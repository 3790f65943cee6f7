// media-chrome puts <style> elements into its shadow roots. A content security policy would have to
// name the hash of each, in the headers of every page with a player. Here the build lets it adopt style
// sheets instead, which are made by a script and need no permission.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = /node_modules[\\/]media-chrome[\\/]dist[\\/].*\.js$/;
const SHADOW = join(import.meta.dirname, "src/player/shadow.js");
const CHANGES = [
  [/this\.shadowRoot\.setHTMLUnsafe \? .* : this\.shadowRoot\.innerHTML = html;/g, "fillShadow(this.shadowRoot, html);"],
  [/this\.shadowRoot\.innerHTML = (this\.constructor\.getTemplateHTML\(attrs\));/g, "fillShadow(this.shadowRoot, $1);"],
  [/styleParent\.querySelectorAll\("style:not\(\[media\]\)"\)/g, "sheetsOf(styleParent)"],
];
const LEFT = /shadowRoot\.(innerHTML =|setHTMLUnsafe)|querySelectorAll\("style/;

/** A plugin of esbuild. It fails if a new version of media-chrome does it in another way. */
export const adoptStyles = {
  name: "adopt-styles",
  setup(build) {
    build.onLoad({ filter: FILE }, ({ path }) => {
      const before = readFileSync(path, "utf8");
      const after = CHANGES.reduce((text, [from, to]) => text.replace(from, to), before);
      if (LEFT.test(after)) throw new Error(`${path} fills a shadow root in a way that adopt.js does not know`);
      const line = `import { fillShadow, sheetsOf } from ${JSON.stringify(SHADOW)};\n`;
      return { contents: after === before ? before : line + after };
    });
  },
};
