"""Calls a Playout through the packages that openapi-python-client generated.

Takes the address of the Playout, a key, the id of a project, and a folder with `clip.mp4` and
`poster.png`. Prints each call: its operation, the status, the type of the answer, and the fields of
the answer that the type does not know.
"""

import datetime
import json
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import productions
import productions.models as production_models
import publications
import publications.models as publication_models
import shares
import shares.models as share_models
import videos
import videos.models as video_models
from productions.api.activations import change_activations, create_activations, list_activations
from productions.api.distributions import create_distributions
from productions.api.productions import (
    create_productions,
    delete_productions,
    list_productions,
    show_production,
)
from publications.api.publications import (
    edit_session,
    list_completed,
    publish,
    publish_session,
    revoke,
)
from shares.api.projects import list_projects, update_project
from shares.api.shares import list_shares, put_share, rotate_slug
from videos.api.captions import list_captions, put_captions
from videos.api.organizations import add_key, list_keys
from videos.api.sections import add_section, list_sections
from videos.api.videos import (
    create_video,
    list_videos,
    publish_video,
    put_poster,
    put_source,
    retrieve_video,
    update_video,
)
from videos.types import File

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


class Caller:
    """One API, called with a key."""

    def __init__(self, package: ModuleType, address: str, key: str) -> None:
        self._api = package.__name__
        self._client = package.AuthenticatedClient(
            base_url=address, token=key, raise_on_unexpected_status=True, verify_ssl=False
        )

    def __call__(self, operation: ModuleType, *path: Any, **arguments: Any) -> Any:
        answer = operation.sync_detailed(*path, client=self._client, **arguments)
        call = {
            "api": self._api,
            "operation": operation.__name__.rpartition(".")[2],
            "status": int(answer.status_code),
            "type": type(answer.parsed).__name__,
            "unknown": sorted(getattr(answer.parsed, "additional_properties", {})),
        }
        print(json.dumps(call), flush=True)
        return answer.parsed


def call_videos(call: Caller, project: int, files: Path) -> str:
    """Create and publish a video. Return its session id."""
    new = video_models.VideoIn(title="Generated", workspace=project, has_subtitles=True)
    video = call(create_video, body=new)
    with (files / "clip.mp4").open("rb") as clip, (files / "poster.png").open("rb") as poster:
        call(put_source, video.id, body=File(clip))
        call(put_poster, video.id, body=File(poster))
    call(put_captions, video.id, "en", body=File(BytesIO(CAPTIONS)), default=True)
    [captions] = call(list_captions, video.id).results
    assert captions.default
    call(add_section, video.id, body=video_models.SectionIn(order=1, content="Hello"))
    assert call(list_sections, video.id).count == 1
    external = video_models.VideoPatch(external_url="https://cdn.example.com/final.mp4")
    call(update_video, video.id, body=external)
    call(publish_video, video.id)
    found = call(list_videos, search="Generated", is_draft=False, workspace=project)
    assert [each.id for each in found.results] == [video.id]
    assert found.results[0].created_at.tzinfo is not None
    assert call(retrieve_video, 2**62).status == 404
    role = video_models.KeyInRoleType0.VIEWER
    call(add_key, body=video_models.KeyIn(name="Generated", role=role))
    assert call(list_keys).count > 1
    return str(video.session_id)


def call_publications(call: Caller, session_id: str) -> None:
    title = publication_models.FieldsIn(title="Edited", has_subtitles="no", tags="a, b")
    publication = publication_models.PublicationIn(session_id=session_id, title="Published")
    assert call(publish, body=publication).publication.title == "Published"
    assert call(edit_session, session_id, body=title).publication.tags == ["a", "b"]
    assert not call(publish_session, session_id).created
    assert session_id in {each.session_id for each in call(list_completed)}
    assert call(revoke, body=publication_models.SessionIn(session_id=session_id)).revoked
    assert call(publish_session, "0" * 24).message


def call_shares(call: Caller) -> None:
    project = call(list_projects)[0]
    body = share_models.ProjectPut(name="Renamed")
    assert call(update_project, UUID(str(project.id)), body=body).name == "Renamed"
    share = share_models.ShareIn(
        public_title="Generated",
        personalization_data=share_models.ShareInPersonalizationDataType0.from_dict({"a": 1}),
    )
    call(put_share, project.id, share_models.Channel.DEV, body=share)
    call(rotate_slug, project.id, share_models.Channel.DEV)
    [shown] = call(list_shares, project.id)
    assert shown.personalization_data.to_dict() == {"a": 1}


def call_productions(call: Caller) -> None:
    new = production_models.ProductionIn(name="Generated")
    [production] = call(create_productions, body=[new]).data
    assert production.id in {each.id for each in call(list_productions, limit=5).data}
    assert call(show_production, production.id).data[0].name == "Generated"
    distribution = production_models.DistributionIn.from_dict(
        {"name": "For partners", "settings": {"format": "HLS"}}
    )
    call(create_distributions, production.id, body=[distribution])
    settings = production_models.ActivationInActivationSettings(
        start_date=datetime.date(2030, 1, 1),
        targeting=production_models.Targeting(platforms=[production_models.Platform.WEB]),
    )
    activation = production_models.ActivationIn(name="Campaign", settings=settings)
    [made] = call(create_activations, production.id, body=[activation]).data
    assert made.status == production_models.ActivationStatus.SCHEDULED
    change = production_models.ActivationItemPatch(id=made.id, name="Renamed")
    call(change_activations, production.id, body=[change])
    assert [each.name for each in call(list_activations, production.id).data] == ["Renamed"]
    call(delete_productions, body=[production_models.ItemRef(id=production.id)])


def main(url: str, key: str, project: str, files: str) -> None:
    session_id = call_videos(Caller(videos, f"{url}/api/v1", key), int(project), Path(files))
    call_publications(Caller(publications, f"{url}/v1", key), session_id)
    call_shares(Caller(shares, f"{url}/api", key))
    call_productions(Caller(productions, url, key))


main(*sys.argv[1:])
