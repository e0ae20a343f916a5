from . import link_steps
from . import stake
from . import risk_steps
