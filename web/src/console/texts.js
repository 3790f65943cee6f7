// The texts of scripts in the reader's language. A text is its own key, in English; the page has the
// translations (see docs/architecture.md).
const translations = JSON.parse(document.querySelector("#texts")?.textContent ?? "{}");

/** The language of the page. */
export const language = document.documentElement.lang;

/** Return a text in the reader's language, with values in it. */
export function text(key, values = {}) {
  return fill(translations[key]?.[0] ?? key, values);
}

/** Return the text for one thing, or the one for many; `{count}` in it is their number. */
export function counted(one, many, count, values = {}) {
  const form = translations[one]?.[count === 1 ? 0 : 1] ?? (count === 1 ? one : many);
  return fill(form, { count: number(count), ...values });
}

/** Return a number as the language writes it, with so many digits after the point. */
export function number(value, digits = 0) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, options).format(value);
}

function fill(form, values) {
  return form.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
