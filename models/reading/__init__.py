from . import pull_run
from . import cursor
from . import sender
from . import call_time
