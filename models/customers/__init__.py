from . import tenant
from . import tenant_events
from . import tax_id
from . import partner_values
