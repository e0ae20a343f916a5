from . import adapter
from . import adapter_asked
from . import gocardless
from . import odoo
from . import stripe
from . import standard
