"""Headers of conditional requests (RFC 9110), which each route declares as its `openapi_extra`.

The OpenAPI document turns the declaration into headers, parameters and responses. A route that
declares nothing neither takes nor returns an ETag.
"""

from typing import Final

EXTENSION: Final = "x-etag"
"""Name of the declaration. The finished document does not have it."""
ETAG_HEADER: Final = "ETag"
IF_MATCH_HEADER: Final = "If-Match"
IF_NONE_MATCH_HEADER: Final = "If-None-Match"
WRITES_NOTHING: Final = "writes-nothing"

ETAG = {EXTENSION: [ETAG_HEADER]}
"""The answer has an ETag and is never a 304: the resource is new, or it can change while its ETag
stays the same."""
ETAG_OR_304 = {EXTENSION: [ETAG_HEADER, IF_NONE_MATCH_HEADER]}
"""The answer has the ETag of the resource. With a matching `If-None-Match` it is a 304."""
IF_MATCH = {EXTENSION: [IF_MATCH_HEADER]}
"""The request may carry `If-Match`. The answer holds no single resource, so it has no ETag."""
IF_MATCH_AND_ETAG = {EXTENSION: [ETAG_HEADER, IF_MATCH_HEADER]}
"""The request may carry `If-Match`, and the answer has the ETag of the changed resource."""
READ_ONLY_POST = {EXTENSION: [ETAG_HEADER, WRITES_NOTHING]}
"""A POST that writes nothing, such as a search. The answer has the ETag of the resource found."""
