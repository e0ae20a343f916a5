"""What is true of every story, whatever fates follow upon each other and however it is
told: the books are what the story comes to, and the nightly comparison agrees.

`make test TESTS=tests/world SEED=5 STORY=17` plays one story alone. A full run takes
hours; `SCENE=9` goes on with the ninth scene of one with the same seed.
"""

import contextlib
import logging
import os

from odoo.tests import tagged

from ..support.books import Undo
from ..support.common import FULL, SEED
from .common import WorldCommon, describe
from .pairs import find_possible
from .stories import SIDE_BY_SIDE, draw_stories

_logger = logging.getLogger(__name__)

_STORIES = 5000 if FULL else 300
#: Of how many fates a story is at most.
_LONGEST = 14 if FULL else 7
#: How often each ordered pair of fates has to occur in a full run, at least.
_OFTEN = 20
_ALONE = int(os.environ.get("STORY") or 0)
_FIRST_SCENE = int(os.environ.get("SCENE") or 1)


class StoriesCommon(WorldCommon):
    """Plays a share of the stories, so that two processes can play all of them."""

    def play_share(self, share):
        """Play every other scene of stories.

        :param share: 0 plays the first scene, and 1 the second one.
        """
        stories, pairs = draw_stories(SEED, _STORIES, _LONGEST, _ALONE)
        if _ALONE:
            stories = stories[_ALONE - 1 :]
        else:
            self._check_pairs(pairs)
        faults = {}
        starts = [*enumerate(range(0, len(stories), SIDE_BY_SIDE), 1)]
        for number, start in starts[share::2]:
            if number < _FIRST_SCENE:
                continue
            faults |= self._play(stories[start : start + SIDE_BY_SIDE])
            _logger.info("scene %s of %s, %s faults", number, len(starts), len(faults))
        if faults:
            self.fail(f"{len(faults)} stories:\n{describe(stories, faults)}")

    def _check_pairs(self, pairs):
        """Say how often the possible pairs occur; all of them do in a full run."""
        counts = {pair: pairs[pair] for pair in find_possible()}
        rare = {pair: count for pair, count in counts.items() if count < _OFTEN}
        _logger.info(
            "%s pairs of fates, %s of them less than %s times",
            len(counts),
            len(rare),
            _OFTEN,
        )
        if FULL:
            self.assertFalse(rare, "these pairs of fates are too rare")
        self.assertFalse(set(pairs) - set(counts), "these are said to be impossible")

    def _play(self, stories):
        """Return what goes wrong in stories, and leave nothing behind."""
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            self.play(stories)
            faults = self.find_faults(stories)
            raise Undo
        return faults


@tagged("post_install", "-at_install")
class TestWorld(StoriesCommon):
    def test_stories(self):
        self.play_share(0)


@tagged("post_install", "-at_install")
class TestWorldToo(StoriesCommon):
    def test_stories(self):
        self.play_share(1)
