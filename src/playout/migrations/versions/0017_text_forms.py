"""Text in NFC, one tag for all its spellings, and a search that ignores accents and case.

All of it is one transaction, as every migration is. So that it stays short on large tables, rows in
NFC are read and not written, the videos are rewritten once, and their index is built after that.
"""

import sqlalchemy as sa
from alembic import op

from playout.kit.text import first_spellings, normalize, tag_form

revision = "0017"
down_revision = "0016"

TEXTS = {
    "activations": ("name",),
    "captions": ("label",),
    "distributions": ("name",),
    "keys": ("name",),
    "memberships": ("full_name",),
    "organizations": ("name",),
    "projects": ("name",),
    "publications": (
        *("title", "description", "creator_handle", "image_hash", "image_model", "video_model"),
        *("original_prompt", "aspect_ratio", "session_language", "language_string"),
    ),
    "render_credentials": ("name",),
    "sections": ("title", "section_summary", "internal_notes", "page_numbers"),
    "shares": ("public_title", "public_subtitle", "locale", "cta_label"),
    "sub_accounts": ("name",),
    "templates": ("name", "description"),
    "videos": ("title", "description", "language", "aspect_ratio", "generated_script"),
    "webhook_endpoints": ("description",),
}
"""Columns that hold what people write, and that need not be unique."""
UNIQUE_TEXTS = (
    ("categories", "name", "organization_id"),
    ("subcategories", "name", "category_id"),
    ("users", "email", None),
    ("users", "username", None),
)
"""Columns that must be unique, among the rows with the same value of another column."""
BATCH = 5_000

SEARCH_FORM = r"""
CREATE FUNCTION search_form(spelling text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    form text;
BEGIN
    IF octet_length(spelling) = length(spelling) THEN
        RETURN lower(spelling);
    END IF;
    -- NFKD takes letters and their accents apart, and makes one width of all widths.
    form := lower(normalize(spelling, NFKD) COLLATION);
    -- Letters that Unicode does not take apart, though people type them without the stroke.
    IF form ~ '[øđðłħŧıςßæœþ]' THEN
        form := translate(form, 'øđðłħŧıς', 'oddlhtiσ');
        form := replace(replace(form, 'ß', 'ss'), 'æ', 'ae');
        form := replace(replace(form, 'œ', 'oe'), 'þ', 'th');
    END IF;
    -- What nobody sees: soft hyphens, joiners, direction marks, variation selectors. What most
    -- people leave out: accents, the points of Hebrew and Arabic, and the Arabic stroke that only
    -- makes a word wider. The vowels of Indic scripts and of Thai, the dots of kana, and the hamza
    -- that is a letter stay.
    form := regexp_replace(
        form,
        '[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFE00-\uFE0F\uFEFF'
        '\u0300\u0301\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640'
        '\u064B-\u0652\u0656-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED'
        '\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]',
        '', 'g'
    );
    -- In Cyrillic й, ў and ї are letters of their own, and only ё is also written е. In Arabic, alef
    -- is written with and without its hamza.
    form := regexp_replace(
        form,
        '(?<![\u0400-\u04FF])[\u0302-\u036F]+|(?<=\u0435)\u0308|(?<=\u0627)[\u0653-\u0655]',
        '', 'g'
    );
    -- The test is quick, and most texts are composed now.
    IF form IS NOT NFC NORMALIZED THEN
        form := normalize(form, NFC);
    END IF;
    -- Punctuation and symbols: whether they part words must not depend on the database's locale.
    form := regexp_replace(
        form,
        '[\u00A1-\u00BF\u00D7\u00F7\u05BE\u05C0\u05C3\u05F3\u05F4\u060C\u061B\u061F\u066A-\u066D'
        '\u06D4\u0964\u0965\u104A\u104B\u17D4-\u17D6\u17D8-\u17DA\u2000-\u200A\u2010-\u2029'
        '\u202F-\u205F\u20A0-\u20CF\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u3003\u3008-\u3020\u3030\u303D'
        '\u30FB\uFE10-\uFE1F\uFE30-\uFE4F\U0001F000-\U0001FAFF]',
        ',', 'g'
    );
    -- Scripts without spaces between words: each character becomes a word, and what somebody
    -- searches for becomes a phrase. A comma parts words, also within a term of a search.
    RETURN regexp_replace(
        form,
        '[\u0E01-\u0E30\u0E32\u0E33\u0E40-\u0E46\u0E50-\u0E59\u0E81-\u0EB0\u0EB2\u0EB3\u0EBD-\u0EC6'
        '\u0ED0-\u0EDF\u1000-\u102A\u103F-\u1049\u1050-\u1055\u1780-\u17B3\u17D7\u17DC\u17E0-\u17E9'
        '\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3105-\u312F'
        '\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF'
        '\U00020000-\U0003FFFF]'
        '[\u0E31\u0E34-\u0E3A\u0E47-\u0E4E\u0EB1\u0EB4-\u0EBC\u0EC8-\u0ECE\u102B-\u103E\u1056-\u1059'
        '\u17B4-\u17D3\u17DD\u3099\u309A]*',
        ',\&,', 'g'
    );
END $$;
"""

