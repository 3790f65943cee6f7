"""Interactions with the console in Chromium, whose processor is slowed down four times.

Each lasts from the event until the browser has painted what follows, as `PerformanceObserver` tells
of it (Event Timing): the measure "interaction to next paint" of web-vitals.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.clips import CALM, natural
from bench.console_filling import Organization
from bench.measure import Result, in_process
from bench.site import PATIENCE, Server, create_video, put
from playout.kit.clock import utcnow
from tests.console.helpers.sign_in import sign_in_by_token
from tests.helpers.live import until

SLOWDOWN, ROUNDS, MOST_MS = 4, 3, 100
SECONDS = 12
SETTLED = 400
"""Milliseconds after an interaction in which the browser tells how long it took."""
OBSERVE = """
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) tookSoLong(each.duration);
}).observe({ type: "event", durationThreshold: 16 });
"""
MAIL = "bench@example.com"

Act = Callable[[Page], object]


def _type(field: str) -> Act:
    return lambda page: page.locator(field).first.press_sequentially("harbour ")


def _click(target: str) -> Act:
    return lambda page: page.locator(target).first.click()


def _press(target: str, key: str) -> Act:
    return lambda page: page.locator(target).first.press(key)


def _select_all(page: Page) -> None:
    page.locator(".pick").first.click()
    page.locator(".pick").last.click(modifiers=["Shift"])


def _open_menu(page: Page) -> None:
    page.locator(".pick").first.click()
    page.locator(".bulk summary").first.click()


def _type_title(page: Page) -> None:
    page.locator("main details > summary").first.click()
    page.locator("input[name=title]").first.press_sequentially("harbour ")


def _drag(target: str, by: float) -> Act:
    def drag(page: Page) -> None:
        found = page.locator(target).first
        found.scroll_into_view_if_needed()
        box = found.bounding_box()
        assert box, target
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + box["width"] * by, y, steps=8)
        page.mouse.up()

    return drag


def _hover(page: Page) -> None:
    columns = page.locator(".plot-parts li")
    for number in range(0, min(columns.count(), 28), 3):
        columns.nth(number).hover(force=True)


PAGES: dict[str, tuple[str, dict[str, Act]]] = {
    "list of videos": (
        "/videos",
        {
            "open a filter": _click("#state"),
            "type in the search": _type("#search"),
            "select all": _select_all,
            "open a menu": _open_menu,
            "go to the next by key": _press(".item-link", "j"),
            "switch to lines": _click("main nav a:not([aria-current])"),
        },
    ),
    "list of videos, as lines": (
        "/videos?view=lines",
        {"select all": _select_all, "open a menu": _open_menu},
    ),
    "page of a video": (
        "/videos/{new}",
        {
            "type in the title": _type("#title"),
            "type in the description": _type("#description"),
            "open what is closed": _click("main details > summary"),
            "add a chapter": _click("[data-chapter]"),
            "scrub the poster by mouse": _drag("[data-scrub]", 0.3),
            "scrub the poster by key": _press("[data-scrub]", "ArrowRight"),
        },
    ),
    "landing pages": (
        "/landing",
        {
            "type in a title": _type_title,
            "open what is closed": _click("main details > summary"),
        },
    ),
    "brand": (
        "/landing/{uid}/brand",
        {"type in the name": _type("#name"), "open the fonts": _click("#font")},
    ),
    "campaign": (
        "/campaigns/{new}",
        {
            "drag on the time line": _drag(".act", 0.2),
            "move by key": _press(".act a", "ArrowRight"),
            "choose a platform": lambda page: page.get_by_label("TV").check(),
        },
    ),
    "audience": (
        "/audience/videos/{film}?days=90",
        {
            "hover the chart": _hover,
            "open the dates": _click("details.menu summary"),
            "open the table": _click("details.as-table summary"),
            "change the period": _click("nav.segments a:not([aria-current])"),
        },
    ),
}


def interactions(
    server: Server, data_dir: Path, folder: Path, organization: Organization
) -> list[Result]:
    """Return the slowest interaction of each page; none without Chromium."""
    if not shutil.which("chromium"):
        return []
    values = _prepared(server, folder, organization)
    took: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in PAGES}
    with _browser(server, _token(data_dir, organization)) as (page, told):
        for _ in range(ROUNDS):
            for name, (path, acts) in PAGES.items():
                for act, carry_out in acts.items():
                    _open(page, f"/console{path.format(**values)}")
                    told.clear()
                    carry_out(page)
                    page.wait_for_timeout(SETTLED)
                    took[name][act].append(max(told, default=0))
    return [_worst(name, acts) for name, acts in took.items()]


def _worst(name: str, acts: dict[str, list[float]]) -> Result:
    medians = {act: statistics.median(each) for act, each in acts.items()}
    act = max(medians, key=lambda each: medians[each])
    detail = f"{act}; worst of {len(acts)}, median of {ROUNDS}, load {os.getloadavg()[0]:.0f}"
    return Result(f"console, interaction, {name}", medians[act], MOST_MS, "ms", detail)


def _open(page: Page, path: str) -> None:
    """Open a page. What is not saved on the one before is left."""
    page.goto(path, wait_until="load")
    page.wait_for_timeout(SETTLED)


@contextmanager
def _browser(server: Server, token: str) -> Iterator[tuple[Page, list[float]]]:
    """A member in a slow browser, and the milliseconds that each event took since it was
    cleared."""
    told: list[float] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(
            base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1280, "height": 900}
        )
        page.set_default_timeout(PATIENCE * 1000)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/console")
        sign_in_by_token(page, token)
        page.wait_for_url(re.compile("/console/videos"))
        page.expose_binding("tookSoLong", lambda _, milliseconds: told.append(milliseconds))
        page.add_init_script(OBSERVE)
        tab = page.context.new_cdp_session(page)
        tab.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        yield page, told
        chromium.close()


def _prepared(server: Server, folder: Path, organization: Organization) -> dict[str, object]:
    """Add a video with a film and a campaign; return the values of addresses."""
    key, project = organization.key, organization.project
    video = create_video(server, key, project)
    clip = natural(folder / "clip.mp4", "640x360", SECONDS, picture=CALM)
    path = f"/api/v1/videos/{video}/"
    head = put(f"{path}source/", key, clip.stat().st_size)
    in_process("bench.send", {"port": server.port, "head": head, "file": str(clip)})
    until(lambda: server.ask("GET", path, key)["status"] == "completed", 600, "the film plays")
    starts, ends = (str(utcnow().date() + timedelta(days)) for days in (-3, 10))
    settings = {"startDate": starts, "endDate": ends}
    activation = {"name": "Everywhere", "settings": settings}
    server.ask("POST", f"/productions/{video}/activations", key, [activation])
    uid = server.ask("GET", f"/api/v1/workspaces/{project}/", key)["uid"]
    return organization.places[0] | {"new": video, "uid": uid}


def _token(data_dir: Path, organization: Organization) -> str:
    """Add a member, and return a token that signs in."""

    def told(*arguments: str) -> dict[str, str]:
        command = [sys.executable, "-m", "playout", *arguments, "--json"]
        command += ["--data-dir", str(data_dir), "--organization", organization.slug]
        answer: dict[str, str] = json.loads(subprocess.check_output(command, text=True))
        return answer

    told("users", "add", MAIL, "--name", "Bench", "--role", "OrganizationAdmin")
    return told("keys", "create", "--name", "Console", "--user", MAIL)["key"]
