"""The addresses of the room of landing pages, with brands and film templates."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console.landing import brands, film_templates, imports, recipients, template_upload
from playout.console.landing import history as share_history
from playout.console.landing import pages as landing
from playout.console.makers import Makers
from playout.core.film_templates.forms import JSON_FIELDS, MAX_BYTES

LANDING = "/console/landing"


def routes(make: Makers) -> Sequence[BaseRoute]:
    """Return the routes of the room."""
    project, share = f"{LANDING}/{{project}}", f"{LANDING}/{{project}}/{{channel}}"
    brand, templates = f"{project}/brand", f"{project}/templates"
    picture = f"{brand}/pictures/{{picture}}"
    people = f"{share}/recipients"
    imported, person = f"{people}/imports/{{import}}", f"{people}/{{recipient}}"
    return [
        *make.page(LANDING, landing.index),
        *make.page(project, landing.index),
        *make.page(brand, brands.show, brands.save),
        *make.page(f"{brand}/preview", brands.preview),
        *make.page(f"{brand}/hints", brands.hints),
        *make.file_form(picture, brands.put_picture, brands.FILE_BYTES),
        *make.form(f"{picture}/remove", brands.remove_picture),
        *make.page(templates, film_templates.show),
        *make.files_form(
            templates,
            template_upload.check,
            template_upload.upload,
            large=JSON_FIELDS,
            most_bytes=MAX_BYTES,
        ),
        *make.form(f"{templates}/{{channel}}", film_templates.publish),
        *make.picture(f"{templates}/{{template}}/picture", film_templates.picture),
        *make.page(f"{share}/history", share_history.show),
        *make.page(people, recipients.show),
        *make.stream(people, imports.Receiving, imports.refuse, imports.MOST_BYTES),
        *make.page(f"{people}/example.csv", imports.example),
        *make.page(f"{people}/links.csv", recipients.links),
        *make.page(imported, imports.one),
        *make.page(f"{imported}/errors.csv", imports.errors),
        *make.form(f"{people}/delete", recipients.remove_all),
        *make.form(f"{person}/revoke", recipients.revoke),
        *make.form(f"{person}/delete", recipients.remove),
        *make.form(share, landing.save),
        *make.form(f"{share}/{{verb}}", landing.act),
    ]
