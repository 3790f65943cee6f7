"""Every job that a worker runs."""

from collections.abc import Sequence

from procrastinate import App

from playout.core.accounts import mails
from playout.core.analytics import jobs as analytics
from playout.core.distributions import jobs as distributions
from playout.core.experiments import jobs as experiments
from playout.core.maintenance import jobs as maintenance
from playout.core.processing.ingest import ingest_source
from playout.core.processing.ladder import encode_ladder
from playout.core.processing.pictures import generate_pictures
from playout.core.processing.posters import draw_poster
from playout.core.recipients import jobs as recipients
from playout.core.renders import jobs as renders
from playout.core.renders.bases import make_base
from playout.core.renders.rendering import SegmentRenderer, render_later
from playout.core.uploads import jobs as uploads
from playout.core.webhooks import jobs as webhooks
from playout.core.webhooks.dispatch import Dispatcher
from playout.kit.jobs import Job, retry_stalled
from playout.runtime import Runtime

JOBS: Sequence[Job[Runtime, ...]] = (
    ingest_source,
    encode_ladder,
    generate_pictures,
    draw_poster,
    make_base,
    recipients.remove_expired,
    renders.remove_segments,
    renders.remove_expired,
    uploads.join_parts,
    uploads.remove_expired,
    mails.deliver,
    distributions.announce,
    webhooks.delete_old_messages,
    maintenance.delete_old_answers,
    maintenance.add_up_counts,
    maintenance.collect_storage_garbage,
    analytics.roll_up,
    analytics.update_videos,
    experiments.count_days,
)
"""Those that work with the runtime, or with some of it."""
DISPATCHER_JOBS: Sequence[Job[Dispatcher, ...]] = (
    webhooks.fan_out,
    webhooks.send_due,
    webhooks.send_all_due,
)
"""Those that work with the dispatcher of the worker that they run in."""
RENDERER_JOBS: Sequence[Job[SegmentRenderer, ...]] = (render_later,)
"""Those that render segments of films."""


def add_jobs(app: App, runtime: Runtime, dispatcher: Dispatcher) -> None:
    """Let the workers of `app` run every job."""
    for job in JOBS:
        job.add_to(app, runtime)
    for dispatcher_job in DISPATCHER_JOBS:
        dispatcher_job.add_to(app, dispatcher)
    renderer = SegmentRenderer(runtime)
    for renderer_job in RENDERER_JOBS:
        renderer_job.add_to(app, renderer)
    retry_stalled.add_to(app, app.job_manager)
