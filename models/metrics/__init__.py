from . import movement
from . import books
from . import standing
from . import snapshot
from . import count
from . import month
from . import cohort
