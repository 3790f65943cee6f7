"""axe, run on the page that a tab shows."""

import json
from typing import Literal

from playwright.sync_api import Page

from tests.clients.helpers.node import package

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules });
  const told = ({ id, nodes }) => [id, nodes.map((each) => each.html + each.failureSummary)];
  return JSON.stringify(violations.map(told));
}"""


def find_violations(tab: Page, scheme: Literal["light", "dark"]) -> list[list]:
    """Return each broken rule with its elements, in one colour scheme.

    Motion is reduced, so that no colour is measured half way from one scheme to the other.
    """
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.evaluate((package("axe-core") / "axe.min.js").read_text())
    return json.loads(tab.evaluate(RUN, RULES))
