from . import adapter
from . import api
from . import listing
