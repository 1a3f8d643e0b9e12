#!/usr/bin/env python3
"""Checks what the ledger of a register proves, without the register: plain Python 3, no database.

    verify_proof.py inclusion   proof.json   BLOCK HASH                  a change stands in the chain up to an anchor
    verify_proof.py consistency headers.json BLOCK HASH  BLOCK HASH      the chain of the later anchor extends the earlier

proof.json    what residency.inclusion_proof(change_id, to_block) gave
headers.json  what api.ledger_headers(from_block, to_block) gave
BLOCK HASH    an anchor that was kept: block_id and block_hash of api.ledger_anchor()

Says OK and ends with 0, or says what is wrong and ends with 1. docs/seal.md tells what is hashed and how.
"""
import hashlib
import json
import sys

CHANGE = ("change_id changed_at transaction cluster_id actor login purpose request_id act table_name key operation image_digest").split()
BLOCK = "block_id previous root changes horizon cluster_id sealed_at sealed_by".split()


class Wrong(Exception):
    pass


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def canonical(fields, names):
    """A JSON array of texts and nulls, without blanks, in UTF-8."""
    if not isinstance(fields, list) or len(fields) != len(names) or not all(f is None or isinstance(f, str) for f in fields):
        raise Wrong("not a list of %d texts: %s" % (len(names), ", ".join(names)))
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def block_hash(header):
    return sha256(b"\x02", canonical(header, BLOCK))


def root_of(leaf, position, size, path):
    """Up from a leaf: who has no neighbour at the end of a level goes up as it is."""
    if not 0 <= position < size:
        raise Wrong("position %d lies outside the block of %d changes" % (position, size))
    path, node = list(path), leaf
    while size > 1:
        if position ^ 1 < size:
            if not path:
                raise Wrong("the path is too short")
            other = bytes.fromhex(path.pop(0))
            node = sha256(b"\x01", other, node) if position & 1 else sha256(b"\x01", node, other)
        position, size = position // 2, (size + 1) // 2
    if path:
        raise Wrong("the path is too long")
    return node


def check_chain(headers):
    for before, after in zip(headers, headers[1:]):
        if int(after[0]) != int(before[0]) + 1:
            raise Wrong("block %s is followed by block %s" % (before[0], after[0]))
        if after[1] != block_hash(before).hex():
            raise Wrong("block %s does not follow block %s: one of the two is another" % (after[0], before[0]))


def check_anchor(header, number, hash_text):
    if int(header[0]) != int(number):
        raise Wrong("the anchor is of block %s, the headers have block %s there" % (number, header[0]))
    if block_hash(header).hex() != hash_text.strip().lower():
        raise Wrong("block %s is not the one of the anchor" % number)


def inclusion(proof, number, hash_text):
    headers = proof["blocks"]
    leaf = sha256(b"\x00", canonical(proof["change"], CHANGE))
    if root_of(leaf, int(proof["position"]), int(headers[0][3]), proof["path"]).hex() != headers[0][2]:
        raise Wrong("the change does not lead to the root of block %s" % headers[0][0])
    check_chain(headers)
    check_anchor(headers[-1], number, hash_text)
    return "change %s of %s stands in block %s" % (proof["change"][0], proof["change"][1], headers[0][0])


def consistency(headers, number, hash_text, later_number, later_hash):
    check_chain(headers)
    check_anchor(headers[0], number, hash_text)
    check_anchor(headers[-1], later_number, later_hash)
    return "the chain up to block %s extends that up to block %s" % (later_number, number)


def main(arguments):
    wanted = {"inclusion": (inclusion, 4), "consistency": (consistency, 6)}.get(arguments[0] if arguments else "")
    if wanted is None or len(arguments) != wanted[1]:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[1], encoding="utf-8") as file:
            print("OK: " + wanted[0](json.load(file), *arguments[2:]))
        return 0
    except Wrong as wrong:
        print("WRONG: %s" % wrong)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as wrong:
        print("WRONG: not readable as a proof: %r" % wrong)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
