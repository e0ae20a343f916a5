from . import link_steps
from . import stake
