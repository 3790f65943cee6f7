// The names of countries, which come as two letters.
import { language } from "./texts.js";

const names = new Intl.DisplayNames(language, { type: "region" });

/** Show the names of countries in a part of the page. */
export function prepareCountries(root) {
  for (const select of root.querySelectorAll("select[data-country-names]")) nameCountries(select);
  for (const field of root.querySelectorAll("input[data-countries]")) nameTyped(field);
}

function nameCountries(select) {
  const [unknown, ...countries] = select.options;
  const chosen = select.value;
  for (const each of countries) each.textContent = names.of(each.value);
  countries.sort((one, other) => one.textContent.localeCompare(other.textContent));
  select.replaceChildren(unknown, ...countries);
  select.value = chosen;
}

/** Say below a field which countries its codes mean. */
function nameTyped(field) {
  const told = document.createElement("p");
  told.className = "hint";
  told.ariaLive = "polite";
  field.after(told);
  const show = () => {
    const codes = field.value.toUpperCase().match(/\b[A-Z]{2}\b/g) ?? [];
    told.textContent = codes.map((each) => names.of(each)).join(", ");
  };
  field.addEventListener("input", show);
  show();
}
