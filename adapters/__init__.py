from . import adapter
from . import adapter_asked
from . import gocardless
from . import stripe
from . import standard
