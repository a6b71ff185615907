"""What ends a command without a traceback: the message is its stderr."""


class Failed(Exception):
    def __init__(self, message, code=1):
        super().__init__(message)
        self.code = code
