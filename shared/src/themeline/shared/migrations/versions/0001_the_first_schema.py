"""The first schema.

Revision: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create extension if not exists vector")
    op.create_table(
        "attempts",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("solo_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_attempts")),
    )
    op.create_index(
        "ix_attempts_quarantined",
        "attempts",
        ["quarantined_at"],
        unique=False,
        postgresql_where=sa.text("quarantined_at is not null"),
    )
    op.create_table(
        "epochs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("frequencies", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epochs")),
    )
    op.create_table(
        "features",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("names", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("terms", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("zone_assumed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("time_flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_features")),
    )
    op.create_table(
        "outcomes",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "outcome in ('ready', 'superseded', 'quarantined', 'withdrawn')", name=op.f("ck_outcomes_outcome")
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "postings",
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("term", "sort_at", "article_id", name=op.f("pk_postings")),
    )
    op.create_index(op.f("ix_postings_article_id"), "postings", ["article_id"], unique=False)
    op.create_table(
        "relations",
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("story", sa.REAL(), nullable=False),
        sa.Column("theme", sa.REAL(), nullable=False),
        sa.Column("signals", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("high > low", name=op.f("ck_relations_one_row_per_pair")),
        sa.PrimaryKeyConstraint("high", "low", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_low_high"), "relations", ["low", "high"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("default_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_sources_key")),
    )
    op.create_table(
        "themes",
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["themes.id"], name=op.f("fk_themes_merged_into_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_themes_public_id")),
    )
    op.create_index(
        "ix_themes_last_at",
        "themes",
        [sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("merged_into is null"),
    )
    op.create_table(
        "uncounted",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vocabulary", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_uncounted")),
    )
    op.create_table(
        "vectors",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("embedding", HALFVEC(dim=256), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "encoder", name=op.f("pk_vectors")),
    )
    op.create_index(
        "ix_vectors_embedding",
        "vectors",
        ["embedding"],
        unique=False,
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
    )
    op.create_index(op.f("ix_vectors_encoder_sort_at"), "vectors", ["encoder", "sort_at"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("updated_raw", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("authors", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("origin", sa.Text(), server_default="push", nullable=False),
        sa.Column("priority", sa.Text(), server_default="fresh", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ingested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("origin in ('push', 'feed')", name=op.f("ck_articles_origin")),
        sa.CheckConstraint("priority in ('fresh', 'backfill')", name=op.f("ck_articles_priority")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_articles_version_positive")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_articles_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("public_id", name=op.f("uq_articles_public_id")),
    )
    op.create_index(
        "ix_articles_id_version",
        "articles",
        ["id"],
        unique=False,
        postgresql_include=["version", "changed_at", "withdrawn_at"],
    )
    op.create_index(
        "ix_articles_ingested_at_id",
        "articles",
        [sa.literal_column("ingested_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_articles_source_id_ingested_at_id",
        "articles",
        ["source_id", sa.literal_column("ingested_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_articles_url", "articles", ["url"], unique=False, postgresql_using="hash")
    op.create_index(
        "ix_articles_withdrawn",
        "articles",
        [sa.literal_column("ingested_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("withdrawn_at is not null"),
    )
    op.create_table(
        "stories",
        sa.Column("theme_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.id"], name=op.f("fk_stories_merged_into_stories")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_stories_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stories_public_id")),
    )
    op.create_index(
        "ix_stories_theme_id_last_at",
        "stories",
        ["theme_id", sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "article_keys",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_keys_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_article_keys")),
    )
    op.create_index(op.f("ix_article_keys_article_id"), "article_keys", ["article_id"], unique=False)
    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("updated_raw", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_article_versions")),
    )
    op.create_table(
        "dispatches",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_dispatches_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_dispatches")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_outbox_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_article_id"), "outbox", ["article_id"], unique=False)
    op.create_index(op.f("ix_outbox_urgency_id"), "outbox", ["urgency", "id"], unique=False)
    op.create_table(
        "placements",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("names", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("terms", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("duplicate_of", sa.BigInteger(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("related_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("zone_assumed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("time_flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_placements_story_id_stories")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_placements")),
    )
    op.create_index(
        "ix_placements_article_id_version", "placements", ["article_id"], unique=False, postgresql_include=["version"]
    )
    op.create_index(
        op.f("ix_placements_duplicate_of"),
        "placements",
        ["duplicate_of"],
        unique=False,
        postgresql_where=sa.text("duplicate_of is not null"),
    )
    op.create_index(
        "ix_placements_story_id_sort_at",
        "placements",
        ["story_id", sa.literal_column("sort_at DESC"), "article_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_placements_story_id_sort_at", table_name="placements")
    op.drop_index(
        op.f("ix_placements_duplicate_of"),
        table_name="placements",
        postgresql_where=sa.text("duplicate_of is not null"),
    )
    op.drop_index("ix_placements_article_id_version", table_name="placements", postgresql_include=["version"])
    op.drop_table("placements")
    op.drop_index(op.f("ix_outbox_urgency_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_article_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("dispatches")
    op.drop_table("article_versions")
    op.drop_index(op.f("ix_article_keys_article_id"), table_name="article_keys")
    op.drop_table("article_keys")
    op.drop_index("ix_stories_theme_id_last_at", table_name="stories")
    op.drop_table("stories")
    op.drop_index("ix_articles_withdrawn", table_name="articles", postgresql_where=sa.text("withdrawn_at is not null"))
    op.drop_index("ix_articles_url", table_name="articles", postgresql_using="hash")
    op.drop_index("ix_articles_source_id_ingested_at_id", table_name="articles")
    op.drop_index("ix_articles_ingested_at_id", table_name="articles")
    op.drop_index(
        "ix_articles_id_version", table_name="articles", postgresql_include=["version", "changed_at", "withdrawn_at"]
    )
    op.drop_table("articles")
    op.drop_index(op.f("ix_vectors_encoder_sort_at"), table_name="vectors")
    op.drop_index(
        "ix_vectors_embedding",
        table_name="vectors",
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
    )
    op.drop_table("vectors")
    op.drop_table("uncounted")
    op.drop_index("ix_themes_last_at", table_name="themes", postgresql_where=sa.text("merged_into is null"))
    op.drop_table("themes")
    op.drop_table("sources")
    op.drop_index(op.f("ix_relations_low_high"), table_name="relations")
    op.drop_table("relations")
    op.drop_index(op.f("ix_postings_article_id"), table_name="postings")
    op.drop_table("postings")
    op.drop_table("outcomes")
    op.drop_table("features")
    op.drop_table("epochs")
    op.drop_index(
        "ix_attempts_quarantined", table_name="attempts", postgresql_where=sa.text("quarantined_at is not null")
    )
    op.drop_table("attempts")
