"""What 0005 added to articles, compared with those that were there, and an index on it: nobody waits for it.

Revision: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table articles validate constraint ck_articles_cause")
    op.execute("alter table articles validate constraint fk_articles_feed_id_feeds")
    with op.get_context().autocommit_block():
        # It waits for every transaction that is open, and nothing waits for it.
        op.execute("set lock_timeout = 0")
        op.execute("drop index concurrently if exists ix_articles_feed_id")
        op.execute("create index concurrently ix_articles_feed_id on articles (feed_id) where feed_id is not null")


def downgrade() -> None:
    op.execute("drop index ix_articles_feed_id")
