import json
import os
import unittest

from helper import SyncCase, configs


class Config(SyncCase):
    def error(self, raw):
        with self.assertRaises(configs.ConfigError) as caught:
            configs.check("/etc/x.json", raw)
        return str(caught.exception)

    def test_good_values(self):
        config = configs.check("x", self.raw_config())
        self.assertEqual((config.dataset, config.start, config.parallel, config.retry_delays_seconds),
                         ("event_log", configs.parse_instant(self.start), 2, (0, 0)))

    def test_every_mistake_is_told_at_once(self):
        raw = self.raw_config(parallel="4", color="red")
        del raw["source"]
        self.assertEqual(self.error(raw).splitlines(), [
            "/etc/x.json: garbage",
            "  source: missing; allowed: REMOTE:BUCKET/PREFIX",
            "  parallel: '4' found; allowed: 1 to 32",
            "  color: not known",
            "  try: deploy again; the file is rendered",
        ])

    def test_values_out_of_bounds(self):
        for name, value in (("parallel", 0), ("parallel", 33), ("lateness_hours", -1), ("start", "2020-01-01"), ("rclone", []),
                            ("retry_delays_seconds", [-1]), ("environment", {"A": 1}), ("prefix_zone", "Asia/Soul"), ("parallel", True),
                            ("before_start", "move"), ("bandwidth", 0), ("bandwidth", "1M"), ("late_after_hours", 0)):
            self.assertIn(f"  {name}: ", self.error(self.raw_config(**{name: value})), name)

    def test_what_only_a_tree_has(self):
        raw = {name: value for name, value in self.raw_config(layout="tree", mode="sync", max_delete=0).items()
               if name not in ("prefix_zone", "start", "before_start", "lateness_hours")}
        config = configs.check("x", raw)
        self.assertEqual((config.mode, config.max_delete), ("sync", 0))
        for mode, most in (("sync", None), ("sync", -1), ("copy", 3)):
            self.assertIn(f"  max_delete: {most} found; allowed: with mode sync a number, 0 or more; else null",
                          self.error({**raw, "mode": mode, "max_delete": most}))
        self.assertIn("  mode: 'move' found; allowed: copy or sync", self.error({**raw, "mode": "move", "max_delete": None}))
        self.assertIn("  start: not known", self.error({**raw, "start": self.start}))

    def test_an_unknown_layout(self):
        self.assertIn("  layout: 'weekly' found; allowed: firehose-hourly, daily or tree\n", self.error(self.raw_config(layout="weekly")))
        self.assertIn("  layout: ['tree'] found; allowed: firehose-hourly, daily or tree\n", self.error(self.raw_config(layout=["tree"])))

    def test_not_an_object(self):
        self.assertIn("list found; allowed: an object", self.error([]))

    def test_an_unknown_dataset_names_those_there_are(self):
        self.write_config()
        with self.assertRaises(configs.ConfigError) as caught:
            configs.load("api_log", self.path("etc"))
        self.assertIn("'api_log' is not known on this host\n  allowed: event_log\n", str(caught.exception))

    def test_cut_off_json(self):
        with open(self.path("etc/event_log.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(self.raw_config())[:40])
        with self.assertRaises(configs.ConfigError) as caught:
            configs.load("event_log", self.path("etc"))
        self.assertIn("can't be read", str(caught.exception))

    def test_no_zone_but_utc_is_taken_on_trust(self):
        self.assertTrue(os.path.isfile("/usr/share/zoneinfo/Asia/Seoul"), "package tzdata is missing on this machine")
        self.assertEqual(configs.check("x", self.raw_config(prefix_zone="Asia/Seoul")).prefix_zone, "Asia/Seoul")


if __name__ == "__main__":
    unittest.main()
