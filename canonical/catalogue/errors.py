"""What can be wrong when somebody names a plan, told from what can be done about it."""

from enum import StrEnum


class PlanProblem(StrEnum):
    """Why a plan can't be used. Who books a fact decides what follows from it."""

    UNKNOWN_PLAN = "unknown_plan"
    #: The plan is known, and this version of it is not.
    UNKNOWN_VERSION = "unknown_version"
    NOT_PUBLISHED = "not_published"
    #: No version was sold on that day.
    NOT_SOLD = "not_sold"
    NO_PRICE = "no_price"


class UnusablePlan(Exception):
    """A plan that was named can't be used.

    :param problem: a :class:`PlanProblem`.
    :param detail: a whole sentence for people, with the next step and without personal
        data: it may become the detail of an event that waits.
    """

    def __init__(self, problem, detail):
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
