print("init of", __name__, __package__)
name = "sub"
