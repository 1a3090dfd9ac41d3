"""Streams that are wrong, or that nobody writes any more: what loads() makes of each, or the error."""
import pickle


def load(data, **options):
    try:
        print(data, repr(pickle.loads(data, **options)))
    except BaseException as e:
        print(bytes(data) if isinstance(data, memoryview) else data, options, type(e).__name__, e.args)


STREAMS = [
    b'', b'K', b'K\x01', b'(.', b'0.', b'1.', b'N(.', b'(N.', b'2.', b'(2.', b'a.', b'Na.', b']a.', b'NNa.',
    b'(NNd.', b'(Nd.', b'}(Nu.', b'}Ns.', b']\x85.', b'\x85.', b'(\x85.', b'(\x86.', b'N\x86.', b'N)\x81.',
    b'N)}\x92.', b'cbuiltins\nint\nN\x81.', b'cbuiltins\nint\n)N\x92.', b'cbuiltins\nint\nN}\x92.', b'NR.',
    b'NNR.', b'N)R.', b'I1\n.', b'Ix\n.', b'I\n.', b'I01\n.', b'I00\n.', b'I0x10\n.', b'L\n.', b'L1L\n.', b'Lx\n.',
    b'F1.5\n.', b'Fx\n.', b'F\n.', b"S'a'\n.", b'Sa\n.', b'S\n.', b'Va\\u0041\n.', b'V\n.', b'V',
    b'T\xff\xff\xff\xff.', b'T\x01\x00\x00\x00a.', b'U\x01\xff.', b'g0\n.', b'h\x01.', b'j\x01\x00\x00\x00.',
    b'gx\n.', b'Np-1\n.', b'p0\n.', b'q\x00.', b'(q\x00.', b'\x94.', b'(\x94.', b'\x80\x06N.',
    b'\x95\xff\xff\xff\xff\xff\xff\xff\xffN.', b'\x95\x01\x00\x00\x00\x00\x00\x00\x00N.',
    b'\x95\t\x00\x00\x00\x00\x00\x00\x00N.', b'\x93.', b'NN\x93.', b'\x82\x01.', b'\x82\x00.',
    b'\x84\xff\xff\xff\xff.', b'\x97.', b'\x98.', b'N\x98.', b'\x8a\x01', b'\x8b\xff\xff\xff\xff.',
    b'\x8a\x01\xff.', b'Pabc\n.', b'NQ.', b'Q.', b'P\xff\n.', b'cfoo\nbar\n.', b'c\n', b'cbuiltins\nfoo\n.',
    b'\x80\x04\x8c\x08builtins\x8c\x07int.foo\x93.', b'\x80\x04\x8c\x08builtins\x8c\x0bint.__add__\x93.',
    b'\x80\x04\x8c\x08builtins\x8c\n<locals>.x\x93.', b'(cbuiltins\nint\no.', b'(o.', b'(ibuiltins\nint\n.',
    b'(I5\nibuiltins\nint\n.', b'(NibUiltins\nint\n.', b'N}b.', b'NNb.', b'N(NNtb.', b'(N(lb.',
    b'cbuiltins\nobject\n)\x81}(X\x01\x00\x00\x00aK\x01ub.', b'N\x90.', b'\x8f(K\x01\x90.', b'](K\x01\x90.',
    b'(\x91.', b'Ne.', b'N(Ke.', b'N(e.', b'N(K\x01e.', b'](e.', b'\x00', b'?', b"'", b'\xff',
    b'\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', b'\x8d\xff\xff\xff\xff\xff\xff\xff\xff.',
    b'\x96\xff\xff\xff\xff\xff\xff\xff\xff.', b'\x8c\x01\xff.', b'\x8c\x03\xed\xa0\x80.', b'K\x01K\x02.',
    b'(K\x010K\x02.', b'(0K\x02.', b'}(K\x01K\x02u.', b'N(K\x01K\x02u.', b'N(u.', b'NK\x01K\x02s.', b'N(K\x01u.',
    b't.', b'(t.', b'l.', b'd.', b'N\x87.', b'(NNN\x87.', b'NN(N\x87.', b'G\x00', b'NNR',
    b'cbuiltins\nlist\nK\x01\x85R.', b'X\xff\xff\xff\xff.', b'B\xff\xff\xff\xff.', b'C\x05a.', b'rabcd.',
    b'N(r\x00\x00\x00\x00.', b'M\x01', b'c\xff\nx\n.', b'cx\n\xff\n.', b'i\n', b'(ix\n\xff\n.', b'(K\x01K\x021.',
    b'N(K\x01K\x021.', b'(1.', b'N01.',
]
for stream in STREAMS:
    load(stream)
for wrong in ("text", None, 3, memoryview(b"abcd")[::2]):
    load(wrong)
load(b"\x97.", buffers=[])
load(b"\x97\x98.", buffers=[b"x"])
load(b"\x97\x98.", buffers=[1])
load(b"\x97.", buffers=1)
print(pickle.loads(b"\x97\x98.", buffers=[bytearray(b"x")]).readonly)
for options in ({"encoding": "latin1"}, {"encoding": "bytes"}, {"errors": "replace"}, {"encoding": "nonesuch"},
                {"encoding": 1}, {"encoding": "a\0b"}, {"errors": b"x"}):
    load(b"U\x01\xff.", **options)
    load(b"S'a\\xe9\\n'\n.", **options)
