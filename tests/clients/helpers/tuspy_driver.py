"""Takes {endpoint, file, store, headers} on standard input and uploads with tuspy.

Prints {sent} after each chunk, then {url, resumed}, a line each.
"""

import json
import sys

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

MIB = 1024**2

options = json.load(sys.stdin)
uploader = TusClient(options["endpoint"], headers=options["headers"]).uploader(
    options["file"],
    chunk_size=16 * MIB,
    retries=200,
    retry_delay=0.3,
    store_url=True,
    url_storage=FileStorage(options["store"]),
    metadata=options["metadata"],
    upload_checksum=True,
)
resumed = uploader.offset > 0
while uploader.offset < uploader.get_file_size():
    uploader.upload_chunk()
    print(json.dumps({"sent": uploader.offset}), flush=True)
print(json.dumps({"url": uploader.url, "resumed": resumed}), flush=True)
