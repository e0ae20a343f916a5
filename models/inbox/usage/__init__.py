from . import usage_steps
