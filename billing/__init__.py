from . import due
from . import rates
from . import booked
from . import target
from . import usage
from . import documents
from . import posting
from . import preview
