from . import tenant
from . import tax_id
