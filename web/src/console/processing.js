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
  const answer = await fetch(`${address}?videos=${ids}`).catch(() => null);
  const states = answer?.ok ? await answer.json().catch(() => ({})) : {};
  for (const [id, state] of Object.entries(states)) {
    followed.get(id)?.showProcessing(state);
    if (state.is_over) followed.delete(id);
  }
  timer = followed.size ? setTimeout(() => ask(address), EVERY) : 0;
}
