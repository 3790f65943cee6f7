"""Commands as scripts use them: errors in JSON, several files, lists."""

import base64
import json
from pathlib import Path

import httpx2
import pytest

from tests.helpers.live import Founded, Live, playout
from tests.helpers.live_clips import make_clip

pytestmark = pytest.mark.slow

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAkCAAAAAAcZ2NOAAAAIUlEQVR4nGNooBAwjBowasCoAaMGjBowasCoAaMGDD8DAD2ygD2cz2ZIAAAAAElFTkSuQmCC"
)
"""A grey picture of 64 by 36."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [make_clip(folder / f"{name}.mp4", seconds=1) for name in ("first", "second")]


def ask(live: Live, key: str, path: str) -> dict[str, object]:
    answer = httpx2.get(f"{live.url}{path}", headers={"Authorization": f"Bearer {key}"})
    assert answer.is_success, answer.text
    return answer.json()


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "code", "status"),
        [
            (("publish", "nothing.mp4", "--key", "x", "--json"), "invalid", 1),
            (("publish", "--json"), "usage", 2),
            (("videos", "delete", "x", "--json"), "usage", 2),
            (("nothing", "--json"), "usage", 2),
        ],
    )
    def test_with_json_they_are_json(
        self, arguments: tuple[str, ...], code: str, status: int
    ) -> None:
        done = playout(*arguments)
        assert (done.returncode, done.stdout) == (status, "")
        error = json.loads(done.stderr)["error"]
        assert error["code"] == code
        assert error["message"]

    def test_a_missing_file_of_captions_is_called_missing(self, clips: list[Path]) -> None:
        done = playout("publish", clips[0], "--captions", "en=nothing.srt", "--key", "x")
        assert "There is no file nothing.srt" in done.stderr
        wrong = playout("publish", clips[0], "--captions", "english", "--key", "x")
        assert "--captions needs a language and a file" in wrong.stderr

    def test_the_version(self) -> None:
        assert playout("--version").stdout == playout("version").stdout != ""


class TestPublish:
    def test_the_options_are_fields_of_the_video_in_every_api(
        self, live: Live, acme: Founded, clips: list[Path]
    ) -> None:
        poster = clips[0].with_name("poster.png")
        poster.write_bytes(PNG)
        done = playout(
            *("publish", clips[0], "--description", "A text", "--language", "pt-BR"),
            *("--handle", "@acme", "--poster", poster, "--tag", "one", "--tag", "two", "--json"),
            PLAYOUT_URL=live.url,
            PLAYOUT_KEY=acme.key,
        )
        assert done.returncode == 0, done.stderr
        shown = json.loads(done.stdout)["publication"]
        assert (shown["description"], shown["tags"]) == ("A text", ["one", "two"])
        assert (shown["creator_handle"], shown["session_language"]) == ("@acme", "pt-BR")
        (video,) = ask(live, acme.key, "/api/v1/videos/?search=first")["results"]
        assert (video["tag_names"], video["description"]) == (["one", "two"], "A text")
        tags = ask(live, acme.key, "/api/v1/tags/")["results"]
        assert {tag["name"] for tag in tags} >= {"one", "two"}

    def test_a_key_that_may_create_no_tag_tags_the_publication_alone(
        self, live: Live, acme: Founded, clips: list[Path]
    ) -> None:
        named = ("--organization", acme.organization, "--name", "Confined", "--role")
        limit = ("ProjectManager", "--project", str(acme.project))
        key = live.told("keys", "create", *named, *limit)["key"]
        done = playout(
            *("publish", clips[0], "--tag", "of-one-project", "--json"),
            PLAYOUT_URL=live.url,
            PLAYOUT_KEY=key,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["publication"]["tags"] == ["of-one-project"]

    def test_several_files_private_and_drafts(
        self, live: Live, acme: Founded, clips: list[Path]
    ) -> None:
        environment = {"PLAYOUT_URL": live.url, "PLAYOUT_KEY": acme.key}
        private = playout("publish", *clips, "--visibility", "org", "--json", **environment)
        assert private.returncode == 0, private.stderr
        videos = json.loads(private.stdout)["videos"]
        assert [each["title"] for each in videos] == ["first", "second"]
        assert {each["visibility"] for each in videos} == {"org"}
        assert all(httpx2.get(each["url"]).status_code == 404 for each in videos)
        draft = json.loads(playout("publish", clips[1], "--draft", "--json", **environment).stdout)
        assert (draft["is_draft"], draft["url"]) == (True, None)
        both = playout("publish", *clips, "--title", "One", **environment)
        assert "are for one file" in both.stderr

        listed = json.loads(playout("videos", "list", "--json", **environment).stdout)["videos"]
        assert listed[0]["id"] == draft["id"]
        gone = playout("videos", "delete", str(draft["id"]), "--json", **environment)
        assert json.loads(gone.stdout) == {"id": draft["id"], "deleted": True}
        again = playout("videos", "delete", str(draft["id"]), "--json", **environment)
        assert (again.returncode, "404" in again.stderr) == (1, True)


class TestLists:
    def test_organizations_and_users(self, live: Live, acme: Founded) -> None:
        listed = live.told("organizations", "list")["organizations"]
        assert acme.organization in [each["slug"] for each in listed]
        where = ("--organization", acme.organization)
        live.told("users", "add", "ann@example.com", "--role", "Viewer", *where)
        (user,) = live.told("users", "list", *where)["users"]
        assert (user["email"], user["role"]) == ("ann@example.com", "Viewer")
