"""What is played, one after the other."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Round:
    """A fault, how often it happens (in a quick run: 0 leaves the round out), and what
    it happens on.
    """

    name: str
    fault: object = None
    times: int = 1
    quick: int = 1
    stage: dict = field(default_factory=dict)
