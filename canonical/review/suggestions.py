"""What a person is told is the likely answer to a case, and why."""

from typing import NamedTuple

#: How sure an answer is, in percent: an id or a VAT number says so; a name, an e-mail
#: address or a percentage does; or it is only the one there is.
SURE, LIKELY, POSSIBLE = 95, 75, 45


class Suggestion(NamedTuple):
    """The likely answer to a case. ``say`` and ``why`` are sentences for people; where
    there is no answer, ``say`` is empty and ``why`` tells why there is none.

    ``method`` names the case's method that opens the dialog for it, and ``values`` fill
    that dialog in. Nothing is ever applied without a person.
    """

    say: str
    why: str
    confidence: int = 0
    method: str = ""
    values: dict = {}


def find_words(text):
    """Return the words of a text in comparable form, a tuple."""
    plain = "".join(sign if sign.isalnum() else " " for sign in text or "")
    return tuple(plain.casefold().split())


def stands_in(words, others):
    """Return whether words stand in others one after the other."""
    count = len(words)
    return bool(words) and any(
        others[start : start + count] == words
        for start in range(len(others) - count + 1)
    )
