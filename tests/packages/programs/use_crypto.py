# SPDX-License-Identifier: MIT
# needs: python3-rsa python3-pyasn1
"""Encodes and decodes ASN.1, and encrypts and signs with a fixed RSA key."""
import rsa
import rsa.core
import rsa.prime
from pyasn1.codec.ber import encoder as ber
from pyasn1.codec.der import decoder, encoder
from pyasn1.codec.native import encoder as native
from pyasn1.error import PyAsn1Error
from pyasn1.type import char, namedtype, univ, useful

P, Q = 0xF7E75FDC469067FFDC4E847C51F452DF | 1 << 520 | 1, (1 << 521) - 1
while not rsa.prime.is_prime(P):
    P += 2
key = rsa.PrivateKey(P * Q, 65537, rsa.common.inverse(65537, (P - 1) * (Q - 1)), P, Q)
public = rsa.PublicKey(P * Q, 65537)
signature = rsa.sign(b"message", key, "SHA-256")
print(signature.hex(), rsa.verify(b"message", signature, public), rsa.decrypt(rsa.encrypt(b"secret", public), key))
try:
    rsa.verify(b"other", signature, public)
except rsa.VerificationError as error:
    print(error)
text = key.save_pkcs1()
print(text.decode(), rsa.PrivateKey.load_pkcs1(text) == key, public.save_pkcs1("DER").hex()[:60], rsa.core.encrypt_int(1234, 65537, public.n) % 10 ** 20)


class Record(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("id", univ.Integer()), namedtype.NamedType("oid", univ.ObjectIdentifier()), namedtype.OptionalNamedType("name", char.UTF8String()),
        namedtype.DefaultedNamedType("flag", univ.Boolean(False)), namedtype.NamedType("items", univ.SequenceOf(componentType=univ.OctetString())), namedtype.OptionalNamedType("when", useful.UTCTime()))


record = Record()
record["id"] = 2 ** 70
record["oid"] = (1, 2, 840, 113549)
record["name"] = "é"
record["items"].extend([b"a", b"bc" * 70])
record["when"] = "240506070809Z"
data = encoder.encode(record)
back, rest = decoder.decode(data + b"xy", asn1Spec=Record())
print(data.hex(), rest, back.prettyPrint(), list(native.encode(back).items()), ber.encode(univ.BitString("1011")).hex(), decoder.decode(data)[0].prettyPrint()[:200], sep="\n")
for wrong in (b"", b"\x30\x05\x02\x01", b"\x1f", b"\x02\x00", data[:-3]):
    try:
        print(decoder.decode(wrong, asn1Spec=Record()))
    except PyAsn1Error as error:
        print(type(error).__name__, str(error)[:200])
print(sum(len(encoder.encode(univ.Integer(3 ** i))) for i in range(400)))
