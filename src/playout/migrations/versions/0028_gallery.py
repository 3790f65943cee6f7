"""The gallery: what published videos are found by, and the slugs of creators and tags."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

HAS_COLLATION = sa.text("SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'pg_c_utf8')")
SLUG = r"""
-- Letters of every script stay, with their accents. C, C++ and C# differ; #winter is winter.
CREATE FUNCTION gallery_slug(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(btrim(regexp_replace(
        replace(replace(
            lower(regexp_replace(normalize(name, NFKC), '^[\s#]+', '') COLLATION),
            '+', ' plus '), '#', ' sharp '),
        '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u3000-\u3003\uFEFF]+',
        '-', 'g'
    ), '-'), 100)
$$;
"""
ENTRIES = """
CREATE FUNCTION write_gallery_entries(video_ids bigint[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM gallery_entries USING publications, videos
        WHERE publications.id = gallery_entries.publication_id
        AND videos.id = publications.video_id AND videos.id = ANY (video_ids)
        AND (videos.is_draft OR videos.deleted_at IS NOT NULL);

    INSERT INTO gallery_entries (publication_id, created_at, organization_id, is_public, creator,
        creator_slug, language, tags, tag_slugs, facets, search)
    SELECT shown.id, shown.created_at, shown.organization_id, shown.is_public, shown.creator,
        slugs.creator, slugs.language, shown.tags, slugs.tags,
        array_remove(
            array(SELECT 'tag/' || slug FROM unnest(slugs.tags) AS slug WHERE slug <> '')
                || ('creator/' || slugs.creator) || ('language/' || slugs.language),
            NULL
        ),
        to_tsvector('simple', search_form(concat_ws(' ',
            shown.title, shown.description, shown.creator, joined(shown.tags)
        )))
    FROM (
        SELECT p.id, p.created_at, v.organization_id,
            v.visibility = 'public' AND v.password_hash IS NULL AS is_public,
            coalesce(p.title, v.title) AS title, coalesce(p.description, v.description) AS description,
            coalesce(p.tags, v.tag_names) AS tags, p.creator_handle AS creator,
            coalesce(p.session_language, v.language) AS language
        FROM publications AS p JOIN videos AS v ON v.id = p.video_id
        WHERE v.id = ANY (video_ids) AND NOT v.is_draft AND v.deleted_at IS NULL
    ) AS shown, LATERAL (
        SELECT nullif(gallery_slug(shown.creator), '') AS creator,
            nullif(lower(split_part(shown.language, '-', 1)), '') AS language,
            array(
                SELECT gallery_slug(name) FROM unnest(shown.tags) WITH ORDINALITY AS tag (name, place)
                ORDER BY place
            ) AS tags
    ) AS slugs
    ON CONFLICT (publication_id) DO UPDATE SET
        (organization_id, is_public, creator, creator_slug, language, tags, tag_slugs, facets, search)
        = (excluded.organization_id, excluded.is_public, excluded.creator, excluded.creator_slug,
            excluded.language, excluded.tags, excluded.tag_slugs, excluded.facets, excluded.search);
$$;

CREATE FUNCTION publication_in_gallery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_gallery_entries(ARRAY[NEW.video_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER gallery_of_new AFTER INSERT ON publications
    FOR EACH ROW EXECUTE FUNCTION publication_in_gallery();
CREATE TRIGGER gallery_of_changed
    AFTER UPDATE OF title, description, tags, creator_handle, session_language ON publications
    FOR EACH ROW
    WHEN ((OLD.title, OLD.description, OLD.tags, OLD.creator_handle, OLD.session_language)
        IS DISTINCT FROM
        (NEW.title, NEW.description, NEW.tags, NEW.creator_handle, NEW.session_language))
    EXECUTE FUNCTION publication_in_gallery();

CREATE FUNCTION video_in_gallery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_gallery_entries(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER gallery_of_changed AFTER UPDATE OF title, description, tag_names, language, visibility,
    password_hash, is_draft, deleted_at, organization_id ON videos FOR EACH ROW
    WHEN ((NOT OLD.is_draft OR NOT NEW.is_draft) AND
        (OLD.title, OLD.description, OLD.tag_names, OLD.language, OLD.visibility,
            OLD.password_hash, OLD.is_draft, OLD.deleted_at IS NULL, OLD.organization_id)
        IS DISTINCT FROM
        (NEW.title, NEW.description, NEW.tag_names, NEW.language, NEW.visibility,
            NEW.password_hash, NEW.is_draft, NEW.deleted_at IS NULL, NEW.organization_id))
    EXECUTE FUNCTION video_in_gallery();
"""


def upgrade() -> None:
    op.create_table(
        "gallery_entries",
        sa.Column("publication_id", sa.CHAR(24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=True),
        sa.Column("creator_slug", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tag_slugs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("facets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_gallery_entries")),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_gallery_entries_publication_id"),
            ondelete="CASCADE",
        ),
    )
    collation = "COLLATE pg_catalog.pg_c_utf8" if op.get_bind().scalar(HAS_COLLATION) else ""
    op.get_bind().exec_driver_sql(SLUG.replace("COLLATION", collation))
    op.get_bind().exec_driver_sql(ENTRIES)
    op.execute("SELECT write_gallery_entries(array_agg(video_id)) FROM publications")
    place = ["created_at", "publication_id"]
    for columns, condition in (
        (place, "is_public"),
        (["creator_slug", *place], "is_public"),
        (["organization_id", *place], "NOT is_public"),
    ):
        op.create_index(
            op.f(f"ix_gallery_entries_{'_'.join(columns)}"),
            "gallery_entries",
            columns,
            postgresql_where=sa.text(condition),
        )
    op.create_index(
        op.f("ix_gallery_entries_search_facets"),
        "gallery_entries",
        ["search", "facets"],
        postgresql_using="gin",
    )
    op.execute("ANALYZE gallery_entries")
