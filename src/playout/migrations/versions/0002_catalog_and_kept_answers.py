"""Catalog, sections, kept answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SEARCH = """
CREATE FUNCTION joined(names text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT array_to_string(names, ' ') $$;
ALTER TABLE videos ADD COLUMN search tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', title || ' ' || coalesce(description, '') || ' ' || joined(tag_names))
) STORED;
"""


def upgrade() -> None:
    op.create_table(
        "kept_answers",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_at"), "kept_answers", ["at"], unique=False)
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_categories_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint(
            "organization_id", "name", name=op.f("uq_categories_organization_id_name")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_categories_uid")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_tags_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_tags_organization_id_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_tags_uid")),
    )
    op.create_table(
        "templates",
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("thumbnail", sa.Text(), nullable=True),
        sa.Column("preview_video_url", sa.Text(), nullable=True),
        sa.Column("voices", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_templates_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("uid", name=op.f("uq_templates_uid")),
    )
    op.create_table(
        "subcategories",
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_subcategories_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_subcategories_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subcategories")),
        sa.UniqueConstraint(
            "organization_id",
            "category_id",
            "name",
            name=op.f("uq_subcategories_organization_id_category_id_name"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_subcategories_uid")),
    )
    op.create_table(
        "sections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duration", sa.BigInteger(), nullable=True),
        sa.Column("video_file", sa.Text(), nullable=True),
        sa.Column("audio_file", sa.Text(), nullable=True),
        sa.Column("thumbnail", sa.Text(), nullable=True),
        sa.Column("section_summary", sa.Text(), nullable=True),
        sa.Column("internal_notes", sa.Text(), nullable=True),
        sa.Column("page_numbers", sa.Text(), nullable=True),
        sa.Column(
            "alignment_data",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("audio_ready", sa.Boolean(), nullable=False),
        sa.Column("visuals_ready", sa.Boolean(), nullable=False),
        sa.Column("is_assembling", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "in_progress",
                "completed",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rag_documents", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f("fk_sections_video_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        sa.UniqueConstraint("uid", name=op.f("uq_sections_uid")),
    )
    op.create_index(
        op.f("ix_sections_video_id_order"), "sections", ["video_id", "order"], unique=False
    )
    op.add_column("videos", sa.Column("template_id", sa.BigInteger(), nullable=True))
    op.add_column("videos", sa.Column("category_id", sa.BigInteger(), nullable=True))
    op.add_column("videos", sa.Column("subcategory_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "videos",
        sa.Column("tag_ids", sa.ARRAY(sa.BigInteger()), nullable=False, server_default="{}"),
    )
    op.add_column(
        "videos", sa.Column("tag_names", sa.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    op.add_column("videos", sa.Column("cover_image", sa.Text(), nullable=True))
    op.add_column("videos", sa.Column("thumbnail", sa.Text(), nullable=True))
    op.add_column("videos", sa.Column("generated_script", sa.Text(), nullable=True))
    op.add_column(
        "videos",
        sa.Column(
            "plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
    )
    op.add_column("videos", sa.Column("source_experience", sa.BigInteger(), nullable=True))
    op.add_column(
        "videos", sa.Column("is_active", sa.Boolean(), nullable=False, server_default="true")
    )
    op.add_column(
        "videos",
        sa.Column(
            "settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.create_foreign_key(
        op.f("fk_videos_subcategory_id"), "videos", "subcategories", ["subcategory_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_videos_category_id"), "videos", "categories", ["category_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_videos_template_id"), "videos", "templates", ["template_id"], ["id"]
    )
    op.alter_column("videos", "tag_ids", server_default=None)
    op.alter_column("videos", "tag_names", server_default=None)
    op.alter_column("videos", "is_active", server_default=None)
    op.alter_column("videos", "settings", server_default=None)
    op.execute(SEARCH)
    op.create_index("ix_videos_search", "videos", ["search"], postgresql_using="gin")
