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


def column(values):
    """One value when all rows have the same; JSON has no NaN, so it becomes null, which is a missing value."""
    values = [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]
    first = values[0]
    same = all(value == first and type(value) is type(first) for value in values)
    return first if same and not isinstance(first, (list, dict)) else values


def columns(rows):
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: column([row.get(name) for row in rows]) for name in names}


def predictions(rows):
    """Of dicts with predictionId, modelVersion, predictedAt (milliseconds since the epoch), score and features."""
    group = columns([{name: value for name, value in row.items() if name != "features"} for row in rows])
    group["features"] = columns([row["features"] for row in rows])
    return {**group, "predictionId": [row["predictionId"] for row in rows]}


def outcomes(rows):
    """Of dicts with predictionId, observedAt, label and, better, predictedAt (milliseconds since the epoch)."""
    return {**columns(rows), "predictionId": [row["predictionId"] for row in rows]}


def pack(writer, key, model_id, bucket, prediction_rows=(), outcome_rows=(), key_id=1, encoding="gzip"):
    """A signed record of at most 100,000 bytes, better 25,000, of rows whose ids are all of `bucket`."""
    document = {}
    if prediction_rows:
        document["predictions"] = predictions(prediction_rows)
    if outcome_rows:
        document["outcomes"] = outcomes(outcome_rows)
    raw = json.dumps(document, separators=(",", ":"), allow_nan=False).encode("utf-8")
    payload = gzip.compress(raw, mtime=0) if encoding == "gzip" else raw
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
