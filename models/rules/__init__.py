from . import ownership
from . import ownership_signed
