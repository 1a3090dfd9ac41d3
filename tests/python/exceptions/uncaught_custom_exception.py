class MyError(Exception):
    class Nested(Exception):
        def __str__(self):
            return "custom str\nsecond line"


try:
    raise MyError
except MyError:
    raise MyError.Nested(1, 2)
