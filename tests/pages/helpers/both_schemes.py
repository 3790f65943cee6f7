"""axe on a page in both colour schemes."""

import json

from playwright.sync_api import Page

from tests.helpers.axe import find_violations

CONTRAST = """async () => {
  const { violations } = await axe.run(document, { runOnly: ["color-contrast"] });
  return JSON.stringify(violations.flatMap(({ nodes }) => nodes.map((each) => each.html)));
}"""


def find_in_both_schemes(tab: Page) -> list[object]:
    """Return each broken rule with its elements.

    A scheme changes colours alone, so that in the dark only these are looked at.
    """
    light = find_violations(tab, "light")
    tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*light, *json.loads(tab.evaluate(CONTRAST))]
