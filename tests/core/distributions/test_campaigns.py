"""Campaigns decide as their rules say: at a time, in a region, on a platform."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from playout.core.distributions.campaigns import Campaign, Viewer, admit
from playout.core.distributions.settings import Platform

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
"""On the day on which clocks change in Europe."""
CONTINENT = {"DE": "EU", "FR": "EU", "BR": "SA", "US": "NA", "JP": "AS", "ZA": "AF", "NZ": "OC"}
SPELLED = {"NA": "NAM", "AF": "AFG"}
"""Namibia and Afghanistan, whose codes of two letters are those of continents."""
QUESTIONS = 10_000


def campaign(**settings: object) -> Campaign:
    return Campaign.parse(settings)


def viewer(country: str | None = "DE", platform: Platform = Platform.WEB) -> Viewer:
    return Viewer(country, platform)


class TestTime:
    def test_both_edges_belong_to_it(self):
        start, end = NOON.isoformat(), (NOON + timedelta(hours=1)).isoformat()
        spring = campaign(startDate=start, endDate=end)
        moment = timedelta(microseconds=1)
        at = [NOON - moment, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1) + moment]
        assert [spring.admits(viewer(), each) for each in at] == [False, True, True, False]

    def test_a_day_ends_at_midnight_of_utc_though_clocks_change(self):
        day = campaign(startDate="2026-03-29", endDate="2026-03-29")
        hours = [NOON.replace(hour=0) + timedelta(hours=each) for each in range(-1, 26)]
        admitted = [day.admits(viewer(), each) for each in hours]
        assert admitted == [False, *[True] * 24, False, False]

    def test_a_zone_of_the_caller_counts(self):
        berlin = campaign(startDate="2026-03-29T03:00:00+02:00")
        edge = datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert berlin.admits(viewer(), edge)
        assert not berlin.admits(viewer(), edge - timedelta(seconds=1))


class TestRegion:
    @pytest.mark.parametrize(
        ("regions", "country", "admitted"),
        [
            (["EU"], "DE", True),
            (["EU"], "BR", False),
            (["DE", "BR"], "BR", True),
            (["NA"], "US", True),
            (["NA"], "NA", False),  # North America is not Namibia
            (["NAM"], "NA", True),
            (["AF"], "NA", True),
            (["EU"], None, False),
            (["EU"], "ZZ", False),
            ([], None, True),
            (None, None, True),
        ],
    )
    def test_decides(self, regions, country, admitted):
        told = campaign(targeting={"regions": regions})
        assert told.admits(viewer(country), NOON) is admitted


class TestReasons:
    def test_each_rule_has_a_sentence(self):
        told = campaign(
            startDate="2027-01-01", targeting={"regions": ["EU", "BR"], "platforms": ["tv"]}
        )
        assert told.reasons_against(viewer("JP"), NOON) == [
            "It begins at 2027-01-01T00:00:00Z.",
            "It plays only in BR, EU, and not in JP.",
            "It plays only on tv, and not on web.",
        ]

    def test_an_unknown_region_is_named(self):
        told = campaign(endDate="2026-01-01", targeting={"regions": ["EU"]})
        assert told.reasons_against(viewer(None), NOON) == [
            "It ended at 2026-01-01T23:59:59Z.",
            "It plays only in EU, and the region of the viewer is not known.",
        ]


class TestSeveral:
    def test_one_that_admits_is_enough_and_none_is_no_rule(self):
        past, europe = campaign(endDate="2020-01-01"), campaign(targeting={"regions": ["EU"]})
        assert admit([past, europe], viewer("DE"), NOON)
        assert not admit([past, europe], viewer("US"), NOON)
        assert admit([], viewer(None), NOON)


def test_random_questions_have_the_answers_of_another_reader():
    draw = random.Random(1709)
    for _ in range(QUESTIONS):
        settings = [random_settings(draw) for _ in range(draw.randint(0, 3))]
        country = draw.choice([None, *CONTINENT, "NA", "AF"])
        platform = draw.choice(list(Platform))
        at = random_moment(draw)
        told = admit([Campaign.parse(each) for each in settings], Viewer(country, platform), at)
        expected = not settings or any(
            expected_answer(each, country, platform, at) for each in settings
        )
        assert told is expected, (settings, country, platform, at)


def random_settings(draw: random.Random) -> dict[str, object]:
    settings: dict[str, object] = {}
    moments = sorted(random_moment(draw) for _ in range(2))
    for name, moment in zip(("startDate", "endDate"), moments, strict=True):
        if draw.random() < 0.7:
            settings[name] = draw.choice([moment.isoformat(), moment.date().isoformat()])
    targeting: dict[str, object] = {}
    if draw.random() < 0.5:
        places = [*CONTINENT, *CONTINENT.values(), *SPELLED.values()]
        targeting["regions"] = draw.sample(places, draw.randint(0, 3))
    if draw.random() < 0.5:
        targeting["platforms"] = draw.sample(list(Platform), draw.randint(0, 3))
    return settings | ({"targeting": targeting} if targeting else {})


def random_moment(draw: random.Random) -> datetime:
    return NOON + timedelta(minutes=draw.randint(-3000, 3000))


def expected_answer(
    settings: dict[str, object], country: str | None, platform: str, at: datetime
) -> bool:
    """Return the answer by comparing texts and tables, as a person would."""
    start, end = str(settings.get("startDate", "0001")), str(settings.get("endDate", "9999"))
    if text_of(at, start) < start or text_of(at, end) > end:
        return False
    targeting = settings.get("targeting", {})
    regions, platforms = targeting.get("regions"), targeting.get("platforms")
    continent = {"NA": "AF", "AF": "AS", **CONTINENT}.get(country or "")
    names = {SPELLED.get(country or "", country), continent}
    return (not regions or bool(names & set(regions))) and (not platforms or platform in platforms)


def text_of(at: datetime, like: str) -> str:
    """Return a moment spelled as finely as the other text, so that both compare as texts."""
    return at.isoformat()[: len(like)]
