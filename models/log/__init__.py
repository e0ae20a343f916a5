from . import sync_log
from . import chain
from . import actor
