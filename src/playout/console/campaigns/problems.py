"""Problems of the forms of this room, in the words of the forms."""

from playout.console.visit import Problem
from playout.kit.errors import PlayoutError

FIELDS = {
    "settings.startDate": "starts",
    "settings.endDate": "ends",
    "settings.targeting.regions": "countries",
    "settings.format": "format",
    "settings.quality": "quality",
}
"""The fields of settings, and the fields of the forms that they come from."""


def problem_of(error: PlayoutError) -> Problem:
    """Return what a form shows. Its only item needs no index."""
    problem = Problem.of(error)
    fields = {_field(name): text for name, text in problem.fields.items()}
    message = problem.message.removeprefix("item 0: ")
    for text in fields.values():
        message = text if isinstance(text, str) else message
    return Problem(message, fields, problem.status)


def _field(name: str) -> str:
    whole = name.partition("[")[0]
    return FIELDS.get(whole, whole)
