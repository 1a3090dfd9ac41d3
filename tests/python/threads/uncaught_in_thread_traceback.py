import threading


def inner(): return {}["missing"]
def outer(): inner()


t = threading.Thread(target=outer, name="named-thread")
t.start(); t.join()
print("exit code stays zero")
