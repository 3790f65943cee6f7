"""The routes of the Shares API: a sub-account sees no project but those of its videos."""

from tests.api.helpers.authorization import ADMIN, DEVELOPER, MANAGER, VIEWER, Rule, Table
from tests.api.helpers.forms import template_form

API = "/api"
PROJECT = f"{API}/Projects/{{project_id}}"
SHARES = f"{PROJECT}/public-video-shares"
SHARE, MADE = f"{SHARES}/{{channel}}", f"{SHARES}/{{share}}"
NAME = {"name": "{new_name}"}
CREDENTIALS, REVOKE = f"{API}/credentials", f"{API}/credentials/{{credential_id}}/revoke"
DENIED = (404, 403, 404)
TEMPLATES, CHANNELS = f"{PROJECT}/templates", f"{PROJECT}/distribution-channels"
TEMPLATE = f"{TEMPLATES}/{{template_id}}"
RENDERS, RENDER = f"{PROJECT}/renders", f"{PROJECT}/renders/{{render_id}}"
RECIPIENTS, RECIPIENT = f"{SHARE}/recipients", f"{SHARE}/recipients/{{recipient_id}}"
INVITED = f"{SHARES}/{{invited}}/recipients"
FORM_TYPE, FORM = template_form()

RULES: Table = {
    ("GET", f"{API}/Projects"): Rule(200, VIEWER, 200),
    ("POST", f"{API}/Projects"): Rule(
        201, MANAGER, (404, 403, 403), NAME | {"organizationId": "{organization_id}"}
    ),
    ("GET", PROJECT): Rule(200, VIEWER, 404),
    ("PUT", PROJECT): Rule(200, MANAGER, DENIED, NAME),
    ("POST", f"{PROJECT}/archive"): Rule(200, ADMIN, DENIED),
    ("GET", SHARES): Rule(200, VIEWER, DENIED),
    ("PUT", SHARE): Rule(201, MANAGER, DENIED, {"publicTitle": "Made by the caller"}),
    ("POST", f"{SHARE}/disable"): Rule(200, MANAGER, DENIED, address=f"{MADE}/disable"),
    ("POST", f"{SHARE}/restore"): Rule(
        200, MANAGER, DENIED, address=f"{SHARES}/{{disabled}}/restore"
    ),
    ("POST", f"{SHARE}/rotate-slug"): Rule(200, MANAGER, DENIED, address=f"{MADE}/rotate-slug"),
    ("GET", f"{SHARE}/audit"): Rule(200, MANAGER, DENIED, address=f"{MADE}/audit"),
    ("POST", f"{TEMPLATES}/upload"): Rule(
        201, DEVELOPER, DENIED, raw=FORM, headers={"Content-Type": FORM_TYPE}
    ),
    ("GET", TEMPLATES): Rule(200, VIEWER, DENIED),
    ("GET", TEMPLATE): Rule(200, VIEWER, DENIED),
    ("GET", f"{TEMPLATE}/poster"): Rule(200, VIEWER, DENIED),
    ("POST", f"{TEMPLATE}/preview"): Rule(
        200, VIEWER, DENIED, {"second": 1, "personalizationData": {"name": "Ana"}}
    ),
    ("GET", CHANNELS): Rule(200, VIEWER, DENIED),
    ("POST", f"{CHANNELS}/{{channel}}/publish"): Rule(
        200, MANAGER, DENIED, {"templateId": "{template_id}"}
    ),
    ("POST", f"{CHANNELS}/{{channel}}/unpublish"): Rule(
        200, MANAGER, DENIED, address=f"{CHANNELS}/{{held}}/unpublish"
    ),
    ("POST", RENDERS): Rule(
        201,
        MANAGER,
        DENIED,
        {"channel": "{filmed}", "personalizationData": {"name": "Ana"}},
        render=404,
    ),
    ("GET", RENDER): Rule(200, MANAGER, DENIED, render=404),
    ("DELETE", RENDER): Rule(204, MANAGER, DENIED, render=404),
    ("POST", RECIPIENTS): Rule(
        201,
        MANAGER,
        DENIED,
        raw=b'[{"personalizationData": {"name": "Ana"}}]',
        headers={"Content-Type": "application/json"},
        address=INVITED,
    ),
    ("GET", RECIPIENTS): Rule(200, MANAGER, DENIED, address=INVITED),
    ("DELETE", RECIPIENTS): Rule(
        204, MANAGER, DENIED, address=f"{SHARES}/{{with_recipients}}/recipients"
    ),
    ("GET", f"{RECIPIENTS}/imports"): Rule(200, MANAGER, DENIED, address=f"{INVITED}/imports"),
    ("GET", f"{RECIPIENTS}/imports/{{import_id}}"): Rule(
        200, MANAGER, DENIED, address=f"{INVITED}/imports/{{import_id}}"
    ),
    ("GET", f"{RECIPIENTS}/links.csv"): Rule(200, MANAGER, DENIED, address=f"{INVITED}/links.csv"),
    ("GET", RECIPIENT): Rule(200, MANAGER, DENIED, address=f"{INVITED}/{{recipient_id}}"),
    ("DELETE", RECIPIENT): Rule(204, MANAGER, DENIED, address=f"{INVITED}/{{recipient_id}}"),
    ("POST", f"{RECIPIENT}/revoke"): Rule(
        200, MANAGER, DENIED, address=f"{INVITED}/{{recipient_id}}/revoke"
    ),
    ("GET", CREDENTIALS): Rule(
        200, MANAGER, DENIED, address=f"{CREDENTIALS}?projectId={{project_id}}"
    ),
    ("POST", CREDENTIALS): Rule(201, MANAGER, DENIED, {"projectId": "{project_id}"}),
    ("POST", REVOKE): Rule(200, MANAGER, DENIED),
}
