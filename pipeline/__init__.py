from . import drain
from . import apply
from . import sweep
from . import source
from . import watch
from . import pull
from . import pull_balance
from . import pull_run
