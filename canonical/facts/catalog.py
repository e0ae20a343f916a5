"""What the source sells, as far as people have to recognise it."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import ExternalId, Fact


class CatalogItem(Fact):
    """A product, or a price of one. ``product`` is the product's id, of a price."""

    kind = "catalog_item"

    type: Literal["product", "price"]
    name: Annotated[str, StringConstraints(max_length=1000)] = ""
    product: ExternalId | None = None
    active: bool = True
    deleted: bool = False
