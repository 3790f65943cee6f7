// Reads the cues of a WebVTT file: when each begins, and its text.
const TIMES = /^\s*((?:\d+:)?\d\d:\d\d\.\d{3})\s+-->/;

export function cuesOf(file) {
  const blocks = file.replace(/\r\n?/g, "\n").split(/\n{2,}/);
  return blocks.flatMap((block) => {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0 || at > 1) return []; // a header, a note or a style
    const text = plainText(lines.slice(at + 1).join("\n"));
    return text ? [{ start: secondsOf(TIMES.exec(lines[at])[1]), text }] : [];
  });
}

function secondsOf(time) {
  return time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** The text of a cue without its tags, on one line. */
function plainText(markup) {
  const cue = new VTTCue(0, 1, markup);
  return cue.getCueAsHTML().textContent.replace(/\s+/g, " ").trim();
}
