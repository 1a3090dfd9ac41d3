# _hashlib and the modules of single digests: results, names, key derivation, HMAC, every error.
import _hashlib as h, hashlib
def t(f,*a,**k):
    try: print(repr(f(*a,**k))[:150].split(' @')[0])
    except BaseException as e: print(type(e).__name__, str(e)[:150])
print(sorted(h.openssl_md_meth_names)); print(h.UnsupportedDigestmodError.__mro__, h.get_fips_mode())
for n in sorted(h.openssl_md_meth_names)+['sha512-256','SHA256','Sha3-256','nope','blake2b512','',5,None,b'md5']:
    t(h.new,n) if n in ('nope','',5,None,b'md5') else t(lambda: (lambda x:(x.name,x.digest_size,x.block_size,type(x),(x.hexdigest(20) if 'shake' in n else x.hexdigest())))(h.new(n,b'abc')))
for f in ('md5','sha1','sha224','sha256','sha384','sha512','sha3_224','sha3_256','sha3_384','sha3_512','shake_128','shake_256'):
    F=getattr(h,'openssl_'+f)
    t(lambda:(F(b'x').name,F(string=b'y',usedforsecurity=False).digest(*([5] if 'shake' in f else []))))
    x=getattr(__import__('_sha3' if '3_' in f or 'shake' in f else {'md5':'_md5','sha1':'_sha1','sha224':'_sha256','sha256':'_sha256','sha384':'_sha512','sha512':'_sha512'}[f]),f)(b'abc')
    print(x.name,x.digest_size,x.block_size,x.hexdigest(*([7] if 'shake' in f else [])),type(x))
x=h.openssl_sha256(); t(x.update,'a');t(x.update,1);t(x.update);t(x.update,memoryview(b'abc'));y=x.copy();y.update(b'd'*100000);print(x.hexdigest(),y.hexdigest());t(x.digest,1)
s=h.openssl_shake_128(b'a');t(s.digest);t(s.digest,0);t(s.digest,length=3);t(s.hexdigest,300);t(s.copy().digest,4)
t(h.openssl_md5,'a');t(h.openssl_md5,1,2);t(h.openssl_md5,x=1);t(h.HASH);t(h.HMAC)
t(h.pbkdf2_hmac,'sha1',b'password',b'salt',2);t(h.pbkdf2_hmac,'sha256',b'password',b'salt',1000,40);t(h.pbkdf2_hmac,'sha256',b'',b'',0);t(h.pbkdf2_hmac,'nope',b'',b'',1);t(h.pbkdf2_hmac,'md5',b'',b'',1,0);t(h.pbkdf2_hmac,'md5',b'',b'',1,-1);t(h.pbkdf2_hmac,'md5','a',b'',1);t(h.pbkdf2_hmac,'md5',b'a',b'',1<<40);t(h.pbkdf2_hmac,'md5',b'a',b'',1,1<<40);t(h.pbkdf2_hmac,5,b'a',b'',1);t(h.pbkdf2_hmac,hash_name='md5',password=b'',salt=b'',iterations=1,dklen=4)
t(h.scrypt,b'',salt=b'',n=16,r=1,p=1);t(h.scrypt,b'password',salt=b'NaCl',n=1024,r=8,p=16,dklen=32);t(h.scrypt,b'');t(h.scrypt,b'',salt=b'');t(h.scrypt,b'',salt=b'',n=3,r=1,p=1);t(h.scrypt,b'',salt=b'',n=16);t(h.scrypt,b'',salt=b'',n=16,r=1);t(h.scrypt,b'',salt=b'',n=1<<30,r=8,p=1);t(h.scrypt,b'',salt=b'',n=16,r=1,p=1,maxmem=-1);t(h.scrypt,b'',salt=b'',n=16,r=1,p=1,dklen=0);t(h.scrypt,'');t(h.scrypt,b'',salt=b'',n='x',r=1,p=1);t(h.scrypt,b'',b'');t(h.scrypt,b'',salt=b'',n=-2,r=1,p=1)
t(h.hmac_digest,b'k',b'm','sha256');t(h.hmac_digest,b'k',b'm','nope');t(h.hmac_digest,b'k',b'm',h.openssl_md5);t(h.hmac_digest,b'k',b'm',5);t(h.hmac_digest,'k',b'm','md5');t(h.hmac_digest,key=b'',msg=b'',digest='md5')
t(h.hmac_new,b'k');t(h.hmac_new,b'k',b'm','nope');m=h.hmac_new(b'k',b'm','sha256');print(m.name,m.digest_size,m.block_size,m.hexdigest());m.update(b'more');c=m.copy();c.update(b'x');print(m.digest(),c.hexdigest());t(m.update,'x');print(type(m));t(h.hmac_new,b'k',b'm',hashlib.sha256) ;t(h.hmac_new,b'k',digestmod=h.openssl_sha3_256)
t(h.compare_digest,b'a',b'a');t(h.compare_digest,'a','b');t(h.compare_digest,'é','b')
