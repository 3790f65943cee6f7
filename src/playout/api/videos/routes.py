"""All routes of the Videos API."""

from playout.api.videos import catalog, events, organizations, sections, sources, videos, workspaces

ROUTERS = [
    videos.router,
    sources.router,
    sections.router,
    workspaces.router,
    catalog.router,
    organizations.router,
    events.router,
]
