from . import subscription
from . import subscription_line
from . import contract
