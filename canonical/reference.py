"""References to objects at a source, and the text that one is written as."""

from typing import NamedTuple

from .kinds import Kind

#: Stands between the kind and the id. A kind never holds it; an id may.
SEPARATOR = ":"


class Reference(NamedTuple):
    """Names one object of a source: its ``kind``, of :class:`~.kinds.Kind`, and its
    id there. As a text it is ``invoice:I-17``: what a parked event waits for.

    It equals the pair of both, as facts name their arrivals.
    """

    kind: str
    external_id: str

    def __str__(self):
        return f"{self.kind}{SEPARATOR}{self.external_id}"

    @property
    def subject(self):
        """The reference of the object itself that is to be fetched: for the answer to
        a notice, of what the notice is about.
        """
        return Reference.parse(self.external_id) if self.kind == Kind.ANSWER else self

    @classmethod
    def parse(cls, text):
        """Return the reference that a text stands for.

        :raises ValueError: if it is no reference.
        """
        kind, separator, external_id = text.partition(SEPARATOR)
        if not separator:
            raise ValueError(f"{text} is not a reference")
        return cls(kind, external_id)
