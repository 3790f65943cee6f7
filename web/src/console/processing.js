// The progress of videos after their upload, asked for while any is not ready.

const EVERY = 1500;
const followed = new Map();
let timer = 0;

/** Show in a row how far the processing of its video is. */
export function followProcessing(address, row) {
  followed.set(row.video, row);
  timer ||= setTimeout(() => ask(address), EVERY / 3);
}

async function ask(address) {
  const ids = [...followed.keys()].slice(0, 50);
  const answer = document.hidden ? null : await fetch(`${address}?videos=${ids}`).catch(() => null);
  if (answer?.redirected) return; // signed out
  const states = answer?.ok ? await answer.json().catch(() => null) : null;
  for (const id of states ? ids : []) {
    if (states[id]) followed.get(id)?.showProcessing(states[id]);
    if (!states[id] || states[id].is_over) followed.delete(id); // it is deleted, or somebody else's
  }
  timer = followed.size ? setTimeout(() => ask(address), EVERY) : 0;
}
