"""A database of the first schema is upgraded with its vectors, and can be taken back."""

from collections.abc import Iterator

import numpy as np
import pytest
from pgvector import HalfVector
from sqlalchemy import Engine, create_engine, pool, text

from themeline.shared import migrations

STORED = 50


@pytest.fixture
def old(empty_database_url: str) -> Iterator[Engine]:
    """A database at the first revision that holds vectors."""
    migrations.upgrade(empty_database_url, "0001")
    engine = create_engine(empty_database_url, poolclass=pool.NullPool)
    generator = np.random.default_rng(1)
    with engine.begin() as connection:
        for number in range(1, STORED + 1):
            vector = HalfVector(generator.normal(size=256)).to_text()
            statement = text("insert into vectors values (:id, 'wordllama-256', now(), cast(:vector as halfvec))")
            connection.execute(statement, {"id": number, "vector": vector})
    yield engine
    engine.dispose()


def definitions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        query = text("select indexdef from pg_indexes where tablename = 'vectors' and indexdef like '%hnsw%'")
        return list(connection.scalars(query))


def test_stored_vectors_are_indexed_anew_and_their_encoder_serves(old: Engine) -> None:
    url = old.url.render_as_string(hide_password=False)
    migrations.upgrade(url)
    with old.connect() as connection:
        rows = connection.execute(text("select encoder, kind, dimensions, state, cursor from encodings")).all()
        assert [tuple(row) for row in rows] == [("wordllama-256", "static", 256, "serving", None)]
        assert connection.scalar(text("select count(*) from vectors")) == STORED
        assert connection.scalar(text("select bool_and(indisvalid) from pg_index"))
    (definition,) = definitions(old)
    assert "(embedding)::halfvec(256)" in definition
    assert "WHERE (encoder = 'wordllama-256'::text)" in definition


def test_an_upgrade_that_was_cut_off_while_it_built_the_index_can_be_run_again(old: Engine) -> None:
    url = old.url.render_as_string(hide_password=False)
    migrations.upgrade(url, "0002")
    with old.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    migrations.upgrade(url)
    assert len(definitions(old)) == 1


def test_the_first_encoder_s_vectors_survive_a_downgrade(old: Engine) -> None:
    url = old.url.render_as_string(hide_password=False)
    migrations.upgrade(url)
    with old.begin() as connection:
        connection.execute(text("insert into vectors values (1, 'minilm-384', now(), cast('[1,2,3]' as halfvec))"))
        connection.execute(
            text(
                "insert into encodings (encoder, kind, dimensions, state) values ('minilm-384', 'minilm', 3, 'filling')"
            )
        )
        connection.execute(text("select add_vector_index('minilm-384', 3)"))
    migrations.downgrade(url, "0001")
    with old.connect() as connection:
        assert connection.scalar(text("select count(*) from vectors")) == STORED
    (definition,) = definitions(old)
    assert "ix_vectors_embedding" in definition
