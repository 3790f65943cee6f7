"""Texts of earlier rows get the forms that new ones have."""

import pytest
from sqlalchemy import text

from tests.kit.helpers.migrated import migrated_to

NFD = "e\u0301te\u0301"
ORGANIZATION = (
    "INSERT INTO organizations (uid, name, slug, created_at)"
    " SELECT gen_random_uuid(), slug, slug, now() FROM unnest(ARRAY['a', 'b']) AS slug"
)
PROJECT = (
    "INSERT INTO projects (uid, organization_id, name, slug, status, created_at)"
    f" VALUES (gen_random_uuid(), 1, '{NFD}', 'p', 'Active', now())"
)
CATALOG = "(uid, organization_id, name, created_at, updated_at, created_by, updated_by)"
EARLIER_TAGS = (NFD, "Rouge", "ÉTÉ", "bleu", "  ROUGE", "été", "Ete")
"""Their ids are 1, 2, …"""
VIDEO = (
    "INSERT INTO videos (uid, session_id, organization_id, project_id, title, description,"
    " visibility, is_draft, status, tag_ids, tag_names, is_active, settings, epoch,"
    " created_at, created_by, updated_at, updated_by) VALUES (gen_random_uuid(), '{session}', 1, 1,"
    " '{title}', '{description}', 'public', true, 'completed', '{ids}', '{names}', true, '{{}}', 0,"
    " now(), 'K', now(), 'K')"
)


def rows_of(table: str, *names: str) -> str:
    values = ", ".join(
        f"(gen_random_uuid(), 1, '{name}', now(), now(), 'K', 'K')" for name in names
    )
    return f"INSERT INTO {table} {CATALOG} VALUES {values}"


def video(title: str, description: str = "", tags: tuple[int, ...] = ()) -> str:
    names = ",".join(f'"{EARLIER_TAGS[tag - 1]}"' for tag in tags)
    ids = ",".join(map(str, tags))
    session = title.encode().hex()[:24].ljust(24, "0")
    return VIDEO.format(
        session=session,
        title=title,
        description=description,
        ids=f"{{{ids}}}",
        names=f"{{{names}}}",
    )


EARLIER_ROWS = (
    ORGANIZATION,
    PROJECT,
    rows_of("tags", *EARLIER_TAGS),
    rows_of("tags", NFD.upper()).replace("(), 1", "(), 2"),
    rows_of("categories", NFD, "Straße", "e\u0301", "é"),
    video(f"A {NFD}", f"In {NFD}", (4, 3, 6)),
    video("B", tags=(5, 7, 2)),
    video("C Straße 動画", tags=(4,)),
    "INSERT INTO slugs (slug, base, number, video_id) VALUES ('a', 'a', 1, 1)",
    "INSERT INTO publications (id, video_id, slug, title, tags, created_at, updated_at)"
    f" VALUES ('{'0' * 24}', 1, 'a', '{NFD}', ARRAY['{NFD}', 'ÉTÉ', 'x'], now(), now())",
    "INSERT INTO users (email, username, is_verified, is_owner, created_at)"
    f" VALUES ('{NFD}@example.com', '{NFD}@example.com', false, false, now())",
)


@pytest.fixture(scope="module")
def migrated(runtime):
    """A connection to a database that had rows when it was migrated."""
    with migrated_to(runtime, "0017", EARLIER_ROWS) as connection:
        yield connection


@pytest.fixture
def read(migrated):
    """Return the values of the rows of a query."""
    return lambda query: [tuple(row) for row in migrated.execute(text(query))]


class TestTexts:
    def test_names_and_titles_are_in_nfc(self, read):
        assert read("SELECT name FROM projects") == [("été",)]
        assert read("SELECT title, description FROM videos WHERE id = 1") == [("A été", "In été")]
        assert read("SELECT email, username FROM users") == [("été@example.com",) * 2]

    def test_tags_of_publications_are_there_once(self, read):
        assert read("SELECT title, tags FROM publications") == [("été", ["été", "x"])]

    def test_a_name_that_must_be_unique_stays_where_another_has_it(self, read):
        names = {name for (name,) in read("SELECT name FROM categories")}
        assert names == {"été", "Straße", "e\u0301", "é"}


class TestTags:
    def test_spellings_of_one_tag_are_merged_into_the_first(self, read):
        tags = read("SELECT id, organization_id, name, form FROM tags ORDER BY id")
        assert tags == [
            (1, 1, "été", "été"),
            (2, 1, "Rouge", "rouge"),
            (4, 1, "bleu", "bleu"),
            (7, 1, "Ete", "ete"),
            (8, 2, "ÉTÉ", "été"),
        ]

    def test_videos_have_the_tag_that_stays_once_and_in_its_place(self, read):
        assert read("SELECT tag_ids, tag_names FROM videos ORDER BY id") == [
            ([4, 1], ["bleu", "été"]),
            ([2, 7], ["Rouge", "Ete"]),
            ([4], ["bleu"]),
        ]


@pytest.fixture(scope="module")
def in_locale_c(runtime):
    """A connection to a database whose locale knows no letter beyond ASCII."""
    options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    with migrated_to(runtime, "0017", options=options) as connection:
        yield connection


class TestLocale:
    @pytest.mark.parametrize("terms", ["ecole", "مُحمد", "ΣΊΣΥΦΟΣ", "公開", "Hello"])
    def test_search_does_not_depend_on_it(self, in_locale_c, terms):
        title = "L’École «محمد، أحمد» Σίσυφος… 「公開」 👋Hello"
        found = text(
            "SELECT to_tsvector('simple', search_form(:title))"
            " @@ websearch_to_tsquery('simple', search_form(:terms))"
        )
        assert in_locale_c.scalar(found, {"title": title, "terms": terms})


class TestSearch:
    @pytest.mark.parametrize(
        ("terms", "ids"),
        [("ete", [1, 2]), ("rouge", [2]), ("strasse", [3]), ("動画", [3]), ("bleu", [1, 3])],
    )
    def test_earlier_videos_are_found_by_any_spelling(self, read, terms, ids):
        query = f"websearch_to_tsquery('simple', search_form('{terms}'))"
        found = read(f"SELECT id FROM videos WHERE search @@ {query} ORDER BY id")
        assert found == [(each,) for each in ids]
