from . import events
from . import sources
from . import money
from . import usage
from . import watch
from . import figure
