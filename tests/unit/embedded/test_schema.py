from pathlib import Path

from themeline.embedded.schema import SchemaNote


def test_a_fresh_database_needs_migrations_and_a_migrated_one_does_not(tmp_path: Path) -> None:
    note = SchemaNote(tmp_path)
    assert not note.is_current()
    note.write()
    assert note.is_current()


def test_another_schema_needs_migrations(tmp_path: Path) -> None:
    (tmp_path / "themeline.schema").write_text("of another version")
    assert not SchemaNote(tmp_path).is_current()
