"""All routes of the Videos API."""

from playout.api.videos import (
    catalog,
    events,
    organizations,
    progress,
    sections,
    sources,
    uploads,
    videos,
    workspaces,
)

ROUTERS = [
    videos.router,
    sources.router,
    progress.router,
    uploads.router,
    sections.router,
    workspaces.router,
    catalog.router,
    organizations.router,
    events.router,
]
UPLOADS = ("/uploads/", "/uploads/{upload_id}/")
"""What stands at the root, too: uploads, where tus clients look for them."""
