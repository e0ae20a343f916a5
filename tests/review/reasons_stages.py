"""Brings events into the reasons that stages of areas have, and does what each next
step says.
"""

from ...canonical.review.areas import Area, Stage
from ..support.session import create_person
from .deciding import load
from .reasons import Pressing

_AREAS = (Area.DOCUMENTS, Area.PAYMENTS, Area.CLEARING)


class ReasonsOfStages(Pressing):
    """The area of what is told is not on."""

    def _set_stages(self, stage):
        self.source._set_stages(dict.fromkeys(_AREAS, stage), "We watch.")

    def _make_observed(self):
        self._set_stages(Stage.OBSERVE)
        return self.deliver(load("invoice.finalized"))

    def _solve_observed(self, event):
        self._switch_on()

    def _make_area_off(self):
        self._set_stages(Stage.OFF)
        return self.deliver(load("invoice.finalized"))

    def _solve_area_off(self, event):
        """It is taken up, and booked in the end."""
        wizard = self.env["saas.stage.change"].with_user(event.env.user).sudo(False)
        stages = {area.value: "observe" for area in _AREAS}
        vals = {"source_id": self.source.id, "note": "We take it.", **stages}
        wizard = wizard.with_context(default_source_id=self.source.id).create(vals)
        wizard.action_apply()
        self._take_up(event)

    def _take_up(self, event):
        """Observe what was off, and switch it on."""
        self._bring_on(self.env["saas.observing"]._start(self.source))
        self.assertState(event, "parked", "observed")
        self._switch_on()

    def _switch_on(self):
        vals = {"day": "2026-11-01", "note": "It agrees."}
        vals |= {"source_id": self.source.id, "area": "documents"}
        approver = create_person(self, "switches_on", "approver")
        wizard = self.env["saas.switch.on"].with_user(approver).create(vals)
        action = wizard.action_apply()
        self._bring_on(self.env["saas.observation.run"].browse(action["res_id"]))

    def _bring_on(self, run):
        """Do what the job runner does for a run."""
        for _step in range(20):
            self.drain()
            if run.state != "running":
                break
            with self.enter_registry_test_mode():
                self.env["saas.observing"]._job_step(run.id, run.step)
        self.assertEqual(run.state, "done", run.last_error)
