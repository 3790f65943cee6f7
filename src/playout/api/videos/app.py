"""The Videos API as a whole: its document, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.videos.errors import Problem, render_error
from playout.api.videos.routes import (
    analytics,
    brands,
    captions,
    categories,
    embedding,
    events,
    experiments,
    keys,
    links,
    organizations,
    posters,
    processing,
    sections,
    share_experiments,
    sources,
    sub_accounts,
    subcategories,
    tags,
    templates,
    uploads,
    users,
    videos,
    webhook_deliveries,
    webhooks,
    workspaces,
)

UPLOAD_PATHS = ("/uploads/", "/uploads/{upload_id}/")
"""Paths that are served at the root, too, where tus clients expect them."""

API = Api(
    name="videos",
    path="/api/v1",
    info=ApiInfo(
        title="Playout: Videos API",
        description=(
            "Create videos, upload their sources, publish them, and manage everything else that"
            " belongs to an organization. Addresses end with a slash. Lists are pages with"
            " `count`, `next`, `previous` and `results`."
        ),
        tags={
            "videos": "Videos: their fields, source, poster, processing and publishing.",
            "sections": "The sections of a video.",
            "captions": "The captions of a video, in one language each.",
            "links": "Guest links: addresses of one video for people without an account.",
            "analytics": "What viewers did with videos, landing pages and guest links.",
            "experiments": "Variants of pages, and what came of each.",
            "workspaces": "Workspaces, which are the projects of an organization.",
            "catalog": "Templates, categories, subcategories and tags.",
            "organizations": "Organizations: their members, keys and sub-accounts.",
            "events": "The ledger, in pages and as a stream.",
            "webhooks": "Webhook endpoints and their deliveries.",
        },
        error=Problem,
        error_media_type="application/problem+json",
    ),
    routers=(
        videos.router,
        sources.router,
        processing.router,
        uploads.router,
        sections.router,
        posters.router,
        posters.file_router,
        captions.router,
        captions.file_router,
        links.router,
        analytics.router,
        experiments.router,
        share_experiments.router,
        workspaces.router,
        brands.router,
        brands.file_router,
        embedding.router,
        templates.router,
        categories.router,
        subcategories.router,
        tags.router,
        organizations.router,
        users.router,
        sub_accounts.router,
        keys.router,
        events.router,
        webhook_deliveries.router,
        webhooks.router,
    ),
    render_error=render_error,
)
