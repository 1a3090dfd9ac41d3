import sys
print("main of package", __name__, __package__, len(sys.argv))
