from . import compare
from . import reading
from . import findings
from . import reimport
from . import step
from . import run
