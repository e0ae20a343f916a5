from . import adapter
from . import api
from . import set_aside
