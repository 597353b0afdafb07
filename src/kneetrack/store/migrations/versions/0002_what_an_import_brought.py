"""Which import brought a version, so that undo can take the whole of it back."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give each versioned table a column for the import, and the largest of them an index."""
    for table in ("session", "prescription", "pause", "exercise", "setting"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN brought_by INTEGER REFERENCES change (id)")
    where = text("brought_by IS NOT NULL")
    op.create_index("session_brought", "session", ["brought_by"], sqlite_where=where, postgresql_where=where)
