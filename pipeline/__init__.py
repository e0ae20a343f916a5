from . import drain
from . import apply
from . import decided
from . import sweep
from . import watch
from . import reading
from . import forward
