# The first one defines the model that the others extend.
from . import adapter
from . import api
from . import fetch
from . import listing
from . import reading_plan
from . import unbooked
from .payments import collect
from .payments import page
from .clearing import item_list
