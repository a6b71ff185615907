import unittest

import helper  # noqa: F401
from aws2ncp_sync.exits import EXITS, OK, RETRY, SKIP, STOP, meaning_of


class Exits(unittest.TestCase):
    def test_each_code_has_its_action(self):
        self.assertEqual({code: meaning.action for code, meaning in EXITS.items()},
                         {0: OK, 1: RETRY, 2: STOP, 3: STOP, 4: RETRY, 5: RETRY, 6: SKIP, 7: STOP, 8: STOP, 9: OK, 10: STOP})

    def test_code_1_is_told_apart_by_its_message(self):
        for message, action in (
            ("AccessDenied: Access Denied status code: 403", STOP),
            ("proxyconnect tcp: Forbidden", STOP),
            ("NoSuchBucket: no such bucket", STOP),
            ("x509: certificate signed by unknown authority", STOP),
            ("didn't find section in config file", STOP),
            ("dial tcp: lookup s3.aws.test: no such host", RETRY),
            ("InternalError: status code: 500", RETRY),
            ("Service Unavailable", RETRY),
        ):
            self.assertEqual(meaning_of(1, message).action, action, message)

    def test_a_signal_is_tried_again(self):
        self.assertEqual(meaning_of(-9), ("rclone was ended by signal 9", RETRY))

    def test_an_unknown_code_is_tried_again(self):
        self.assertEqual(meaning_of(77).action, RETRY)


if __name__ == "__main__":
    unittest.main()
