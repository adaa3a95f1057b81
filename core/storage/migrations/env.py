"""Run by Alembic, on the connection that ``core.storage.migrations`` passes."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from core.storage.tables import Base, Moment


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write plain database types into migrations, so that later changes to ours don't affect them."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can hardly alter anything in place.
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
