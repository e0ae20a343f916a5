from . import message
from . import collect
from . import collect_answers
from . import collect_follow
