from . import finder
from . import worth
from . import subscription
from . import subscription_change
from . import contract
