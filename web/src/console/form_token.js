// The header by which a script of the console sends a form.
export function formToken() {
  return { "X-Form-Token": document.querySelector("[name=form_token]").value };
}
