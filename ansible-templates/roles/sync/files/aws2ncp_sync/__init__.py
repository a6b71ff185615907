"""Copies the log folders of one dataset from the source bucket to the target bucket, one window at a time.

cli reads the command line, job decides what to copy, rclone copies, state remembers. Python 3.8 and its standard library.
"""
