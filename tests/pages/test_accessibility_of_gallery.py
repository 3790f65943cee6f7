"""axe finds nothing to complain of on gallery, search and watch pages."""

from dataclasses import replace

import pytest

from playout.pages import render
from playout.pages.messages import messages
from playout.pages.views import CaptionTrack, Chapter, Facet, FacetGroup
from tests.helpers.axe import find_violations
from tests.pages.helpers import examples
from tests.pages.helpers.both_schemes import find_in_both_schemes
from tests.pages.helpers.browser import DESKTOP, PHONE, Show, resize

FACET = Facet(name="winter", url="/tags/winter", count=3)
SEARCH = replace(
    examples.GALLERY,
    words="snow",
    folder=None,
    chosen=(FACET,),
    groups=(FacetGroup(title="Tags", facets=(FACET, FACET)),),
    counted=1_000,
    next_url="/?q=snow&before=1-a",
    viewer="Ada Lind",
)
WATCH = replace(
    examples.WATCH,
    creator_url="/creators/nordlys-film",
    tag_urls={"winter": "/tags/winter"},
    related=(examples.CARD,) * 4,
    player_url=f"{examples.SITE}/embed/v/crossing",
    chapters=(Chapter(start=0, title="Start"), Chapter(start=9, title="The ridge")),
    captions=tuple(
        CaptionTrack(url=f"/{tag}.vtt", language=tag, label=tag, default=False)
        for tag in ("en", "de")
    ),
)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(show: Show, language: str) -> None:
    spoken = {"messages": messages(language)}
    for html in (
        render.render_gallery(replace(examples.GALLERY, **spoken)),
        render.render_gallery(replace(SEARCH, **spoken)),
        render.render_gallery(replace(SEARCH, cards=(), **spoken)),
        render.render_watch(replace(WATCH, **spoken)),
        render.render_watch(replace(WATCH, width=1080, height=1920, **spoken)),
    ):
        page = show(html)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for window in (DESKTOP, PHONE):
            resize(page, window)
            # The direction of a language changes no colour.
            found = (
                find_in_both_schemes(page) if language == "en" else find_violations(page, "light")
            )
            assert found == []
