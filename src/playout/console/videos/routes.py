"""The addresses of the room of videos."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console.makers import Makers
from playout.console.videos import bulk, captions, embedding, posters, progress, sections
from playout.console.videos import listing as video_list
from playout.console.videos import video as videos

VIDEOS = "/console/videos"


def routes(make: Makers) -> Sequence[BaseRoute]:
    """Return the routes of the room."""
    video = f"{VIDEOS}/{{video}}"
    return [
        *make.page(VIDEOS, video_list.index),
        *make.long_form(f"{VIDEOS}/bulk", bulk.change),
        *make.long_form(f"{VIDEOS}/undo", bulk.undo),
        *make.page(f"{VIDEOS}/new", videos.new, videos.create),
        *make.page(video, videos.show, videos.save),
        *make.form(f"{video}/publish", videos.publish),
        *make.form(f"{video}/unpublish", videos.unpublish),
        *make.form(f"{video}/delete", videos.delete),
        *make.file_form(f"{video}/poster", posters.choose, posters.FILE_BYTES),
        *make.form(f"{video}/poster/remove", posters.remove),
        *make.file_form(f"{video}/captions", captions.add, captions.FILE_BYTES),
        *make.page(f"{video}/captions/{{language}}", captions.show, captions.save),
        *make.form(f"{video}/captions/{{language}}/remove", captions.remove),
        *make.page(f"{video}/sections", sections.show, sections.add),
        *make.form(f"{video}/sections/assemble", sections.assemble),
        *make.form(f"{video}/sections/{{section}}", sections.save),
        *make.form(f"{video}/sections/{{section}}/remove", sections.remove),
        *make.form(f"{video}/sites", embedding.save),
        *make.form(f"{video}/links", videos.add_link),
        *make.form(f"{video}/links/{{link}}/revoke", videos.revoke_link),
        *make.page("/console/progress", progress.states),
    ]
