# The first one defines the model that the others extend.
from . import adapter
from . import api
from . import fetch
from . import listing
from . import reading_plan
from . import unbooked
from .clearing import item_list
