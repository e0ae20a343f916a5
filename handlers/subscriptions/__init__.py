from . import finder
from . import subscription
from . import subscription_change
from . import contract
