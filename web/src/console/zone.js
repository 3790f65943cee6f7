// Times in the zone of the browser. The server writes and reads all of them in UTC.
const names = new Intl.DisplayNames("en", { type: "region" });
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");

/** Show the times, the fields of times and the names of countries in a part of the page. */
export function prepareZone(root) {
  for (const each of root.querySelectorAll("span[data-zone]")) {
    each.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  for (const each of root.querySelectorAll("time[data-moment]")) {
    each.textContent = written(new Date(each.dateTime));
  }
  for (const field of root.querySelectorAll("input[data-utc]")) prepareField(field);
  for (const select of root.querySelectorAll("select[data-country-names]")) nameCountries(select);
  for (const field of root.querySelectorAll("input[data-countries]")) nameTyped(field);
}

/** Return a time as the server writes it: `20 Nov 2026, 18:00`. */
export function written(at) {
  const day = `${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}`;
  return `${day}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Let a field show local time. What nobody has changed is sent as it came. */
function prepareField(field) {
  const sent = field.value;
  if (sent) {
    field.value = local(new Date(`${sent}Z`));
    field.defaultValue = field.value;
  }
  const shown = field.value;
  field.form.addEventListener("formdata", ({ formData }) => {
    if (field.value === shown) formData.set(field.name, sent);
    else if (field.value) formData.set(field.name, new Date(field.value).toISOString());
  });
}

function local(at) {
  const date = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
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
