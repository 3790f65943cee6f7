// Makes a passkey, or signs in with one: the browser's answer is sent with the form that asked.
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The options as the browser takes them: bytes instead of texts. */
function options(form) {
  const told = JSON.parse(form.dataset.options);
  told.challenge = decode(told.challenge);
  if (told.user) told.user.id = decode(told.user.id);
  for (const each of [...(told.excludeCredentials ?? []), ...(told.allowCredentials ?? [])]) {
    each.id = decode(each.id);
  }
  return { publicKey: told };
}

/** The answer as text: each part of it that has bytes, encoded. */
function answer({ id, rawId, type, authenticatorAttachment, response }) {
  const parts = {};
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const name of names) if (response[name]) parts[name] = encode(response[name]);
  return JSON.stringify({ id, rawId: encode(rawId), type, authenticatorAttachment, response: parts });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      field.value = answer(await navigator.credentials[form.dataset.passkey](options(form)));
    } catch {
      return; // the person gave up, or has no passkey: the form stays as it was
    }
    form.requestSubmit();
  }, { capture: true });
}
