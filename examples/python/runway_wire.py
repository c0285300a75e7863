"""Packs predictions and outcomes for Runway's stream with nothing but Python's standard library (3.9 or newer).

The format is docs/producers.md. A record is one call of `pack`; put it on the stream under `partition_key(...)`, e.g. with
boto3: kinesis.put_records(StreamName=..., Records=[{"PartitionKey": ..., "Data": ...}]).
"""

import base64
import gzip
import hashlib
import hmac
import json
import math
import struct

FORMAT = "runway/2"
MASK = 0xFFFFFFFF


def fnv1a(text):
    """FNV-1a, 32 bit, over UTF-8."""
    value = 0x811C9DC5
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x01000193) & MASK
    return value


def bucket_of(prediction_id, buckets):
    return fnv1a(prediction_id) % buckets


def partition_key(model_id, bucket):
    return f"{model_id}:{bucket}"


def sample_hash(prediction_id):
    """Finalizer of MurmurHash3 over the bucket's hash."""
    value = fnv1a(prediction_id)
    value = ((value ^ (value >> 16)) * 0x85EBCA6B) & MASK
    value = ((value ^ (value >> 13)) * 0xC2B2AE35) & MASK
    return value ^ (value >> 16)


def is_in_sample(prediction_id, ratio):
    return ratio >= 1 or sample_hash(prediction_id) < ratio * 2**32


def whole_numbers(values):
    """As integers that stand for `(from + integer) / 10**decimals`; None when some value is no such fraction."""
    known = [value for value in values if value is not None]
    for decimals in range(10):
        scaled = [round(value * 10**decimals) for value in known]
        if all(whole / 10**decimals == value for whole, value in zip(scaled, known)):
            break
    else:
        return None
    least, span = min(scaled), max(scaled) - min(scaled)
    size = next((size for size in (1, 2, 3, 4) if span < 256**size - 1), None)
    if size is None or max(map(abs, scaled)) > 2**53 - 1:
        return None
    left = iter(scaled)
    wholes = (256**size - 1 if value is None else next(left) - least for value in values)
    data = b"".join(whole.to_bytes(size, "little") for whole in wholes)
    return {"bytes": size, "from": least, "decimals": decimals}, data


def doubles(values):
    return {"bytes": 8}, struct.pack(f"<{len(values)}d", *(math.nan if value is None else value for value in values))


def numbers(values, behind):
    """Moves the numbers behind the JSON and says where they are; a few, or what is no number, stay as they are."""
    if len(values) < 24 or not all(value is None or type(value) in (int, float) for value in values):
        return values
    described, data = whole_numbers(values) or doubles(values)
    described["at"] = len(behind)
    behind.extend(data)
    return described


def column(values, behind):
    """One value when all rows have the same; JSON has no NaN, so it becomes null, which is a missing value."""
    values = [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]
    first = values[0]
    if not isinstance(first, (list, dict)) and all(value == first and type(value) is type(first) for value in values):
        return first
    if not all(value is None or isinstance(value, str) for value in values):
        return numbers(values, behind)
    places = {text: place for place, text in enumerate(dict.fromkeys(text for text in values if text is not None))}
    return {"texts": list(places), "codes": numbers([places.get(text) for text in values], behind)}


def columns(rows, behind):
    names = dict.fromkeys(name for row in rows for name in row if name != "predictionId")
    return {name: column([row.get(name) for row in rows], behind) for name in names}


def predictions(rows, behind):
    """Of dicts with predictionId, modelVersion, predictedAt (milliseconds since the epoch), score and features."""
    group = columns([{name: value for name, value in row.items() if name != "features"} for row in rows], behind)
    group["features"] = columns([row["features"] for row in rows], behind)
    return {**group, "predictionId": [row["predictionId"] for row in rows]}


def outcomes(rows, behind):
    """Of dicts with predictionId, observedAt, label and, better, predictedAt (milliseconds since the epoch)."""
    return {**columns(rows, behind), "predictionId": [row["predictionId"] for row in rows]}


def compressed(part):
    """A gzip member, which only stores what would hardly shrink: that is read faster."""
    member = gzip.compress(part, mtime=0)
    return member if len(member) < 0.85 * len(part) else gzip.compress(part, compresslevel=0, mtime=0)


def pack(writer, key, model_id, bucket, prediction_rows=(), outcome_rows=(), key_id=1, encoding="gzip"):
    """A signed record of at most 100,000 bytes, better 25,000, of rows whose ids are all of `bucket`."""
    document, behind = {}, bytearray()
    if prediction_rows:
        document["predictions"] = predictions(prediction_rows, behind)
    if outcome_rows:
        document["outcomes"] = outcomes(outcome_rows, behind)
    raw = json.dumps(document, separators=(",", ":"), allow_nan=False).encode("utf-8")
    parts = [raw + b"\0", bytes(behind)] if behind else [raw]
    payload = b"".join(compressed(part) if encoding == "gzip" else part for part in parts)
    signed = f"{FORMAT}\n{writer}\n{key_id}\n{model_id}\n{bucket}\n{encoding}\n".encode("utf-8") + payload
    signature = hmac.new(bytes.fromhex(key), signed, hashlib.sha256).digest()
    header = {
        "format": FORMAT,
        "writer": writer,
        "keyId": key_id,
        "modelId": model_id,
        "bucket": bucket,
        "encoding": encoding,
        "count": len(prediction_rows) + len(outcome_rows),
        "signature": base64.b64encode(signature).decode("ascii"),
    }
    record = json.dumps(header, separators=(",", ":")).encode("utf-8") + b"\n" + payload
    if len(record) > 100_000:
        raise ValueError(f"a record takes {len(record)} bytes, at most 100000 are possible")
    return record
