from . import change
from . import due
from . import posting
from . import drivers
from . import costs
