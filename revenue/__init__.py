from . import change
from . import due
from . import posting
