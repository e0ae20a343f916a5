from . import adapter
from . import api
from . import set_aside
from . import pull
from . import plan
from . import opening
