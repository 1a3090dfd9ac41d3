print("raising now")
before = 1
raise ValueError("module failed")
