"""Feeds, hosts, pages and rejected items; what is known of sources; why there is a version; dates in texts.

Every column is one that PostgreSQL adds without rewriting its table.

Revision: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = {
    "sources": {
        "owner": "text",
        "day_first": "boolean",
        "language": "text",
        "crawl_delay_seconds": "double precision",
        "full_text": "boolean not null default true",
        "blocked": "text[] not null default '{}'",
    },
    "articles": {
        "feed_id": "bigint",
        "paywalled": "boolean",
        "cause": "text not null default 'published'",
        "correlation_id": "text",
    },
    "article_versions": {"cause": "text not null default 'published'"},
    "placements": {"event_dates": "jsonb"},
}
CAUSE = "cause in ('published', 'completed', 'changed', 'withdrawn', 'restored', 'retried')"

TABLES = (
    """
    create table feeds (
        id bigint generated always as identity constraint pk_feeds primary key,
        public_id uuid not null default gen_random_uuid() constraint uq_feeds_public_id unique,
        source_id bigint not null constraint fk_feeds_source_id_sources references sources (id),
        url text not null constraint uq_feeds_url unique,
        added_as text not null,
        title text,
        site_url text,
        format text,
        state text not null default 'active'
            constraint ck_feeds_state check (state in ('active', 'paused', 'retired')),
        reason text,
        created_at timestamptz not null default now(),
        interval_seconds integer not null default 900,
        fixed_interval_seconds integer,
        next_poll_at timestamptz not null default now(),
        queued_until timestamptz,
        lease uuid,
        lease_until timestamptz,
        etag text,
        last_modified text,
        body_digest bytea,
        hints jsonb,
        polled_at timestamptz,
        succeeded_at timestamptz,
        changed_at timestamptz,
        last_status integer,
        last_error text,
        failures integer not null default 0,
        polls bigint not null default 0,
        entries integer not null default 0,
        notices text[] not null default '{}',
        created_articles bigint not null default 0,
        rejected_entries bigint not null default 0,
        hub_url text,
        topic_url text,
        hub_state text not null default 'none'
            constraint ck_feeds_hub_state check (hub_state in ('none', 'requested', 'active', 'denied')),
        hub_token uuid constraint uq_feeds_hub_token unique,
        hub_secret text,
        hub_requested_at timestamptz,
        hub_lease_until timestamptz,
        hub_error text
    )
    """,
    "create index ix_feeds_next_poll_at on feeds (next_poll_at) where state = 'active'",
    "create index ix_feeds_source_id on feeds (source_id)",
    """
    create table feed_entries (
        feed_id bigint constraint fk_feed_entries_feed_id_feeds references feeds (id) on delete cascade,
        entry bytea,
        content_hash bytea not null,
        article_id bigint constraint fk_feed_entries_article_id_articles references articles (id) on delete cascade,
        seen_at timestamptz not null default now(),
        constraint pk_feed_entries primary key (feed_id, entry)
    )
    """,
    "create index ix_feed_entries_article_id on feed_entries (article_id)",
    "create index ix_feed_entries_seen_at on feed_entries (seen_at)",
    """
    create table hosts (
        origin text constraint pk_hosts primary key,
        next_request_at timestamptz not null default now(),
        blocked_until timestamptz,
        robots text,
        robots_status integer,
        robots_until timestamptz,
        crawl_delay_seconds double precision
    )
    """,
    """
    create table pages (
        id bigint generated always as identity constraint pk_pages primary key,
        url text not null,
        url_digest bytea not null,
        article_id bigint constraint fk_pages_article_id_articles references articles (id) on delete cascade,
        source_id bigint not null constraint fk_pages_source_id_sources references sources (id),
        feed_id bigint constraint fk_pages_feed_id_feeds references feeds (id) on delete set null,
        entry jsonb not null,
        constraint uq_pages_url_digest unique nulls not distinct (url_digest, article_id),
        state text not null default 'waiting'
            constraint ck_pages_state check (state in ('waiting', 'read', 'refused', 'failed')),
        attempts integer not null default 0,
        next_try_at timestamptz not null default now(),
        queued_until timestamptz,
        lease uuid,
        lease_until timestamptz,
        status integer,
        reason text,
        created_at timestamptz not null default now(),
        ended_at timestamptz
    )
    """,
    "create index ix_pages_article_id on pages (article_id)",
    "create index ix_pages_feed_id on pages (feed_id)",
    "create index ix_pages_ended_at on pages (ended_at) where ended_at is not null",
    "create index ix_pages_next_try_at on pages (next_try_at) where state = 'waiting'",
    """
    create table rejected_items (
        digest bytea constraint pk_rejected_items primary key,
        url_digest bytea,
        url text,
        external_id text,
        source text,
        title text,
        way text not null,
        type text not null,
        detail text not null,
        field text,
        times integer not null default 1,
        first_at timestamptz not null default now(),
        last_at timestamptz not null default now()
    )
    """,
    "create index ix_rejected_items_url_digest on rejected_items (url_digest)",
    "create index ix_rejected_items_last_at on rejected_items (last_at)",
)


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"alter table {table} add column {name} {kind}")
    for statement in TABLES:
        op.execute(statement)
    # Not compared with the rows that are there: each has the default. Comparing would read the whole table.
    op.execute(f"alter table articles add constraint ck_articles_cause check ({CAUSE}) not valid")
    op.execute(
        "alter table articles add constraint fk_articles_feed_id_feeds"
        " foreign key (feed_id) references feeds (id) on delete set null not valid"
    )


def downgrade() -> None:
    op.execute("alter table articles drop constraint fk_articles_feed_id_feeds, drop constraint ck_articles_cause")
    for table in ("rejected_items", "pages", "hosts", "feed_entries", "feeds"):
        op.execute(f"drop table {table}")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"alter table {table} drop column {name}")
