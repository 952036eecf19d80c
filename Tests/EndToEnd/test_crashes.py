"""A session that is killed goes on as if nothing had happened; scripts/test-crash tries every moment."""

from crashing import CrashTest

# So many moments are tried here, spread over the run.
MOMENTS = 5


class Crashes(CrashTest):
    def test_a_session_that_is_killed_anywhere_goes_on_as_if_nothing_had_happened(self):
        count, expected = self.count_steps()
        self.assertEqual(len(expected["answers"]), 7)
        self.assertEqual([line.rpartition(" ")[0] for line in expected["commits"]],
                         ["Write the new files", "Say what is right"])
        self.assertGreater(count, 60)
        came = [self.crash_at(count * (number + 1) // (MOMENTS + 1), expected) for number in range(MOMENTS)]
        self.assertEqual(came.count("went on"), MOMENTS, came)


class CompactionCrashes(CrashTest):
    compacts = "endpoint"

    def test_a_session_that_is_killed_around_a_compaction_goes_on_with_the_right_history(self):
        count, expected = self.count_steps()
        compacted = self.compaction_step
        self.assertGreater(compacted, 20)
        # Right behind the record, and a little before and after.
        came = [self.crash_at(step, expected) for step in range(compacted - 2, compacted + 3)]
        self.assertEqual(came.count("went on"), 5, came)
        self.assertLess(compacted + 3, count)
