"""Vectors of any width, an index for each encoder, and how far each encoder is.

Every statement may be run again: the index is built outside a transaction, so that articles can be stored
meanwhile, and a migration that is killed there has changed the rest already.

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_ENCODER = "wordllama-256"
FIRST_DIMENSIONS = 256

INDEX_NAME = """
    create or replace function vector_index_name(encoder text) returns text
    language sql immutable set search_path = pg_catalog
    return 'ix_vectors_' || left(regexp_replace(lower(encoder), '[^a-z0-9]+', '_', 'g'), 40)
        || '_' || left(md5(encoder), 8)
"""

# The role that writes vectors does not own their table: these two do for it what only the owner may.
ADD_INDEX = """
    create or replace function add_vector_index(encoder text, dimensions int) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    declare
        name text := public.vector_index_name(encoder);
    begin
        if to_regclass(format('public.%I', name)) is null then
            execute format(
                'create index %I on public.vectors using hnsw ((embedding::public.halfvec(%s)) public.halfvec_cosine_ops)'
                ' where encoder = %L', name, dimensions, encoder);
        end if;
    end
    $$
"""
DROP_INDEX = """
    create or replace function drop_vector_index(encoder text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
        execute format('drop index if exists public.%I', public.vector_index_name(encoder));
    end
    $$
"""
OWNERS_FUNCTIONS = ("add_vector_index(text, int)", "drop_vector_index(text)")

COLUMN_HAS_A_WIDTH = (
    "select atttypmod <> -1 from pg_attribute where attrelid = 'vectors'::regclass and attname = 'embedding'"
)


def upgrade() -> None:
    if op.get_bind().scalar(sa.text(COLUMN_HAS_A_WIDTH)):
        op.execute("drop index if exists ix_vectors_embedding")
        op.execute("alter table vectors alter column embedding type halfvec")
    op.execute("""
        create table if not exists encodings (
            encoder text not null,
            kind text not null,
            dimensions int not null,
            state text not null,
            cursor bigint,
            rescore boolean not null default false,
            started_at timestamptz not null default now(),
            updated_at timestamptz not null default now(),
            constraint pk_encodings primary key (encoder),
            constraint ck_encodings_state check (state in ('serving', 'filling', 'retired'))
        )
    """)
    for state in ("serving", "filling"):
        op.execute(
            f"create unique index if not exists uq_encodings_{state} on encodings (state) where state = '{state}'"
        )
    op.execute(INDEX_NAME)
    op.execute(ADD_INDEX)
    op.execute(DROP_INDEX)
    for function in OWNERS_FUNCTIONS:
        op.execute(f"revoke execute on function {function} from public")
    _index_what_is_stored()


def _index_what_is_stored() -> None:
    adopted = op.get_bind().execute(
        sa.text(
            "insert into encodings (encoder, kind, dimensions, state)"
            " select :encoder, 'static', :dimensions, 'serving' where exists (select from vectors)"
            " on conflict do nothing"
        ),
        {"encoder": FIRST_ENCODER, "dimensions": FIRST_DIMENSIONS},
    )
    if not adopted.rowcount and not op.get_bind().scalar(sa.text("select exists (select from encodings)")):
        return
    name = op.get_bind().scalar(sa.text("select vector_index_name(:encoder)"), {"encoder": FIRST_ENCODER})
    with op.get_context().autocommit_block():
        # It waits for every transaction that is open, and nothing waits for it.
        op.execute("set lock_timeout = 0")
        op.execute(f"drop index concurrently if exists {name}")
        op.execute(
            f"create index concurrently {name} on vectors using hnsw"
            f" ((embedding::halfvec({FIRST_DIMENSIONS})) halfvec_cosine_ops) where encoder = '{FIRST_ENCODER}'"
        )


def downgrade() -> None:
    """Only the first encoder's vectors can be kept."""
    for name in op.get_bind().scalars(sa.text("select vector_index_name(encoder) from encodings")).all():
        op.execute(f"drop index if exists {name}")
    op.execute(sa.text("delete from vectors where encoder <> :first").bindparams(first=FIRST_ENCODER))
    op.execute(f"alter table vectors alter column embedding type halfvec({FIRST_DIMENSIONS})")
    op.execute("create index ix_vectors_embedding on vectors using hnsw (embedding halfvec_cosine_ops)")
    for function in (*OWNERS_FUNCTIONS, "vector_index_name(text)"):
        op.execute(f"drop function {function}")
    op.drop_table("encodings")
