"""The Shares API: its texts, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.shares.errors import ShareProblem, render_error
from playout.api.shares.routes import (
    channels,
    credentials,
    projects,
    recipient_import,
    recipient_links,
    recipients,
    renders,
    shares,
    template_upload,
    templates,
)
from playout.kit.http.problem_details import MEDIA_TYPE

API = Api(
    name="shares",
    path="/api",
    info=ApiInfo(
        title="Playout: Shares API",
        description=(
            "Give a project a public landing page for each channel, personalized and with a call"
            " to action, and manage the credentials that render its videos."
        ),
        tags={
            "projects": "Projects of an organization.",
            "shares": "The share of a project for each channel.",
            "recipients": "People with a link of their own to a share, and their personal film.",
            "templates": "What is drawn over a project's film, and the channels that show it.",
            "renders": "Films of a template for single viewers.",
            "credentials": "Render credentials of a project.",
        },
        error=ShareProblem,
        error_media_type=MEDIA_TYPE,
    ),
    routers=(
        projects.router,
        shares.router,
        recipient_import.router,
        recipient_links.router,
        recipients.router,
        template_upload.router,
        templates.router,
        channels.router,
        renders.router,
        credentials.router,
    ),
    render_error=render_error,
)
