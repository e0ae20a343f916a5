"""An invoice or credit note that Odoo issues itself."""

from typing import Annotated

from pydantic import Field

from ..facts.base import MoneyPart
from ..facts.documents import DocumentLine


class OwnDocument(MoneyPart):
    """What is billed on one document: its lines, with net amounts in minor units that
    are below zero for a credit. Its taxes and its number are Odoo's to find, so it has
    no total; below zero it is a credit note.
    """

    number: str = ""
    lines: Annotated[tuple[DocumentLine, ...], Field(min_length=1)]

    @property
    def net(self):
        """Return what the lines come to without taxes, in minor units."""
        return sum(line.net for line in self.lines)
