# _blake2: every parameter and its limits, lengths around the block size, copies.
def t(f,*a,**k):
    try: print(repr(f(*a,**k))[:150])
    except BaseException as e: print(type(e).__name__, str(e)[:150])
import _blake2 as b
for B,d,k,sp in (b.blake2b,64,64,16),(b.blake2s,32,32,8):
    print(B, B.MAX_DIGEST_SIZE,B.MAX_KEY_SIZE,B.SALT_SIZE,B.PERSON_SIZE)
    for kw in ({},{'digest_size':1},{'digest_size':d},{'digest_size':0},{'digest_size':d+1},{'key':b'k'*k},{'key':b'k'*(k+1)},{'key':b'k'},{'salt':b's'*sp},{'salt':b's'*(sp+1)},{'salt':b's'},{'person':b'p'*sp},{'person':b'p'*(sp+1)},{'fanout':0},{'fanout':255},{'fanout':256},{'fanout':-1},{'depth':0},{'depth':255},{'depth':256},{'leaf_size':1<<32},{'leaf_size':(1<<32)-1},{'leaf_size':-1},{'node_offset':1},{'node_offset':(1<<48)-1},{'node_offset':1<<48},{'node_offset':1<<64},{'node_offset':-1},{'node_depth':255},{'node_depth':256},{'inner_size':d},{'inner_size':d+1},{'last_node':True},{'usedforsecurity':False},{'foo':1},{'key':'x'}):
        for data in (b'',b'abc',b'x'*1000):
            t(lambda: B(data,**kw).hexdigest())
    x=B(b'a'); print(x.name,x.digest_size,x.block_size); y=x.copy(); y.update(b'z'*500); x.update(b'zz'); print(x.digest()[:4],y.hexdigest()); t(x.update,'x');t(x.update,1); t(B,'x');t(B,b'',b'');t(B,data=b'a'); t(setattr,x,'foo',1)
    for n in (0,1,63,64,65,127,128,129,255,256,257,100000): print(n,B(bytes(range(256))*400)[:0] if 0 else B((bytes(range(256))*400)[:n]).hexdigest()[:16], B((bytes(range(256))*400)[:n],key=b'key').hexdigest()[:16])
