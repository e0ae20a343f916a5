"""Usage that can't be counted yet waits in sight, and is counted when what it waits for
arrives, whatever that is and whichever way it comes.

Covers handlers/usage/usage.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ...models.usage import usage_free
from .usage_common import DAY, HOUR, NOON, UsageCommon


@tagged("post_install", "-at_install")
class TestWaiting(UsageCommon):
    def test_it_waits_for_its_customer_its_meter_and_its_subscription(self):
        event = self.use(self.record())
        self.assertState(event, "done")
        self.assertEqual(self.states(), ["U-1 parked unknown_customer"])
        self.assertEqual(self.records.waiting_for, "customer:C-1")
        self.tell(self.platform, self.customer())
        self.assertEqual(self.states(), ["U-1 parked unknown_meter"])
        self.assertEqual(self.records.tenant_id, self.tenant)
        self.assertIn("Make a meter with the code calls", self.records.next_step)
        meter = self.meter()
        self.assertEqual(self.states(), ["U-1 parked unknown_subscription"])
        self.assertEqual(self.records.waiting_for, "subscription:S-1")
        self.assertEqual(meter.waiting_count, 1)
        self.tell(self.platform, self.subscription())
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertFalse(self.records.waiting_for)
        self.assertEqual(self.buckets.exact_sum, "1")
        self.assertEqual((meter.record_count, meter.waiting_count), (1, 0))
        freed = self.env["saas.sync.log"].search([("action", "=", "usage_freed")])
        self.assertEqual(freed.mapped("detail"), ["1"])
        self.check_whole()

    def test_all_of_it_in_one_batch(self):
        """Usage comes first, and what it needs after it."""
        self.meter()
        self.store_told(self.bundle(self.record()))
        self.store_told(self.subscription())
        self.store_told(self.customer())
        self.drain()
        self.assertEqual(self.states(), ["U-1 counted"])

    def test_without_a_subscription_the_only_one_of_that_time_is_meant(self):
        self.set_up("sum")
        nameless = {"meter": "sum", "subscription": ""}
        self.use(self.record("U-1", **nameless))
        self.assertEqual(self.records.subscription_id, self.find())
        second = self.subscription("S-2", started_at=NOON)
        self.tell(self.platform, second)
        self.use(self.record("U-2", at=NOON - HOUR, **nameless))
        self.use(self.record("U-3", at=NOON, **nameless))
        self.assertEqual(
            self.states(),
            ["U-1 counted", "U-2 counted", "U-3 parked several_subscriptions"],
        )
        self.tell(
            self.platform,
            self.subscription(version="2", canceled_at=NOON - HOUR, state="canceled"),
        )
        self.assertEqual(self.states()[2], "U-3 counted")
        self.assertEqual(self.records[2].subscription_id, self.find("S-2"))

    def test_nothing_is_guessed_for_a_customer_without_subscription(self):
        """It is counted by a subscription that another system tells of."""
        self.meter()
        self.tell(self.platform, self.customer())
        self.use(self.record(subscription=""))
        self.assertEqual(self.states(), ["U-1 parked no_subscription"])
        self.tell(self.gateway, self.customer("G-1"))
        self.assertEqual(len(self.tenant), 1)
        self.tell(self.gateway, self.subscription("GS", customer="G-1"))
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertEqual(self.buckets.subscription_id, self.find("GS"))

    def test_before_and_after_a_subscription(self):
        """What is told of it later counts, and the moment of its end is after it."""
        [meter] = self.set_up("sum")
        start, end = NOON - DAY, NOON + DAY
        lasts = {"started_at": start, "canceled_at": end, "state": "canceled"}
        self.tell(self.platform, self.subscription("S-2", **lasts))
        for number, moment in enumerate((start - HOUR, start, end - HOUR, end)):
            ref = f"U-{number}"
            self.use(self.record(ref, at=moment, meter="sum", subscription="S-2"))
        self.assertEqual(
            self.states(),
            [
                "U-0 parked too_early",
                "U-1 counted",
                "U-2 counted",
                "U-3 parked too_late",
            ],
        )
        self.assertEqual(self.used(meter, start - DAY, end + DAY, "S-2"), 2)
        # An ended subscription stays ended, so a person corrects when it was.
        self.find("S-2").write({"date_start": datetime(2020, 1, 1)})
        self.env["saas.usage.intake"]._free(self.platform, ["subscription:S-2"])
        self.assertEqual(self.states()[0], "U-0 counted")

    def test_the_subscription_of_another_customer(self):
        self.set_up("sum")
        other = self.customer("C-2", vat_numbers=("DE136695976",), name="Other")
        self.tell(self.platform, other, self.subscription("S-2", customer="C-2"))
        self.use(self.record(meter="sum", subscription="S-2"))
        self.assertEqual(self.states(), ["U-1 parked other_customer"])
        self.assertFalse(self.buckets)

    def test_only_meters_that_add_up_take_back(self):
        every = ("sum", "count", "max", "last", "unique", "time_weighted")
        self.set_up(*every)
        dimensions = {"user": "u"}
        self.use(*(self.record(m, "-1", meter=m, dimensions=dimensions) for m in every))
        counted = self.records.filtered(lambda r: r.state == "counted")
        self.assertEqual(counted.mapped("meter_ref"), ["sum", "time_weighted"])
        waits = self.records - counted
        self.assertEqual(set(waits.mapped("why")), {"below_zero"})

    def test_a_dimension_that_a_meter_counts_by(self):
        """A meter that has counted nothing may be corrected."""
        [meter] = self.set_up("unique")
        self.use(self.record(meter="unique", dimensions={"seat": "s"}))
        self.assertEqual(self.states(), ["U-1 parked no_dimension"])
        self.assertIn("counts the values of user", self.records.next_step)
        meter.unique_key = "seat"
        self.assertEqual(self.states(), ["U-1 counted"])
        self.check_whole()

    def test_an_archived_meter_counts_nothing(self):
        [meter] = self.set_up("sum")
        meter.active = False
        self.use(self.record(meter="sum"))
        self.assertEqual(self.states(), ["U-1 parked unknown_meter"])
        meter.active = True
        self.assertEqual(self.states(), ["U-1 counted"])

    def test_the_meter_of_another_company(self):
        self.set_up()
        other = self.env["res.company"].create({"name": "Other"})
        self.meter(company_id=other.id)
        self.use(self.record())
        self.assertEqual(self.states(), ["U-1 parked unknown_meter"])
        self.meter()
        self.assertEqual(self.states(), ["U-1 counted"])

    def test_the_subject_of_another_company(self):
        """It waits: another company's customer and subscription are not ours."""
        data = self.setup_other_company(name="Other")
        journal = self.env["account.journal"].create(
            {
                "name": "Clearing",
                "code": "OTH",
                "type": "bank",
                "company_id": data["company"].id,
            }
        )
        foreign = self.env["saas.source"].create(
            {
                "name": "Foreign",
                "company_id": data["company"].id,
                "tz": "UTC",
                "sale_journal_id": data["default_journal_sale"].id,
                "clearing_journal_id": journal.id,
            }
        )
        self.tell(foreign, self.customer(), self.subscription())
        self.meter()
        self.use(self.record())
        self.assertEqual(self.states(), ["U-1 parked unknown_customer"])

    def test_what_arrived_at_the_same_moment_is_swept(self):
        """A meter that was made while the drain ran did not see what it stored."""
        self.set_up()
        self.use(self.record("U-1"), self.record("U-2", meter="other"))
        meter = self.meter("third")
        self.env.cr.execute(
            "UPDATE saas_meter SET code = 'calls' WHERE id = %s", (meter.id,)
        )
        self.env.invalidate_all()
        self.env["saas.sweep"]._sweep()
        self.assertEqual(self.states(), ["U-1 counted", "U-2 parked unknown_meter"])

    def test_more_than_one_transaction_frees_is_freed_by_jobs(self):
        self.set_up()
        self.use(*(self.record(f"U-{n}") for n in range(7)))
        self.patch(usage_free, "_AT_ONCE", 3)
        self.meter()
        jobs = self.env["queue.job"].search([("method_name", "=", "_job_free_usage")])
        rounds = 0
        while jobs:
            rounds += 1
            self.assertEqual(self.states().count("U-0 counted"), 1)
            [job] = jobs
            done = job.search([("method_name", "=", "_job_free_usage")])
            job.records._job_free_usage(*job.args)
            jobs = job.search(
                [("method_name", "=", "_job_free_usage"), ("id", "not in", done.ids)]
            )
        self.assertEqual(rounds, 2)
        self.assertEqual(set(self.records.mapped("state")), {"counted"})
        self.assertEqual(self.buckets.exact_sum, "7")

    def test_each_reason_says_what_to_do(self):
        field = self.env["saas.usage.record"]._fields["why"]
        for why in field.get_values(self.env):
            record = self.env["saas.usage.record"].new({"why": why, "corrects": "O"})
            self.assertRegex(record.next_step, r"^[A-Z].*\.$", why)

    def test_a_subscription_that_is_told_again_frees_what_is_its_own(self):
        [_meter] = self.set_up("sum")
        late = datetime(2026, 7, 1, tzinfo=UTC)
        self.tell(self.platform, self.subscription("S-2", started_at=late))
        self.use(self.record(meter="sum", subscription="S-2"))
        self.assertEqual(self.states(), ["U-1 parked too_early"])
        self.tell(self.platform, self.subscription("S-2", version="2"))
        self.assertEqual(self.states(), ["U-1 counted"])
