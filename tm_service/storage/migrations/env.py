"""Alembic's entry: run the migrations on the connection the store hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from tm_service.storage.tables import metadata


def plain(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration outlives the types of our own, so it names the database's."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The records room keeps its tables beside ours, with migrations of their own."""
    return kind != "table" or not str(name).startswith("record_")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain,
    include_name=is_ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
