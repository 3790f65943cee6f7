"""Print the JSON Schema of template manifests: `python -m docs.template_manifest`."""

import json

from playout.compose.manifest.model import manifest_schema

if __name__ == "__main__":
    print(json.dumps(manifest_schema(), indent=2, ensure_ascii=False))
