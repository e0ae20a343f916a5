from . import subscription
from . import contract
