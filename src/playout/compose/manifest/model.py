"""The template manifest as a whole, with the rules between its parts, and its JSON Schema."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from babel import Locale, UnknownLocaleError
from pydantic import Field, ValidationError, model_validator

from playout.compose.manifest.conditions import parse_condition
from playout.compose.manifest.elements import Element, ImageElement, LottieElement, TextElement
from playout.compose.manifest.fields import DataField, ImageField
from playout.compose.manifest.parts import Name, Part, Seconds
from playout.kit.errors import Invalid

BINDING = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
MAX_ELEMENTS = 100
MAX_FIELDS = 200


class Scene(Part):
    """A part of the film that is left out unless its condition holds."""

    id: Name
    start: Seconds
    end: Seconds
    when: Annotated[str, Field(max_length=1000)]

    @model_validator(mode="after")
    def _check_times(self) -> Self:
        if self.end <= self.start:
            raise ValueError("`end` must be later than `start`.")
        return self


class TemplateManifest(Part):
    """The drawings of a template over its film, and the fields of the data that it needs."""

    version: Literal[1]
    language: Annotated[str, Field(max_length=35)] = "en"
    """The language in which numbers and dates are written (BCP 47)."""
    fields: Annotated[dict[Name, DataField], Field(max_length=MAX_FIELDS, default_factory=dict)]
    scenes: Annotated[list[Scene], Field(max_length=MAX_ELEMENTS, default_factory=list)]
    elements: Annotated[list[Element], Field(min_length=1, max_length=MAX_ELEMENTS)]
    """Later elements are drawn over earlier ones."""

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        _check_language(self.language)
        _check_unique([each.id for each in (*self.scenes, *self.elements)])
        _check_order(self.scenes)
        for part in (*self.scenes, *self.elements):
            for name in _fields_of(part):
                if name not in self.fields:
                    raise ValueError(f"`{part.id}` names the field `{name}`, which is not there.")
        for element in self.elements:
            field = image_field(element) if isinstance(element, ImageElement) else None
            if field and not isinstance(self.fields[field], ImageField):
                raise ValueError(
                    f"`{element.id}` needs a field of type `image`: `{field}` is none."
                )
        return self


REASONS = {
    "missing": "It is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "Write a text.",
    "bool_type": "Write true or false.",
    "int_type": "Write a whole number.",
    "float_type": "Write a number.",
    "list_type": "Write a list.",
    "dict_type": "Write an object.",
    "model_type": "Write an object.",
    "model_attributes_type": "Write an object.",
    "literal_error": "Choose one of these: {expected}.",
    "enum": "Choose one of these: {expected}.",
    "less_than_equal": "Write {le} at the most.",
    "greater_than_equal": "Write {ge} or more.",
    "greater_than": "Write more than {gt}.",
    "less_than": "Write less than {lt}.",
    "string_too_long": "Write {max_length} characters at the most.",
    "too_long": "Name {max_length} at the most.",
    "too_short": "Name {min_length} or more.",
    "union_tag_invalid": "Its {discriminator} must be one of these: {expected_tags}.",
    "union_tag_not_found": "It needs {discriminator}.",
    "string_pattern_mismatch": "It must have the form {pattern}.",
    "string_too_short": "Write {min_length} characters or more.",
}
"""Sentences about a wrong part of a manifest, by the type that Pydantic gives it."""


def read_manifest(data: Any) -> TemplateManifest:
    """Return the manifest that parsed JSON holds. Raise `Invalid`, which names each wrong part."""
    try:
        return TemplateManifest.model_validate(data)
    except ValidationError as error:
        details = {_path(each["loc"]): _reason(each) for each in error.errors()}
        place, reason = next(iter(details.items()))
        if not place:
            raise Invalid(f"The manifest is wrong. {reason}", details) from None
        raise Invalid(f"The manifest is wrong. {place}: {reason}", details) from None


def manifest_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a template manifest."""
    schema = TemplateManifest.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def bindings_of(text: str) -> list[str]:
    """Return the names of the fields that stand in a text."""
    return BINDING.findall(text)


def image_field(element: ImageElement) -> str | None:
    """Return the field that names the picture, or None if the manifest itself names it."""
    found = BINDING.fullmatch(element.asset)
    return found[1] if found else None


def _fields_of(part: Scene | Element) -> Iterable[str]:
    names: list[str] = []
    if part.when is not None:
        try:
            names += sorted(parse_condition(part.when).fields)
        except Invalid as error:
            raise ValueError(f"`{part.id}`: {error.message}") from error
    if isinstance(part, TextElement):
        names += bindings_of(part.text)
    elif isinstance(part, ImageElement):
        names += bindings_of(part.asset)
    elif isinstance(part, LottieElement):
        names += [name for text in part.texts.values() for name in bindings_of(text)]
    return names


def _check_language(tag: str) -> None:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"`language`: there are no formats for `{tag}`.") from None


def _check_unique(ids: list[str]) -> None:
    for each in ids:
        if ids.count(each) > 1:
            raise ValueError(f"The id `{each}` is there twice.")


def _check_order(scenes: list[Scene]) -> None:
    for before, after in pairwise(scenes):
        if after.start < before.end:
            raise ValueError(f"The scene `{after.id}` begins before `{before.id}` ends.")


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(str(each) for each in place)


def _reason(error: Mapping[str, Any]) -> str:
    """Return what is wrong, as a sentence that is translated; rare faults as Pydantic says them."""
    reason = REASONS.get(error["type"])
    if reason is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return reason.format_map(error.get("ctx", {}))
