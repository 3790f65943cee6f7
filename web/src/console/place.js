// The place of the reader. Sending a form opens a page anew, where the keyboard would begin at the
// top, and a long page would show its head.
const LEFT = "playout.place";
const REACHED = "a[href], button, summary, input:not([type=hidden]), select, textarea";

/** Give the focus where the page before had it, if that sent a form, and remember it for the next. */
export function keepPlace() {
  addEventListener("submit", (event) => {
    const { target: form, submitter, defaultPrevented } = event;
    if (defaultPrevented || form.method !== "post") return;
    rememberPlace(submitter ?? form);
  });
  const left = JSON.parse(sessionStorage.getItem(LEFT));
  sessionStorage.removeItem(LEFT);
  if (left) placeAfter(left)?.focus({ focusVisible: left.focusVisible });
}

/** Remember what has the focus, or another element, before the page opens anew. */
export function rememberPlace(other) {
  const active = document.activeElement;
  const from = active.closest("main") ? active : other;
  if (!from) return;
  const left = {
    page: location.pathname,
    places: placesAround(from),
    focusVisible: from.matches(":focus-visible"),
  };
  sessionStorage.setItem(LEFT, JSON.stringify(left));
}

/** Return selectors of what holds an element, from the inside out: one of them is there again. */
function placesAround(element) {
  const places = [];
  for (let each = element; each; each = each.parentElement) {
    const named = (name) => `[${name}="${CSS.escape(each.getAttribute(name) ?? "")}"]`;
    if (each.id) places.push(`#${CSS.escape(each.id)}`);
    else if (each.matches("form[action]")) places.push(`main form${named("action")}`);
    else if (each.matches("[aria-labelledby]")) places.push(`main ${named("aria-labelledby")}`);
    else if (each.matches("main > header")) places.push("main > header");
  }
  return places;
}

function placeAfter({ page, places }) {
  const wrong = document.querySelector("main [aria-invalid=true]");
  const problem = document.querySelector("main [role=alert]");
  if (wrong?.checkVisibility()) return wrong;
  if (problem) {
    problem.tabIndex = -1;
    return problem;
  }
  // A form may lead to the page above it, or below.
  if (!isWithin(location.pathname, page) && !isWithin(page, location.pathname)) return null;
  for (const place of places) {
    const around = document.querySelector(place);
    const all = around ? [around, ...around.querySelectorAll(REACHED)] : [];
    const reached = all.find((each) => each.matches(REACHED) && each.checkVisibility());
    if (reached) return reached;
  }
  return null;
}

function isWithin(page, other) {
  return `${page}/`.startsWith(`${other}/`);
}
