from . import tenant
from . import tax_id
from . import partner_values
