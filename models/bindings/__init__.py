from . import binding
from . import binding_tenant
from . import settlement
