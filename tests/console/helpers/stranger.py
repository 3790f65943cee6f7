"""A stranger who uses pages by mouse, by touch, or by the keyboard alone, step by step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 10
MOST_TABS = 40
SMALLEST = 24
OUTLINED = """() => {
  const found = document.activeElement;
  const drawn = found.matches(".unseen") ? found.previousElementSibling : found;
  return getComputedStyle(drawn).outlineStyle !== "none";
}"""
TOO_SMALL = """smallest => [...document.querySelectorAll(
  "button, summary, select, input, textarea, nav a, a.button, label.check, label.pick"
)].filter(each => each.checkVisibility() && !each.matches("label input, .unseen, [type=range]"))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width && Math.min(box.width, box.height) < smallest)
  .map(([each]) => each.outerHTML.slice(0, 120))"""


class Hand:
    """A mouse or a finger. Each click, each typed field and each chosen file is a step."""

    def __init__(self, page: Page, *, touches: bool = False) -> None:
        self.page = page
        self.steps: dict[str, int] = {}
        self._touches = touches
        self._task = ""

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """Count the steps of a task, which must not be too many."""
        self._task, self.steps[name] = name, 0
        yield
        assert 0 < self.steps[name] <= MOST_STEPS, self.steps

    def press(self, target: Locator) -> None:
        self._step()
        if self._touches:
            target.tap()
        else:
            target.click()

    def type(self, field: Locator, text: str) -> None:
        self._step()
        field.fill(text)

    def choose(self, field: Locator, file: Path) -> None:
        self._step()
        field.set_input_files(file)

    def _step(self) -> None:
        self.steps[self._task] += 1


class Keys:
    """A keyboard without a mouse. Whatever has the focus must show it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.bring_to_front()

    def is_at(self, target: Locator) -> None:
        """Wait until something has the focus."""
        focused = "each => each === document.activeElement"
        self.page.wait_for_function(focused, arg=target.element_handle())

    def reach(self, target: Locator, key: str = "Tab", most: int = MOST_TABS) -> None:
        """Press Tab until something has the focus."""
        expect(target).to_be_attached()
        for _ in range(most):
            self.page.keyboard.press(key)
            if target.evaluate("each => each === document.activeElement"):
                assert self.page.evaluate(OUTLINED), f"no outline: {target}"
                return
        raise AssertionError(f"not reached by {most} keys: {target}")

    def press(self, target: Locator, most: int = MOST_TABS) -> None:
        self.reach(target, most=most)
        self.page.keyboard.press("Enter")


def too_small(page: Page) -> Sequence[str]:
    """Return what is shown, can be pressed, and is smaller than a finger can hit."""
    found: list[str] = page.evaluate(TOO_SMALL, SMALLEST)
    return found
