# Every function of binascii: results, and errors with their texts.
import binascii
def t(f,*a,**k):
    try: print(f,a,k,getattr(binascii,f)(*a,**k))
    except BaseException as e: print(f,a,k,type(e).__name__,e)
print([n for n in dir(binascii) if n[0] != '_'], binascii.Error.__mro__, binascii.Incomplete.__mro__)
t('a2b_uu','x'); t('a2b_uu',b''); t('a2b_uu',b'%"'); t('a2b_uu', 'é'); t('a2b_uu',b'\x7f');t('a2b_uu',b'#AB  C');t('a2b_uu', b'!!!!!   x')
t('b2a_uu',b'x'*46);t('b2a_uu',b'abc'); t('b2a_uu',b'\0\0\0a',backtick=True);t('b2a_uu',b'');t('b2a_uu','x');t('b2a_uu',b'a',True)
for d in (b'YQ==',b'YQ=',b'Y',b'YQ',b'YWI',b'YWJj',b'',b'=',b'YQ==YQ==',b'Y Q = =',b'YQ=x=',b'==',b'YQ===',b'Y=Q=',b'=YQ=',b'YW\nJj',b'YQ==\n','YQ==','é',b'YWJj=',b'YWJj==', b'YQ==a', b'a=',b'ab=c',b'abc=d',b'\xff\xffYQ==',b'abcde',b'abcdefgh=',b'!!'):
    t('a2b_base64',d); t('a2b_base64',d,strict_mode=True)
t('b2a_base64',b'abcd');t('b2a_base64',b'ab',newline=False);t('b2a_base64',3);t('b2a_base64',b'')
t('b2a_base64',b'x'*2000)
t('a2b_hex','abc');t('a2b_hex','abcg');t('unhexlify',b'AbCd');t('a2b_hex','é');t('a2b_hex',3);t('b2a_hex',b'\x01\xff');t('hexlify',b'abcdef',':');t('hexlify',b'abcdef',':',4);t('hexlify',b'abcdef','::');t('hexlify',b'abcdef','é');t('hexlify',b'abcdef',b'-',-4);t('hexlify',b'abcde',b'-',-4);t('hexlify',b'abcde',sep='-',bytes_per_sep=0);t('hexlify',b'abc',3);t('hexlify',b'',':');t('hexlify',b'abc',b'')
t('crc_hqx',b'hello',0);t('crc_hqx',b'hello',1<<80);t('crc_hqx',b'a',-1);t('crc32',b'hello');t('crc32',b'hello',5);t('crc32',b'',-1);t('crc32',b'x',1<<70);t('crc32','x')
for d in (b'=',b'a=\r\nb',b'=41=4',b'a=\nb_c',b'=zz',b'==',b'=\n',b'=\r',b'ab=0A',b'=3D_',b'a==b',b'a=x', 'a=41'):
    t('a2b_qp',d);t('a2b_qp',d,header=True)
for d in (b'a b',b'a \n',b'a\t',b'x'*80,b'\xff',b'.',b'.\n',b'a_b=',b'a\r\nb \r\n c',b'  ',b'\n.\n',b' x'*50,b'x'*75+b'\n'+b'y'*76,b'x'*76+b'=', b'\t\t\n\r\x00',b'a\nb\r\nc\rd', b'x'*74+b'\xff\xff'):
    t('b2a_qp',d);t('b2a_qp',d,True);t('b2a_qp',d,istext=False);t('b2a_qp',d,header=True);t('b2a_qp',d,True,False,True)
