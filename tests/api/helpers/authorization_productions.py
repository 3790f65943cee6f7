"""The routes of the Productions API."""

from tests.api.helpers.authorization import DEVELOPER, MANAGER, VIEWER, Role, Rule, Table

NAME = {"name": "Changed by the caller"}
ALL = "/productions"
ONE = "/productions/{production_id}"


def collection(path: str, thing: str, least: Role) -> Table:
    """What a collection and each thing in it have in common, but for entering new ones."""
    named, one = {"id": thing}, f"{path}/{thing}"
    return {
        ("PATCH", path): Rule(200, least, 404, [named | NAME], published=MANAGER),
        ("DELETE", path): Rule(200, least, 404, [named], published=MANAGER),
        ("GET", one): Rule(200, VIEWER, 404),
        ("PATCH", one): Rule(200, least, 404, NAME, published=MANAGER),
        ("DELETE", one): Rule(200, least, 404, published=MANAGER),
    }


def parts(noun: str) -> Table:
    path, thing = f"{ONE}/{noun}s", f"{{{noun}_id}}"
    return {
        ("GET", path): Rule(200, VIEWER, 404),
        ("POST", path): Rule(201, MANAGER, 404, [NAME], published=MANAGER),
        **collection(path, thing, MANAGER),
    }


RULES: Table = {
    ("GET", "/key"): Rule(200, VIEWER, 200, render=200),
    ("GET", ALL): Rule(200, VIEWER, 200),
    ("POST", ALL): Rule(201, DEVELOPER, (403, 201, 403), [NAME | {"property": "{workspace_id}"}]),
    **collection(ALL, "{production_id}", DEVELOPER),
    **parts("distribution"),
    **parts("activation"),
    ("GET", f"{ONE}/activations/{{activation_id}}/preview"): Rule(200, VIEWER, 404),
}