HAS_COLLATION = sa.text("SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'pg_c_utf8')")
CHANGED_TAGS = """
CREATE TEMPORARY TABLE changed_tags ON COMMIT DROP AS
    SELECT id, into_id FROM (
        SELECT id, is_renamed,
            first_value(id) OVER (PARTITION BY organization_id, form ORDER BY id) AS into_id
        FROM tags
    ) AS tags
    WHERE is_renamed OR id <> into_id
"""
TAG_VIDEOS_AGAIN = """
UPDATE videos SET (tag_ids, tag_names) = (
    SELECT array_agg(tags.id ORDER BY place), array_agg(tags.name ORDER BY place) FROM (
        SELECT coalesce(changed_tags.into_id, had.id) AS id, min(had.place) AS place
        FROM unnest(videos.tag_ids) WITH ORDINALITY AS had (id, place)
        LEFT JOIN changed_tags ON changed_tags.id = had.id
        GROUP BY 1
    ) AS kept JOIN tags ON tags.id = kept.id
)
WHERE id IN (
    SELECT tagged.id FROM videos AS tagged, unnest(tagged.tag_ids) AS had (id)
    JOIN changed_tags ON changed_tags.id = had.id
)
"""
REMOVE_MERGED_TAGS = (
    "DELETE FROM tags USING changed_tags AS c WHERE c.id = tags.id AND c.into_id <> c.id"
)
SEARCH = """
ALTER TABLE videos ADD COLUMN search tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', search_form(
        title || ' ' || coalesce(description, '') || ' ' || joined(tag_names)
    ))
) STORED
"""


def upgrade() -> None:
    connection = op.get_bind()
    # PostgreSQL 17 and later. Before, the locale of the database decides which letters have a case.
    collation = "COLLATE pg_catalog.pg_c_utf8" if connection.scalar(HAS_COLLATION) else ""
    connection.exec_driver_sql(SEARCH_FORM.replace("COLLATION", collation))
    # First, so that no row that is written below is searched through in vain.
    op.drop_column("videos", "search")
    for table, columns in TEXTS.items():
        _normalize(table, columns)
    for table, column, scope in UNIQUE_TEXTS:
        _normalize_unique(table, column, scope)
    _normalize_published_tags()
    _merge_tags()
    op.execute(SEARCH)
    op.create_index("ix_videos_search", "videos", ["search"], postgresql_using="gin")
    op.execute("ANALYZE videos")


def _normalize(table: str, columns: tuple[str, ...]) -> None:
    values = ", ".join(f"{column} = normalize({column}, NFC)" for column in columns)
    needed = " OR ".join(f"{column} IS NOT NFC NORMALIZED" for column in columns)
    op.execute(f"UPDATE {table} SET {values} WHERE {needed}")  # noqa: S608  constants


def _normalize_unique(table: str, column: str, scope: str | None) -> None:
    """Leave a row as it is if another one has, or would get, the same value."""
    same_scope = f"AND other.{scope} = {table}.{scope}" if scope else ""
    op.execute(f"""
        UPDATE {table} SET {column} = normalize({column}, NFC)
        WHERE {column} IS NOT NFC NORMALIZED AND NOT EXISTS (
            SELECT FROM {table} AS other WHERE other.id <> {table}.id {same_scope}
            AND normalize(other.{column}, NFC) = normalize({table}.{column}, NFC)
        )
    """)  # noqa: S608  constants


def _normalize_published_tags() -> None:
    publications = sa.table(
        "publications", sa.column("id", sa.CHAR(24)), sa.column("tags", sa.ARRAY(sa.Text()))
    )
    of = publications.c
    query = sa.select(of.id, of.tags).where(sa.func.cardinality(of.tags) > 0).order_by(of.id)
    connection, last = op.get_bind(), ""
    while rows := connection.execute(query.where(of.id > last).limit(BATCH)).all():
        last = rows[-1].id
        for row in rows:
            tags = first_spellings(map(normalize, row.tags))
            if tags != row.tags:
                connection.execute(publications.update().where(of.id == row.id).values(tags=tags))


def _merge_tags() -> None:
    """Give each tag its form. Of the tags that share one the oldest stays, also on all videos."""
    op.drop_constraint(op.f("uq_tags_organization_id_name"), "tags")
    op.add_column("tags", sa.Column("form", sa.Text()))
    op.add_column("tags", sa.Column("is_renamed", sa.Boolean(), server_default="false"))
    tags = sa.table("tags", *map(sa.column, ("id", "name", "form", "is_renamed")))
    connection = op.get_bind()
    rows = [
        {
            "tag_id": row.id,
            "name": normalize(row.name),
            "form": tag_form(row.name),
            "is_renamed": normalize(row.name) != row.name,
        }
        for row in connection.execute(sa.select(tags.c.id, tags.c.name))
    ]
    if rows:
        connection.execute(tags.update().where(tags.c.id == sa.bindparam("tag_id")), rows)
    for statement in (CHANGED_TAGS, TAG_VIDEOS_AGAIN, REMOVE_MERGED_TAGS):
        op.execute(statement)
    op.drop_column("tags", "is_renamed")
    op.alter_column("tags", "form", nullable=False)
    op.create_unique_constraint(
        op.f("uq_tags_organization_id_form"), "tags", ["organization_id", "form"]
    )
