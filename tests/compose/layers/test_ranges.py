"""The times at which something is drawn."""

from playout.compose.layers import touched_ranges
from playout.compose.manifest.data import check_data
from tests.compose.manifest.manifests import manifest, text

GOLD = '{{plan}} == "gold"'
TEMPLATE = manifest(
    text("Hello {{name}}", start=1, end=3),
    text("Welcome", id="welcome", start=2.5, end=4),
    text("Gold", id="gold", start=8, end=9, when=GOLD),
    scenes=[{"id": "offer", "start": 6, "end": 10, "when": GOLD}],
)


class TestTouchedRanges:
    def test_they_are_merged_and_leave_out_what_is_not_shown(self):
        values = check_data(TEMPLATE, {"name": "Ada"})
        assert touched_ranges(TEMPLATE, values) == [(1, 4)]

    def test_they_depend_on_the_data(self):
        values = check_data(TEMPLATE, {"name": "Ada", "plan": "gold"})
        assert touched_ranges(TEMPLATE, values) == [(1, 4), (8, 9)]
