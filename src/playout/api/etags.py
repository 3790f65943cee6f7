"""Marks for `openapi_extra` of routes: what each has to do with the ETag of a single resource.

The document turns them into headers, parameters and answers; a route without a mark knows no ETag.
"""

from typing import Final

MARK: Final = "x-etag"
TAG, MATCH, NONE_MATCH = "ETag", "If-Match", "If-None-Match"
SAFE = "safe"

SHOWN = {MARK: [TAG, NONE_MATCH]}
"""A resource is read."""
MADE = {MARK: [TAG]}
"""A resource is made, and answered as it is then."""
CURRENT = {MARK: [TAG]}
"""A resource is read that changes by itself, without another ETag: there is no 304."""
FOUND = {MARK: [TAG, SAFE]}
"""A resource is looked for with POST: nothing is written, and there is no 304."""
CHANGED = {MARK: [TAG, MATCH]}
"""A resource is changed, and answered as it is then."""
ENDED = {MARK: [MATCH]}
"""A resource is removed, or changed in a way that does not answer it."""
