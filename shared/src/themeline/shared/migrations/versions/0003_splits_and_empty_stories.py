"""Where stories and themes were split from, which article left a story empty, and who leads to whom.

Every statement may be run again: the indexes are built outside a transaction, so that articles can be placed
meanwhile, and a migration that is killed there has added the columns already.

Revision: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_stories_vacated_by": "stories (vacated_by) where vacated_by is not null",
    "ix_stories_merged_into": "stories (merged_into) where merged_into is not null",
    "ix_themes_merged_into": "themes (merged_into) where merged_into is not null",
}


def upgrade() -> None:
    for table in ("stories", "themes"):
        name = f"fk_{table}_split_from_{table}"
        op.execute(
            f"alter table {table} add column if not exists split_from bigint constraint {name} references {table} (id)"
        )
        op.execute(f"alter table {table} add column if not exists undated boolean not null default false")
    op.execute("alter table stories add column if not exists vacated_by bigint")
    with op.get_context().autocommit_block():
        # It waits for every transaction that is open, and nothing waits for it.
        op.execute("set lock_timeout = 0")
        for name, columns in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {columns}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"drop index if exists {name}")
    op.execute("alter table stories drop column vacated_by")
    for table in ("stories", "themes"):
        op.execute(f"alter table {table} drop column split_from, drop column undated")
