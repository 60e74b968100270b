"""The constraints on articles that 0005 added, compared with the articles that were there: nobody waits for it.

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


def downgrade() -> None:
    """Nothing: a constraint stays validated."""
