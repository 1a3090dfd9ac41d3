"""A helper module."""
print("executing _plain as", __name__)
value = [1]
_hidden = 2


def get():
    return value
