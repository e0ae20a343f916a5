from . import objects
from . import candidates
from . import decision
