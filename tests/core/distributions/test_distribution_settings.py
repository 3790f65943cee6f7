"""The settings of distributions and activations that Playout understands are checked."""

import pytest

from playout.core.distributions.regions import ALPHA_2, ALPHA_3_OF, CONTINENTS
from playout.core.distributions.settings import (
    SETTINGS_BYTES,
    bounded,
    check_activation,
    check_distribution,
    patched,
)
from playout.kit.errors import Invalid


class TestDistributionSettings:
    @pytest.mark.parametrize("format", ["HLS", "DASH", "MP4"])
    @pytest.mark.parametrize("quality", ["adaptive", "1080p", "720p", "480p"])
    def test_every_format_goes_with_every_quality(self, format, quality):
        check_distribution({"format": format, "quality": quality, "own": {"key": [1]}})

    @pytest.mark.parametrize(
        ("settings", "field"),
        [
            ({"format": "hls"}, "settings.format"),
            ({"format": "WEBM"}, "settings.format"),
            ({"format": ["HLS"]}, "settings.format"),
            ({"format": {}}, "settings.format"),
            ({"quality": "8k"}, "settings.quality"),
            ({"quality": 1080}, "settings.quality"),
            ({"quality": ""}, "settings.quality"),
        ],
    )
    def test_unknown_values_are_refused_with_the_name_of_the_field(self, settings, field):
        with pytest.raises(Invalid, match=f"^{field}: It must be one of ") as error:
            check_distribution(settings)
        assert set(error.value.details) == {field}


class TestActivationSettings:
    def test_continents_countries_and_platforms_are_accepted(self):
        regions = [*CONTINENTS, *ALPHA_2, *ALPHA_3_OF.values()]
        platforms = ["web", "mobile", "tv"]
        check_activation({"targeting": {"regions": regions, "platforms": platforms, "own": 1}})

    def test_there_are_as_many_countries_as_in_iso_3166(self):
        assert len(ALPHA_2) == 249
        assert sorted(ALPHA_2 & CONTINENTS) == ["AF", "AS", "NA", "SA"]
        assert len(ALPHA_3_OF) == 4

    @pytest.mark.parametrize(
        ("targeting", "field"),
        [
            ("NA", "targeting"),
            (["NA"], "targeting"),
            ({"regions": "NA"}, "targeting.regions"),
            ({"regions": ["NA", "XX"]}, r"targeting.regions\[1\]"),
            ({"regions": ["eu"]}, r"targeting.regions\[0\]"),
            ({"regions": ["UK"]}, r"targeting.regions\[0\]"),
            ({"regions": [None]}, r"targeting.regions\[0\]"),
            ({"regions": [["NA"]]}, r"targeting.regions\[0\]"),
            ({"platforms": ["radio"]}, r"targeting.platforms\[0\]"),
            ({"platforms": {"web": True}}, "targeting.platforms"),
        ],
    )
    def test_unknown_values_are_refused_with_the_name_of_the_field(self, targeting, field):
        with pytest.raises(Invalid, match=f"^settings.{field}: "):
            check_activation({"targeting": targeting})


class TestBounds:
    def test_settings_that_are_too_long_to_keep_are_refused(self):
        bounded({"a": "x" * (SETTINGS_BYTES - 10)})
        with pytest.raises(Invalid, match=r"^settings: "):
            bounded({"a": "x" * SETTINGS_BYTES})

    def test_settings_cannot_grow_too_long_patch_by_patch(self):
        settings = {"a": "x" * 40_000}
        with pytest.raises(Invalid, match=r"^settings: "):
            patched(settings, {"b": "x" * 40_000})
