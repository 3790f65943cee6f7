"""Tokens of forms (CSRF): a form counts only if a page of the same session showed it.

The check of `Origin` refuses the forms of other sites already. The token holds where something in
front of a browser removes or changes that header.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request

from playout.console.fields import ZONE_FIELD
from playout.console.reader import reader
from playout.kit.errors import Forbidden
from playout.kit.signing import Signer
from playout.pages.viewers import COOKIE, has_bearer

FIELD = "form_token"
PURPOSE = "form-token"
HEADER = "X-Form-Token"
"""The header in which scripts of the console say it."""
POST_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')


def with_tokens(html: str, signer: Signer, session: str) -> str:
    """Return a page whose forms have the token of a session, and the zone of their times.

    Texts are escaped in pages, so that nothing but a form of a template looks like one.
    """
    if not session:
        return html
    token = signer.signature(PURPOSE, session)
    field = (
        f'<input type="hidden" name="{FIELD}" value="{token}">'
        f'<input type="hidden" name="{ZONE_FIELD}" value="{reader().zone.key}">'
    )
    return POST_FORM.sub(lambda found: found[0] + field, html)


def check_token(request: Request, form: Mapping[str, str], signer: Signer) -> None:
    """Raise `Forbidden` for a form without the token of its session.

    Who comes with a credential needs none. A browser may send `Authorization` by itself, for a
    proxy in front, and then it is the cookie that counts.
    """
    if has_bearer(request):
        return
    token = form.get(FIELD) or request.headers.get(HEADER, "")
    if not signer.verify(PURPOSE, request.cookies.get(COOKIE, ""), token):
        raise Forbidden("This form is of another session: open the page anew, and send it again.")
