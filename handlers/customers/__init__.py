from . import partner_matcher
from . import customer
from . import tax_id
from . import payer
