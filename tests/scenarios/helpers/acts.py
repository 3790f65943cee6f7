"""What is done to a video, each through one API."""

from tests.helpers.tenants import EXTERNAL
from tests.scenarios.helpers.stage import CHANNELS, FIRST, SECOND, Json, Scene


def session(scene: Scene) -> str:
    return f"/v1/publications/session/{scene.video['session_id']}"


def detail(scene: Scene) -> str:
    return f"/api/v1/videos/{scene.video['id']}/"


def production(scene: Scene) -> str:
    return f"/productions/{scene.video['id']}"


def share(scene: Scene, channel: str) -> str:
    return f"{scene.share_path}/{channel}"


def enter_elsewhere(scene: Scene) -> Json:
    """Another video of the same project, which is completed at once."""
    where = {"workspace": scene.tenant.project_id, "external_url": EXTERNAL}
    made: Json = scene.do("POST", "/api/v1/videos/", {"title": "Another", **where})
    return made


class Publications:
    """Through the Publications API."""

    def publish(self, scene: Scene) -> None:
        told = scene.do(
            "POST", "/v1/publications/publish", {"session_id": scene.video["session_id"]}
        )
        scene.page = told["publication"]["page_url"]

    def publish_by_address(self, scene: Scene) -> None:
        scene.page = scene.do("POST", session(scene))["publication"]["page_url"]

    def publish_with_title(self, scene: Scene) -> None:
        told = scene.do("POST", session(scene), {"title": scene.title(SECOND)})
        scene.page = told["publication"]["page_url"]

    def publish_a_newer_one(self, scene: Scene) -> None:
        newer = enter_elsewhere(scene)
        body = {"session_id": newer["session_id"]}
        scene.do("POST", "/v1/publications/publish", body)

    def edit_title(self, scene: Scene) -> None:
        body = {"session_id": scene.video["session_id"], "title": scene.title(SECOND)}
        scene.do("POST", "/v1/publications/edit", body)

    def edit_nothing(self, scene: Scene) -> None:
        scene.do("PATCH", session(scene), {})

    def revoke(self, scene: Scene) -> None:
        body = {"session_id": scene.video["session_id"]}
        scene.do("POST", "/v1/publications/revoke", body)

    def revoke_by_address(self, scene: Scene) -> None:
        scene.do("DELETE", session(scene))


class Videos:
    """Through the Videos API."""

    def create(self, scene: Scene) -> None:
        scene.enter()

    def create_and_upload(self, scene: Scene) -> None:
        scene.enter()
        scene.upload()

    def upload(self, scene: Scene) -> None:
        scene.upload()

    def create_a_newer_one(self, scene: Scene) -> None:
        enter_elsewhere(scene)

    def publish(self, scene: Scene) -> None:
        told = scene.do("POST", f"{detail(scene)}publish/")
        scene.page = told["custom_url"]

    def publish_for_everybody(self, scene: Scene) -> None:
        told = scene.do("POST", f"{detail(scene)}publish/", {"visibility": "public"})
        scene.page = told["custom_url"]

    def edit_title(self, scene: Scene) -> None:
        scene.do("PATCH", detail(scene), {"title": scene.title(SECOND)})

    def make_private(self, scene: Scene) -> None:
        scene.do("PATCH", detail(scene), {"visibility": "private"})

    def make_public(self, scene: Scene) -> None:
        scene.do("PATCH", detail(scene), {"visibility": "public"})

    def show_the_organization(self, scene: Scene) -> None:
        scene.do("PATCH", detail(scene), {"visibility": "org"})

    def unpublish(self, scene: Scene) -> None:
        scene.do("DELETE", f"{detail(scene)}publish/")

    def delete(self, scene: Scene) -> None:
        scene.do("DELETE", detail(scene))


class Productions:
    """Through the Productions API."""

    def create_in_a_batch(self, scene: Scene) -> None:
        names = ["Another", scene.title(FIRST), "One more"]
        made = scene.do("POST", "/productions", [{"name": name} for name in names])["data"]
        scene.video = scene.do("GET", f"/api/v1/videos/{made[1]['id']}/")
        assert (scene.video["uid"], scene.video["session_id"]) == (
            made[1]["uid"],
            made[1]["session_id"],
        )

    def edit_title(self, scene: Scene) -> None:
        scene.do("PATCH", production(scene), {"name": scene.title(SECOND)})

    def edit_title_in_a_batch(self, scene: Scene) -> None:
        scene.do("PATCH", "/productions", self._with_another(scene, name=scene.title(SECOND)))

    def fail_a_batch(self, scene: Scene) -> None:
        batch = [*self._with_another(scene, name=scene.title(SECOND)), {"id": "1", "name": ""}]
        assert scene.ask("PATCH", "/productions", batch).status_code == 400

    def delete(self, scene: Scene) -> None:
        scene.do("DELETE", production(scene))

    def delete_in_a_batch(self, scene: Scene) -> None:
        scene.do("DELETE", "/productions", self._with_another(scene))

    def _with_another(self, scene: Scene, **fields: str) -> list[dict[str, str]]:
        """The change of this video, behind that of another one."""
        (other,) = scene.do("POST", "/productions", [{"name": "Another"}])["data"]
        scene.mark()
        return [{"id": each, **fields} for each in (other["id"], str(scene.video["id"]))]


class Shares:
    """Through the Shares API."""

    def pin_it(self, scene: Scene) -> None:
        for channel in CHANNELS:
            body = {"publicTitle": "An offer", "videoId": scene.video["uid"]}
            scene.do("PUT", share(scene, channel), body)

    def disable(self, scene: Scene) -> None:
        scene.do("POST", f"{share(scene, 'PROD')}/disable")

    def disable_and_restore(self, scene: Scene) -> None:
        self.disable(scene)
        scene.do("POST", f"{share(scene, 'PROD')}/restore")

    def rotate(self, scene: Scene) -> None:
        scene.do("POST", f"{share(scene, 'PROD')}/rotate-slug")

    def revoke_its_credential(self, scene: Scene) -> None:
        made = scene.do("POST", "/api/credentials", {"projectId": scene.project["id"]})
        body = {"publicTitle": "An offer", "apiCredentialId": made["id"]}
        scene.do("PUT", share(scene, "PROD"), body)
        scene.do("POST", f"/api/credentials/{made['id']}/revoke")

    def archive_the_project(self, scene: Scene) -> None:
        scene.do("POST", f"/api/Projects/{scene.project['id']}/archive")


publications, videos, productions, shares = Publications(), Videos(), Productions(), Shares()
