from . import binding
from . import binding_tenant
from . import binding_elsewhere
from . import settlement
