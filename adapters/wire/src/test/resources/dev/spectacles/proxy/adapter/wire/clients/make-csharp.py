def text(s):
    b = s.encode()
    return (bytes([0xA0 | len(b)]) if len(b) < 32 else bytes([0xD9, len(b)])) + b

def binary(b):
    return bytes([0xC4, len(b)]) + b

def map_of(entries):
    return bytes([0x80 | len(entries)]) + b"".join(text(k) + v for k, v in entries.items())

headers = map_of({"Authorization": text("Bot TOKEN"), "X-Audit-Log-Reason": text("a reason that takes more than 31 bytes")})
print("csharp-post", map_of({"method": text("POST"), "path": text("/channels/1234/messages"), "query": b"\xc0",
                             "body": binary(bytes([0, 255, 128])), "headers": headers}).hex())
print("csharp-get", map_of({"method": text("GET"), "path": text("/users/1234"), "query": map_of({"foo": text("bar")}),
                            "body": b"\xc0", "headers": headers}).hex())
