from . import adapter
from . import api
from . import fetch
from . import listing
from . import unbooked
from . import reading_plan
from .cutover import opening
