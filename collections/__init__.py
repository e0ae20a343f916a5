from . import debts
from . import standing
from . import steps
from . import acts
