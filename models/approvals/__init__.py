from . import approval
from . import approval_ask
from . import approval_sign
from . import approval_policy
