"""All routes of the Videos API."""

from playout.api.videos import (
    captions,
    catalog,
    events,
    organizations,
    posters,
    progress,
    sections,
    sources,
    uploads,
    videos,
    webhook_deliveries,
    webhooks,
    workspaces,
)

ROUTERS = [
    videos.router,
    sources.router,
    progress.router,
    uploads.router,
    sections.router,
    posters.router,
    posters.taking,
    captions.router,
    captions.taking,
    workspaces.router,
    catalog.router,
    organizations.router,
    events.router,
    webhook_deliveries.router,
    webhooks.router,
]
UPLOADS = ("/uploads/", "/uploads/{upload_id}/")
"""What stands at the root, too: uploads, where tus clients look for them."""
