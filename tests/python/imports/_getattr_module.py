def __getattr__(name):
    if name == "computed":
        return "computed value"
    raise AttributeError("module has no %s" % name)


def __dir__():
    return ["computed", "other"]
