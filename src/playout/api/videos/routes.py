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
    workspaces.router,
    catalog.router,
    organizations.router,
    events.router,
    webhook_deliveries.router,
    webhooks.router,
]
UPLOADS = ("/uploads/", "/uploads/{upload_id}/")
"""What stands at the root, too: uploads, where tus clients look for them."""
