from . import adapter
from . import api
