from . import due
from . import posting
