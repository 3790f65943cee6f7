import datetime

import pytest

from playout.compose.manifest.data import check_data
from playout.compose.manifest.resolve import resolve, scenes_left_out
from playout.kit.errors import Invalid
from tests.compose.manifest.manifests import manifest, text

ISOLATES = str.maketrans("", "", "\u2068\u2069")


def drawn(content, data, language="en"):
    """Return the text that is drawn for this data, without the isolates around values."""
    template = manifest(text(content), language=language)
    (element,) = resolve(template, check_data(template, {"name": "Zoë", **data}))
    return element.text.translate(ISOLATES).replace("\xa0", " ").replace("\u202f", " ")


class TestCheckData:
    def test_defaults_stand_for_what_is_missing(self):
        values = check_data(manifest(), {"name": "Zoë"})
        assert (values["plan"], values["member"], values["saved"]) == ("silver", False, None)

    @pytest.mark.parametrize(
        ("data", "field", "reason"),
        [
            ({}, "name", "required"),
            ({"name": None}, "name", "required"),
            ({"name": 7}, "name", "needs a text"),
            ({"name": "x" * 41}, "name", "longer than 40"),
            ({"name": "x" * 10_000_000}, "name", "longer than 40"),
            ({"name": "a\nb"}, "name", "line ends"),
            ({"name": "a\u2028b"}, "name", "line ends"),
            ({"name": "a\0b"}, "name", "control character"),
            ({"name": "a\ud800"}, "name", "control character"),
            ({"name": "a\u202eb"}, "name", "direction"),
            ({"name": "a\u2067b"}, "name", "direction"),
            ({"name": "a" + "\u0301\u0323" * 19}, "name", "more marks"),
            ({"saved": "12"}, "saved", "needs a number"),
            ({"saved": True}, "saved", "needs a number"),
            ({"saved": float("inf")}, "saved", "too large"),
            ({"miles": 10**16}, "miles", "too large"),
            ({"since": "27.11.2026"}, "since", "2026-11-27"),
            ({"since": 20261127}, "since", "2026-11-27"),
            ({"member": "yes"}, "member", "true or false"),
            ({"portrait": "../../etc/passwd"}, "portrait", "no asset"),
            ({"surname": "x"}, "surname", "no such field"),
            ({"%{x}\n": "x"}, "(unreadable name)", "no such field"),
        ],
    )
    def test_an_error_names_the_field_and_never_its_value(self, data, field, reason):
        given = data if field == "name" else {"name": "Zoë", **data}
        with pytest.raises(Invalid) as caught:
            check_data(manifest(), given)
        assert reason in caught.value.details[field]
        assert field in caught.value.message
        assert not any(str(each) in caught.value.message for each in data.values() if each != "x")

    def test_all_wrong_fields_are_named_at_once(self):
        with pytest.raises(Invalid) as caught:
            check_data(manifest(), {"saved": "x", "since": "x"})
        assert set(caught.value.details) == {"name", "saved", "since"}

    def test_a_text_is_stored_in_nfc_and_emoji_and_joiners_stay(self):
        given = "Zoe\u0308 \U0001f468\u200d\U0001f469\u200d\U0001f467"
        assert check_data(manifest(), {"name": given})["name"] == given.replace("e\u0308", "ë")


class TestFormats:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "€1,234.50 | 1,234,567.891 | 12.5% | November 27, 2026"),
            ("de", "1.234,50 € | 1.234.567,891 | 12,5 % | 27. November 2026"),
            ("fr", "1 234,50 € | 1 234 567,891 | 12,5 % | 27 novembre 2026"),
            ("ja", "€1,234.50 | 1,234,567.891 | 12.5% | 2026年11月27日"),
        ],
    )
    def test_numbers_money_and_dates_are_written_as_the_language_writes_them(
        self, language, expected
    ):
        data = {"saved": 1234.5, "miles": 1234567.8912, "share": 0.125, "since": "2026-11-27"}
        content = "{{saved}} | {{ miles }} | {{share}} | {{since}}"
        assert drawn(content, data, language) == expected

    def test_a_value_is_drawn_as_it_is_whatever_it_says(self):
        hostile = "{{plan}} %{pts} ':x=1 ../../x"
        assert drawn("Hi {{name}}", {"name": hostile}) == f"Hi {hostile}"

    def test_money_without_cents_and_numbers_without_decimals(self):
        fields = {
            "a": {"type": "currency", "currency": "USD", "decimals": False, "required": True},
            "b": {"type": "number", "decimals": 0, "required": True},
            "c": {"type": "number", "decimals": 2, "required": True},
        }
        template = manifest(text("{{a}} {{b}} {{c}}"), fields=fields)
        values = check_data(template, {"a": 1999, "b": 3.7, "c": 2})
        (element,) = resolve(template, values)
        assert element.text.translate(ISOLATES) == "$1,999 4 2.00"


class TestResolve:
    @pytest.mark.parametrize(
        ("when", "is_drawn"),
        [
            ('{{plan}} == "gold"', True),
            ('{{plan}} != "gold"', False),
            ('{{plan}} == "silver" or {{saved}} >= 100', True),
            ('not ({{plan}} == "gold" and {{member}})', True),
            ("{{miles}} < 5", False),
            ("{{miles}} == {{share}}", True),
            ("{{saved}}", True),
            ('{{since}} >= "2026-01-01"', True),
            ('{{plan}} == "go\\"ld"', False),
            ("{{plan}} < 5", False),
        ],
    )
    def test_an_element_is_drawn_when_its_condition_holds(self, when, is_drawn):
        template = manifest(text("Hi", when=when))
        data = {"name": "Zoë", "plan": "gold", "saved": 100, "since": "2026-11-27"}
        assert bool(resolve(template, check_data(template, data))) is is_drawn

    @pytest.mark.parametrize("when", ["", "(", "{{plan}} ==", "and", "1 2", "(" * 30 + "1"])
    def test_a_condition_that_cannot_be_read_is_refused(self, when):
        with pytest.raises(Invalid):
            manifest(text("Hi", when=when))

    def test_a_text_without_content_is_left_out(self):
        template = manifest(text("{{saved}}"))
        assert resolve(template, check_data(template, {"name": "Zoë"})) == []

    def test_a_scene_is_left_out_unless_its_condition_holds(self):
        scene = {"id": "gold", "start": 5, "end": 9, "when": '{{plan}} == "gold"'}
        template = manifest(scenes=[scene])
        plans = {"gold": [], "silver": [(5, 9)]}
        for plan, expected in plans.items():
            values = check_data(template, {"name": "Zoë", "plan": plan})
            assert scenes_left_out(template, values) == expected

    def test_a_date_becomes_a_day(self):
        values = check_data(manifest(), {"name": "Zoë", "since": "2026-11-27"})
        assert values["since"] == datetime.date(2026, 11, 27)
