"""What is true of every story, whatever fates follow upon each other and however it is
told: the books are what the story comes to, and the nightly comparison agrees.

`make test TESTS=tests/world SEED=5 STORY=17` plays one story alone.
"""

import contextlib
import os

from odoo.tests import tagged

from ..support.books import Undo
from ..support.common import FULL, SEED
from .common import WorldCommon, describe
from .pairs import find_possible
from .stories import draw_stories

_STORIES = 5000 if FULL else 300
#: Of how many fates a story is at most.
_LONGEST = 14 if FULL else 9
_SIDE_BY_SIDE = 50
#: How often each ordered pair of fates has to occur, at least.
_OFTEN = 20 if FULL else 1
_ALONE = int(os.environ.get("STORY") or 0)


@tagged("post_install", "-at_install")
class TestWorld(WorldCommon):
    def test_stories(self):
        stories, pairs = draw_stories(SEED, _ALONE or _STORIES, _LONGEST)
        if _ALONE:
            stories = stories[_ALONE - 1 :]
        else:
            rare = {p: pairs[p] for p in find_possible() if pairs[p] < _OFTEN}
            self.assertFalse(rare, "these pairs of fates are too rare")
        faults = {}
        for start in range(0, len(stories), _SIDE_BY_SIDE):
            faults |= self._play(stories[start : start + _SIDE_BY_SIDE])
        if faults:
            self.fail(f"{len(faults)} stories:\n{describe(stories, faults)}")

    def _play(self, stories):
        """Return what goes wrong in stories, and leave nothing behind."""
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            self.play(stories)
            faults = self.find_faults(stories)
            raise Undo
        return faults
