from . import partner_matcher
from . import partner_values
from . import customer
from . import tax_id
