from . import cutover
from . import cutover_clearing
from . import opening
