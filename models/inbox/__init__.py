from . import event
from . import reasons
from . import actions
from . import links
from . import forwarded
from . import asked
from . import release
from . import figures
