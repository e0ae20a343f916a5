from . import debts
from . import standing
from . import steps
from . import acts
from . import write_off
