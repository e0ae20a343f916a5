from . import catalog_item
from . import tax_rate
