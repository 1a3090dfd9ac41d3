# In a cycle, a __del__ method can still use the file or socket that dies with its object.
import asyncio
import gc
import os
import socket


class Owner:
    def __init__(self, number):
        self.me = self
        self.number = number
        self.socket = socket.socket()
        self.file = open(f"file{number}", "w")

    def __del__(self):
        self.file.write(f"end of {self.number}\n")
        self.file.close()
        if self.socket.fileno() < 0:
            print("closed before its owner's end")
        self.socket.close()


for number in range(50):
    Owner(number)
gc.collect()
gc.collect()
for number in range(50):
    with open(f"file{number}") as stream:
        if stream.read() != f"end of {number}\n":
            print("lost", number)
    os.remove(f"file{number}")
asyncio.new_event_loop().get_debug()  # closed by its own __del__, without a word
gc.collect()
print("end")
