from . import adapter
from . import api
from . import fetch
from . import listing
from . import reading_plan
from . import unbooked
from .clearing import movement_list
from .cutover import opening
