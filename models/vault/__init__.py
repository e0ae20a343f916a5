from . import vault
from . import reference
from . import state
from . import secret
