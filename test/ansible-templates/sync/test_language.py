import ast
import glob
import os
import unittest

from helper import FILES

ALLOWED = {"argparse", "calendar", "concurrent", "csv", "fcntl", "http", "io", "json", "os", "pwd", "re", "signal", "ssl", "subprocess", "sys", "threading", "time",
           "typing", "urllib"}


class Language(unittest.TestCase):
    def test_python_3_8_and_its_library_are_enough(self):
        files = sorted(glob.glob(os.path.join(FILES, "aws2ncp_sync", "*.py")))
        self.assertEqual(len(files), 17)
        for path in files:
            with open(path, encoding="utf-8") as file:
                tree = ast.parse(file.read(), path, feature_version=(3, 8))
            for node in ast.walk(tree):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else \
                    [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
                self.assertEqual({name.split(".")[0] for name in names} - ALLOWED, set(), path)


if __name__ == "__main__":
    unittest.main()
