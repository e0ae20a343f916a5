from . import subscription_steps
