from . import compare
from . import reading
from . import findings
from . import step
from . import run
from . import reimport
