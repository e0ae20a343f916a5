from . import receivable_transfer
from . import ownership
from . import apart
from . import elsewhere
