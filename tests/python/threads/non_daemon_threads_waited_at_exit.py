import threading, time
said = threading.Event()


def late():
    said.wait()
    time.sleep(0.05)
    print("thread finished after main")


threading.Thread(target=late).start()
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("main done")
said.set()
