"""Copies a dataset from the source bucket to the target bucket, and tells what it did.

cli reads the command line; job is one run: its locks, its status. logs and tree decide what to copy, one module per layout;
carrier copies a folder and proves it; reports remembers what was told; rclone copies; state remembers. watch is another program:
it tells a webhook which datasets are late or failed. Python 3.8 and its standard library.
"""
