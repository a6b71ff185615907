import unittest

from helper import HOUR, NOW, configs
from aws2ncp_sync.window import Window, days_in, full_window, next_window

at = configs.parse_instant
START = at("2019-12-31T15:00:00Z")


class NextWindow(unittest.TestCase):
    def test_the_first_run_begins_at_the_start_of_the_dataset(self):
        self.assertEqual(next_window(NOW, START, None, 26), Window(START, NOW))

    def test_a_later_run_reaches_back_by_the_lateness(self):
        self.assertEqual(next_window(NOW, START, NOW - HOUR, 26), Window(NOW - 27 * HOUR, NOW))

    def test_after_a_long_pause_nothing_is_left_out(self):
        self.assertEqual(next_window(NOW, START, NOW - 900 * HOUR, 26), Window(NOW - 926 * HOUR, NOW))

    def test_it_never_begins_before_the_start(self):
        self.assertEqual(next_window(START + HOUR, START, START + HOUR, 26), Window(START, START + HOUR))

    def test_a_clock_that_was_ahead_skips_nothing(self):
        self.assertEqual(next_window(NOW, START, NOW + 100 * HOUR, 26), Window(NOW - 26 * HOUR, NOW))

    def test_a_full_run_sees_everything(self):
        self.assertEqual(full_window(NOW, START), Window(START, NOW))


class DaysIn(unittest.TestCase):
    def hours(self, start, end, zone="UTC"):
        return {day.path: sorted(day.hours) for day in days_in(Window(at(start), at(end)), zone)}

    def test_hours_of_one_day(self):
        self.assertEqual(self.hours("2020-01-01T10:59:59Z", "2020-01-01T12:00:00Z"), {"2020/01/01": ["10", "11", "12"]})

    def test_across_a_year(self):
        self.assertEqual(self.hours("2019-12-31T23:10:00Z", "2020-01-01T00:05:00Z"), {"2019/12/31": ["23"], "2020/01/01": ["00"]})

    def test_folders_in_seoul_are_nine_hours_ahead(self):
        self.assertEqual(self.hours("2019-12-31T15:00:00Z", "2019-12-31T15:30:00Z", "Asia/Seoul"), {"2020/01/01": ["00"]})

    def test_a_zone_of_half_hours(self):
        self.assertEqual(self.hours("2020-01-01T00:00:00Z", "2020-01-01T00:59:00Z", "Asia/Kolkata"), {"2020/01/01": ["05", "06"]})

    def test_an_hour_that_comes_twice_is_one_folder(self):
        self.assertEqual(self.hours("2020-11-01T05:00:00Z", "2020-11-01T06:59:00Z", "America/New_York"), {"2020/11/01": ["01"]})

    def test_only_a_day_whose_beginning_is_inside_is_whole(self):
        days = days_in(Window(at("2020-01-01T15:00:00Z"), at("2020-01-03T02:00:00Z")), "UTC")
        self.assertEqual([(day.path, day.whole) for day in days], [("2020/01/01", False), ("2020/01/02", True), ("2020/01/03", True)])
        self.assertEqual([day.end for day in days], [at("2020-01-02T00:00:00Z"), at("2020-01-03T00:00:00Z"), at("2020-01-03T02:00:00Z")])

    def test_six_years_take_less_than_two_seconds(self):
        self.assertEqual(len(days_in(Window(START, at("2026-01-01T00:00:00Z")), "UTC")), 2194)  # 31 December 2019 to 1 January 2026


if __name__ == "__main__":
    unittest.main()
