# Hashes under a fixed seed, of texts of every width and of lengths around the words of the hash.
import os
import subprocess
import sys

program = """
import sys
texts = ['', 'a', 'ab', 'abc', 'abcd', 'abcdefg', 'abcdefgh', 'abcdefghi', 'x' * 15, 'x' * 16, 'x' * 17, 'x' * 100,
         '\\xe4\\xf6', '\\u20ac' * 5, '\\U0001f600abc']
print([hash(t) for t in texts])
print([hash(t.encode()) for t in texts], hash(memoryview(b'abc')), hash(('a', 'b')))
print(sys.hash_info.algorithm, sys.hash_info.hash_bits, sys.hash_info.width)
"""
for seed in "0", "1", "42", "4294967295":
    print(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                         env={**os.environ, "PYTHONHASHSEED": seed}).stdout)
