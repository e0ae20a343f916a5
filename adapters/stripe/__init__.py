from . import adapter
from . import api
from . import pull
from . import listing
from . import set_aside
from . import plan
from . import opening
