"""A second verifier, written from contracts/public/proof/README.md alone. Standard library, no dependency.

python3 verify.py <history proof, log export or receipt> <public key file> [<file of one checkpoint>]...
Prints what was verified and exits with 0, or prints the first fault and exits with 1.
"""
import base64
import hashlib
import json
import re
import sys


class Fault(Exception):
    pass


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Ed25519 verification, RFC 8032 §5.1.7, in extended coordinates.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def point_of(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise Fault("no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(key, text, signature):
    try:
        a, r = point_of(key), point_of(signature[:32])
    except Fault:
        return False
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# Canonical JSON, RFC 8785.
def number(value):
    if value == 0:
        return "0"
    sign, mantissa, exponent = re.fullmatch(r"(-?)([\d.]+)(?:e(.+))?", repr(value)).groups()
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.<digits> times 10 to the power of `point`.
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


def canonical(value):
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    return json.dumps(value, ensure_ascii=False)


def parse(text):
    return json.loads(text, parse_int=float)


# Signed notes and the tree, RFC 6962.
def signer_of(note, key_file):
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    for line in key_file.split():
        name, key_hash, key = line.split("+", 2)
        typed = base64.b64decode(key)
        if typed[0] != 1 or sha256(name.encode() + b"\n", typed)[:4].hex() != key_hash:
            continue
        for signature in signatures.splitlines():
            signer, value = signature.removeprefix("\u2014 ").split(" ")
            value = base64.b64decode(value)
            if signer == name and value[:4].hex() == key_hash and is_signed(typed[1:], text.encode(), value[4:]):
                return name, text
    raise Fault("no key has signed the note")


def open_note(note, key_file):
    name, text = signer_of(note, key_file)
    origin, size, root, *extensions = text.splitlines()
    if name != origin:
        raise Fault("the checkpoint is of another log")
    counts = [int(line.split(" ")[1]) for line in extensions if line.startswith("ums-expirable ")]
    return origin, int(size), base64.b64decode(root), counts[0] if counts else None


def leaf_of(event):
    return sha256(b"\0", canonical(event).encode())


def node(left, right):
    return sha256(b"\1", left, right)


def root_of(index, size, leaf, path):
    """Takes the path from its end, as RFC 6962 §2.1.1 defines it from the root."""
    if size == 1:
        return None if path or index else leaf
    if not path:
        return None
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        below = root_of(index, left, leaf, path[:-1])
        return below and node(below, path[-1])
    below = root_of(index - left, size - left, leaf, path[:-1])
    return below and node(path[-1], below)


class Order:
    def __init__(self):
        self.position, self.revisions = -1, {}

    def check(self, record):
        event, position = record["event"], int(record["position"])
        stream, revision = event["stream"], int(event["revision"])
        start = revision if stream.startswith("signin-") else 0
        if position <= self.position or revision != self.revisions.get(stream, start):
            raise Fault(f"event {event['id']} at position {position} is out of order")
        self.position, self.revisions[stream] = position, revision + 1


def verify_proof(proof, key_file):
    origin, size, root, _ = open_note(proof["checkpoint"], key_file)
    for record in proof["events"]:
        path = [base64.b64decode(one) for one in record["inclusion"]]
        if root_of(int(record["index"]), size, leaf_of(record["event"]), path) != root:
            raise Fault(f"event {record['event']['id']} is not in the tree")
    order_of = ["user", "signin", "access"]
    listed = [(order_of.index(record["event"]["stream"].split("-")[0]), record["index"]) for record in proof["events"]]
    for record, before, after in zip(proof["events"][1:], listed, listed[1:]):
        if after <= before:
            raise Fault(f"event {record['event']['id']} at position {record['position']} is listed out of order")
    order = Order()
    for record in sorted(proof["events"], key=lambda one: one["index"]):
        order.check(record)
    return f"{origin} {size} {root.hex()} {len(proof['events'])}"


def fold(subtrees):
    found = subtrees[-1] if subtrees else sha256()
    for left in reversed(subtrees[:-1]):
        found = node(left, found)
    return found


def verify_export(lines, key_file, outside=()):
    own = open_note(parse(next(lines))["checkpoint"], key_file)
    origin, size, root, _ = own
    heads = sorted((open_note(note, key_file) for note in outside), key=lambda head: head[1]) + [own]
    order, subtrees, count, hidden, expirable, confirmed, explained = Order(), [], 0, 0, 0, 0, 0
    records = map(parse, lines)
    for head_origin, head_size, head_root, stated in heads:
        if head_origin != origin or head_size > size:
            raise Fault("a checkpoint is of another log or of a later tree")
        while count < head_size:
            record = next(records, None)
            if record is None:
                raise Fault("the events are not those of the checkpoint")
            if int(record["index"]) != count:
                raise Fault(f"leaf {count} is missing")
            if "event" in record:
                order.check(record)
                expirable += record["event"]["stream"].startswith("signin-")
            else:
                hidden += 1
            leaf = leaf_of(record["event"]) if "event" in record else base64.b64decode(record["leaf"])
            count += 1
            rest = count
            while rest % 2 == 0:
                leaf, rest = node(subtrees.pop(), leaf), rest // 2
            subtrees.append(leaf)
        if fold(subtrees) != head_root:
            raise Fault("the events are not those of the checkpoint")
        if stated is not None:
            deleted = hidden + expirable - stated
            if deleted < 0:
                raise Fault("the checkpoint counts more events that may expire than there are")
            if deleted > 0:
                raise Fault(f"{deleted} events of other streams were deleted from leaf {confirmed} to {head_size - 1}")
            confirmed, explained = head_size, hidden
    if next(records, None) is not None:
        raise Fault("the events are not those of the checkpoint")
    doubt = f", {hidden - explained} may be deleted" if hidden > explained else ""
    return f"{origin} {size} {root.hex()} {count}{doubt}"


def verify_receipt(receipt, key_file):
    name, text = signer_of(receipt.pop("signed"), key_file)
    if text != canonical(receipt) + "\n":
        raise Fault("the receipt is not what was signed")
    return f"{name} {receipt['receipt']} {receipt['complete']}"


def main(path, key_path, *checkpoint_paths):
    with open(key_path, encoding="utf-8") as key_file, open(path, encoding="utf-8", newline="\n") as file:
        keys, first = key_file.read(), file.readline()
        file.seek(0)
        if parse(first)["format"] == "ums-log-export.v1":
            outside = []
            for checkpoint_path in checkpoint_paths:
                with open(checkpoint_path, encoding="utf-8", newline="\n") as checkpoint:
                    outside.append(checkpoint.read())
            return verify_export(iter(file), keys, outside)
        document = parse(file.read())
        verify = verify_receipt if document["format"] == "ums-erasure-receipt.v1" else verify_proof
        return verify(document, keys)


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]))
    except (Fault, ValueError, KeyError, TypeError) as fault:
        print(f"{type(fault).__name__}: {fault}")
        sys.exit(1)
