import json
from pathlib import Path

import jsonschema
import pytest

from playout.compose.manifest.model import manifest_schema, read_manifest
from playout.kit.errors import Invalid
from tests.compose.manifest.manifests import PLACE, manifest_json, text

PUBLISHED = Path("docs/template-manifest.schema.json")
SHAPE = {"id": "bar", "type": "shape", "fill": "#00112280", **PLACE}
IMAGE = {"id": "face", "type": "image", "asset": "{{portrait}}", **PLACE}


class TestReadManifest:
    def test_texts_images_shapes_and_scenes_are_read(self):
        scene = {"id": "gold", "start": 5, "end": 9, "when": '{{plan}} == "gold"'}
        found = read_manifest(manifest_json(SHAPE, IMAGE, text("Hi {{name}}"), scenes=[scene]))
        assert [each.type for each in found.elements] == ["shape", "image", "text"]

    @pytest.mark.parametrize(
        ("element", "named"),
        [
            (text("Hi {{nobody}}"), "nobody"),
            (text("Hi {{}}"), "greeting"),
            (text("Hi", end=1), "end"),
            (text("Hi", enter={"seconds": 2}, leave={"seconds": 1}), "longer"),
            (text("Hi", when="{{plan}} = 1"), "greeting"),
            (text("Hi", when="{{nobody}}"), "nobody"),
            (text("Hi", color="red"), "color"),
            (text("Hi", colour="#ffffff"), "colour"),
            (text("Hi", x=float("nan")), "x"),
            ({**SHAPE, "fill": None}, "fill"),
            ({**IMAGE, "asset": "{{name}}"}, "face"),
            ({**SHAPE, "type": "film"}, "type"),
        ],
    )
    def test_an_error_names_the_wrong_part(self, element, named):
        with pytest.raises(Invalid) as caught:
            read_manifest(manifest_json(element))
        assert named in f"{caught.value.message} {caught.value.details}"

    def test_ids_are_unique_and_scenes_do_not_overlap(self):
        with pytest.raises(Invalid, match="twice"):
            read_manifest(manifest_json(text("a"), text("b")))
        scenes = [
            {"id": i, "start": s, "end": s + 2, "when": "true"} for i, s in (("a", 1), ("b", 2))
        ]
        with pytest.raises(Invalid, match="`b` begins before `a` ends"):
            read_manifest(manifest_json(scenes=scenes))

    @pytest.mark.parametrize("language", ["xx", "de_DE; rm", ""])
    def test_a_language_without_formats_is_refused(self, language):
        with pytest.raises(Invalid, match="language"):
            read_manifest(manifest_json(language=language))


class TestSchema:
    def test_it_accepts_what_playout_accepts(self):
        jsonschema.validate(manifest_json(SHAPE, IMAGE, text("Hi")), manifest_schema())

    def test_it_refuses_unknown_names_and_missing_elements(self):
        for wrong in (manifest_json(text("Hi", colour="#ffffff")), {"version": 1}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(wrong, manifest_schema())

    def test_the_published_one_is_current(self):
        published = Path(__file__).parents[3] / PUBLISHED
        assert json.loads(published.read_text()) == manifest_schema()
