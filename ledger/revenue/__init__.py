from . import by_hand
from . import deferral
from . import recognition
from . import taken_back
from . import unearned
from . import spread
